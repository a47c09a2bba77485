"""A scale to each output."""

from dataclasses import dataclass, field

import numpy as np

from crossbar.mapping.levels import Levels
from crossbar.mapping.scales import LeastSquares, Scale
from device_models.checks import Floats


@dataclass(frozen=True)
class ColumnWise:
    """Each output has the scale that another rule finds for its weights alone.

    What undoes it is one number to an output behind the converters. An output without weights has
    the scale of the whole layer.

    Parameters
    ----------
    scale : Scale
        The rule.
    """

    scale: Scale = field(default_factory=LeastSquares)

    def __post_init__(self) -> None:
        given = self.scale
        if not hasattr(given, "fit") or isinstance(given, type | ColumnWise):
            raise TypeError(f"scale is {given!r}; expected a rule for the weights of one output, "
                            "as crossbar.LeastSquares()")

    def fit(self, weights: Floats, levels: Levels) -> Floats:
        """Weight per siemens of each output: (outputs,), for `weights` (inputs, outputs)."""
        if np.ndim(weights) != 2:
            raise ValueError(f"weights have shape {np.shape(weights)}; expected (inputs, outputs): "
                             "stack groups that share their outputs' scales along the inputs")
        empty = ~np.any(weights, axis=0)
        scales = np.empty(len(empty))
        if empty.any():
            scales[empty] = self.scale.fit(weights, levels)
        for output in np.flatnonzero(~empty):
            scales[output] = self.scale.fit(weights[:, output], levels)
        return scales
