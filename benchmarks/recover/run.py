"""All arrays, steps and seeds: what is known is taken, the rest computed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import keras
import numpy as np
from tqdm import tqdm

from benchmarks.inputs.datasets import DataError, ImageSet, load_train
from benchmarks.inputs.weights import accuracy_on, load_trained
from benchmarks.recover.arrays import ArrayCase
from benchmarks.recover.kept import Point
from benchmarks.recover.recipe import Recipe
from benchmarks.recover.result import ArrayResult, StepResult
from benchmarks.recover.steps import MAPPED, VALIDATION, Recovery
from benchmarks.recover.training import trained_further
from crossbar import Hardware
from crossbar.recovery.kept_states import KeptStates


@dataclass(frozen=True, eq=False)
class Study:
    """What is asked for.

    Parameters
    ----------
    network : str
        Name of the bundled network, of which there is one for each seed.
    test : ImageSet
        Images that accuracies are of.
    data : str
        Source of training images, if steps must be computed.
    hardware : Hardware
        Of all arrays, but for their size and wires; the chip of a seed is that many further on.
    steps : sequence of str
        After `MAPPED`.
    recipe : Recipe
        Of the training.
    calibration : int
        Images that gains are fitted to.
    anew : bool
        Whether bundled states are left aside.
    folder : Path
        Where states are kept.
    """

    network: str
    test: ImageSet
    data: str
    hardware: Hardware
    steps: Sequence[str]
    recipe: Recipe
    calibration: int
    anew: bool
    folder: Path

    def run(self, arrays: Sequence[ArrayCase], seeds: Sequence[int]
            ) -> tuple[list[float], list[ArrayResult]]:
        """Accuracies in software, seed by seed, and those of each array after each step [1]."""
        names = [MAPPED, *self.steps]
        software = []
        tried: dict[tuple[ArrayCase, str], list[Tried]] = {}
        with tqdm(total=len(arrays) * len(seeds) * len(names), disable=None, leave=False) as bar:
            for seed in seeds:
                model = load_trained(self.test.name, self.test, seed=seed,
                                     network=self.network).model
                software.append(accuracy_on(model, self.test))
                for array in arrays:
                    chip = self._chip(model, array, seed, bar)
                    for step in names:
                        bar.set_description_str(f"{array}, seed {seed}: {step}")
                        tried.setdefault((array, step), []).append(chip.tried(step))
                        bar.update(1)
        return software, [ArrayResult(str(array), list(array.tile), array.wire, [
            _result(step, tried[array, step]) for step in names]) for array in arrays]

    def _chip(self, model: keras.Model, array: ArrayCase, seed: int, bar: "tqdm[None]") -> "_Chip":
        hardware = array.of(replace(self.hardware, seed=self.hardware.seed + seed))
        return _Chip(self, model, array, hardware, seed, bar)

    @cached_property
    def images(self) -> ImageSet:
        """Training images, or an error that says why they are needed, or how many; none that is a
        test image as well, pixel by pixel."""
        try:
            found = load_train(self.test.name, self.data)
        except DataError as error:
            raise DataError(f"states of these steps are not bundled, and training images are "
                            f"needed to find them ({error})") from error
        tested = {x.tobytes() for x in self.test.x}
        kept = np.array([x.tobytes() not in tested for x in found.x])
        if kept.sum() < VALIDATION + self.calibration:
            raise DataError(f"--data {self.data} has {kept.sum()} training images that are no test "
                            f"images; expected {VALIDATION} for validation and, besides, those of "
                            f"--calibration {self.calibration}")
        return found.part(kept)

    def baselines(self, seeds: Sequence[int]) -> list[float]:
        """Test accuracies of the networks trained further in full precision, by the same recipe and
        on the same images: what of a training through the wires is the training alone."""
        found = []
        for seed in tqdm(seeds, desc="in full precision", disable=None, leave=False):
            model = load_trained(self.test.name, self.test, seed=seed, network=self.network).model
            trained_further(model, self.images.part(slice(-VALIDATION)), self.recipe, seed)
            found.append(accuracy_on(model, self.test))
        return found


@dataclass(frozen=True)
class Tried:
    """One network on one chip after one step."""

    accuracy: float
    validation: float | None
    seconds: float
    source: str


@dataclass(eq=False)
class _Chip:
    """One network on one chip, step by step."""

    study: Study
    model: keras.Model
    array: ArrayCase
    hardware: Hardware
    seed: int
    bar: "tqdm[None]"
    _recovery: Recovery | None = None

    def tried(self, step: str) -> Tried:
        """Its accuracy on the test images after a step."""
        study, point = self.study, self.point(step)
        found = point.find(study.folder, bundled=not study.anew)
        if found is None or self._of_others(*found):
            analog, seconds = self._live.analog(step)
            held_out = self._live.images.part(slice(-VALIDATION, None))
            validation = accuracy_on(analog, held_out)
            kept = KeptStates.of(analog, point.record(self._live.images, seconds, validation))
            point.keep(kept, study.folder)
            return Tried(accuracy_on(analog, study.test), validation, seconds, "computed")
        kept, source = found
        analog = kept.model(self.model, self.hardware)
        return Tried(accuracy_on(analog, study.test), kept.record["validation"],
                     kept.record["seconds"], source)

    def _of_others(self, kept: KeptStates, source: str) -> bool:
        """Whether states that were computed are of other training images than those given."""
        given = source == "computed" and self.study.data != "bundled"
        return given and kept.record.get("train_digest") != self.study.images.digest

    def point(self, step: str) -> Point:
        """It after a step."""
        study = self.study
        return Point(study.network, self.array, self.hardware, step, self.seed,
                     study.calibration, study.recipe, study.test)

    @property
    def checkpoint(self) -> Path:
        """Of its training, and no other."""
        return self.study.folder / self.point("train").name.replace(".npz", ".checkpoint.keras")

    @property
    def _live(self) -> Recovery:
        if self._recovery is None:
            study = self.study
            self._recovery = Recovery(self.model, self.hardware, study.images, study.calibration,
                                      study.recipe, self.seed, self.checkpoint, self._trained)
        return self._recovery

    def _trained(self, steps: int) -> None:
        self.bar.set_postfix_str("training", refresh=False)
        self.bar.refresh() if steps > 1 else None


def _result(step: str, tried: Sequence[Tried]) -> StepResult:
    sources = {each.source for each in tried}
    return StepResult(step, [each.accuracy for each in tried],
                      [each.validation for each in tried if each.validation is not None],
                      [each.seconds for each in tried],
                      sources.pop() if len(sources) == 1 else "computed")
