"""A stack of one's own from a table of resistances over thickness; errors name file and line."""

import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from device_models.checks import Floats
from device_models.junction import laws
from device_models.measured.columns import ColumnMap, Columns, read_columns
from device_models.measured.errors import MeasuredError
from device_models.measured.plausible import ask_about_resistance
from device_models.measured.roles import R_AP, R_P, R_P_SPREAD, TABLE, THICKNESS, TMR_SPREAD
from device_models.stacks.optional import Tables
from device_models.stacks.stack import Stack
from device_models.stacks.tables import VariabilityTable
from device_models.stacks.thickness_law import ThicknessLaw

_THINNEST, _THICKEST = 0.1, 100.0  # free layers [nm] beyond which the unit is wrong (assumed)


def stack_from_table(
    path: str | Path, base: Stack, name: str | None = None, *,
    columns: ColumnMap | None = None, decimal: str | None = None,
) -> Stack:
    """A stack with the resistances of a measured table; everything else is that of `base`.

    Parameters
    ----------
    path : str or Path
        With columns of thickness, R_P, R_AP and, if measured, `r_p_spread` and `tmr_spread`
        (relative standard deviations [1], or with % in their header), in any layout and units that
        `read_loop` reads: `thickness_nm`, `R_P (kOhm)`. Points between are interpolated
        monotonically; one line is a stack of one thickness.
    base : Stack
        Gives area, bias laws and the optional tables; the spreads replace its own.
    name : str, optional
        Of the new stack; the file's if not given.
    columns, decimal
        As of `read_loop`; roles are "thickness", "r_p", "r_ap", "r_p_spread" and "tmr_spread".
    """
    file = Path(path)
    found = read_columns(file, TABLE, (THICKNESS, R_P, R_AP), columns, decimal)
    order = np.argsort(found[THICKNESS].si)
    _check_thickness(found)
    _check_spreads(found)
    t, r_p, r_ap = (found.positive(role)[order] for role in (THICKNESS, R_P, R_AP))
    if np.any(r_ap <= r_p):
        raise MeasuredError(f"{file}: line {found.line[order][r_ap <= r_p][0]} has "
                            f"{found[R_AP].header} no larger than {found[R_P].header}; swap the "
                            "columns?")
    ask_about_resistance(found, R_P)
    tag = f"measured ({file.name})"
    return replace(
        base, name=name or file.stem, title=f"measured: {file.name}; else as {base.name}",
        citation=str(file), doi="", caveat=f"area, bias laws and magnetics of {base.name}",
        lacking=_lacking(base),
        thickness_range=(float(t[0]), float(t[-1])), r_p=_law(t, r_p), tmr=_law(t, r_ap / r_p - 1),
        tags={**{key: value for key, value in base.tags.items()
                 if not key.startswith(("resistance", "tmr", "thickness", "stack"))},
              "resistance.r_p_kohm": tag, "tmr.tmr": tag, "thickness.range_nm": tag},
        tables=_with_spread(base, found))


def _lacking(base: Stack) -> tuple[str, ...]:
    """What the base does not say, and the table does not either."""
    return tuple(name for name in base.lacking if name not in ("thickness", "tmr"))


def _check_thickness(found: Columns) -> None:
    """Thicknesses of free layers, each once."""
    nm, header = found.positive(THICKNESS) * 1e9, found[THICKNESS].header
    found.refuse(THICKNESS, (nm < _THINNEST) | (nm > _THICKEST),
                 f"{_THINNEST:g} to {_THICKEST:g} nm of a free layer; is it in another unit?")
    values, counts = np.unique(nm, return_counts=True)
    if np.any(counts > 1):
        twice = found[THICKNESS].raw[nm == values[counts > 1][0]][0]
        lines = found.line[nm == values[counts > 1][0]]
        raise MeasuredError(f"{found.file}: line {lines[1]} repeats {header} {twice:g} of line "
                            f"{lines[0]}; give the mean of such devices, and r_p_spread")


def _check_spreads(found: Columns) -> None:
    """Relative standard deviations, not per cent."""
    for role in (R_P_SPREAD, TMR_SPREAD):
        if role in found:
            found.refuse(role, found[role].si < 0, "zero or more, a standard deviation over the "
                         "mean")
            found.refuse(role, found[role].si >= 1, "less than 1, a standard deviation over the "
                         "mean; is it in per cent? 4 % is 0.04, or write (%) into the header")


def _law(nodes: Floats, values: Floats) -> ThicknessLaw:
    if len(nodes) == 1:
        return partial(laws.constant, value=float(values[0]))
    return partial(laws.table, nodes=nodes, values=values)


def _with_spread(base: Stack, columns: Columns) -> Tables:
    """The tables of `base` with the root mean square of measured spreads."""
    found = {f"sigma_{key}": math.sqrt(float(np.mean(columns[role].si ** 2)))
             for key, role in (("r_p", R_P_SPREAD), ("tmr", TMR_SPREAD)) if role in columns}
    if not found:
        return base.tables
    spread = base.tables.variability or VariabilityTable()
    return replace(base.tables, variability=replace(spread, **found))
