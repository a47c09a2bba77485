"""Measured tables and loops from CSV files: a stack of one's own, R(H) and R(V).

The first line names the columns; lines that start with # and empty lines are skipped. Errors name
the file and the line.
"""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device_models import laws
from device_models.checks import Floats, known
from device_models.stack import Stack, ThicknessLaw

_LOOPS = {"field_mt": ("T", 1e-3), "voltage_v": ("V", 1.0)}


class MeasuredError(ValueError):
    """A CSV file that cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Loop:
    """A measured resistance over a swept field or voltage, in the order it was taken.

    Parameters
    ----------
    swept : (points,) array
        Field mu0 H [T] or voltage [V].
    resistance : (points,) array
        [ohm].
    unit : str
        "T" or "V".
    """

    swept: Floats
    resistance: Floats
    unit: str

    @property
    def levels(self) -> tuple[float, float]:
        """Low and high resistance [ohm]: medians of the points below and above the middle."""
        middle = (self.resistance.min() + self.resistance.max()) / 2
        low, high = self.resistance <= middle, self.resistance > middle
        return float(np.median(self.resistance[low])), float(np.median(self.resistance[high]))

    @property
    def tmr(self) -> float:
        """(high - low)/low [1]."""
        low, high = self.levels
        return high / low - 1.0

    @property
    def thresholds(self) -> tuple[float, float]:
        """Swept values [T or V] at which it switches, falling and rising, by their means.

        A crossing of the middle resistance, linear between the two points around it.
        """
        middle = sum(self.levels) / 2
        above = self.resistance > middle
        i = np.flatnonzero(above[1:] != above[:-1])
        r, x = self.resistance, self.swept
        at = x[i] + (middle - r[i]) / (r[i + 1] - r[i]) * (x[i + 1] - x[i])
        rising = x[i + 1] > x[i]
        if not rising.any() or rising.all():
            raise ValueError("the loop does not switch both while falling and while rising; "
                             "expected a full loop that goes there and back")
        return float(at[~rising].mean()), float(at[rising].mean())

    @property
    def coercivity(self) -> float:
        """Half the distance between the thresholds [T or V]."""
        falling, rising = self.thresholds
        return abs(rising - falling) / 2

    @property
    def offset(self) -> float:
        """The middle of the thresholds [T or V]."""
        return sum(self.thresholds) / 2


def read_loop(path: str | Path) -> Loop:
    """A loop from a CSV file with the columns `field_mt` or `voltage_v`, and `resistance_kohm`."""
    columns = _read(Path(path), ("resistance_kohm",), tuple(_LOOPS))
    swept = [name for name in _LOOPS if name in columns]
    if len(swept) != 1:
        raise MeasuredError(f"{path}: line 1 has {len(swept)} of the columns {', '.join(_LOOPS)}; "
                            "expected one")
    ohms = _positive(Path(path), columns, "resistance_kohm") * 1e3
    if len(ohms) < 4:
        raise MeasuredError(f"{path}: {len(ohms)} points; a loop takes 4 or more")
    unit, scale = _LOOPS[swept[0]]
    return Loop(columns[swept[0]] * scale, ohms, unit)


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
    columns = _read(file, ("thickness_nm", "r_p_kohm", "r_ap_kohm"), ("r_p_spread", "tmr_spread"))
    order = np.argsort(columns["thickness_nm"])
    t = _positive(file, columns, "thickness_nm")[order] * 1e-9
    if np.any(np.diff(t) <= 0):
        twice = columns["thickness_nm"][order][1:][np.diff(t) <= 0][0]
        lines = columns["line"][columns["thickness_nm"] == twice]
        raise MeasuredError(f"{file}: line {lines[1]:.0f} repeats thickness_nm {twice:g} of line "
                            f"{lines[0]:.0f}; give the mean of such devices, and r_p_spread")
    for spread in sorted({"r_p_spread", "tmr_spread"} & columns.keys()):
        _refuse(file, columns, spread, columns[spread] < 0, "zero or more, a standard deviation "
                "over the mean")
    r_p = _positive(file, columns, "r_p_kohm")[order] * 1e3
    r_ap = _positive(file, columns, "r_ap_kohm")[order] * 1e3
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


def _law(nodes: Floats, values: Floats) -> ThicknessLaw:
    if len(nodes) == 1:
        return partial(laws.constant, value=float(values[0]))
    return partial(laws.table, nodes=nodes, values=values)


def _with_spread(base: Stack, columns: Mapping[str, Floats]) -> dict[str, Mapping[str, object]]:
    """The tables of `base` with the root mean square of measured spreads."""
    found = {f"sigma_{key}": math.sqrt(float(np.mean(columns[f"{key}_spread"] ** 2)))
             for key in ("r_p", "tmr") if f"{key}_spread" in columns}
    tables = dict(base.tables)
    if found:
        tables["variability"] = {**tables.get("variability", {}), **found}
    return tables


def _positive(file: Path, columns: Mapping[str, Floats], name: str) -> Floats:
    _refuse(file, columns, name, columns[name] <= 0, "more than zero")
    return columns[name]


def _refuse(
    file: Path, columns: Mapping[str, Floats], name: str, bad: NDArray[np.bool_], expected: str
) -> None:
    """An error with file, line and column of the first `bad` entry, if there is one."""
    if np.any(bad):
        raise MeasuredError(f"{file}: line {columns['line'][bad][0]:.0f}: {name} is "
                            f"{columns[name][bad][0]:g}; expected {expected}")


def _read(file: Path, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, Floats]:
    """Columns of numbers by name, and the line each row stood on as `line`."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MeasuredError(f"{file} is no text: {error}") from error
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1)
             if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise MeasuredError(f"{file} has no lines; expected the columns {', '.join(required)}")
    (first, head), rows = lines[0], lines[1:]
    names = [name.strip() for name in next(csv.reader([head]))]
    for name in names:
        try:
            known("column", name, required + optional)
        except ValueError as error:
            raise MeasuredError(f"{file}: line {first}: {error}") from None
        if names.count(name) > 1:
            raise MeasuredError(f"{file}: line {first} has the column {name} twice")
    for name in required:
        if name not in names:
            raise MeasuredError(f"{file}: line {first} lacks the column {name}")
    if not rows:
        raise MeasuredError(f"{file}: no numbers below line {first}")
    values = [_numbers(file, number, next(csv.reader([line])), names) for number, line in rows]
    columns = dict(zip(names, np.array(values).T, strict=True))
    return {**columns, "line": np.array([float(number) for number, _ in rows])}


def _numbers(file: Path, number: int, entries: list[str], names: list[str]) -> list[float]:
    if len(entries) != len(names):
        raise MeasuredError(f"{file}: line {number} has {len(entries)} entries; expected "
                            f"{len(names)}: {', '.join(names)}")
    values = []
    for name, entry in zip(names, entries, strict=True):
        try:
            value = float(entry)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise MeasuredError(f"{file}: line {number}: {name} is {entry.strip()!r}; expected a "
                                "finite number")
        values.append(value)
    return values
