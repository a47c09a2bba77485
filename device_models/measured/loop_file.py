"""A measured loop R(H) or R(V) from the file of an instrument."""

import warnings
from pathlib import Path

import numpy as np

from device_models.measured.columns import ColumnMap, Columns, read_columns
from device_models.measured.errors import MeasuredError
from device_models.measured.loop import Loop
from device_models.measured.plausible import ask_about_resistance
from device_models.measured.roles import FIELD, LOOP, RESISTANCE, VOLTAGE

_COERCIVITIES = (5e-5, 5e-2)  # [T] of free layers beyond which the unit is asked about (assumed)
_MOST_VOLTAGE = 10.0  # [V] over a junction or its channel, likewise (assumed)


def read_loop(
    path: str | Path, *, columns: ColumnMap | None = None, decimal: str | None = None
) -> Loop:
    """A loop from a file of columns, as instruments and spreadsheets write them.

    Separators, decimal mark, encoding, lines in front of the headers and a row of units are found
    out; units are converted. What is ambiguous raises MeasuredError with a proposal; numbers that
    are in another unit than they say, as it seems, bring a UserWarning that asks.

    Parameters
    ----------
    path : str or Path
        With a column of field or voltage, and one of resistance: `Field (Oe)`, `field_mt`,
        `voltage_v`, `R [kOhm]`. A field H in A/m or Oe counts as mu0 H.
    columns : mapping, optional
        Where headers do not say it: "field" or "voltage", and "resistance", to a header or a place
        counted from 0, or to (header or place, unit), as {"field": (0, "Oe")}. Of a unit that is
        given here nothing is asked.
    decimal : str, optional
        "." or ",", where the numbers leave it open.
    """
    file = Path(path)
    found = read_columns(file, LOOP, (RESISTANCE,), columns, decimal)
    swept = [role for role in (FIELD, VOLTAGE) if role in found]
    if len(swept) == 2 and (told := [role for role in swept if role.name in (columns or {})]):
        swept = told
    if len(swept) != 1:
        raise MeasuredError(f"{path}: line {found.head} has {len(swept)} of the columns field, "
                            "voltage; expected one: say which and where, as "
                            "columns={'field': (0, 'Oe')}")
    ohms = found.positive(RESISTANCE)
    if len(ohms) < 4:
        raise MeasuredError(f"{path}: {len(ohms)} points; a loop takes 4 or more")
    ask_about_resistance(found, RESISTANCE)
    loop = Loop(found[swept[0]].si, ohms, swept[0].unit)
    _ask_about_swept(found, loop)
    return loop


def _ask_about_swept(found: Columns, loop: Loop) -> None:
    """Warn of fields and voltages whose unit seems to be another."""
    column = found[FIELD if loop.unit == "T" else VOLTAGE]
    if column.stated:
        return
    where = f"{found.file}: {column.header!r}, read in {column.unit}"
    if loop.unit == "V" and np.max(np.abs(loop.swept)) > _MOST_VOLTAGE:
        warnings.warn(f"{where}, goes to {np.max(np.abs(loop.swept)):g} V; expected "
                      f"{_MOST_VOLTAGE:g} V or less: is it in mV? say columns={{'voltage': "
                      f"({column.header!r}, 'mV')}}, or 'V' if not", UserWarning, 3)
    if loop.unit == "V":
        return
    try:
        coercivity = loop.coercivity
    except ValueError:  # it has none, which is said when it is asked for
        return
    least, most = _COERCIVITIES
    if not least <= coercivity <= most:
        other = "Oe" if coercivity > most and column.unit not in ("Oe", "G") else "T"
        unit = {"Oe": "Oe", "T": "mT" if coercivity > most else "T"}[other]
        warnings.warn(f"{where}, gives a coercivity of {coercivity * 1e3:g} mT; free layers have "
                      f"{least * 1e3:g} to {most * 1e3:g} mT as a rule: is it in {unit}? say "
                      f"columns={{'field': ({column.header!r}, {unit!r})}}, or "
                      f"{column.unit!r} if not", UserWarning, 3)
