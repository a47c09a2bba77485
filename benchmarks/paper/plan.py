"""Which points a study has."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.inputs.weights import BUNDLED_SEEDS, DENSE
from benchmarks.paper.claims import REFERENCE_THICKNESS, reference_index
from benchmarks.paper.readings import Reading, all_readings
from device_models import CompoundMTJ, Stack
from device_models.checks import Floats

CELLS = (1, 2, 3)
MOST_CELLS = 6
CONTOUR_R_P = 10e3  # [ohm], Kumar et al. 2024, caption of Fig. 5
CONTOUR_R_AP = (16e3, 36e3)  # [ohm], likewise
WAYS = ("perfect", "with_field", "field_free")  # to write: not at all, with assist field, without
_CIRCUITS = 2  # readings that are run through the circuit
_FEWER_SEEDS = 3  # for searching, for circuits, and for a quick look
_IMAGES = 10_000


@dataclass(frozen=True)
class Parts:
    """What of the study is asked for.

    Parameters
    ----------
    reading : Reading or None
        How weights become states; None is the one that the search finds, or the default.
    search, circuit : bool
        Whether all readings are searched, and whether the circuit is run.
    """

    reading: Reading | None = None
    search: bool = True
    circuit: bool = True


@dataclass(frozen=True, eq=False)
class Plan:
    """What is computed.

    Parameters
    ----------
    stack : Stack
        Of the thickness wedge.
    thickness : (thicknesses,) array
        Free layers of the curves, increasing [m].
    few : (some,) array
        Free layers of the circuits [m].
    search_thickness : (some,) array
        Free layers of the search over readings [m].
    contour_tmr : (TMRs,) array
        [1].
    seeds, search_seeds : sequences of int
        Trainings of the curves, and of search and circuits.
    datasets : sequence of str
        Image sets.
    images : int
        Test images used.
    """

    stack: Stack
    thickness: Floats
    few: Floats
    search_thickness: Floats
    contour_tmr: Floats
    seeds: Sequence[int]
    search_seeds: Sequence[int]
    datasets: Sequence[str]
    images: int

    def networks(self, seeds: Sequence[int]) -> list[tuple[str, int]]:
        """Trainings by dataset, then seed."""
        return [(dataset, seed) for dataset in self.datasets for seed in seeds]

    def wedge(self, thickness: Floats) -> list[CompoundMTJ]:
        """Synapses by cells, then thickness."""
        mtjs = [self.stack.mtj(float(t)) for t in thickness]
        return [CompoundMTJ(mtj, cells) for cells in CELLS for mtj in mtjs]

    def contour(self) -> list[CompoundMTJ]:
        """Synapses by cells, then TMR."""
        mtjs = [self.stack.mtj(r_p=CONTOUR_R_P, tmr=float(tmr)) for tmr in self.contour_tmr]
        return [CompoundMTJ(mtj, cells) for cells in range(1, MOST_CELLS + 1) for mtj in mtjs]

    def points(self, parts: Parts) -> int:
        """How many there are, less the few that the search's end adds."""
        few = len(self.networks(self.search_seeds))
        total = len(self.networks(self.seeds)) * (len(self.wedge(self.thickness))
                                                  + len(self.contour()))
        if parts.search:
            total += few * len(list(all_readings())) * len(self.wedge(self.search_thickness))
        if parts.circuit:
            total += _CIRCUITS * (few + len(self.datasets)) * len(self.wedge(self.few))
            total += few * len(WAYS) * len(self.thickness)
        return total


def make_plan(stack: Stack, datasets: Sequence[str], wanted: Sequence[float] = (),
              seeds: int | None = None, images: int | None = None, quick: bool = False) -> Plan:
    """The points that are asked for; `wanted` free layers [m]."""
    trainings = tuple(range(seeds or (_FEWER_SEEDS if quick else len(BUNDLED_SEEDS[DENSE]))))
    all_of_them = thicknesses(stack, wanted, 2 if quick else 11)
    return Plan(
        stack, all_of_them,
        nearest(all_of_them) if quick else thicknesses(stack, wanted, 5), thicknesses(stack, (), 3),
        contour_tmr(3 if quick else 11), trainings, trainings[:_FEWER_SEEDS],
        tuple(dict.fromkeys(datasets)), min(images or _IMAGES, _IMAGES))


def thicknesses(stack: Stack, wanted: Sequence[float] = (), count: int = 11) -> Floats:
    """`wanted` free layers [m], or `count` equal steps; ends and 1.9 nm are always among them.

    The claims are made of these three.
    """
    low, high = stack.thickness_range
    for t in wanted:
        if not low * (1 - 1e-9) <= t <= high * (1 + 1e-9):
            raise ValueError(f"--thickness {t * 1e9:g} is outside the wedge; stack {stack.name!r} "
                             f"covers {low * 1e9:g} to {high * 1e9:g} nm")
    inside = [t for t in (low, REFERENCE_THICKNESS, high) if low <= t <= high]
    chosen = list(wanted) or list(np.linspace(low, high, count))
    return np.unique(np.round([*chosen, *inside], 13))


def nearest(thickness: Floats) -> Floats:
    """Of `thickness` (thicknesses,) [m] the one nearest to 1.9 nm: (1,) [m]."""
    at = reference_index(thickness)
    return thickness[at : at + 1]


def contour_tmr(count: int = 11) -> Floats:
    """From 60 to 260 % [1]."""
    return np.linspace(CONTOUR_R_AP[0], CONTOUR_R_AP[1], count) / CONTOUR_R_P - 1.0
