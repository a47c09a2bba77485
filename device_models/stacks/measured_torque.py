"""The spin torque that a measured critical current or voltage stands for."""

import math
from collections.abc import Callable
from functools import lru_cache

from scipy.optimize import brentq

from device_models.magnet.in_plane import Magnet
from device_models.magnet.perpendicular import PerpendicularMagnet
from device_models.stacks.errors import MissingEntryError, StackError
from device_models.stacks.tables import ChannelTable, SwitchingTable
from device_models.switching.probability import switching_probability
from device_models.switching.thresholds import critical_current, pulse_field

AnyMagnet = Magnet | PerpendicularMagnet
_STEPS = 6  # of a rule whose error falls by the own field's share, some per cent, in each
_REACH = math.log(1e4)  # of the spin Hall angle, up and down from the file's


def with_measured_torque(
    magnet: AnyMagnet, drive: SwitchingTable, channel: ChannelTable, one_cell: float
) -> AnyMagnet:
    """`magnet`, its spin Hall angle such that its critical current is the one measured.

    Of what [switching] has for the magnet's thickness: `critical_current`, or its density in the
    channel, or `critical_voltage` where `critical_voltage_of` says what it is. `one_cell` is the
    resistance of one cell's channel, which a voltage is of [ohm]. The angle keeps its sign, and is
    then an effective one: all that the macrospin gets wrong is in it.
    """
    alone = magnet.with_changes(channel_resistance=one_cell)
    amperes = _current(drive, channel, magnet.thickness, one_cell)
    if amperes is not None:
        angle = _angle_of_current(alone, amperes)
    elif drive.critical_voltage_of == "pulses" and drive.critical_voltage is not None:
        if drive.pulse is None:
            raise MissingEntryError("pulse_ns in [switching], whose critical_voltage_of is pulses")
        angle = _angle_of_pulses(alone, drive.critical_voltage(magnet.thickness), drive.pulse,
                                 drive.critical_voltage_field or 0.0)
    else:
        return magnet
    return magnet.with_changes(spin_hall_angle=angle)


def with_current_share(magnet: AnyMagnet, share: float) -> AnyMagnet:
    """A `magnet` that is written with the `share` [1] of its critical current.

    In the plane by less damping, next to proportional to it (the current's own field falls, too);
    out of it by more torque.
    """
    if not isinstance(magnet, Magnet):
        return magnet.with_changes(spin_hall_angle=magnet.spin_hall_angle / share)
    wanted = share * float(critical_current(magnet, magnet.offset_field))
    fitted = magnet.with_changes(damping=magnet.damping * share)
    for _ in range(_STEPS):
        found = float(critical_current(fitted, magnet.offset_field))
        fitted = fitted.with_changes(damping=fitted.damping * wanted / found)
    return fitted


def _current(
    drive: SwitchingTable, channel: ChannelTable, thickness: float, one_cell: float
) -> float | None:
    """Measured I_c0 [A]; None where the file has none."""
    if drive.critical_current is not None:
        return drive.critical_current(thickness)
    if drive.critical_current_density is not None:
        return drive.critical_current_density(thickness) * channel.width * channel.thickness
    if drive.critical_voltage_of == "0 K" and drive.critical_voltage is not None:
        return drive.critical_voltage(thickness) / one_cell
    return None


@lru_cache(maxsize=1024)
def _angle_of_current(magnet: AnyMagnet, amperes: float) -> float:
    """Spin Hall angle [1] at which I_c0 without field is `amperes` [A]."""
    rest = magnet.offset_field if isinstance(magnet, Magnet) else 0.0

    def excess(scale: float) -> float:
        law = float(critical_current(_scaled(magnet, scale), rest))
        return (math.log(law) if 0 < law < math.inf else 700.0) - math.log(amperes)

    return _solved(magnet, excess, f"a critical current of {amperes:.4g} A")


@lru_cache(maxsize=1024)
def _angle_of_pulses(magnet: AnyMagnet, voltage: float, pulse: float, assist: float) -> float:
    """Spin Hall angle [1] at which half of the pulses of `voltage` [V] and `pulse` [s] switch."""
    field = pulse_field(magnet, 1, assist)

    def excess(scale: float) -> float:
        cell = _scaled(magnet, scale)
        return 0.5 - float(switching_probability(cell, cell.spin_sign * voltage, pulse, field))

    return _solved(magnet, excess, f"even odds at {voltage:.4g} V in {pulse:.3g} s")


def _scaled(magnet: AnyMagnet, scale: float) -> AnyMagnet:
    return magnet.with_changes(spin_hall_angle=magnet.spin_hall_angle * math.exp(scale))


def _solved(magnet: AnyMagnet, excess: Callable[[float], float], what: str) -> float:
    """The angle where `excess` (ln of a scale), which falls, is zero."""
    try:
        scale = brentq(excess, -_REACH, _REACH, xtol=1e-13)
    except ValueError as error:
        raise StackError(f"[switching] states {what} at {magnet.thickness * 1e9:g} nm, which no "
                         "spin Hall angle gives this free layer: check its unit, and the "
                         "barrier and damping in [magnetics]") from error
    return _scaled(magnet, float(scale)).spin_hall_angle
