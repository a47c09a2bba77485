"""What a study found: a line a point, over its networks and chips, with intervals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.output.statistics import student_interval
from benchmarks.sweep.measure import OBSERVED
from benchmarks.sweep.store import Row
from benchmarks.sweep.study import Study
from benchmarks.sweep.tasks import Task
from crossbar.tables import aligned


@dataclass(frozen=True)
class Line:
    """One point of the study.

    Parameters
    ----------
    settings : mapping
        What differs from point to point.
    values : mapping
        Of every observable, one for each network and chip that was found, in SI.
    failed : tuple of str
        Errors of the others.
    missing : int
        Networks and chips that were not tried yet.
    """

    settings: Mapping[str, object]
    values: Mapping[str, tuple[float, ...]]
    failed: tuple[str, ...] = ()
    missing: int = 0

    def mean(self, name: str) -> float | None:
        """Over networks and chips, in SI; None if there is none."""
        return float(np.mean(self.values[name])) if self.values[name] else None

    def half(self, name: str) -> float | None:
        """Half its 95 % interval, in SI; None of fewer than two."""
        return (None if len(self.values[name]) < 2
                else float(student_interval(self.values[name])[1]))


def lines_of(study: Study, tasks: Sequence[Task], rows: Mapping[str, Row]) -> list[Line]:
    """A line for each point of the study, in order, from what is stored."""
    each = study.chips * study.networks
    found = []
    for start in range(0, len(tasks), each):
        some = [rows.get(task.key) for task in tasks[start:start + each]]
        good = [row.found for row in some if row is not None and row.found is not None]
        found.append(Line(
            dict(tasks[start].settings),
            {name: tuple(one[name] for one in good) for name in study.observe},
            tuple(row.error for row in some if row is not None and row.error is not None),
            sum(row is None for row in some)))
    return found


def shown(value: float | None, half: float | None, factor: float) -> str:
    """A value with its interval, in the unit of `factor`."""
    if value is None:
        return "-"
    text = f"{value * factor:.4g}"
    return text if half is None else f"{text} +- {half * factor:.2g}"


def table(study: Study, lines: Sequence[Line]) -> str:
    """All lines as text."""
    heads = [*study.varied, *(OBSERVED[name][0] for name in study.observe)]
    body = [[*(str(line.settings.get(name, "")) for name in study.varied),
             *(shown(line.mean(name), line.half(name), OBSERVED[name][1])
               for name in study.observe)] for line in lines]
    return "\n".join(aligned([heads, *body]))
