"""What the files of a folder say of each free layer."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from device_models.characterisation.manifest import Manifest, Measurement
from device_models.characterisation.quantity import Quantity, mean_of
from device_models.checks import Floats
from device_models.fits import fit_breakdown_weibull
from device_models.measured import MeasuredError, compound_loop, read_loop
from device_models.measured.columns import read_columns
from device_models.measured.roles import COUNTS, PULSE_WIDTH, SWITCHED, TRIALS, VOLTAGE
from device_models.reliability import mean_breakdown

T = TypeVar("T")


@dataclass(frozen=True)
class Counts:
    """Cells of one layer that pulses switched: (points,) each."""

    voltage: Floats
    switched: Floats
    trials: Floats
    pulse: Floats
    field: float
    source: str


@dataclass
class Layers:
    """Quantities by name and thickness [m], counts by thickness, and what was left out.

    Names: r_p, r_ap [ohm], coercivity, offset [T], critical_voltage [V], sigma_v_c [1],
    breakdown_voltage [V] of one cell, shape [1].
    """

    found: dict[str, dict[float, Quantity]] = field(default_factory=dict)
    counts: dict[float, Counts] = field(default_factory=dict)
    pulse: float | None = None
    assist_field: float = 0.0

    def put(self, name: str, t: float, quantity: Quantity) -> None:
        self.found.setdefault(name, {})[t] = quantity

    @property
    def thicknesses(self) -> list[float]:
        """Of the resistances [m]."""
        return sorted(self.found["r_p"])


def read_layers(manifest: Manifest) -> Layers:
    """All files read, and what they say put together by thickness."""
    layers = Layers()
    values: dict[str, dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
    files: dict[float, list[Path]] = defaultdict(list)
    for one in manifest.of("field_loop"):
        _told(one, lambda one: _field_loop(one, values))
        files[one.thickness].append(one.path)
    steps = manifest.of("voltage_loop")
    for one in steps:
        _told(one, lambda one: _voltage_loop(one, values))
        files[one.thickness].append(one.path)
    layers.pulse, layers.assist_field = _conditions(steps)
    for name, by_thickness in values.items():
        for t, some in by_thickness.items():
            layers.put(name, t, mean_of(some, _names(files[t])))
    for one in manifest.of("counts"):
        if one.thickness in layers.counts:
            raise MeasuredError(f"{one.path.name}: counts of {one.thickness * 1e9:g} nm are there "
                                "already; expected one file a thickness: join them")
        layers.counts[one.thickness] = _told(one, _counts)
    _breakdown(manifest.of("breakdown"), layers)
    return layers


def _told(one: Measurement, read: Callable[[Measurement], T]) -> T:
    """Errors of a file begin with its name."""
    try:
        return read(one)
    except ValueError as error:
        text = str(error)
        raise MeasuredError(text if one.path.name in text else f"{one.path.name}: {text}"
                            ) from None


def _field_loop(one: Measurement, values: dict[str, dict[float, list[float]]]) -> None:
    loop = read_loop(one.path, columns=one.columns, decimal=one.decimal)
    if loop.unit != "T":
        raise MeasuredError("is a loop over voltage; expected R(H), or a [[voltage_loop]]")
    low, high = loop.levels
    for name, value in (("r_p", low), ("r_ap", high), ("coercivity", loop.coercivity),
                        ("offset", loop.offset)):
        values[name][one.thickness].append(value)


def _voltage_loop(one: Measurement, values: dict[str, dict[float, list[float]]]) -> None:
    loop = read_loop(one.path, columns=one.columns, decimal=one.decimal)
    found = compound_loop(loop, one.cells)
    t = one.thickness
    values["r_p"][t].append(found.r_p)
    values["r_ap"][t].append(found.r_ap)
    if one.cells == 1:  # more have another channel, and another voltage for one current
        for steps in (found.to_parallel, found.to_antiparallel):
            values["critical_voltage"][t].append(float(np.abs(steps.critical.mean())))
    for steps in (found.to_parallel, found.to_antiparallel):
        if steps.spread is not None and not steps.merged:
            values["sigma_v_c"][t].append(steps.spread)


def _conditions(loops: list[Measurement]) -> tuple[float | None, float]:
    """Pulse [s] and assist field [T] of all loops over voltage of one cell, one and the same."""
    single = [one for one in loops if one.cells == 1]
    found = {(one.pulse, one.field) for one in single}
    if len(found) > 1:
        raise MeasuredError(f"loops over voltage of one cell have {len(found)} different pulse_ns "
                            "or assist_field_mt; expected one, of which a critical voltage is")
    return found.pop() if found else (None, 0.0)


def _counts(one: Measurement) -> Counts:
    found = read_columns(one.path, COUNTS, (VOLTAGE, SWITCHED, TRIALS), one.columns, one.decimal)
    v = found[VOLTAGE].si
    if PULSE_WIDTH in found:
        pulse = found.positive(PULSE_WIDTH)
    elif one.pulse is not None:
        pulse = np.full(v.shape, one.pulse)
    else:
        raise MeasuredError("has no column of pulse width, and no pulse_ns")
    return Counts(v, found[SWITCHED].si, found[TRIALS].si, pulse, one.field, one.path.name)


def _breakdown(every: Iterable[Measurement], layers: Layers) -> None:
    """Mean voltage of one cell and shape, by Weibull's law."""
    for one in every:
        def fitted(one: Measurement) -> tuple[Quantity, Quantity]:
            v = np.abs(read_columns(one.path, (VOLTAGE,), (VOLTAGE,), one.columns, one.decimal)[
                VOLTAGE].si)
            fit = fit_breakdown_weibull(v, cells=one.cells)
            factor = float(mean_breakdown(1.0, fit["shape"]))
            low, high = fit.intervals["scale_voltage"]
            return (Quantity(fit["scale_voltage"] * factor, (low * factor, high * factor), len(v),
                             None, one.path.name),
                    Quantity(fit["shape"], fit.intervals["shape"], len(v), None, one.path.name))

        voltage, shape = _told(one, fitted)
        layers.put("breakdown_voltage", one.thickness, voltage)
        layers.put("shape", one.thickness, shape)


def _names(paths: list[Path]) -> str:
    names = [path.name for path in paths]
    return ", ".join(names) if len(names) < 4 else f"{names[0]} and {len(names) - 1} more"
