"""What every kind of free layer has to answer about a write pulse, and whose answers to take."""

from collections.abc import Callable
from functools import singledispatch
from typing import NamedTuple

import numpy as np

from device_models.checks import Floats

SETTLING = 5e-9  # [s] after a pulse, in its field, in which the laws and `llg` let a state relax


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
    """

    polarity: Floats
    current: Floats
    duration: Floats
    field: Floats
    temperature: Floats
    spread: Floats


class Outcome(NamedTuple):
    """What a pulse does to a magnet of two states, in logarithms: small chances keep their digits.

    Parameters
    ----------
    still : array
        ln of the probability to sit where it was throughout [1].
    right, wrong : arrays
        ln of the shares of the others that end in the state of the pulse's sign, and in the other
        [1]; the shares do not depend on the state before.
    """

    still: Floats
    right: Floats
    wrong: Floats

    def log_error(self) -> Floats:
        """ln of the probability [1] to be left in the first state."""
        missed = np.logaddexp(self.still, log_one_less_exp(-self.still) + self.wrong)
        return np.asarray(np.minimum(missed, 0.0))

    def probabilities(self) -> tuple[Floats, Floats]:
        """To leave the first state for that of the pulse's sign, and that one for the first [1]."""
        moved = -np.expm1(self.still)
        return (np.asarray(moved * np.exp(np.minimum(self.right, 0.0))),
                np.asarray(moved * np.exp(np.minimum(self.wrong, 0.0))))


def log_one_less_exp(x: Floats) -> Floats:
    """ln(1 - exp(-x)) of `x` [1], zero or more; -inf at zero."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(x > 0.7, np.log1p(-np.exp(-np.maximum(x, 0.7))),
                                   np.log(-np.expm1(-np.minimum(x, 0.7)))))


def balance(wall_out: Floats, wall_back: Floats) -> Floats:
    """ln of the share [1] that Boltzmann's balance of two barriers [1] puts behind `wall_back`."""
    return np.asarray(-np.logaddexp(0.0, wall_out - wall_back))


def settled(log_share: Floats, log_balance: Floats, relaxed: Floats) -> Floats:
    """ln of a state's share [1] once it has relaxed towards its balance.

    exp(-r) of the first share and 1 - exp(-r) of the balance, r = `relaxed` [1]: the time times
    the sum of the rates out and back.
    """
    return np.asarray(np.logaddexp(log_share - relaxed, log_balance + log_one_less_exp(relaxed)))


class Laws(NamedTuple):
    """The laws of one kind of free layer, as functions of the magnet.

    Parameters
    ----------
    easy_axis : int
        Which of x, y, z.
    edge : float
        Rise and fall of a pulse that the laws assume, in damping times [1].
    helping_field, critical_current, damping_time, easy_axis_field, stability : functions
        See the functions of these names in `switching`.
    pulse_field : function
        (polarity, assist) -> field [T] that helps a pulse of this polarity.
    applied_field : function
        (magnet, field, current) -> flux density along x, y, z, (..., 3) [T].
    log_outcome : function
        (magnet, pulse) -> Outcome.
    """

    easy_axis: int
    edge: float
    helping_field: Callable[..., Floats]
    critical_current: Callable[..., Floats]
    damping_time: Callable[..., Floats]
    easy_axis_field: Callable[..., Floats]
    stability: Callable[..., Floats]
    pulse_field: Callable[[float, float], float]
    applied_field: Callable[..., Floats]
    log_outcome: Callable[..., Outcome]


@singledispatch
def laws(magnet: object) -> Laws:
    """The laws of `magnet`, chosen by its type; `laws.register` adds another kind."""
    raise TypeError(f"magnet is a {type(magnet).__name__}; expected a Magnet or a "
                    "PerpendicularMagnet, e.g. of stack.magnet()")
