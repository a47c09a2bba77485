"""Which digital gains a calibration finds."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from device_models.checks import nonnegative

RIDGE = 0.01  # gains of 10 are nothing unheard of: long wires take that much
"""Inverse of the variance that gains are expected to have about 1 [1], if nothing else is said."""


class Gains(Protocol):
    """A choice of gains.

    Attributes
    ----------
    per_tile : bool
        Whether what each row of tiles gives has gains of its own.
    """

    @property
    def per_tile(self) -> bool: ...


@dataclass(frozen=True)
class PerOutput:
    """One gain and one offset for each output of a layer: a multiplication and an addition more."""

    per_tile: ClassVar[bool] = False


@dataclass(frozen=True)
class PerTile:
    """Besides, a gain for each converter behind each row of tiles; without current converters, for
    each output of each row of tiles. A converter that all outputs read against has none."""

    per_tile: ClassVar[bool] = True


@dataclass(frozen=True, eq=False)
class CalibrateOn:
    """How each of many chips is calibrated; arguments and errors are those of `crossbar.calibrate`.

    Parameters
    ----------
    x : samples
        Typical inputs of the model.
    gains : PerOutput or PerTile
        Which gains.
    ridge : float
        How strongly they are held at 1 [1].
    """

    x: Any = field(repr=False)
    gains: Gains = PerOutput()
    ridge: float = RIDGE

    def __post_init__(self) -> None:
        nonnegative("ridge", self.ridge, "1")
        if isinstance(self.gains, type) or not isinstance(
                getattr(self.gains, "per_tile", None), bool):
            raise TypeError(f"gains is {self.gains!r}; expected crossbar.PerOutput() or "
                            "crossbar.PerTile()")
