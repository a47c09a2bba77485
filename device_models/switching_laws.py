"""What every kind of free layer has to answer about a write pulse, and whose answers to take."""

from collections.abc import Callable
from functools import singledispatch
from typing import NamedTuple

from device_models.checks import Floats


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
    log_error : function
        (magnet, pulse) -> ln of `switching.write_error_rate`.
    probabilities : function
        (magnet, pulse) -> `switching.switching_probability`, `switching.return_probability`.
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
    log_error: Callable[..., Floats]
    probabilities: Callable[..., tuple[Floats, Floats]]


@singledispatch
def laws(magnet: object) -> Laws:
    """The laws of `magnet`, chosen by its type; `laws.register` adds another kind."""
    raise TypeError(f"magnet is a {type(magnet).__name__}; expected a Magnet or a "
                    "PerpendicularMagnet, e.g. of stack.magnet()")
