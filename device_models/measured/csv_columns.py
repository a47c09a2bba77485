"""Columns of numbers from a CSV file; errors name the file and the line.

The first line names the columns; lines that start with # and empty lines are skipped. Entries are
separated by commas, decimals by points.
"""

import csv
import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats, known

_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")
_SEPARATORS = {";": "semicolons", "\t": "tabs"}


class MeasuredError(ValueError):
    """A CSV file that cannot be used; the message names file and line."""


def read_columns(
    file: Path, required: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, Floats]:
    """Columns of numbers by name, and the line each row stood on as `line`."""
    lines = _lines(file)
    if not lines:
        raise MeasuredError(f"{file} has no lines; expected the columns {', '.join(required)}")
    (first, head), rows = lines[0], lines[1:]
    names = _names(file, first, head, required, optional)
    if not rows:
        raise MeasuredError(f"{file}: no numbers below line {first}")
    values = [_numbers(file, number, next(csv.reader([line])), names) for number, line in rows]
    columns = dict(zip(names, np.array(values).T, strict=True))
    return {**columns, "line": np.array([float(number) for number, _ in rows])}


def refuse(
    file: Path, columns: Mapping[str, Floats], name: str, bad: NDArray[np.bool_], expected: str
) -> None:
    """An error with file, line and column of the first `bad` entry, if there is one."""
    if np.any(bad):
        raise MeasuredError(f"{file}: line {columns['line'][bad][0]:.0f}: {name} is "
                            f"{columns[name][bad][0]:g}; expected {expected}")


def positive_column(file: Path, columns: Mapping[str, Floats], name: str) -> Floats:
    """A column, refused unless every entry is above zero."""
    refuse(file, columns, name, columns[name] <= 0, "more than zero")
    return columns[name]


def _lines(file: Path) -> list[tuple[int, str]]:
    """The lines that hold something, with their numbers."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MeasuredError(f"{file} is no text: {error}") from error
    return [(number, line) for number, line in enumerate(text.splitlines(), 1)
            if line.strip() and not line.lstrip().startswith("#")]


def _names(
    file: Path, first: int, head: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> list[str]:
    """The columns' names, checked."""
    for separator, word in _SEPARATORS.items():
        if separator in head:
            raise MeasuredError(f"{file}: line {first} is separated by {word}; expected commas "
                                "between entries, and decimal points: export it as such")
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
    return names


def _numbers(file: Path, number: int, entries: list[str], names: list[str]) -> list[float]:
    """One row of finite numbers."""
    if len(entries) != len(names):
        hint = ("; are there decimal commas? write decimal points"
                if len(entries) == 2 * len(names) else "")
        raise MeasuredError(f"{file}: line {number} has {len(entries)} entries; expected "
                            f"{len(names)}: {', '.join(names)}{hint}")
    values = []
    for name, entry in zip(names, entries, strict=True):
        value = float(entry) if _NUMBER.fullmatch(entry) else math.nan
        if not math.isfinite(value):
            hint = ", with a decimal point" if "," in entry else ""
            raise MeasuredError(f"{file}: line {number}: {name} is {entry.strip()!r}; expected a "
                                f"finite number{hint}")
        values.append(value)
    return values
