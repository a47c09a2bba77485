"""Many chips of one design: how much accuracy varies from one to the next."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import keras
import numpy as np
from scipy import stats

from crossbar.conversion.convert import Conversion, Hardwares
from crossbar.conversion.plan import Digital
from crossbar.conversion.samples import Samples
from crossbar.diagnosis.scores import Judge, Metric
from crossbar.layers.model import products_of
from crossbar.layers.product import CrossbarProduct
from crossbar.recovery.calibrating import correct, given_to, take_corrections
from crossbar.recovery.corrected import corrected
from crossbar.recovery.gains import CalibrateOn
from crossbar.tiles.matrix import Tile
from crossbar.tiles.progress import Progress, told
from crossbar.tiles.realised import Realised, solved
from device_models.checks import Floats, fraction, whole

_HELD = 2**27  # weights of chips that are solved together
_BATCH = 1000  # samples at once


@dataclass(frozen=True, eq=False)
class Chips:
    """Accuracies of chips.

    Parameters
    ----------
    seeds : tuple of int
        The chips.
    accuracies : (chips,) array
        Of each [1].
    samples : int
        Inputs that each was tried on.
    """

    seeds: tuple[int, ...]
    accuracies: Floats
    samples: int

    @property
    def mean(self) -> float:
        """Of the accuracies [1]."""
        return float(self.accuracies.mean())

    @property
    def standard_deviation(self) -> float:
        """From chip to chip [1]; nan of a single one."""
        return float(self.accuracies.std(ddof=1)) if len(self.seeds) > 1 else float("nan")

    @cached_property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the mean [1], by Student's t over chips; nan of a single one."""
        count = len(self.seeds)
        if count < 2:
            return float("nan"), float("nan")
        half = float(stats.t.ppf(0.975, count - 1)) * self.standard_deviation / np.sqrt(count)
        return self.mean - half, self.mean + half

    @property
    def worst(self) -> tuple[int, float]:
        """Seed and accuracy [1] of the worst chip."""
        at = int(np.argmin(self.accuracies))
        return self.seeds[at], float(self.accuracies[at])

    def chip_yield(self, threshold: float) -> float:
        """Share of chips [1] with at least the accuracy `threshold` [1]."""
        return float(np.mean(self.accuracies >= fraction("threshold", threshold, one=True)))

    def yield_interval(self, threshold: float) -> tuple[float, float]:
        """95 % interval of `chip_yield` [1] (Wilson)."""
        passed = int(np.sum(self.accuracies >= fraction("threshold", threshold, one=True)))
        found = stats.binomtest(passed, len(self.seeds)).proportion_ci(method="wilson")
        return float(found.low), float(found.high)

    def __str__(self) -> str:
        low, high = (100 * end for end in self.interval)
        seed, worst = self.worst
        return (f"{len(self.seeds)} chips, {self.samples} samples each: mean {100 * self.mean:.2f} "
                f"% ({low:.2f} to {high:.2f}), standard deviation "
                f"{100 * self.standard_deviation:.2f} points, worst {100 * worst:.2f} % (seed "
                f"{seed})")


def chips(
    model: keras.Model, hardware: Hardwares, seeds: Iterable[int], x: Any, y: Any,
    calibration: Samples | None = None, progress: Progress | None = None, *,
    metric: Metric | None = None, digital: Digital | Sequence[Digital] = (), fold: bool = False,
    percentile: float | None = 100.0, calibrate: CalibrateOn | Samples | None = None,
) -> Chips:
    """The accuracy of `model` on each of many chips of `hardware`.

    The chip of a seed is that which `to_analog` makes with it, to the bit. What is the same for all
    is done once, and tiles of all chips are solved in one batch. Each chip has converter ranges of
    its own, where it has converters.

    Parameters
    ----------
    model, hardware, calibration, digital, fold, percentile
        As in `to_analog`.
    seeds : iterable of int
        The chips; each stands in for the `seed` of the hardware.
    x, y : arrays
        Inputs of the model, and what they are: classes (samples,), or one of n (samples, n).
    calibrate : samples, or CalibrateOn
        What each chip is calibrated on, by itself, as `crossbar.calibrate` does it: inputs other
        than `x`, or `crossbar.CalibrateOn(inputs, gains=crossbar.PerTile())` for another way.
    progress : callable
        Called with 1 after each tile and each chip. A bar on a terminal, if not given.
    metric : callable
        Accuracy of (y, outputs of the model) [1]; by default the share of samples whose largest
        output is that of their class.
    """
    if not isinstance(seeds, Iterable):
        raise TypeError(f"seeds is {seeds!r}; expected several, as range(20)")
    chosen = tuple(whole("seed", seed, 0) for seed in seeds)
    if not chosen or len(set(chosen)) != len(chosen):
        raise ValueError(f"seeds are {chosen}; expected one or more, each once")
    judge = Judge(y, metric)
    conversion = Conversion.of(model, hardware, calibration, digital=digital, fold=fold,
                               percentile=percentile)
    if not isinstance(calibrate, CalibrateOn | None):
        calibrate = CalibrateOn(calibrate)
    wafer = _Wafer(conversion, calibrate)
    found = []
    with told(progress, len(chosen) * (conversion.tiles + 1), "chips") as done:
        for _ in wafer.made(chosen, done):
            outputs = wafer.conversion.analog.predict(x, batch_size=_BATCH, verbose=0)
            found.append(judge.score(outputs).value)
            done(1)
    return Chips(chosen, np.asarray(found, np.float64), len(y))


class _Wafer:
    """One analog model that becomes chip after chip."""

    def __init__(self, conversion: Conversion, calibrate: CalibrateOn | None) -> None:
        self.corrections = None if calibrate is None else (
            calibrate, given_to(conversion.analog, calibrate.x))
        if calibrate is not None:
            conversion = _corrected(conversion, calibrate.gains.per_tile)
        self.conversion = conversion
        products = [job.product for job in conversion.jobs]
        # those of states that were trained are known
        self.ranges = [(product.input_range, product.calibrated) for product in products]
        # what biases in devices are depends on the input range, which depends on the chip
        self.together = not any(product.bias_row for product in products)
        self.plain = self.together and calibrate is None and not any(
            _has_ranges(product) for product in products)
        self.calibrated = False
        if self.together:
            self.rows = [job.rows for job in conversion.jobs]
            self.wanted = [job.wanted for job in conversion.jobs]

    def made(self, seeds: Sequence[int], progress: Progress) -> Iterator[int]:
        """Each seed, while the model is its chip."""
        weights = sum(int(np.prod(job.product.shape)) for job in self.conversion.jobs)
        portion = max(1, _HELD // weights) if self.together else 1
        for start in range(0, len(seeds), portion):
            some = seeds[start : start + portion]
            solved_ones = self._solved(some, progress) if self.together else [[]]
            for seed, realised in zip(some, solved_ones, strict=True):
                self._become(seed, realised, progress)
                yield seed

    def _solved(self, seeds: Sequence[int], progress: Progress) -> list[list[Realised]]:
        """All products of chips, whose tiles are solved in one stream."""
        jobs = self.conversion.jobs
        found = [[job.product.realised(wanted) for job, wanted in zip(
            jobs, self.wanted, strict=True)] for _ in seeds]

        def tiles() -> Iterator[tuple[tuple[Realised, int], Tile]]:
            for number, seed in enumerate(seeds):
                for realised, job, wanted in zip(found[number], jobs, self.wanted, strict=True):
                    chip = replace(job.product.hardware, seed=seed)
                    for group, tile in wanted.write(chip, job.product.place):
                        yield (realised, group), tile

        for (realised, group), tile in solved(tiles()):
            realised.add(group, tile)
            progress(1)
        return found

    def _become(self, seed: int, realised: Sequence[Realised], progress: Progress) -> None:
        """Be the chip `seed`, of solved tiles or still to be solved."""
        jobs = self.conversion.jobs
        if not self.plain:
            for job, known in zip(jobs, self.ranges, strict=True):
                job.product.become(seed)
                job.product.input_range, job.product.calibrated = known
        if self.together:
            for job, each, rows in zip(jobs, realised, self.rows, strict=True):
                job.take(each, rows)
        else:
            for job in jobs:
                job.do(progress)
        if self.plain and self.calibrated:
            return
        self.conversion.calibrate()
        self.calibrated = True
        if self.corrections is not None:
            products = [job.product for job in jobs]
            calibrate, given = self.corrections
            take_corrections(correct(self.conversion.analog, products, given, calibrate), products)
        # compiled with the ranges of the chip before
        self.conversion.analog.make_predict_function(force=True)


def _corrected(conversion: Conversion, per_tile: bool) -> Conversion:
    """The same, of products that can be corrected."""
    analog = corrected(conversion.analog, per_tile)
    jobs = [replace(job, product=product) for job, product in zip(
        conversion.jobs, products_of(analog), strict=True)]
    return replace(conversion, analog=analog, jobs=jobs)


def _has_ranges(product: CrossbarProduct) -> bool:
    """Whether outputs depend on ranges or on what is drawn beside the devices."""
    made = product.hardware.converters
    return (made.dac_bits is not None or made.adc_bits is not None or product.hardware.by_circuit)
