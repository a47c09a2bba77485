"""Where currents are subtracted from one another: in front of the converters, or behind them."""

from abc import abstractmethod
from enum import Enum, auto

import numpy as np

from crossbar.mapping.mapping import Mapping
from device_models.checks import Floats


class Subtraction(Enum):
    """The side of the converters on which signs are made.

    BEHIND: every column has a converter, numbers are subtracted.
    BEFORE: currents are subtracted, every output has a converter, which sees no common current.
    """

    BEHIND = auto()
    BEFORE = auto()


class Subtracting(Mapping):
    """A mapping whose results are sums and differences of columns, made on either side."""

    subtraction: Subtraction

    @abstractmethod
    def signs(self, outputs: int) -> Floats:
        """Matrix (columns, outputs) [1] from column currents to signed results."""

    def sensed(self, outputs: int) -> Floats | None:
        return self.signs(outputs) if self.subtraction is Subtraction.BEFORE else None

    def decoder(self, outputs: int) -> Floats:
        return np.eye(outputs) if self.subtraction is Subtraction.BEFORE else self.signs(outputs)
