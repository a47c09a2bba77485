"""A stack of one's own from a CSV file of resistances over thickness.

Columns and their units are named in the first line; see `csv_columns`. Errors name the file and the
line.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from device_models.checks import Floats
from device_models.junction import laws
from device_models.measured.csv_columns import (
    MeasuredError,
    positive_column,
    read_columns,
    refuse,
)
from device_models.stacks.optional import Tables
from device_models.stacks.stack import Stack
from device_models.stacks.tables import VariabilityTable
from device_models.stacks.thickness_law import ThicknessLaw

_THINNEST, _THICKEST = 0.1, 100.0  # free layers [nm] beyond which the unit is wrong (assumed)


def stack_from_table(path: str | Path, base: Stack, name: str | None = None) -> Stack:
    """A stack with the resistances of a measured table; everything else is that of `base`.

    Parameters
    ----------
    path : str or Path
        CSV with the columns `thickness_nm`, `r_p_kohm`, `r_ap_kohm` and, if measured, `r_p_spread`
        and `tmr_spread` (relative standard deviations [1]). Points between are interpolated
        monotonically; one line is a stack of one thickness.
    base : Stack
        Gives area, bias laws and the optional tables; the spreads replace its own.
    name : str, optional
        Of the new stack; the file's if not given.
    """
    file = Path(path)
    columns = read_columns(file, ("thickness_nm", "r_p_kohm", "r_ap_kohm"),
                           ("r_p_spread", "tmr_spread"))
    order = np.argsort(columns["thickness_nm"])
    _check_thickness(file, columns)
    _check_spreads(file, columns)
    t = columns["thickness_nm"][order] * 1e-9
    r_p = positive_column(file, columns, "r_p_kohm")[order] * 1e3
    r_ap = positive_column(file, columns, "r_ap_kohm")[order] * 1e3
    if np.any(r_ap <= r_p):
        worst = int(columns["line"][order][r_ap <= r_p][0])
        raise MeasuredError(f"{file}: line {worst} has r_ap_kohm no larger than r_p_kohm; swap the "
                            "columns?")
    tag = f"measured ({file.name})"
    return replace(
        base, name=name or file.stem, title=f"measured: {file.name}; else as {base.name}",
        citation=str(file), doi="", caveat=f"area, bias laws and magnetics of {base.name}",
        thickness_range=(float(t[0]), float(t[-1])), r_p=_law(t, r_p), tmr=_law(t, r_ap / r_p - 1),
        tags={**{key: value for key, value in base.tags.items()
                 if not key.startswith(("resistance", "tmr", "thickness", "stack"))},
              "resistance.r_p_kohm": tag, "tmr.tmr": tag, "thickness.range_nm": tag},
        tables=_with_spread(base, columns))


def _check_thickness(file: Path, columns: Mapping[str, Floats]) -> None:
    """Thicknesses of free layers in nm, each once."""
    nm = positive_column(file, columns, "thickness_nm")
    refuse(file, columns, "thickness_nm", (nm < _THINNEST) | (nm > _THICKEST),
           f"{_THINNEST:g} to {_THICKEST:g} nm of a free layer; is it in another unit?")
    values, counts = np.unique(nm, return_counts=True)
    if np.any(counts > 1):
        twice = values[counts > 1][0]
        lines = columns["line"][nm == twice]
        raise MeasuredError(f"{file}: line {lines[1]:.0f} repeats thickness_nm {twice:g} of line "
                            f"{lines[0]:.0f}; give the mean of such devices, and r_p_spread")


def _check_spreads(file: Path, columns: Mapping[str, Floats]) -> None:
    """Relative standard deviations, not per cent."""
    for spread in sorted({"r_p_spread", "tmr_spread"} & columns.keys()):
        refuse(file, columns, spread, columns[spread] < 0, "zero or more, a standard deviation "
               "over the mean")
        refuse(file, columns, spread, columns[spread] >= 1, "less than 1, a standard deviation "
               "over the mean; is it in per cent? 4 % is 0.04")


def _law(nodes: Floats, values: Floats) -> ThicknessLaw:
    if len(nodes) == 1:
        return partial(laws.constant, value=float(values[0]))
    return partial(laws.table, nodes=nodes, values=values)


def _with_spread(base: Stack, columns: Mapping[str, Floats]) -> Tables:
    """The tables of `base` with the root mean square of measured spreads."""
    found = {f"sigma_{key}": math.sqrt(float(np.mean(columns[f"{key}_spread"] ** 2)))
             for key in ("r_p", "tmr") if f"{key}_spread" in columns}
    if not found:
        return base.tables
    spread = base.tables.variability or VariabilityTable()
    return replace(base.tables, variability=replace(spread, **found))
