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
from device_models.magnet.free_layer import FreeLayer


class Pulse(NamedTuple):
    """A checked write pulse; all parts broadcast.

    Parameters
    ----------
    polarity : array
        The state it writes, +1 AP, -1 P [1]; see `written_by`.
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
        spread: ArrayLike, edge: ArrayLike | None = None, *, magnet: FreeLayer,
    ) -> Self:
        """The checked pulse of a signed `voltage` [V] on the channel of a `magnet`.

        Where the magnet has a `heat`, the temperature is that at the end of the pulse.
        """
        v = real_array("voltage", voltage, "V")
        fitting(voltage=v, pulse=duration, field=field, temperature=temperature, spread=spread,
                edge=0.0 if edge is None else edge)
        current, width = (np.abs(v) / magnet.channel_resistance,
                          nonnegative_array("pulse", duration, "s"))
        kelvin = magnet.warmed(positive_array("temperature", temperature, "K"), current, width)
        return cls(written_by(magnet, v), current, width, real_array("field", field, "T"), kelvin,
                   positive_array("spread", spread, "1"),
                   None if edge is None else nonnegative_array("edge", edge, "s"))


def written_by(magnet: FreeLayer, voltage: ArrayLike) -> Floats:
    """The state, +1 AP or -1 P [1], that a `voltage` [V] writes: the one convention of all laws.

    A positive voltage (and zero) writes AP and a negative one P [P §B, §D], over a channel of
    positive spin Hall angle; of a negative one it is the other way round.
    """
    return np.asarray(magnet.spin_sign * np.where(np.asarray(voltage) < 0, -1.0, 1.0))


def checked_polarity(polarity: ArrayLike) -> Floats:
    """Only +1 and -1 [1]: anything between would scale a field silently."""
    p = real_array("polarity", polarity, "1")
    if np.any(np.abs(p) != 1.0):
        where, found = first(p, np.abs(p) != 1.0)
        raise ValueError(f"polarity is {found:g}{where}; expected 1 (P to AP) or -1 (AP to P)")
    return p
