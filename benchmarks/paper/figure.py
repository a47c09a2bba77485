"""The study in the arrangement of the paper's Fig. 5."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from benchmarks.inputs.datasets import DATASETS, load_test
from benchmarks.inputs.paper import PAPER
from benchmarks.output.pictures import save_picture
from benchmarks.output.statistics import student_interval
from benchmarks.output.style import PANELS
from benchmarks.paper.result import Example, StudyResult

CELL_COLOURS = ("#4c78a8", "#f28e2b", "#2f8f5b")
WAY_COLOURS = {"software": "#8c8c8c", "ideal": "#4c78a8", "circuit": "#e4572e"}
_STATED = {"mnist": 91.7, "fashion_mnist": 77.4}  # accuracy of 3 cells at 1.9 nm [%]


def draw_study(path: Path, result: StudyResult) -> None:
    """Fig. 5a to e: examples, curves over the wedge, contours over TMR and cells."""
    datasets = list(result.wedge)
    with matplotlib.rc_context(PANELS):
        figure = Figure(figsize=(9, 10 if result.examples else 7), layout="constrained")
        rows = figure.subfigures(3 if result.examples else 2, 1, squeeze=False,
                                 hspace=0.03)[:, 0]
        if result.examples:
            _examples(rows[0], result.examples, datasets)
        for row, letters, panel in ((rows[-2], "bc", _curves), (rows[-1], "de", _contour)):
            for axes, letter, dataset in zip(np.ravel(row.subplots(1, len(datasets))), letters,
                                             datasets, strict=False):
                axes.set_title(f"({letter}) {DATASETS[dataset].title}", loc="left",
                               fontweight="bold")
                panel(axes, result, dataset)
        save_picture(figure, path, dpi=200)


def _examples(row: SubFigure, examples: list[Example], datasets: list[str]) -> None:
    """Fig. 5a: an image and its recognition probabilities, in software, ideal and by circuit."""
    count = max(sum(e.dataset == name for e in examples) for name in datasets)
    grid = row.subplots(count, 2 * len(datasets), squeeze=False,
                        width_ratios=[1, 4] * len(datasets))
    row.suptitle("(a) recognition probabilities, 3 cells", x=0.01, ha="left",
                 fontweight="bold", fontsize=9)
    for column, name in enumerate(datasets):
        test, classes = load_test(name), DATASETS[name].classes
        chosen = [e for e in examples if e.dataset == name]
        for line, example in enumerate(chosen):
            image, bars = grid[line, 2 * column : 2 * column + 2]
            image.imshow(test.x[example.image].reshape(28, 28), cmap="gray_r")
            image.set_axis_off()
            for i, (way, values) in enumerate(example.probabilities.items()):
                bars.bar(np.arange(10) + (i - 1) * 0.27, values, 0.27, color=WAY_COLOURS[way],
                         label=way)
            bars.set(ylim=(0, 1.05), yticks=[0, 1], xticks=[])
        grid[len(chosen) - 1, 2 * column + 1].set_xticks(
            range(10), classes, rotation=0 if name == "mnist" else 35,
            ha="center" if name == "mnist" else "right", fontsize=7)
    grid[0, -1].legend(ncol=3, loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0)


def _curves(axes: Axes, result: StudyResult, dataset: str) -> None:
    """Fig. 5b, c: accuracy over TMR of the wedge, with 95 % intervals."""
    tmr, nm = 100 * result.tmr, result.thickness_nm
    rising = len(tmr) > 1 and np.all(np.diff(tmr) > 0)
    x = tmr if rising else nm
    mean, half = student_interval(result.wedge[dataset])
    for cells, (line, band, colour) in enumerate(zip(mean, half, CELL_COLOURS, strict=True), 1):
        axes.plot(x, line, "o-", ms=3, color=colour, label=f"{cells} cell{'s' * (cells > 1)}")
        axes.fill_between(x, line - band, line + band, color=colour, alpha=0.18, lw=0)
    if result.doi == PAPER and nm[0] <= 1.9 <= nm[-1]:
        axes.plot(np.interp(1.9, nm, x), _STATED[dataset], ls="none", marker="*", mfc="none",
                  mec="k", ms=10, label="stated, 3 cells, 1.9 nm")
    axes.set(xlabel="TMR (%)" if rising else "free layer (nm)", ylabel="test accuracy (%)",
             ylim=(None, min(100.5, axes.get_ylim()[1])))
    if rising:
        top = axes.secondary_xaxis("top", functions=(
            lambda v: np.interp(np.asarray(v, float), tmr, nm),
            lambda v: np.interp(np.asarray(v, float), nm, tmr)))
        top.set_xticks(nm[:: max(1, len(nm) // 5)])
        top.set_xlabel("free layer (nm)")
    axes.legend(loc="best")


def _contour(axes: Axes, result: StudyResult, dataset: str) -> None:
    """Fig. 5d, e: mean accuracy over TMR and cells."""
    mean, half = student_interval(result.contour[dataset])
    tmr, cells = 100 * result.contour_tmr, np.arange(1, len(mean) + 1)
    low, high = float(mean.min()), float(max(mean.max(), mean.min() + 1e-3))
    levels = np.linspace(low, high, 13)
    filled = axes.contourf(tmr, cells, mean, levels=levels, cmap="viridis")
    lines = axes.contour(tmr, cells, mean, levels=levels[2:-1:3], colors="w", linewidths=0.6)
    axes.clabel(lines, fmt="%.1f", fontsize=7)
    axes.figure.colorbar(filled, ax=axes, label="test accuracy (%)", format="%.1f")
    axes.set(xlabel="TMR (%), R_P = 10 kohm", ylabel="cells")
    axes.set_title(f"95 %: +-{np.median(half):.1f}, at most +-{half.max():.1f}", loc="right",
                   fontsize=7)
