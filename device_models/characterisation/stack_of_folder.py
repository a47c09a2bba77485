"""One call from a folder of measurements to a stack file that is checked against them."""

import json
import tomllib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from device_models.characterisation.manifest import Manifest, read_manifest
from device_models.characterisation.quantity import Quantity
from device_models.characterisation.reading import Counts, Layers, read_layers
from device_models.fits import fit_switching_probability_activation
from device_models.measured import MeasuredError
from device_models.stacks import Stack, load_stack
from device_models.switching import damping_time, switching_probability

_ROUNDING = 1e-6
_FAR = 0.25  # of a switching probability, beyond which the stack does not describe its counts
Tables = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Characterised:
    """A stack file that was written, and what can be said of it.

    Parameters
    ----------
    path : Path
        The file.
    stack : Stack
        As loaded from it.
    left_out : tuple of str
        What was measured and has no place in it, and why.
    """

    path: Path
    stack: Stack
    left_out: tuple[str, ...]


def stack_from_measurements(
    folder: str | Path, path: str | Path | None = None, *, overwrite: bool = False
) -> Characterised:
    """A stack file from the files that `measurements.toml` of a `folder` names.

    Loops over field give R_P, R_AP, coercivity and offset; loops over voltage resistances, critical
    voltages and, of compounds, sigma(V_c); counts of switched cells Delta and V_c0; breakdown
    voltages their mean and Weibull's shape. Each number is tagged "measured", with its 95 %
    interval, the number of devices and the files. All else, as [junction] or [magnetics], stands in
    the manifest as it would in a stack file, and is taken as it is.

    The file is loaded again and held against the measurements.

    Parameters
    ----------
    folder : str or Path
        See `characterisation/manifest.py` and docs/devices.md.
    path : str or Path, optional
        The file; FOLDER.toml beside the folder, if not given.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    MeasuredError
        If a file cannot be used, or the stack does not give its measurements back.

    Warns
    -----
    UserWarning
        If the stack's law of writing is far from the counts.
    """
    place = Path(folder)
    target = place.with_suffix(".toml") if path is None else Path(path)
    if target.exists() and not overwrite:
        raise MeasuredError(f"{target} is there already; give another path, or overwrite=True")
    manifest = read_manifest(place)
    layers = read_layers(manifest)
    tables: Tables = {name: dict(table) for name, table in manifest.tables.items()
                      if isinstance(table, dict)}
    left_out: list[str] = []
    _resistances(tables, layers)
    _magnetics(tables, layers, left_out)
    _variability(tables, layers)
    _breakdown(tables, layers)
    _critical_voltage(tables, layers, left_out)
    stack = _written(target, tables, place.name)
    if layers.counts:
        stack = _with_counts(target, tables, layers, manifest, stack, left_out)
    _check(stack, layers)
    return Characterised(target, stack, tuple(left_out))


def _entry(value: object, tag: str) -> dict[str, object]:
    return {"value": value, "tag": tag}


def _curve(table: dict[str, Any], key: str, found: Mapping[float, Quantity], factor: float) -> None:
    """A list over `thickness_nm`, or one number where there is one thickness."""
    nodes = sorted(found)
    tag = "measured: " + "; ".join(f"{t * 1e9:g} nm: {found[t].tag(factor)}" for t in nodes)
    if len(nodes) == 1:
        table[key] = _entry(found[nodes[0]].value * factor, found[nodes[0]].tag(factor))
        return
    table[key] = _entry([found[t].value * factor for t in nodes], tag)
    nm = [round(t * 1e9, 9) for t in nodes]
    there = table.get("thickness_nm")
    if there is not None and there.get("value") != nm:
        raise MeasuredError(f"{key} was measured at {nm} nm, and thickness_nm of its table in the "
                            f"manifest is {there.get('value')}; expected the same")
    table["thickness_nm"] = _entry(nm, "measured (as the manifest says)")


def _resistances(tables: Tables, layers: Layers) -> None:
    """[resistance], which must not be in the manifest."""
    if "resistance" in tables or "tmr" in tables:
        raise MeasuredError("the manifest has [resistance] or [tmr]; expected neither: they are "
                            "what the loops give")
    for t in layers.thicknesses:
        low, high = (layers.found[name][t].value for name in ("r_p", "r_ap"))
        if not high > low > 0:
            raise MeasuredError(f"R_AP is {high:g} and R_P {low:g} ohm at {t * 1e9:g} nm; expected "
                                "more than R_P, above zero")
    table: dict[str, Any] = {"law": "table" if len(layers.thicknesses) > 1 else "constant"}
    for name in ("r_p", "r_ap"):
        _curve(table, f"{name}_kohm", layers.found[name], 1e-3)
    tables["resistance"] = table


def _magnetics(tables: Tables, layers: Layers, left_out: list[str]) -> None:
    """Coercivity and offset: numbers that hold for every thickness."""
    if "coercivity" not in layers.found:
        return
    if "magnetics" not in tables:
        left_out.append("coercivity: the manifest has no [magnetics] to stand in")
        return
    for name, key in (("coercivity", "device_coercivity_mt"), ("offset", "device_offset_mt")):
        found = layers.found[name]
        mean = float(np.mean([one.value for one in found.values()]))
        each = "; ".join(f"{t * 1e9:g} nm: {one.value * 1e3:.3g} mT, {one.tag(1e3)}"
                         for t, one in sorted(found.items()))
        tables["magnetics"][key] = _entry(mean * 1e3, f"measured, mean of: {each}")


def _variability(tables: Tables, layers: Layers) -> None:
    """Spreads over devices: root mean squares over the thicknesses."""
    table = dict(tables.get("variability", {}))
    spreads = [one for one in layers.found["r_p"].values() if one.spread is not None]
    if spreads:
        table["sigma_r_p"] = _of_spreads([one.spread or 0.0 for one in spreads],
                                         sum(one.count for one in spreads))
    steps = layers.found.get("sigma_v_c", {})
    if steps:
        table["sigma_v_c"] = _of_spreads([one.value for one in steps.values()],
                                         sum(one.count for one in steps.values()))
    if table:
        tables["variability"] = table


def _of_spreads(spreads: list[float], count: int) -> dict[str, object]:
    return _entry(float(np.sqrt(np.mean(np.square(spreads)))), f"measured (n = {count})")


def _breakdown(tables: Tables, layers: Layers) -> None:
    if "breakdown_voltage" not in layers.found:
        return
    table = dict(tables.get("breakdown", {}))
    _curve(table, "one_cell_v", layers.found["breakdown_voltage"], 1.0)
    shapes = layers.found["shape"]
    each = "; ".join(f"{t * 1e9:g} nm: {one.tag()}" for t, one in sorted(shapes.items()))
    table["shape"] = _entry(float(np.mean([one.value for one in shapes.values()])),
                            f"measured, mean of: {each}")
    tables["breakdown"] = table


def _critical_voltage(tables: Tables, layers: Layers, left_out: list[str]) -> None:
    """Of loops over voltage: even odds of their pulses."""
    if "critical_voltage" not in layers.found:
        return
    if "switching" not in tables:
        left_out.append("critical voltages: the manifest has no [switching] to stand in")
        return
    if layers.pulse is None:
        left_out.append("critical voltages: their [[voltage_loop]] have no pulse_ns")
        return
    table = tables["switching"] = dict(tables["switching"])
    _curve(table, "critical_voltage_v", layers.found["critical_voltage"], 1.0)
    table["pulse_ns"] = _entry(layers.pulse * 1e9, "measured (as the manifest says)")
    table["critical_voltage_of"] = _entry("pulses", "measured (R(V))")
    if layers.assist_field and "assist_field_mt" not in table:
        table["assist_field_mt"] = _entry([layers.assist_field * 1e3] * 2,
                                          "measured (as the manifest says)")
    table["critical_voltage_field_mt"] = _entry(layers.assist_field * 1e3,
                                                "measured (as the manifest says)")


def _with_counts(
    target: Path, tables: Tables, layers: Layers, manifest: Manifest, stack: Stack,
    left_out: list[str],
) -> Stack:
    """Delta and V_c0 of the counts: they take the damping time of the layer as written so far."""
    if not {"magnetics", "switching", "channel"} <= set(tables):
        left_out.append("counts: the manifest lacks one of [magnetics], [switching], [channel]")
        return stack
    if stack.magnetics.easy_axis != "in-plane":
        left_out.append("counts: the layer is perpendicular; fit them with "
                        "fits.fit_switching_probability_perpendicular")
        return stack
    if any(counts.field for counts in layers.counts.values()):
        left_out.append("counts: they were taken in a field, which lowers the barrier; expected "
                        "field_mt = 0")
        return stack
    if stack.switching.oersted or stack.switching.field_like:
        left_out.append("counts: [switching] has oersted or field_like, which lower the barrier "
                        "with the voltage; expected neither, their effect is in the counts")
        return stack
    barriers: dict[float, Quantity] = {}
    voltages: dict[float, Quantity] = {}
    for t, counts in layers.counts.items():
        fit = fit_switching_probability_activation(
            counts.voltage, counts.switched, counts.trials, counts.pulse,
            damping_time=float(damping_time(stack.magnet(t))))
        for found, name in ((barriers, "stability"), (voltages, "critical_voltage")):
            found[t] = Quantity(fit[name], fit.intervals[name], int(np.sum(counts.trials)), None,
                                counts.source)
    tables["magnetics"], drive = dict(tables["magnetics"]), dict(tables["switching"])
    _curve(tables["magnetics"], "stability", barriers, 1.0)
    drive.pop("critical_voltage_v", None)
    if drive.get("critical_voltage_of", {}).get("value") == "pulses":
        drive.pop("thickness_nm", None)
        left_out.append("critical voltages of loops: the counts' V_c0 stand in their place")
    _curve(drive, "critical_voltage_v", voltages, 1.0)
    drive["critical_voltage_of"] = _entry("0 K", "measured (counts)")
    drive.pop("critical_voltage_field_mt", None)
    tables["switching"] = drive
    return _written(target, tables, manifest.path.parent.name)


def _written(target: Path, tables: Tables, name: str) -> Stack:
    """Write the file whole, and load it; what cannot be loaded is not left behind."""
    tables.setdefault("stack", {}).setdefault("name", name)
    temporary = target.with_name(f".{target.stem}.unfinished.toml")
    try:
        temporary.write_text(_toml(tables), encoding="utf-8")
        stack = load_stack(temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return stack


def _toml(tables: Tables) -> str:
    """The tables as TOML: keys with a value and its tag."""
    order = ["stack", "junction", "thickness", "resistance", "bias"]
    names = [*(name for name in order if name in tables), *(n for n in tables if n not in order)]
    lines = ["# Written from measurements; every number carries where it comes from."]
    for name in names:
        lines += ["", f"[{name}]"]
        for key, value in tables[name].items():
            lines.append(f"{key} = {_text(value)}")
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    return text


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_text(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_text(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value))
    return json.dumps(value, ensure_ascii=False)


def _check(stack: Stack, layers: Layers) -> None:
    """The stack gives the resistances back, and counts as often as its law says."""
    for t in layers.thicknesses:
        mtj = stack.mtj(t)
        for name, value in (("r_p", mtj.r_p), ("r_ap", mtj.r_ap)):
            wanted = layers.found[name][t].value
            if abs(value - wanted) > _ROUNDING * wanted:
                raise MeasuredError(f"the stack gives {name} {value:g} ohm at {t * 1e9:g} nm where "
                                    f"{wanted:g} was measured: this is a fault of the program")
    for t, counts in layers.counts.items():
        far = _distance(stack, t, counts)
        if far is not None and far > _FAR:
            warnings.warn(
                f"{counts.source}: the stack's switching probability is off the counts by up to "
                f"{far:.2f}; expected {_FAR} or less: is the field, the pulse or the easy axis "
                "another, or do several cells share a file?", UserWarning, stacklevel=3)


def _distance(stack: Stack, t: float, counts: Counts) -> float | None:
    """Largest distance of probabilities [1]; None where the stack writes nothing."""
    if not (stack.tables.magnetics and stack.tables.switching and stack.tables.channel):
        return None
    magnet = stack.magnet(t)
    law = switching_probability(magnet, np.abs(counts.voltage) * magnet.spin_sign, counts.pulse,
                                counts.field + magnet.offset_field)
    return float(np.max(np.abs(law - counts.switched / counts.trials)))
