"""From a folder of measurements to a stack file, loaded again and compared with them."""

import math
import warnings
from dataclasses import MISSING, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args, get_type_hints

import numpy as np

from device_models.measured.errors import MeasuredError
from device_models.measured.evidence import FIELD_LOOP, Evidence, all_evidence, pooled
from device_models.measured.manifest import MANIFEST, read_manifest
from device_models.measured.misfit import compare, misfits
from device_models.measured.stack_text import HEAD, File, stack_text
from device_models.measured.step import Estimate
from device_models.stacks.entries import Entry
from device_models.stacks.errors import StackError
from device_models.stacks.optional import OPTIONAL
from device_models.stacks.stack import Stack
from device_models.stacks.stack_file import load_stack

_LEAST = 3  # devices that a spread among them takes (assumed)


def stack_from_measurements(folder: str | Path, name: str | None = None) -> Stack:
    """The stack of the measurements in a `folder`, written there as `name`.toml and loaded again.

    Parameters
    ----------
    folder : str or Path
        With `measurements.toml` (device_models/stacks/README.md explains it) and the files that it
        names. Quantities are means over the devices of a thickness, with tags `measured (95 %: ..,
        n = ..)`; what [given] says is taken over.
    name : str, optional
        Of the stack and its file; the folder's if not given.

    Raises
    ------
    MeasuredError
        If a file cannot be used, the stack cannot be loaded, or is off by half of a measured
        value. What is off by 5 % and outside the interval brings a UserWarning, and so do tables
        that lack keys nothing was measured of.
    """
    at = Path(folder)
    title = name or at.resolve().name
    found, given = measurements(at)
    tables = _tables(at, found, given)
    path = at / f"{title}.toml"
    if path.name == MANIFEST or (path.exists() and not path.read_text().startswith(HEAD)):
        raise MeasuredError(f"{path} is there and was not written by this; pass another name=")
    text = stack_text(tables, title)
    stack = _loaded(text, path)
    compare(misfits(stack, found))
    path.write_text(text, encoding="utf-8")
    return stack


def _loaded(text: str, path: Path) -> Stack:
    """The stack that `text` will be as the file `path`, which is not written yet."""
    with TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_text(text, encoding="utf-8")
        try:
            return load_stack(trial)
        except StackError as error:
            raise MeasuredError(f"{path.parent / MANIFEST}: measurements and [given] make no "
                                f"stack: {str(error).replace(str(trial), str(path))}") from error


def measurements(folder: str | Path) -> tuple[list[Evidence], File]:
    """All that the files named in a folder's `measurements.toml` say, and its tables [given].

    Counts of perpendicular cells are fitted with the magnet of all else in the folder.
    """
    at = Path(folder)
    devices, given = read_manifest(at)
    easy = given.get("magnetics", {}).get("easy_axis", {}).get("value")
    if easy != "perpendicular" or not any(device.counts for device in devices):
        return all_evidence(devices), given
    others = all_evidence([replace(device, counts=None) for device in devices])
    with warnings.catch_warnings():  # of tables left out, which the final stack's brings again
        warnings.simplefilter("ignore", UserWarning)
        stack = _loaded(stack_text(_tables(at, others, given), "trial"), at / "trial.toml")
    return all_evidence(devices, lambda t: stack.magnet(
        sum(stack.thickness_range) / 2 if t is None else t)), given


def _tables(at: Path, found: list[Evidence], given: File) -> File:
    """All tables of the stack file."""
    tables: File = {name: dict(entries) for name, entries in given.items()}
    if not any(each.quantity == "r_p" for each in found):
        raise MeasuredError(f"{at / MANIFEST} names no loop; expected one or more, which say R_P "
                            "and R_AP")
    resistance = tables.setdefault("resistance", {})
    resistance["law"] = "table" if len({e.thickness for e in found if e.quantity == "r_p"}) > 1 \
        else "constant"
    nodes = {each.thickness for each in found}
    if len(nodes) == 1 and (only := nodes.pop()) is not None:
        tables.setdefault("thickness", {"range_nm": {
            "value": [round(only * 1e9, 9)] * 2, "tag": "as measured"}})
    levels = _each_once(found)
    _curve(tables, levels, "r_p", "resistance", "r_p_kohm", 1e-3)
    _curve(tables, levels, "r_ap", "resistance", "r_ap_kohm", 1e-3)
    _number(tables, found, "coercivity", "magnetics", "device_coercivity_mt", 1e3)
    _number(tables, found, "offset", "magnetics", "device_offset_mt", 1e3)
    _curve(tables, found, "stability", "magnetics", "stability", 1.0)
    _voltages(tables, found)
    _curve(tables, found, "breakdown", "breakdown", "one_cell_v", 1.0)
    _number(tables, found, "shape", "breakdown", "shape", 1.0)
    _number(tables, found, "spread", "variability", "sigma_v_c", 1.0)
    for quantity, key in (("r_p", "sigma_r_p"), ("coercivity", "sigma_h_c")):
        _deviation(tables, found, quantity, key)
    return {name: table for name, table in tables.items() if _whole(at, name, table)}


def _each_once(found: list[Evidence]) -> list[Evidence]:
    """Loops R(H) where there are any of a thickness, whose devices may have loops R(V) too."""
    have = {each.thickness for each in found if each.kind == FIELD_LOOP}
    return [each for each in found if each.kind == FIELD_LOOP or each.thickness not in have]


def _voltages(tables: File, found: list[Evidence]) -> None:
    """V_c of counts where there are any, else of loops; what the model does with it.

    Of single cells: compounds have a longer channel.
    """
    found = [each for each in found if each.cells == 1]
    kinds = {each.quantity for each in found}
    if "critical_voltage_0k" in kinds:
        _curve(tables, found, "critical_voltage_0k", "switching", "critical_voltage_v", 1.0)
        role, tag = "0 K", "V_c0 of counts"
    elif "critical_voltage" in kinds:
        _curve(tables, found, "critical_voltage", "switching", "critical_voltage_v", 1.0)
        if "pulse_ns" not in tables["switching"]:
            return
        role, tag = "pulses", "loops R(V)"
    else:
        return
    tables["switching"].setdefault("critical_voltage_of", {"value": role, "tag": tag})


def _curve(
    tables: File, found: list[Evidence], quantity: str, table: str, key: str, factor: float
) -> None:
    """An entry over thickness; a plain number where there is one thickness."""
    groups: dict[float | None, list[Estimate]] = {}
    for each in found:
        if each.quantity == quantity:
            groups.setdefault(each.thickness, []).append(each.estimate)
    if not groups:
        return
    nodes = sorted(groups, key=lambda t: t or 0.0)
    means = [pooled(groups[t]) for t in nodes]
    entries = tables.setdefault(table, {})
    if len(nodes) == 1:
        entries[key] = _entry(means, factor)
        return
    nm = [round((t or 0.0) * 1e9, 9) for t in nodes]
    held = entries.setdefault("thickness_nm", {"value": nm, "tag": "as measured"})
    if not (isinstance(held, dict) and np.allclose(held["value"], nm)):
        raise MeasuredError(f"{quantity} is measured at {nm} nm; expected the thicknesses "
                            f"{held} of other entries of [{table}]: measure all at the same, or "
                            "leave thickness_nm out of [given]")
    entries[key] = _entry(means, factor)


def _entry(means: list[Estimate], factor: float) -> dict[str, Any]:
    spans = ", ".join(f"{m.low * factor:.4g} to {m.high * factor:.4g}" for m in means)
    counts = ", ".join(str(m.n) for m in means)
    values = [float(f"{m.value * factor:.6g}") for m in means]
    return {"value": values if len(values) > 1 else values[0],
            "tag": f"measured (95 %: {spans}, n = {counts})"}


def _number(
    tables: File, found: list[Evidence], quantity: str, table: str, key: str, factor: float
) -> None:
    """An entry of all devices together."""
    if values := [each.estimate for each in found if each.quantity == quantity]:
        tables.setdefault(table, {})[key] = _entry([pooled(values)], factor)


def _deviation(tables: File, found: list[Evidence], quantity: str, key: str) -> None:
    """Relative deviation among single cells' R(H) loops of a thickness, pooled over them.

    Compounds average over their cells, and an R(V) loop may be of a cell that has an R(H) one.
    """
    found = [each for each in found if each.kind == FIELD_LOOP and each.cells == 1]
    logs: list[float] = []
    freedom = 0
    for t in {each.thickness for each in found}:
        values = [each.estimate.value for each in found
                  if (each.quantity, each.thickness) == (quantity, t)]
        logs += list(np.array(values) / np.mean(values) - 1.0) if values else []
        freedom += max(len(values) - 1, 0)
    if freedom >= _LEAST - 1:
        sigma = math.sqrt(sum(x * x for x in logs) / freedom)
        tables.setdefault("variability", {}).setdefault(
            key, {"value": float(f"{sigma:.4g}"), "tag": f"measured (n = {len(logs)})"})


def _whole(at: Path, name: str, table: dict[str, Any]) -> bool:
    """Whether a table has what it must; if not it is left out, and that is said."""
    if name not in OPTIONAL:
        return True
    hints = get_type_hints(OPTIONAL[name], include_extras=True)
    needed = []
    for field in fields(OPTIONAL[name]):
        unit = next((e.unit for e in get_args(hints[field.name]) if isinstance(e, Entry)), "")
        if field.default is MISSING:
            needed.append(f"{field.name}_{unit}" if unit else field.name)
    if lacks := [key for key in needed if key not in table]:
        warnings.warn(f"[{name}] is left out of the stack: measured are {', '.join(table)}, but it "
                      f"needs {', '.join(lacks)}; say them in [given.{name}] of {at / MANIFEST}",
                      UserWarning, stacklevel=5)
    return not lacks
