"""What the command found, as it is written to JSON."""

from dataclasses import dataclass

import numpy as np

from benchmarks.energy.front import knee, pareto
from benchmarks.output.statistics import student_interval

QUANTITIES = ("accuracy", "array", "total", "latency", "area")
"""Of a point: test accuracy [1], energy of the arrays and with periphery [J], time [s], area [m^2].
"""


@dataclass(frozen=True)
class PointResult:
    """One value of the parameter, seed by seed."""

    value: float
    accuracy: list[float]
    array: list[float]
    total: list[float]
    latency: list[float]
    area: list[float]

    def mean(self, quantity: str) -> float:
        """Of the seeds."""
        return float(np.mean(getattr(self, quantity)))

    def half(self, quantity: str) -> float | None:
        """Half the 95 % interval of the mean by Student's t; None of one seed."""
        values = getattr(self, quantity)
        return float(student_interval(values)[1]) if len(values) > 1 else None


@dataclass(frozen=True)
class VaryResult:
    """Accuracy against energy.

    Parameters
    ----------
    title, network, name, parameter : str
        Image set, network, and what is varied, by its name and in words with its unit.
    images : int
        Test images that accuracies are of.
    seeds : list of int
        Of networks and chips.
    points : list of PointResult
        In the order asked for.
    seconds : float
        Of the run [s].
    configuration : dict
        Flags, hardware, periphery, versions.
    """

    title: str
    network: str
    name: str
    parameter: str
    images: int
    seeds: list[int]
    points: list[PointResult]
    seconds: float
    configuration: dict[str, object]

    def front(self, energy: str) -> list[int]:
        """Points that no other betters, by "array" or "total" energy, the least energy first."""
        return [int(i) for i in pareto(*self._means(energy))]

    def knee(self, energy: str) -> int | None:
        """The knee of that front."""
        return knee(*self._means(energy))

    def _means(self, energy: str) -> tuple[np.ndarray, np.ndarray]:
        return (np.array([point.mean(energy) for point in self.points]),
                np.array([point.mean("accuracy") for point in self.points]))
