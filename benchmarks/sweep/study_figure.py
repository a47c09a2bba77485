"""A study as a picture: each observable over the first axis, a line for each of the others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from benchmarks.output.style import PICTURE
from benchmarks.sweep.measure import OBSERVED
from benchmarks.sweep.result import Line
from benchmarks.sweep.study import Study

_MOST = 12  # lines that a legend can tell apart


def draw(path: Path, study: Study, lines: Sequence[Line]) -> None:
    """One panel for each observable, in their order, side by side."""
    many = len(study.observe)
    with plt.rc_context(PICTURE):
        picture, panels = plt.subplots(1, many, figsize=(4.2 * many, 3.4), squeeze=False,
                                       layout="constrained")
        for axes, name in zip(panels[0], study.observe, strict=True):
            _panel(axes, study, lines, name)
        picture.suptitle(study.title)
        picture.savefig(path, dpi=150)
        plt.close(picture)


def _panel(axes: Axes, study: Study, lines: Sequence[Line], name: str) -> None:
    title, factor = OBSERVED[name]
    first, *others = study.varied or ("point",)
    groups: dict[str, list[Line]] = {}
    for line in lines:
        label = ", ".join(f"{key} {line.settings.get(key, '')}" for key in others)
        groups.setdefault(label, []).append(line)
    for label, some in list(groups.items())[:_MOST]:
        drawn = [(line.settings.get(first, ""), line.mean(name), line.half(name) or 0.0)
                 for line in some]
        there = [(x, y * factor, half * factor) for x, y, half in drawn if y is not None]
        if there:
            x, y, half = zip(*there, strict=True)
            places: Any = _numbers(x)  # Matplotlib takes texts too, its types do not
            axes.errorbar(places, y, half, marker="o", markersize=3, capsize=2, label=label)
    axes.set_xlabel(first)
    axes.set_ylabel(title)
    if others and axes.containers:
        axes.legend(fontsize="x-small")
    if len(groups) > _MOST:
        axes.set_title(f"the first {_MOST} of {len(groups)} lines", fontsize="small")


def _numbers(x: Sequence[object]) -> list[float] | list[str]:
    """Numbers as they are, all else as text."""
    numbers = [value for value in x if isinstance(value, (int, float))]
    return numbers if len(numbers) == len(x) else [str(value) for value in x]
