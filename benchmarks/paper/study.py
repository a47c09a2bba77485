"""The points of a study, computed or from disk."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.inputs.datasets import DataError, load_test
from benchmarks.inputs.weights import file_stem, load_trained
from benchmarks.output.points import Points
from benchmarks.paper.claims import Curves
from benchmarks.paper.network import Evaluator, Network
from benchmarks.paper.plan import CELLS, MOST_CELLS, Plan
from benchmarks.paper.quantities import QUANTITIES
from benchmarks.paper.readings import Reading
from circuits.threads import available_threads
from crossbar import Hardware
from device_models import CompoundMTJ
from device_models.checks import Floats


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
                path = None if folder is None else folder / f"{file_stem(dataset, seed)}.keras"
                network = Network.of(load_trained(dataset, test, path, seed), test)
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
        with ThreadPoolExecutor(available_threads()) as pool:  # each network is one thread's
            rows = list(pool.map(lambda network: self._row(network, hardware),
                                 self.plan.networks(seeds)))
        shape = (len(self.plan.datasets), len(seeds), len(synapses), len(readings))
        found = np.moveaxis(np.array(rows).reshape(shape), -1, 1)
        return dict(zip(self.plan.datasets, found, strict=True))

    def _row(self, network: tuple[str, int], hardware: Sequence[Hardware]) -> list[float]:
        return [100.0 * self.point("ideal", *network, each) for each in hardware]

    def point(self, quantity: str, dataset: str, seed: int, hardware: Hardware) -> float:
        """One of `QUANTITIES` of one network on one hardware, from disk if there; with progress."""
        evaluator = self.evaluators[dataset, seed]
        found = self.points.get(f"{quantity}|{self._identity[dataset, seed]}|{hardware!r}",
                                lambda: QUANTITIES[quantity](evaluator, hardware))
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
