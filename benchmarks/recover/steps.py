"""What is done to win accuracy back, one step after another, each upon those before."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import keras
import numpy as np

import crossbar
from benchmarks.inputs.datasets import ImageSet
from benchmarks.recover.recipe import Recipe
from benchmarks.recover.training import forget, train
from crossbar import Hardware

MAPPED = "as mapped"
STEPS = {
    "calibrate": "digital gain and offset per output",
    "map": "states chosen for their wires, then calibrated",
    "train": "trained in these states, then calibrated",
}
"""By what the command line calls them."""
VALIDATION = 5000
"""Training images that are kept out of every step, the last ones."""


@dataclass(frozen=True, eq=False)
class Recovery:
    """One network on one chip.

    Parameters
    ----------
    model : keras.Model
        In software.
    hardware : Hardware
        Arrays and chip.
    images : ImageSet
        Of which nothing is tested.
    calibration : int
        How many of them gains are fitted to.
    recipe : Recipe
        Of the training.
    seed : int
        Of its order.
    checkpoint : Path
        Where the training is kept after each epoch.
    progress : callable
        Called with the steps of the training that were done.
    """

    model: keras.Model
    hardware: Hardware
    images: ImageSet
    calibration: int
    recipe: Recipe
    seed: int
    checkpoint: Path
    progress: Callable[[int], object]

    def analog(self, step: str) -> tuple[keras.Model, float]:
        """The network after a step, and the time that the step took by itself [s]."""
        ways: dict[str, Callable[[], keras.Model]] = {
            MAPPED: self._mapped, "calibrate": self._calibrated, "map": self._chosen,
            "train": self._trained}
        begin = time.perf_counter()
        found = ways[step]()
        return found, time.perf_counter() - begin

    @property
    def _few(self) -> np.ndarray:
        return self.images.x[: self.calibration]

    def _mapped(self) -> keras.Model:
        return crossbar.to_analog(self.model, self.hardware, self._few)

    def _calibrated(self) -> keras.Model:
        return crossbar.calibrate(self._mapped(), self._few)

    @cached_property
    def _aware(self) -> keras.Model:
        """In states that were chosen for their wires."""
        return crossbar.hardware_aware(
            self.model, self.hardware, self._few, states=crossbar.WireAware(),
            chips=self.recipe.chips)

    def _chosen(self) -> keras.Model:
        analog = crossbar.to_analog(self.model, self.hardware, self._few,
                                    states=crossbar.WireAware())
        return crossbar.calibrate(analog, self._few)

    def _trained(self) -> keras.Model:
        seen = self.images.part(slice(-VALIDATION))
        aware = train(self._aware, seen, self.recipe, self.seed, self.checkpoint, self.progress)
        analog = crossbar.to_analog(aware, self.hardware, self._few)
        forget(self.checkpoint)
        return crossbar.calibrate(analog, self._few)
