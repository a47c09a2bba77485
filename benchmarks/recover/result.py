"""What the command found, as it is written to JSON and drawn again."""

from dataclasses import dataclass

from benchmarks.output.statistics import student_interval


@dataclass(frozen=True)
class StepResult:
    """One array after one step.

    Parameters
    ----------
    step : str
        Its name.
    accuracies : list of float
        On the test images, seed by seed [1].
    validation : list of float
        On the training images that no step has seen, or none where they were not given [1].
    seconds : list of float
        What the step took by itself, seed by seed, when it was computed [s].
    source : str
        "computed" now or earlier into the same folder, or "bundled".
    """

    step: str
    accuracies: list[float]
    validation: list[float]
    seconds: list[float]
    source: str

    @property
    def mean(self) -> float:
        """Of the accuracies [1]."""
        return sum(self.accuracies) / len(self.accuracies)

    @property
    def half(self) -> float | None:
        """Half the 95 % interval of the mean by Student's t [1]; None of one seed."""
        return float(student_interval(self.accuracies)[1]) if len(self.accuracies) > 1 else None


@dataclass(frozen=True)
class ArrayResult:
    """All steps of one array.

    Parameters
    ----------
    array : str
        As "64 x 64, 1 ohm".
    tile : list of int
        Rows and columns.
    wire : float
        Resistance of a segment [ohm].
    steps : list of StepResult
        In order.
    """

    array: str
    tile: list[int]
    wire: float
    steps: list[StepResult]


@dataclass(frozen=True)
class RecoverResult:
    """Everything about a run.

    Parameters
    ----------
    title, network : str
        Image set and network, in words.
    images : int
        Test images that accuracies are of.
    seeds : list of int
        Of networks and chips.
    software : list of float
        Accuracy of each network in full precision, on the test images [1].
    arrays : list of ArrayResult
        In the order asked for.
    seconds : float
        Of the whole run [s].
    configuration : dict
        Flags, hardware, recipe, versions.
    baselines : list of float, optional
        Accuracy of each network trained further in full precision by the same recipe [1].
    """

    title: str
    network: str
    images: int
    seeds: list[int]
    software: list[float]
    arrays: list[ArrayResult]
    seconds: float
    configuration: dict[str, object]
    baselines: list[float] | None = None
