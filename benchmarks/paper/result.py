"""What a study hands on: to its tables, its pictures and paper.json. Accuracies in per cent."""

from dataclasses import dataclass, field

import numpy as np

from device_models.checks import Floats
from device_models.switching import Write


@dataclass(frozen=True)
class Verdict:
    """A claim of the paper beside what the study finds, in points of accuracy.

    Parameters
    ----------
    name : str
        Unlike that of any other claim.
    claim, section, dataset : str
        What is claimed, where, and of which images.
    paper, ours, interval, deviation : float
        Stated; found, mean over trainings; half its 95 % interval; how far off.
    within_interval, within_1_point, agrees : bool
        In what sense the two agree, and whether in any.
    """

    name: str
    claim: str
    section: str
    dataset: str
    paper: float
    ours: float
    interval: float
    deviation: float
    within_interval: bool
    within_1_point: bool
    agrees: bool


@dataclass(frozen=True, eq=False)
class ReadingRow:
    """A reading that was searched, and what it gives.

    Parameters
    ----------
    reading : str
        In words.
    distance : float
        From the claims on the wedge [points].
    overall : float or None
        From all claims [points]; None where it cannot be the least.
    claims : mapping
        Our number for each claim on the wedge, by its name [points].
    accuracy : mapping
        Of each dataset: mean over trainings (cells, thicknesses) [%].
    """

    reading: str
    distance: float
    overall: float | None
    claims: dict[str, float]
    accuracy: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class CircuitCurves:
    """A reading through the circuit: accuracy [%] (seeds, cells, thicknesses), and read energy of
    the first training [J] (cells, thicknesses)."""

    accuracy: Floats
    energy_j: Floats


@dataclass(frozen=True, eq=False)
class Example:
    """An image, its class, and the recognition probabilities (10,) of each way to run it."""

    dataset: str
    image: int
    label: int
    probabilities: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class TradeOff:
    """What is left of the accuracy when the states have to be written.

    Parameters
    ----------
    cells : int
        Of each compound.
    broken : float
        Tolerated share of compounds that a write breaks [1].
    writes : list of Write
        How each free layer is written.
    accuracy : mapping
        Of each dataset and way of writing: (seeds, thicknesses) [%].
    """

    cells: int
    broken: float
    writes: list[Write]
    accuracy: dict[str, dict[str, Floats]]


@dataclass(frozen=True, eq=False, kw_only=True)
class StudyResult:
    """All of a study, in the order of paper.json; thicknesses [nm], TMR [1].

    The arrays of `wedge` are (seeds, cells, thicknesses), those of `contour` (seeds, cells, TMR),
    one for each dataset. What was not run, or cannot be with this stack, is empty or None.
    """

    stack: str
    doi: str
    images: int
    seeds: list[int]
    search_seeds: list[int]
    reading: str
    distance: float
    thickness_nm: Floats
    search_thickness_nm: Floats
    tmr: Floats
    contour_tmr: Floats
    software: dict[str, list[float]]
    wedge: dict[str, Floats]
    contour: dict[str, Floats]
    claims: list[Verdict]
    readings: list[ReadingRow]
    circuit_thickness_nm: Floats = field(default_factory=lambda: np.empty(0))
    circuit_seeds: list[int] = field(default_factory=list)
    circuit_readings: dict[str, str] = field(default_factory=dict)
    circuit_words: str | None = None
    circuit: dict[str, dict[str, CircuitCurves]] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    trade_off: TradeOff | None = None
    left_out: dict[str, str] | None = None
    quick: bool = False
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)
