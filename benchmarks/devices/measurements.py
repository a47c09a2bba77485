"""Measurements of a folder beside the model of their stack: numbers, and how far off it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from benchmarks.devices.pulse_loop import critical
from benchmarks.output.left_out import LEFT_OUT
from device_models import Stack
from device_models.characterisation.manifest import read_manifest
from device_models.characterisation.quantity import Quantity
from device_models.characterisation.reading import Layers, read_layers
from device_models.switching import Conditions, voltage_of_share


class MeasuredRow(TypedDict):
    """A measured quantity of one layer beside the model's, in `unit`."""

    name: str
    thickness_nm: float
    unit: str
    measured: float
    low: float | None
    high: float | None
    count: int
    model: float | None
    deviation: float | None
    source: str


@dataclass(frozen=True)
class Measurements:
    """What a folder says."""

    folder: Path
    layers: Layers

    @classmethod
    def of(cls, folder: Path) -> "Measurements":
        """Read by its `measurements.toml`."""
        return cls(folder, read_layers(read_manifest(folder)))

    def quantities(self, name: str) -> dict[float, Quantity]:
        """By thickness [m]; empty if it was not measured."""
        return self.layers.found.get(name, {})

    def rows(self, stack: Stack) -> list[MeasuredRow]:
        """Every quantity beside the model's; None where the stack does not give it."""
        found = []
        for name, (unit, factor) in UNITS.items():
            for t, one in sorted(self.quantities(name).items()):
                model = _model_if_any(stack, name, t, self.layers)
                low, high = one.interval or (None, None)
                found.append(MeasuredRow(
                    name=name, thickness_nm=t * 1e9, unit=unit, measured=one.value * factor,
                    low=None if low is None else low * factor,
                    high=None if high is None else high * factor, count=one.count,
                    model=None if model is None else model * factor,
                    deviation=None if model is None else model / one.value - 1.0,
                    source=one.source))
        return found


UNITS = {"r_p": ("kohm", 1e-3), "r_ap": ("kohm", 1e-3), "coercivity": ("mT", 1e3),
         "critical_voltage": ("V", 1.0), "breakdown_voltage": ("V", 1.0), "shape": ("1", 1.0)}


def _model_if_any(stack: Stack, name: str, t: float, layers: Layers) -> float | None:
    """None also where the stack does not cover the layer, or lacks what it takes."""
    try:
        return _model(stack, name, t, layers)
    except LEFT_OUT:
        return None


def _model(stack: Stack, name: str, t: float, layers: Layers) -> float | None:
    """What the stack gives for a quantity of a layer of `t` [m], in SI."""
    tables = stack.tables
    if name in ("r_p", "r_ap"):
        return float(getattr(stack.mtj(t), name))
    if name == "coercivity":
        return tables.magnetics.device_coercivity if tables.magnetics else None
    if name == "critical_voltage" and tables.magnetics and tables.switching and tables.channel:
        if layers.pulse is None:
            return critical(stack.magnet(t), layers.assist_field)
        return float(voltage_of_share(Conditions(
            magnet=stack.magnet(t), pulse=layers.pulse, assist_field=layers.assist_field),
            0.5, 0.0, -1))
    if name == "breakdown_voltage" and tables.breakdown and tables.breakdown.one_cell:
        return float(tables.breakdown.voltage(t))
    if name == "shape" and tables.breakdown:
        return tables.breakdown.shape
    return None


def printed(rows: list[MeasuredRow], folder: Path) -> list[str]:
    """The table as lines, and the largest deviation."""
    lines = ["", f"{'measured in ' + str(folder):34}{'measured':>10}{'95 %':>20}{'n':>5}"
                 f"{'model':>10}{'off by':>9}"]
    for row in rows:
        name = f"{row['name']}, {row['thickness_nm']:g} nm [{row['unit']}]"
        known = "-" if row["low"] is None else f"{row['low']:.4g} to {row['high']:.4g}"
        model = "-" if row["model"] is None else f"{row['model']:.4g}"
        off = "-" if row["deviation"] is None else f"{row['deviation']:+.1%}"
        lines.append(f"{name:34}{row['measured']:>10.4g}{known:>20}{row['count']:>5}{model:>10}"
                     f"{off:>9}")
    outside = [row for row in rows if row["model"] is not None and row["low"] is not None
               and row["high"] is not None and not row["low"] <= row["model"] <= row["high"]]
    compared = sum(row["model"] is not None and row["low"] is not None for row in rows)
    return [*lines, f"{compared - len(outside)} of {compared} within their 95 % intervals"]
