"""How a text holds its columns: what separates them, the decimal mark, names, units, numbers.

Python's `csv` takes lines apart, quotes with line breaks too. What it is told is tried: the
separator and the decimal mark by which most entries are numbers.
"""

import csv
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import NamedTuple

from device_models.measured.errors import MeasuredError

_SEPARATORS = ("\t", ";", ",", " ")  # what comes first is taken where two do as well
_COMMENTS = ("#", "%", "//")
_PLAIN = r"\s*[-+]?(\d+{0}?\d*|{0}\d+)([eE][-+]?\d+)?\s*"
_NUMBERS = {".": re.compile(_PLAIN.format(r"\.")),
            ",": re.compile(r"\s*[-+]?(\d{1,3}(\.\d{3})+,\d+|\d+(,\d+)?|,\d+)([eE][-+]?\d+)?\s*")}
_GROUPED = re.compile(r"\s*[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?\s*")  # thousands, or three decimals
_NOT_FINITE = re.compile(r"(?i)\s*[-+]?(nan|inf(inity)?)\s*")


class Record(NamedTuple):
    """The entries that begin on a line of the file."""

    line: int
    entries: list[str]


class Layout(NamedTuple):
    """Names and units of columns, empty where the file has none, and the rows below them."""

    names: Record
    units: list[str]
    rows: list[Record]
    decimal: str

    def number(self, entry: str) -> float | None:
        """An entry as a number; None if it is none, or not finite."""
        if self.decimal == "." and _GROUPED.fullmatch(entry):
            return float(entry.replace(",", ""))
        if not _NUMBERS[self.decimal].fullmatch(entry):
            return None
        plain = entry if self.decimal == "." else entry.replace(".", "").replace(",", ".")
        return value if abs(value := float(plain)) < float("inf") else None


def lay_out(
    file: Path, text: str, is_name: Callable[[str], bool], is_unit: Callable[[str], bool],
    decimal: str | None,
) -> Layout:
    """The layout of a `text`; `is_name` and `is_unit` know names and units of columns.

    `decimal` "." or "," decides where the text leaves it open.
    """
    if decimal not in (None, ".", ","):
        raise ValueError(f"decimal is {decimal!r}; expected '.' or ',', or None to find it out")
    lines = text.splitlines()
    marks = (".", ",") if decimal is None else (decimal,)
    *_, separator, mark = max(
        (_numbers(_records(file, lines, separator), mark), -i, separator, mark)
        for i, (separator, mark) in enumerate(product(_SEPARATORS, marks)))
    records = _records(file, lines, separator)
    if decimal is None:
        _check_decimals(file, records, mark)
    names, rows = _head(records, is_name, mark)
    if not names.entries and (comment := _commented(file, lines, separator, is_name)):
        names = comment
    units: list[str] = []
    while names.entries and rows and _are_units(rows[0].entries, is_unit, mark):
        units, rows = [entry.strip().strip("[](){}") for entry in rows[0].entries], rows[1:]
    return Layout(names, units, rows, mark)


def _records(file: Path, lines: list[str], separator: str) -> list[Record]:
    """What stands between the `separator`, with the line it begins on; no comments, no blanks."""
    kept = ["" if line.lstrip().startswith(_COMMENTS) else
            " ".join(line.split()) if separator == " " else line for line in lines]
    reader = csv.reader((f"{line}\n" for line in kept), delimiter=separator, skipinitialspace=True)
    found, begins = [], 1
    try:
        for entries in reader:
            if any(entry.strip() for entry in entries):
                found.append(Record(begins, _joined(entries) if separator == " " else entries))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise MeasuredError(f"{file}: line {begins}: {error}; export it as plain text") from error
    return found


def _joined(words: list[str]) -> list[str]:
    """Words between blanks, units in brackets with the names in front of them."""
    found: list[str] = []
    for word in words:
        if word.startswith(("(", "[")) and found:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _is_number(entry: str, mark: str) -> bool:
    return bool(_NUMBERS[mark].fullmatch(entry) or _NOT_FINITE.fullmatch(entry)
                or (mark == "." and _GROUPED.fullmatch(entry)))


def _numbers(records: list[Record], mark: str) -> tuple[int, int]:
    """How many entries are numbers: in records of nothing else, and in those that are half so."""
    whole = half = 0
    for _, entries in records:
        there = [entry for entry in entries if entry.strip()]
        numbers = sum(bool(_NUMBERS[mark].fullmatch(entry)) for entry in there)
        if len(there) > 1 and 2 * numbers >= len(there):
            whole, half = whole + numbers * (numbers == len(there)), half + numbers
    return whole, half


def _check_decimals(file: Path, records: list[Record], mark: str) -> None:
    """Refuse 1,234 where no other entry says whether that is 1.234 or 1234."""
    with_comma = [(line, entry.strip()) for line, entries in records for entry in entries
                  if "," in entry and (_is_number(entry, ",") or _is_number(entry, "."))]
    if with_comma and all(_GROUPED.fullmatch(entry) for _, entry in with_comma) and not any(
            "." in entry for _, entry in with_comma):
        line, entry = with_comma[0]
        raise MeasuredError(f"{file}: line {line}: {entry} may be {entry.replace(',', '.')} or "
                            f"{entry.replace(',', '')}; say which: decimal=',' or decimal='.'")


def _head(
    records: list[Record], is_name: Callable[[str], bool], mark: str
) -> tuple[Record, list[Record]]:
    """The record of names, with no entries if there is none, and the records below."""
    first = next((i for i, (_, entries) in enumerate(records)
                  if all(_is_number(entry, mark) for entry in entries if entry.strip())
                  and len(entries) > 1), len(records))
    plain = [i for i, (_, entries) in enumerate(records[:first])
             if not any(_is_number(entry, mark) for entry in entries)]
    known = [i for i in plain if any(is_name(entry) for entry in records[i].entries)]
    wide = [i for i in plain if i + 1 == first and first < len(records)
            and len(records[i].entries) == len(records[first].entries)]
    if found := known or wide:
        return records[found[-1]], records[found[-1] + 1:]
    return Record(0, []), records[first:]


def _commented(
    file: Path, lines: list[str], separator: str, is_name: Callable[[str], bool]
) -> Record | None:
    """Names that stand in a comment, the last that knows one."""
    for number, line in reversed(list(enumerate(lines, 1))):
        if (text := line.lstrip()).startswith(_COMMENTS):
            for _, entries in _records(file, [text.lstrip("#%/ \t")], separator):
                if any(is_name(entry) for entry in entries) and len(entries) > 1:
                    return Record(number, entries)
    return None


def _are_units(entries: list[str], is_unit: Callable[[str], bool], mark: str) -> bool:
    """Whether a record is one of units: at least one, no number, and nothing that is longer."""
    there = [entry.strip() for entry in entries if entry.strip()]
    return any(is_unit(entry.strip("[](){}")) for entry in there) and not any(
        _is_number(entry, mark) for entry in there)
