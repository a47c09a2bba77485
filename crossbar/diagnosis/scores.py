"""How good outputs are: the share of samples that are classified correctly, or any number."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest

Metric = Callable[[Any, Any], float]
"""Of what was wanted and what came out."""


@dataclass(frozen=True)
class Score:
    """How good a model is.

    Parameters
    ----------
    value : float
        Share of samples that it classifies correctly [1], or whatever a metric gives.
    low, high : float, optional
        Ends of the 95 % interval of that share (Wilson) [1]; a metric has none.
    """

    value: float
    low: float | None = None
    high: float | None = None

    @classmethod
    def of_share(cls, correct: int, samples: int) -> "Score":
        """Of so many samples that are `correct`."""
        ends = binomtest(correct, samples).proportion_ci(method="wilson")
        return cls(correct / samples, float(ends.low), float(ends.high))


class Judge:
    """Scores outputs of a model.

    Parameters
    ----------
    y : array or anything
        Classes (samples,), or one of n (samples, n); of a `metric` what it takes.
    metric : callable, optional
        Of `y` and outputs, in arrays as the model gives them.
    """

    def __init__(self, y: Any, metric: Metric | None) -> None:
        if metric is not None and not callable(metric):
            raise TypeError(f"metric is {metric!r}; expected a function of y and outputs, or None")
        self.y = y if metric is not None else np.asarray(y)
        self.metric = metric

    def samples(self, given: int, batch: int | None) -> int:
        """How many there are, of `given` inputs that may fill up a `batch`; raises ValueError if
        `y` has another number."""
        if not hasattr(self.y, "shape"):
            return given
        count = len(self.y) if self.y.shape else 0
        if not 0 <= given - count < (batch or 1):
            raise ValueError(f"y has {count} samples and x has {given}; expected as many")
        return count

    def score(self, outputs: Any) -> Score:
        """Of outputs, an array or a list of them; raises ValueError if they are no numbers."""
        arrays = outputs if isinstance(outputs, list) else [outputs]
        if not all(np.all(np.isfinite(each)) for each in arrays if each.dtype.kind == "f"):
            raise ValueError("the model has outputs that are not finite; look for such numbers in "
                             "x, or for ranges that its precision cannot hold")
        if self.metric is not None:
            return Score(_number(self.metric(self.y, outputs)))
        correct = self._correct(outputs)
        return Score.of_share(int(np.count_nonzero(correct)), len(correct))

    def _correct(self, outputs: Any) -> Any:
        """Which samples have their largest output where `y` says."""
        shape = "several arrays" if isinstance(outputs, list) else outputs.shape
        if isinstance(outputs, list) or outputs.ndim != 2 or outputs.shape[1] < 2:
            raise ValueError(f"outputs have shape {shape}; expected (samples, classes), or pass "
                             "metric=, a function of y and outputs")
        classes = self.y.argmax(axis=1) if self.y.shape == shape else self.y
        if classes.shape == (len(outputs), 1):
            classes = classes[:, 0]
        if classes.shape != (len(outputs),):
            raise ValueError(f"y has shape {self.y.shape}; expected {shape[:1]} or {shape}")
        _check_classes(classes, outputs.shape[1])
        return outputs.argmax(axis=1) == classes


def _number(found: Any) -> float:
    """What a metric gave, or an error if it is no finite number."""
    array = np.asarray(found)
    if array.dtype.kind not in "biuf" or array.size != 1 or not np.isfinite(array).all():
        raise ValueError(f"metric gave {found!r}; expected one finite number, larger is better")
    return float(array.item())


def _check_classes(classes: Any, count: int) -> None:
    """Refuse, with ValueError, what can be no class of `count`: it would only count as wrong."""
    if classes.dtype.kind not in "biuf":
        raise ValueError(f"y has type {classes.dtype}; expected whole numbers from 0 to "
                         f"{count - 1}, the numbers of classes")
    wrong = ~((classes >= 0) & (classes < count) & (classes == np.rint(classes)))
    if np.any(wrong):
        at = int(np.argmax(wrong))
        raise ValueError(f"y has {classes[at]:g} at sample {at}; expected whole numbers from 0 to "
                         f"{count - 1}, one for each of the model's {count} outputs")


def accuracy(y: Any, outputs: Any) -> float:
    """Share of samples [1] whose largest output is that of their class.

    `y` (samples,) or one of n (samples, n); `outputs` (samples, n).
    """
    return Judge(y, None).score(np.asarray(outputs)).value
