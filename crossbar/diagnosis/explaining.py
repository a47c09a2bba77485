"""What costs how much accuracy, of an analog model."""

from collections.abc import Iterable, Sequence
from typing import Any

import keras

from crossbar.conversion.samples import Samples, batches, count
from crossbar.conversion.stand_ins import StandIn, labels, looked_at
from crossbar.diagnosis.findings import ALL, EXACT, STATES, Row
from crossbar.diagnosis.layer_errors import layer_errors
from crossbar.diagnosis.report import Explanation
from crossbar.diagnosis.scores import Judge, Metric, Score
from crossbar.diagnosis.trials import Trials
from crossbar.tiles.grid import count_arrays
from crossbar.tiles.progress import Progress, told

_WORST = 5


def explain(analog: keras.Model, x: Samples, y: Any, *, metric: Metric | None = None,
            progress: Progress | None = None) -> Explanation:
    """What each imperfection of an analog model's hardware costs, alone and left out.

    The weights that the model keeps as they were wanted are written again, into hardware with some
    of its imperfections: no other model is needed, and this one stays what it is. What is drawn
    (spread, faults, noise of reads) is drawn from the same chip each time. Inputs keep their
    ranges. Currents change with wires and devices, and so do the ranges of their converters, in
    proportion to the largest current that the first 512 samples make: what a converter costs is its
    resolution, and not that it clips what another imperfection had held back. A model that is
    calibrated is compared with calibrated ones: each has gains of the same kind, found on the same
    512 samples, which are best none that the accuracy is of.

    Parameters
    ----------
    analog : keras.Model
        As `to_analog` made it, or loaded from a file.
    x : samples
        Inputs of the model, as `calibration` of `to_analog`.
    y : array
        What they are: classes (samples,), or one of n (samples, n).
    metric : callable
        Instead of accuracy: a number, larger is better, of `y` and the model's outputs (an array;
        a list of them if it has several). `y` is then what this takes.
    progress : callable
        Called with 1 after each solved tile and each batch of samples. A bar on a terminal, if not
        given.

    Returns
    -------
    Explanation
        Printed as tables; `.draw(path)` is a picture. Errors of layers are of the first 512
        samples. Those of tiles are of realised weights, with devices linear and without noise and
        converters, weighted by the second moments of the exact inputs of their layer.

    Raises
    ------
    ValueError
        If `analog` has no programmed crossbars, or `x`, `y` and the model's outputs do not fit.
    """
    products = looked_at(analog)
    given = batches(analog, x)
    judge = Judge(y, metric)
    samples = judge.samples(sum(map(count, given)), analog.inputs[0].shape[0])
    trials = Trials(analog, products, given)
    trial = _Trial(trials, judge, samples)
    with told(progress, trial.steps, "explaining", "step") as trials.progress:
        rows = trial.rows()
        layers, tiles = layer_errors(trials, labels(analog, products))
    return Explanation(rows, tuple(layers), tuple(tiles[:_WORST]), samples,
                       min(samples, sum(map(count, trials.first))),
                       "accuracy" if metric is None else _name(metric))


class _Trial:
    """Scores of a model with some of its imperfections, each found once."""

    def __init__(self, trials: Trials, judge: Judge, samples: int) -> None:
        self.trials, self.judge, self.samples = trials, judge, samples
        self.all = frozenset(trials.on)
        self._known: dict[frozenset[str], Score] = {}

    @property
    def steps(self) -> int:
        """Tiles to be solved and batches to be run, for scores and errors of layers."""
        written = {frozenset(), *(frozenset([name]) for name in self.all),
                   *(self.all - {name} for name in self.all)} - {self.all}
        tiles = sum(product.shape[0] * count_arrays((product.rows, product.shape[2]),
                                                    product.hardware)
                    for product in self.trials.products)
        runs = len(self.trials.given)
        return len(written) * (tiles + runs) + 2 * runs + len(self.trials.first)

    def rows(self) -> tuple[Row, ...]:
        """Exact weights, states only, each imperfection, everything."""
        exact = self._of(self.trials.exact)
        states, everything = self._with(()), self._with(self.all)
        rows = [Row(EXACT, exact), Row(STATES, states, exact.value - states.value)]
        for name in self.trials.on:
            alone, left_out = self._with([name]), self._with(self.all - {name})
            rows.append(Row(name, alone, states.value - alone.value, left_out,
                            left_out.value - everything.value))
        return *rows, Row(ALL, everything, states.value - everything.value)

    def _with(self, names: Iterable[str]) -> Score:
        """Of the model with these imperfections; with all of them it is as it is."""
        on = frozenset(names)
        if on not in self._known:
            self._known[on] = self._of(self.trials.everything if on == self.all else
                                       self.trials.with_only(on))
        return self._known[on]

    def _of(self, stand_ins: Sequence[StandIn]) -> Score:
        return self.judge.score(self.trials.outputs(stand_ins, self.samples))


def _name(metric: Metric) -> str:
    """What a table calls it."""
    return str(getattr(metric, "__name__", type(metric).__name__))
