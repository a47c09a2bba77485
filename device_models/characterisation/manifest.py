"""The manifest of a folder of measurements: which file is what, of which free layer."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device_models.checks import known
from device_models.measured import MeasuredError

NAME = "measurements.toml"
_KINDS: Mapping[str, tuple[str, ...]] = {
    "field_loop": (),
    "voltage_loop": ("cells", "pulse_ns", "assist_field_mt"),
    "counts": ("pulse_ns", "field_mt"),
    "breakdown": ("cells",),
}
_COMMON = ("file", "thickness_nm", "columns", "decimal")


@dataclass(frozen=True)
class Measurement:
    """One file of the folder.

    Parameters
    ----------
    kind : str
        "field_loop" (R(H) of one cell), "voltage_loop" (R(V) of a compound), "counts" (of cells
        that pulses switched) or "breakdown" (voltages at which devices broke).
    path : Path
        The file.
    thickness : float
        Of its free layer [m].
    cells : int
        Junctions of the device.
    pulse : float, optional
        Width of the pulses [s].
    field : float
        Assist field [T].
    columns, decimal
        As of `read_loop`.
    """

    kind: str
    path: Path
    thickness: float
    cells: int = 1
    pulse: float | None = None
    field: float = 0.0
    columns: Mapping[str, Any] | None = None
    decimal: str | None = None


@dataclass(frozen=True)
class Manifest:
    """All measurements of a folder, and the tables of a stack file that stand beside them."""

    path: Path
    measurements: tuple[Measurement, ...]
    tables: Mapping[str, Any]

    def of(self, kind: str) -> list[Measurement]:
        """Those of one kind."""
        return [one for one in self.measurements if one.kind == kind]


def read_manifest(folder: Path) -> Manifest:
    """The `measurements.toml` of a folder; MeasuredError says what is wrong with it."""
    path = folder / NAME
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise MeasuredError(
            f"{folder} has no {NAME}; write one, with a table for each file: [[field_loop]], "
            '[[voltage_loop]], [[counts]] or [[breakdown]] with file = "NAME" and thickness_nm = '
            "NUMBER") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MeasuredError(f"{path} cannot be read: {error}") from None
    found: list[Measurement] = []
    for kind in _KINDS:
        tables = data.pop(kind, [])
        if not isinstance(tables, list):
            raise MeasuredError(f"{path}: {kind} is one table; expected [[{kind}]], one a file")
        found += [_measurement(path, kind, table) for table in tables]
    if not any(one.kind in ("field_loop", "voltage_loop") for one in found):
        raise MeasuredError(f"{path} names no loop; expected [[field_loop]] or [[voltage_loop]], "
                            "from which resistances come")
    return Manifest(path, tuple(found), data)


def _measurement(path: Path, kind: str, table: object) -> Measurement:
    if not isinstance(table, dict):
        raise MeasuredError(f"{path}: a {kind} is {str(table)[:40]}; expected a table")
    for key in table:
        try:
            known(f"key of [[{kind}]] in {path}", key, (*_COMMON, *_KINDS[kind]))
        except ValueError as error:
            raise MeasuredError(str(error)) from None
    name = table.get("file")
    if not isinstance(name, str):
        raise MeasuredError(f"{path}: a [[{kind}]] has no file = \"NAME\"")
    file = (path.parent / name).resolve()
    if not file.is_relative_to(path.parent.resolve()):
        raise MeasuredError(f"{path}: file {name!r} lies outside the folder; expected one in it")
    pulse = _number(path, kind, table, "pulse_ns", None)
    cells = table.get("cells", 1)
    if not isinstance(cells, int) or isinstance(cells, bool) or cells < 1:
        raise MeasuredError(f"{path}: cells of {name!r} is {cells!r}; expected 1, 2, ..")
    thickness = _number(path, kind, table, "thickness_nm", None)
    if thickness is None or thickness <= 0:
        raise MeasuredError(f"{path}: {name!r} has no thickness_nm above zero, of its free layer")
    field = "assist_field_mt" if kind == "voltage_loop" else "field_mt"
    return Measurement(kind, file, thickness * 1e-9, cells,
                       None if pulse is None else pulse * 1e-9,
                       (_number(path, kind, table, field, 0.0) or 0.0) * 1e-3,
                       table.get("columns"), table.get("decimal"))


def _number(
    path: Path, kind: str, table: Mapping[str, object], key: str, default: float | None
) -> float | None:
    value = table.get(key, default)
    if value is not None and (not isinstance(value, (int, float)) or isinstance(value, bool)):
        raise MeasuredError(f"{path}: {key} of a [[{kind}]] is {str(value)[:40]}; expected a "
                            "number")
    return value
