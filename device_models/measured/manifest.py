"""`measurements.toml`: which file of a folder is a measurement of what."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device_models.checks import known
from device_models.measured.columns import ColumnMap
from device_models.measured.errors import MeasuredError
from device_models.measured.roles import COUNTS, LOOP

MANIFEST = "measurements.toml"
_KEYS = {"thickness_nm": float, "cells": int, "field_loops": list, "voltage_loops": list,
         "counts": str, "breakdown": str, "damping_time_ns": float, "areas": list, "columns": dict,
         "decimal": str, "assist_field_mt": float}
_MAY_BE_ZERO = ("assist_field_mt",)


@dataclass(frozen=True)
class Device:
    """The measurements of one device, or of several alike.

    Parameters
    ----------
    thickness : float or None
        Free layer [m]; None where there is one only.
    cells : int
        Junctions in parallel.
    field_loops, voltage_loops : tuples of Path
        Minor loops R(H), and R(V).
    counts, breakdown : Path or None
        Counts of switched cells, and voltages of breakdown.
    damping_time : float or None
        tau_D [s], for the law of the counts.
    areas : tuple of floats or None
        Relative areas of its cells [1], where they differ.
    columns : mapping
        Of its files, as of `read_loop`.
    decimal : str or None
        "." or ",", where the files leave it open.
    assist_field : float or None
        During the pulses of the R(V) loops, a magnitude [T]; None is the stack's.
    """

    thickness: float | None
    cells: int
    field_loops: tuple[Path, ...]
    voltage_loops: tuple[Path, ...]
    counts: Path | None
    breakdown: Path | None
    damping_time: float | None
    areas: tuple[float, ...] | None = None
    columns: ColumnMap = field(default_factory=dict)
    decimal: str | None = None
    assist_field: float | None = None


def read_manifest(folder: Path) -> tuple[list[Device], dict[str, dict[str, Any]]]:
    """The devices of a `folder`, and the tables [given] of a stack file."""
    file = folder / MANIFEST
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise MeasuredError(f"{folder} has no {MANIFEST}; write one, as\n[[devices]]\nthickness_nm "
                            '= 1.6\ncells = 1\nfield_loops = ["r_of_h.csv"]') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MeasuredError(f"{file} is not valid TOML: {error}") from error
    for key in data:
        _known(file, "table", key, ("devices", "given"))
    devices = data.get("devices")
    if not isinstance(devices, list) or not devices:
        raise MeasuredError(f"{file} has no [[devices]]; expected one for each device measured")
    found = [_device(file, i, entry) for i, entry in enumerate(devices, 1)]
    if len({device.thickness is None for device in found}) > 1:
        raise MeasuredError(f"{file}: some devices have a thickness_nm and others none; give it of "
                            "all, or of none if there is one free layer only")
    return found, data.get("given", {})


def _device(file: Path, number: int, entry: dict[str, Any]) -> Device:
    where = f"{file}: device {number}"
    for key, value in entry.items():
        _known(where, "key", key, _KEYS)
        _check(f"{where}: {key}", key, value)

    def path(name: str) -> Path:
        if not (at := file.parent / name).is_file():
            raise MeasuredError(f"{where}: there is no file {at}; expected a name relative to "
                                f"{file.parent}")
        return at

    nm, ns = entry.get("thickness_nm"), entry.get("damping_time_ns")
    loops = [tuple(path(str(name)) for name in entry.get(key, ()))
             for key in ("field_loops", "voltage_loops")]
    single = [path(entry[key]) if key in entry else None for key in ("counts", "breakdown")]
    columns = {name: tuple(at) if isinstance(at, list) else at
               for name, at in entry.get("columns", {}).items()}
    for name in columns:
        _known(where, "column", name, [role.name for role in (*LOOP, *COUNTS)])
    areas = tuple(entry["areas"]) if "areas" in entry else None
    mt = entry.get("assist_field_mt")
    return Device(nm and nm * 1e-9, entry.get("cells", 1), loops[0], loops[1], single[0],
                  single[1], ns and ns * 1e-9, areas, columns, entry.get("decimal"),
                  None if mt is None else mt * 1e-3)


def _check(where: str, key: str, value: Any) -> None:
    kind, number = _KEYS[key], _KEYS[key] in (int, float)
    kinds = (int, float) if kind is float else kind
    fits = isinstance(value, kinds) and not isinstance(value, bool)
    least = "zero or more" if key in _MAY_BE_ZERO else "above zero"
    if not fits or (number and (value < 0 or (value == 0 and key not in _MAY_BE_ZERO))):
        raise MeasuredError(f"{where} is {value!r}; expected a {kind.__name__}"
                            f"{f' {least}' if number else ''}")


def _known(where: object, kind: str, key: str, names: Any) -> None:
    try:
        known(kind, key, names)
    except ValueError as error:
        raise MeasuredError(f"{where}: {error}") from error
