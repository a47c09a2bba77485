"""How many of unequal cells a pulse switches on average, and the voltage at which it does."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from device_models.checks import (
    Floats,
    fraction,
    nonnegative,
    nonnegative_array,
    positive,
    share_array,
)
from device_models.magnet.free_layer import FreeLayer
from device_models.switching.kinds import laws_of
from device_models.switching.probability import pulse_probabilities
from device_models.switching.pulse import checked_polarity
from device_models.switching.thresholds import critical_voltage, pulse_field

_CHUNK = 2**16  # cells whose chances are found at a time
_SIGMAS = np.linspace(-7.0, 7.0, 281)  # holds all but 3e-12 of the cells
_REACH = np.geomspace(1e-2, 1e2, 101)  # voltages that are tried, over the critical one
_EDGED = 3.0  # the most that are tried of pulses with edges


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What write pulses of any voltage have in common.

    Parameters
    ----------
    magnet : FreeLayer
        Each cell; its channel_resistance [ohm] is that of the compound's whole channel.
    pulse : float
        Width [s].
    assist_field : float
        Magnitude [T]; its sign follows the pulse as `switching.pulse_field` says.
    temperature : float
        [K].
    edge : float, optional
        Rise and fall [s]; None is what the laws assume.
    """

    magnet: FreeLayer
    pulse: float
    assist_field: float
    temperature: float = 300.0
    edge: float | None = None

    def __post_init__(self) -> None:
        laws_of(self.magnet)  # refuses what is no free layer
        for name, value in (("pulse", positive("pulse", self.pulse, "s")),
                            ("assist_field", nonnegative("assist_field", self.assist_field, "T")),
                            ("temperature", positive("temperature", self.temperature, "K"))):
            object.__setattr__(self, name, value)
        if self.edge is not None:
            object.__setattr__(self, "edge", nonnegative("edge", self.edge, "s"))

    def warmth(self, voltage: Floats) -> Floats:
        """Temperature [K] at the end of pulses of `voltage` [V]."""
        current = voltage / self.magnet.channel_resistance
        return self.magnet.warmed(np.full(current.shape, self.temperature), current, self.pulse)

    @property
    def square_width(self) -> float:
        """Width [s] of a flat pulse of the same energy: linear edges have a third of theirs."""
        return self.pulse + 2.0 * (self.edge or 0.0) / 3.0

    def field(self, polarity: float) -> float:
        """The field [T] of pulses of `polarity` (+-1)."""
        return pulse_field(self.magnet, polarity, self.assist_field)

    def chances(self, voltage: Floats, factors: Floats) -> tuple[Floats, Floats]:
        """Chances [1] of cells to go where their pulse leads, and of those there to go back.

        `voltage` (devices, 1) [V], positive where it is to write AP, whatever the sign of the spin
        Hall angle; `factors` (devices, cells) on their critical currents.
        """
        applied = self.magnet.spin_sign * voltage
        field = np.where(voltage < 0, self.field(-1), self.field(1))
        there, back = np.empty(factors.shape), np.empty(factors.shape)
        rows = max(1, _CHUNK // factors.shape[1])
        for start in range(0, len(factors), rows):
            some = slice(start, start + rows)
            there[some], back[some] = pulse_probabilities(
                self.magnet, applied[some], self.pulse, field[some], self.temperature,
                factors[some], self.edge)
        return there, back


def switched_share(
    conditions: Conditions, voltage: ArrayLike, spread: float, polarity: int = 1
) -> Floats:
    """Share [1] of many cells that a pulse switches, all of which start in the other state.

    The mean of `switching_probability` over cells as `cell_factors` draws them with `spread` [1].
    `voltage` [V] is a magnitude, any shape; `polarity` +1 is P to AP, -1 AP to P.
    """
    sign = float(checked_polarity(polarity))
    v = nonnegative_array("voltage", voltage, "V")
    sigma = np.sqrt(np.log1p(fraction("spread", spread, one=False) ** 2))
    z = _SIGMAS if sigma else np.zeros(1)
    weight = np.exp(-(z**2) / 2)
    factors = np.broadcast_to(np.exp(sigma * z), (v.size, z.size))
    there, _ = conditions.chances(sign * v.reshape(-1, 1), factors)
    return np.asarray((there * weight).sum(axis=1) / weight.sum()).reshape(v.shape)


def voltage_of_share(
    conditions: Conditions, share: ArrayLike, spread: float, polarity: int = 1
) -> Floats:
    """The least voltage [V], a magnitude, at which a pulse switches a `share` [1] of many cells.

    Of the shares of `switched_share`, whose other arguments it has; any shape. ValueError where
    the assist field alone switches more, or no voltage as many.
    """
    wanted = share_array("share", share)
    nominal = float(critical_voltage(conditions.magnet, conditions.field(polarity),
                                     conditions.temperature, polarity))
    if not 0 < nominal < np.inf:
        raise ValueError(f"the critical voltage is {nominal:g} V at an assist_field of "
                         f"{conditions.assist_field:g} T; expected more than zero and finite, so "
                         "that a voltage decides what switches: change assist_field")
    # short edges leave ringing far above the threshold, where the law refuses them
    tried = nominal * (_REACH if conditions.edge is None else _REACH[_REACH < _EDGED])
    tried = tried[conditions.warmth(tried) < conditions.magnet.curie_temperature]
    found = switched_share(conditions, tried, spread, polarity)
    return np.array([_crossing(conditions, s, tried, found, spread, polarity)
                     for s in wanted.ravel()]).reshape(wanted.shape)


def _crossing(
    conditions: Conditions, share: float, tried: Floats, found: Floats, spread: float,
    polarity: int,
) -> float:
    """Where the shares `found` [1] at the voltages `tried` [V] first reach `share` [1]: [V]."""
    if found[0] >= share:
        raise ValueError(f"next to no voltage switches a share of {found[0]:.3g} of the cells; "
                         f"expected less than {share:g}: lower assist_field, which is "
                         f"{conditions.assist_field:g} T, or pulse")
    if found.max() < share:
        raise ValueError(f"no voltage switches a share of {share:.9g} of the cells, the most is "
                         f"{found.max():.9g}: raise assist_field, which is "
                         f"{conditions.assist_field:g} T, or ask for less (a programming: raise "
                         "missed)")
    at = int(np.argmax(found >= share))

    def excess(voltage: float) -> float:
        return float(switched_share(conditions, voltage, spread, polarity)) - share

    return float(brentq(excess, tried[at - 1], tried[at], rtol=1e-12))
