"""The files of one device of a manifest, as they are before anything is fitted."""

from dataclasses import dataclass
from pathlib import Path

from device_models.checks import Floats
from device_models.measured.columns import ColumnMap, read_columns
from device_models.measured.errors import MeasuredError
from device_models.measured.loop import Loop
from device_models.measured.loop_file import read_loop
from device_models.measured.manifest import Device
from device_models.measured.roles import (
    COUNTS,
    FIELD,
    PULSE,
    RESISTANCE,
    SWITCHED,
    TRIALS,
    VOLTAGE,
    Role,
)


@dataclass(frozen=True)
class CountsOfCells:
    """How many cells switched in pulses of one sign.

    Parameters
    ----------
    voltage, pulse : (points,) arrays
        [V], [s].
    trials, switched : (points,) arrays
        Of how many, and how many.
    """

    voltage: Floats
    pulse: Floats
    trials: Floats
    switched: Floats


def field_loop(device: Device, file: Path) -> Loop:
    """R(H)."""
    loop = read_loop(file, columns=_of(device, FIELD, RESISTANCE), decimal=device.decimal)
    if loop.unit != "T":
        raise MeasuredError("it is over voltage; name it in voltage_loops")
    return loop


def voltage_loop(device: Device, file: Path) -> Loop:
    """R(V)."""
    loop = read_loop(file, columns=_of(device, VOLTAGE, RESISTANCE), decimal=device.decimal)
    if loop.unit != "V":
        raise MeasuredError("it is over field; name it in field_loops")
    return loop


def counts(device: Device, file: Path) -> CountsOfCells:
    """Counts of switched cells."""
    found = read_columns(file, COUNTS, COUNTS, _of(device, *COUNTS), device.decimal)
    return CountsOfCells(found[VOLTAGE].si, found.positive(PULSE), found[TRIALS].si,
                         found[SWITCHED].si)


def breakdown_voltages(device: Device, file: Path) -> Floats:
    """Of each compound that broke (devices,) [V]."""
    return read_columns(file, (VOLTAGE,), (VOLTAGE,), _of(device, VOLTAGE),
                        device.decimal).positive(VOLTAGE)


def _of(device: Device, *roles: Role) -> ColumnMap:
    """The part of a map of columns that is of these roles."""
    names = {role.name for role in roles}
    return {name: at for name, at in device.columns.items() if name in names}
