"""Columns of a measured file in SI, found by their headers or by a map; errors name the line."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats, known
from device_models.measured.errors import MeasuredError
from device_models.measured.layout import Layout, Record, lay_out
from device_models.measured.roles import Role, is_unit
from device_models.measured.text_file import read_text
from device_models.measured.units import si_factor

Where = str | int | tuple[str | int, str]
ColumnMap = Mapping[str, Where]
"""By role: a header, or a place from 0 on; or either with a unit."""
_ALIKE = 0.85  # of two names: above it one is taken for the other misspelt (assumed)


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    header, unit : str
        As in the file; "column 2" where it has no headers.
    raw, si : (rows,) arrays
        As in the file, and in SI.
    stated : bool
        Whether the reader was told the unit, so that nothing is left to ask.
    """

    header: str
    unit: str
    raw: Floats
    si: Floats
    stated: bool


@dataclass(frozen=True)
class Columns:
    """The columns of a file by role, the lines of its rows, and that of its headers."""

    file: Path
    by_role: Mapping[str, Column]
    line: NDArray[np.int64]
    head: int

    def __contains__(self, role: Role) -> bool:
        return role.name in self.by_role

    def __getitem__(self, role: Role) -> Column:
        return self.by_role[role.name]

    def refuse(self, role: Role, bad: NDArray[np.bool_], expected: str) -> None:
        """An error with file, line and column of the first `bad` entry, if there is one."""
        if np.any(bad):
            raise MeasuredError(f"{self.file}: line {self.line[bad][0]}: {self[role].header} is "
                                f"{self[role].raw[bad][0]:g}; expected {expected}")

    def positive(self, role: Role) -> Floats:
        """A column in SI, refused unless every entry is above zero."""
        self.refuse(role, self[role].raw <= 0, "more than zero")
        return self[role].si


def read_columns(
    file: Path, roles: tuple[Role, ...], required: tuple[Role, ...],
    columns: ColumnMap | None = None, decimal: str | None = None,
) -> Columns:
    """The columns of a `file` that have one of the `roles`; others are left alone.

    `columns` says where headers do not; `decimal` "." or "," where the numbers do not.
    """
    text = read_text(file)
    layout = lay_out(file, text, lambda entry: any(role.unit_in(_tidy(entry)) is not None
                                                   for role in roles), is_unit, decimal)
    headers = [_tidy(name) for name in layout.names.entries]
    places = _places(file, layout, headers, roles, columns or {})
    for role in required:
        if role.name not in places:
            raise MeasuredError(_lacks(file, layout, headers, role))
    if not layout.rows:
        raise MeasuredError(f"{file}: no numbers below line {layout.names.line}")
    raw = _read(file, layout, headers, [place for place, *_ in places.values()])
    return Columns(file, {
        name: Column(_called(headers, place), unit, values, values * factor, stated)
        for (name, (place, unit, factor, stated)), values in zip(places.items(), raw, strict=True)
    }, np.array([line for line, _ in layout.rows]), layout.names.line)


Place = tuple[int, str, float, bool]


def _tidy(header: str) -> str:
    """A header in one line."""
    return " ".join(header.split())


def _called(headers: list[str], place: int) -> str:
    return headers[place] if place < len(headers) else f"column {place}"


def _places(
    file: Path, layout: Layout, headers: list[str], roles: tuple[Role, ...], columns: ColumnMap
) -> dict[str, Place]:
    """Where each role stands, with unit, factor to SI, and whether that was said."""
    named = {role.name: role for role in roles}
    for name in columns:
        known("column", name, named)
    found: dict[str, Place] = {}
    for role in roles:
        if role.name in columns:
            found[role.name] = _told(file, layout, headers, role, columns[role.name])
            continue
        units = [(i, unit) for i, header in enumerate(headers)
                 if (unit := role.unit_in(header)) is not None]
        if len(units) > 1:
            named_so = ", ".join(repr(headers[i]) for i, _ in units)
            often = "twice" if len(units) == 2 else f"{len(units)} times"
            raise MeasuredError(f"{file}: line {layout.names.line} has the column {role.name} "
                                f"{often}: {named_so}; say which: columns={{'{role.name}': "
                                f"{units[0][0]}}}, counted from 0")
        if units:
            found[role.name] = _with_unit(file, layout, headers, role, *units[0])
        else:
            _ask(file, layout, headers, role, roles)
    return found


def _told(file: Path, layout: Layout, headers: list[str], role: Role, where: Where) -> Place:
    """Where a map of columns puts a role."""
    column, unit = where if isinstance(where, tuple) and len(where) == 2 else (where, None)
    wide = max([len(headers), *(len(entries) for _, entries in layout.rows)], default=0)
    if isinstance(column, bool) or not isinstance(column, str | int):
        raise TypeError(f"columns[{role.name!r}] is {where!r}; expected a header, a place counted "
                        "from 0, or (header or place, unit)")
    if isinstance(column, int):
        if not 0 <= column < wide:
            raise MeasuredError(f"{file}: columns[{role.name!r}] is {column}; expected 0 to "
                                f"{wide - 1}, the file has {wide} columns")
        place = column
    else:
        if headers.count(_tidy(column)) != 1:
            raise MeasuredError(f"{file}: columns[{role.name!r}] is {column!r}; expected one of "
                                f"the headers {headers}, or a place counted from 0")
        place = headers.index(_tidy(column))
    if unit is None:
        return _with_unit(file, layout, headers, role, place, "")
    if (factor := si_factor(unit, role.unit)) is None:
        raise MeasuredError(f"{file}: columns[{role.name!r}] has the unit {unit!r}; expected one "
                            f"of {role.name}, as {role.example!r}")
    return place, unit, factor, True


def _with_unit(
    file: Path, layout: Layout, headers: list[str], role: Role, place: int, unit: str
) -> Place:
    """The place with its unit: of the header, else of the row of units below."""
    header = _called(headers, place)
    below = layout.units[place].strip() if place < len(layout.units) else ""
    tail = re.split(r"[\s_,:/([{]+", header.rstrip(")]} "))[-1]
    for text in (unit, below, tail if header != tail else ""):
        if (factor := si_factor(text, role.unit)) is not None:
            return place, text, factor, False
    if role.unit == "1":
        return place, "", 1.0, False
    key = header if headers else place
    raise MeasuredError(f"{file}: line {layout.names.line}: the unit of {header!r} is not known; "
                        f"say it: columns={{'{role.name}': ({key!r}, '{role.example}')}}")


def _ask(
    file: Path, layout: Layout, headers: list[str], role: Role, roles: tuple[Role, ...]
) -> None:
    """Refuse a header that seems to be `role` misspelt, and is none of the `roles`."""
    for header in headers:
        if any(other.unit_in(header) is not None for other in roles):
            continue
        names = {header, re.split(r"[\s(\[]", header)[0], header.rpartition("_")[0]}
        if difflib.get_close_matches(role.name, names, 1, _ALIKE):
            raise MeasuredError(f"{file}: line {layout.names.line}: unknown column {header!r}; "
                                f"did you mean '{_proposed(role)}'? or say columns="
                                f"{{'{role.name}': ({header!r}, '{role.example}')}}")


def _proposed(role: Role) -> str:
    return role.name if role.unit == "1" else f"{role.name}_{role.example.lower()}"


def _lacks(file: Path, layout: Layout, headers: list[str], role: Role) -> str:
    """What to do where a role has no column."""
    if not headers and not layout.rows:
        return f"{file} has no lines, or no numbers; expected columns, among them {_proposed(role)}"
    if not headers:
        return (f"{file} has no headers that say what its columns are; expected {role.name}: say "
                f"where, counted from 0: columns={{'{role.name}': (0, '{role.example}'), ..}}")
    return (f"{file}: line {layout.names.line} lacks the column {role.name}, as "
            f"{_proposed(role)}; it has {', '.join(headers)}: say which it is, columns="
            f"{{'{role.name}': ({headers[0]!r}, '{role.example}')}}")


def _read(file: Path, layout: Layout, headers: list[str], places: list[int]) -> list[Floats]:
    """The numbers at `places`, each row checked."""
    wide = len(headers) or max(len(entries) for _, entries in layout.rows)
    rows = [_row(file, layout, row, headers, wide, places) for row in layout.rows]
    return list(np.array(rows, dtype=np.float64).reshape(len(rows), len(places)).T)


def _row(
    file: Path, layout: Layout, row: Record, headers: list[str], wide: int, places: list[int]
) -> list[float]:
    line, entries = row
    while len(entries) > wide and not entries[-1].strip():  # a separator at the end
        entries = entries[:-1]
    if len(entries) != wide:
        hint = ("; are there decimal commas? separate columns by semicolons, or write decimal "
                "points" if len(entries) == 2 * wide else "")
        raise MeasuredError(f"{file}: line {line} has {len(entries)} entries; expected {wide}"
                            + (f": {', '.join(headers)}" if headers else "") + hint)
    values = []
    for place in places:
        if (value := layout.number(entries[place])) is None:
            mark = "point" if layout.decimal == "." else "comma"
            hint = f", with a decimal {mark}" if re.search(r"\d[.,]\d", entries[place]) else ""
            raise MeasuredError(f"{file}: line {line}: {_called(headers, place)} is "
                                f"{entries[place].strip()!r}; expected a finite number{hint}")
        values.append(value)
    return values
