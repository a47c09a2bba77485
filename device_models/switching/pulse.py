"""A checked write pulse: what the laws of a free layer are asked about."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import (
    Floats,
    first,
    fitting,
    nonnegative_array,
    positive_array,
    real_array,
)


class Pulse(NamedTuple):
    """A checked write pulse; all parts broadcast.

    Parameters
    ----------
    polarity : array
        +1 for a positive voltage (and zero), which writes AP, -1 for a negative one [1].
    current : array
        Magnitude of the channel's current [A].
    duration : array
        Of its flat part [s].
    field : array
        Applied field, signed [T].
    temperature : array
        Above zero [K].
    spread : array
        Factor on this cell's critical current, above zero [1].
    edge : array, optional
        Linear rise before and fall after the flat part [s]; None is what the laws assume.
    """

    polarity: Floats
    current: Floats
    duration: Floats
    field: Floats
    temperature: Floats
    spread: Floats
    edge: Floats | None = None

    @classmethod
    def of(
        cls, voltage: ArrayLike, duration: ArrayLike, field: ArrayLike, temperature: ArrayLike,
        spread: ArrayLike, edge: ArrayLike | None = None, *, resistance: float,
    ) -> Self:
        """The checked pulse of a signed `voltage` [V] on a channel of `resistance` [ohm]."""
        v = real_array("voltage", voltage, "V")
        fitting(voltage=v, pulse=duration, field=field, temperature=temperature, spread=spread,
                edge=0.0 if edge is None else edge)
        return cls(np.where(v < 0, -1.0, 1.0), np.abs(v) / resistance,
                   nonnegative_array("pulse", duration, "s"), real_array("field", field, "T"),
                   positive_array("temperature", temperature, "K"),
                   positive_array("spread", spread, "1"),
                   None if edge is None else nonnegative_array("edge", edge, "s"))


def checked_polarity(polarity: ArrayLike) -> Floats:
    """Only +1 and -1 [1]: anything between would scale a field silently."""
    p = real_array("polarity", polarity, "1")
    if np.any(np.abs(p) != 1.0):
        where, found = first(p, np.abs(p) != 1.0)
        raise ValueError(f"polarity is {found:g}{where}; expected 1 (P to AP) or -1 (AP to P)")
    return p
