"""Writing within what a barrier bears: voltage, assist field, and what then switches.

A cell is written with the voltage that breaks no more than a tolerated share of compounds, helped
by a field so small that by itself it switches no more than that share of those that should stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from device_models.checks import (
    Floats,
    fraction,
    nonnegative_array,
    positive,
    positive_array,
    real_array,
)
from device_models.magnet.free_layer import FreeLayer
from device_models.reliability.breakdown import tolerated_voltage
from device_models.switching.probability import switching_probability
from device_models.switching.thresholds import critical_voltage, pulse_field

_FIELDS = 81  # steps of 0.05 mT from 6 to 10 mT
_NO_VOLTAGE = 1e-9  # [V]; its sign says which state is meant


@dataclass(frozen=True)
class Write:
    """How compounds of one free layer are written, antiparallel to parallel.

    Parameters
    ----------
    thickness : float
        Of the free layer [m].
    critical_voltage, breakdown_voltage, voltage : float
        With the assist field; mean; and the one written with [V].
    field : float
        Assist field [T].
    with_field, field_free, field_alone : float
        Probability that a cell switches at that voltage, with the field and without, and by the
        field alone [1]; the last is what happens to cells that should stay.
    energy : float
        Of one pulse [J].
    """

    thickness: float
    critical_voltage: float
    breakdown_voltage: float
    voltage: float
    field: float
    with_field: float
    field_free: float
    field_alone: float
    energy: float


def tolerated_write(
    magnet: FreeLayer, pulse: float, limits: Sequence[float], breakdown_voltage: float,
    shape: float, tolerated: float, able: float = 1.0,
) -> Write:
    """The write that breaks a share `tolerated` [1] of compounds, and disturbs no more cells.

    Parameters
    ----------
    magnet : FreeLayer
        Each cell; its channel is that of the whole compound.
    pulse : float
        Width [s].
    limits : (float, float)
        Least and largest assist field [T]; see `tolerated_field`.
    breakdown_voltage : float
        Mean over the compounds [V].
    shape : float
        Of Weibull's law [1]; see `reliability.breakdown_probability`.
    tolerated : float
        Share of compounds that a write may break, and of cells that its field alone may switch [1].
    able : float
        Share of devices that switch without a field at all [1]; see `field_free_probability`.
    """
    share_able = fraction("able", able, one=True)
    assist, alone = tolerated_field(magnet, limits, pulse, tolerated)
    field = pulse_field(magnet, -1, assist)
    volt = float(tolerated_voltage(tolerated, breakdown_voltage, shape))
    writing = -magnet.spin_sign * volt
    return Write(
        thickness=magnet.thickness,
        critical_voltage=float(critical_voltage(magnet, field, polarity=-1)),
        breakdown_voltage=breakdown_voltage,
        voltage=volt,
        field=assist,
        with_field=float(switching_probability(magnet, writing, pulse, field)),
        field_free=float(share_able * switching_probability(magnet, writing, pulse)),
        field_alone=alone,
        energy=float(write_energy(volt, pulse, magnet.channel_resistance)))


def tolerated_field(
    magnet: FreeLayer, limits: Sequence[float], pulse: float, tolerated: float
) -> tuple[float, float]:
    """The largest assist field [T] that by itself switches few cells, and the share of them [1].

    Within `limits` [T], and in the time of a `pulse` [s], no more than a share `tolerated` [1] of
    cells, which should stay. The least of the limits, if none does.
    """
    most = fraction("tolerated", tolerated, one=True)
    fields = np.linspace(limits[0], limits[-1], _FIELDS)
    applied = [pulse_field(magnet, -1, float(field)) for field in fields]
    alone = switching_probability(magnet, -magnet.spin_sign * _NO_VOLTAGE, pulse, applied)
    at = int(np.max(np.flatnonzero(alone <= most), initial=0))
    return float(fields[at]), float(alone[at])


def field_free_probability(
    thickness: ArrayLike, centre: float, width: float
) -> Floats:
    """Share [1] of devices that switch without assist field: Phi((centre - t)/width).

    `thickness`, `centre`, `width` [m]. The law is assumed [A], after devices that stop to switch
    towards thick free layers: in the macrospin picture they all do. (There an assist field moves
    the critical voltage at 0 K by a few per cent, and that of even odds at 300 K by much more,
    `thresholds`.)
    """
    t = real_array("thickness", thickness, "m")
    return np.asarray(ndtr((centre - t) / positive("width", width, "m")))


def write_energy(voltage: ArrayLike, pulse: ArrayLike, resistance: ArrayLike) -> Floats:
    """V^2 t_p/R [J] of one pulse; `voltage` [V], `pulse` [s], channel `resistance` [ohm]."""
    r = positive_array("resistance", resistance, "ohm")
    v, t = real_array("voltage", voltage, "V"), nonnegative_array("pulse", pulse, "s")
    return np.asarray(v**2 * t / r)
