"""Points of a study: one network on one hardware, its accuracy and what it costs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import keras
from tqdm import tqdm

import crossbar
from benchmarks.energy.result import QUANTITIES, PointResult
from benchmarks.inputs.datasets import CALIBRATION, ImageSet
from benchmarks.inputs.weights import accuracy_on, load_trained
from benchmarks.output.points import Points
from benchmarks.output.source import code_of
from crossbar import Hardware, Periphery
from crossbar.stored import to_plain
from crossbar.tiles.progress import unseen


@dataclass(frozen=True, eq=False)
class Study:
    """What is held while one parameter varies.

    Parameters
    ----------
    network : str
        Name of the bundled network, of which there is one for each seed.
    test : ImageSet
        All test images.
    images : int
        How many of them, the first, accuracies and energies are of.
    periphery : Periphery
        Around the arrays.
    points : Points
        Where what is known is kept.
    """

    network: str
    test: ImageSet
    images: int
    periphery: Periphery
    points: Points
    _models: dict[int, keras.Model] = field(default_factory=dict)

    def run(self, values: Sequence[float], hardware: Sequence[Hardware], seeds: Sequence[int]
            ) -> list[PointResult]:
        """A point for each value and its hardware, whose seed is the chip of the first network."""
        found = []
        with tqdm(total=len(values) * len(seeds), disable=None, leave=False, desc="points") as bar:
            for value, each in zip(values, hardware, strict=True):
                known: dict[str, list[float]] = {name: [] for name in QUANTITIES}
                for seed in seeds:
                    point = Point(self, replace(each, seed=each.seed + seed), seed)
                    for name in QUANTITIES:
                        known[name].append(self.points.get(
                            f"{name} of {point.identity}", partial(point.quantity, name)))
                    bar.update(1)
                found.append(PointResult(value, **known))
        return found

    def model(self, seed: int) -> keras.Model:
        """The network of a seed."""
        if seed not in self._models:
            self._models[seed] = load_trained(self.test.name, self.test, seed=seed,
                                              network=self.network).model
        return self._models[seed]


@dataclass(eq=False)
class Point:
    """One network on one chip."""

    study: Study
    hardware: Hardware
    seed: int
    _found: dict[str, float] | None = None

    @property
    def identity(self) -> str:
        """All that its numbers depend on, but code."""
        study = self.study
        return json.dumps([study.network, self.seed, study.test.digest, study.images,
                           to_plain(self.hardware), to_plain(study.periphery)])

    def quantity(self, name: str) -> float:
        """One of `QUANTITIES`; all are found at once, when the first is asked for."""
        if self._found is None:
            self._found = self._measured()
        return self._found[name]

    def _measured(self) -> dict[str, float]:
        study = self.study
        analog = crossbar.to_analog(study.model(self.seed), self.hardware,
                                    study.test.x[:CALIBRATION], unseen)
        some = study.test.part(slice(study.images))
        cost = crossbar.performance(analog, some.x, unseen, periphery=study.periphery)
        return {"accuracy": accuracy_on(analog, some), "array": cost.energy.array,
                "total": cost.energy.total, "latency": cost.latency.latency,
                "area": cost.area.total}


def code() -> str:
    """Of what the points are computed with: a digest of the source, and libraries."""
    return code_of(__name__)


