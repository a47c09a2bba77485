"""The ideal study: which points there are, and computing them."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.inputs.datasets import DataError, load_test
from benchmarks.inputs.weights import BUNDLED_FOLDER, BUNDLED_SEEDS, file_stem, load_trained
from benchmarks.output.points import Points
from benchmarks.paper.claims import REFERENCE_THICKNESS, Curves, reference_index
from benchmarks.paper.network import Evaluator, Network
from benchmarks.paper.readings import Reading
from circuits.threads import available_threads
from crossbar import Hardware
from device_models import CompoundMTJ, Stack
from device_models.checks import Floats

CELLS = (1, 2, 3)
MOST_CELLS = 6
CONTOUR_R_P = 10e3  # [ohm], Kumar et al. 2024, caption of Fig. 5
CONTOUR_R_AP = (16e3, 36e3)  # [ohm], likewise


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

    def wedge(self, thickness: Floats) -> list[CompoundMTJ]:
        """Synapses by cells, then thickness."""
        mtjs = [self.stack.mtj(float(t)) for t in thickness]
        return [CompoundMTJ(mtj, cells) for cells in CELLS for mtj in mtjs]

    def contour(self) -> list[CompoundMTJ]:
        """Synapses by cells, then TMR."""
        mtjs = [self.stack.mtj(r_p=CONTOUR_R_P, tmr=float(tmr)) for tmr in self.contour_tmr]
        return [CompoundMTJ(mtj, cells) for cells in range(1, MOST_CELLS + 1) for mtj in mtjs]


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


def weights_file(dataset: str, seed: int, folder: Path | None) -> Path:
    """The file of a training, bundled or in `folder`, which must hold those of all seeds."""
    path = (folder or BUNDLED_FOLDER) / f"{file_stem(dataset, seed)}.keras"
    if not path.is_file():
        where = f"seeds {BUNDLED_SEEDS[0]} to {BUNDLED_SEEDS[-1]} are bundled" if (
            folder is None) else f"{folder} must hold the trainings of all seeds"
        raise DataError(f"{path.name} is missing; {where}: 'python -m benchmarks train --dataset "
                        f"{dataset} --seed {seed} --out DIR' makes it, and --weights DIR takes it")
    return path


def nearest(thickness: Floats) -> Floats:
    """Of `thickness` (thicknesses,) [m] the one nearest to 1.9 nm: (1,) [m]."""
    at = reference_index(thickness)
    return thickness[at : at + 1]


def contour_tmr(count: int = 11) -> Floats:
    """From 60 to 260 % [1]."""
    return np.linspace(CONTOUR_R_AP[0], CONTOUR_R_AP[1], count) / CONTOUR_R_P - 1.0


class Study:
    """Networks, their evaluators and the points on disk.

    Parameters
    ----------
    plan : Plan
        What to compute.
    points : Points
        Where results are kept.
    folder : Path or None
        Of trained networks instead of the bundled ones.
    progress : callable
        Called with a number of points done.
    """

    def __init__(self, plan: Plan, points: Points, folder: Path | None = None,
                 progress: Callable[[int], object] = lambda n: None) -> None:
        self.plan, self.points, self.progress = plan, points, progress
        self.evaluators: dict[tuple[str, int], Evaluator] = {}
        for dataset in plan.datasets:
            test = load_test(dataset)
            for seed in sorted({*plan.seeds, *plan.search_seeds}):
                network = Network.of(load_trained(dataset, test, weights_file(
                    dataset, seed, folder), seed), test)
                if network.seed != seed:
                    raise DataError(f"{file_stem(dataset, seed)} holds the training of seed "
                                    f"{network.seed}: each seed takes a training of its own")
                self.evaluators[dataset, seed] = Evaluator(network, plan.images)
        self._identity = {key: f"{each.network.identity()}|{plan.images}"
                          for key, each in self.evaluators.items()}

    def accuracies(self, readings: Sequence[Reading], synapses: Sequence[CompoundMTJ],
                   seeds: Sequence[int]) -> dict[str, Floats]:
        """Ideal accuracies [%] of each dataset: (readings, seeds, synapses).

        Readings that differ in their gain alone share their states, and so most of the work.
        """
        hardware = [reading.hardware(synapse) for synapse in synapses for reading in readings]
        networks = [(dataset, seed) for dataset in self.plan.datasets for seed in seeds]
        with ThreadPoolExecutor(available_threads()) as pool:  # each network is one thread's
            rows = list(pool.map(lambda network: self._row(network, hardware), networks))
        shape = (len(self.plan.datasets), len(seeds), len(synapses), len(readings))
        found = np.moveaxis(np.array(rows).reshape(shape), -1, 1)
        return dict(zip(self.plan.datasets, found, strict=True))

    def _row(self, network: tuple[str, int], hardware: Sequence[Hardware]) -> list[float]:
        return [100.0 * self.point("ideal", *network, each, Evaluator.quantised)
                for each in hardware]

    def point(self, kind: str, dataset: str, seed: int, hardware: Hardware,
              compute: Callable[[Evaluator, Hardware], float]) -> float:
        """`compute` of one network on one hardware, from disk if it is there; with progress."""
        evaluator = self.evaluators[dataset, seed]
        found = self.points.get(f"{kind}|{self._identity[dataset, seed]}|{hardware!r}",
                                lambda: compute(evaluator, hardware))
        self.progress(1)
        return found

    def wedges(self, readings: Sequence[Reading], thickness: Floats, seeds: Sequence[int]
               ) -> list[Curves]:
        """Curves over the wedge for 1, 2 and 3 cells, of each reading."""
        found = self.accuracies(readings, self.plan.wedge(thickness), seeds)
        shape = (len(seeds), len(CELLS), len(thickness))
        return [Curves(thickness, {name: a[i].reshape(shape) for name, a in found.items()})
                for i in range(len(readings))]

    def curves(self, reading: Reading, thickness: Floats, seeds: Sequence[int]) -> Curves:
        """Curves and contours of one reading."""
        wedge, = self.wedges([reading], thickness, seeds)
        found = self.accuracies([reading], self.plan.contour(), seeds)
        shape = (len(seeds), MOST_CELLS, len(self.plan.contour_tmr))
        return Curves(thickness, wedge.wedge, {
            name: a.reshape(shape) for name, a in found.items()})
