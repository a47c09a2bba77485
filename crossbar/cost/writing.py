"""What it takes to write an analog model, and which states are reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from crossbar.conversion.report import names_of_products
from crossbar.hardware import Hardware
from crossbar.layers.model import programmed_products
from crossbar.layers.product import CrossbarProduct
from crossbar.tiles.progress import Progress, told
from device_models.switching import Programming


@dataclass(frozen=True, eq=False)
class LayerWrites:
    """Writing of one layer.

    Parameters
    ----------
    wanted, reached : (states,) arrays of int
        Devices that each state was wanted of, and those of them that reached it.
    pulses : int
        Write pulses in all, resets among them.
    energy : float
        Of all pulses [J].
    time : float
        Of all pulses, one after another [s]; arrays that are written at once take less.
    """

    wanted: NDArray[np.int64]
    reached: NDArray[np.int64]
    pulses: int
    energy: float
    time: float

    @property
    def devices(self) -> int:
        """That were written."""
        return int(self.wanted.sum())


@dataclass(frozen=True, eq=False)
class WriteReport:
    """Writing of all layers, by the names of `conversion_report`."""

    layers: Mapping[str, LayerWrites]

    @property
    def total(self) -> LayerWrites:
        """Of all layers."""
        return _sum(list(self.layers.values()))

    def __str__(self) -> str:
        rows = [("layer", "devices", "pulses each", "energy [nJ]", "time [ms]", "reached",
                 "reached of each state")]
        for name, layer in {**self.layers, "sum": self.total}.items():
            shares = " ".join(f"{100 * r / w:.4g} %" if w else "-" for r, w in zip(
                layer.reached, layer.wanted, strict=True))
            rows.append((name, str(layer.devices), f"{layer.pulses / layer.devices:.3g}",
                         f"{layer.energy * 1e9:.4g}", f"{layer.time * 1e3:.4g}",
                         f"{100 * layer.reached.sum() / layer.devices:.4g} %", shares))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join("  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True))
                         for row in rows)


def write_cost(
    model: keras.Model, programming: Programming | None = None, *, pulse: float | None = None,
    verify: bool | None = None, progress: Progress | None = None,
) -> WriteReport:
    """Pulses, energy and time that writing an analog model takes, and the states it reaches.

    Devices are drawn and written again, as on the model's chip; nothing is solved.

    Parameters
    ----------
    model : keras.Model
        As `to_analog` returned it.
    programming : Programming, optional
        How it is written; by default as its hardware says. It stands in for `write_probability`.
    pulse : float, optional
        Another width of the pulses [s]; voltages are chosen anew if they were chosen before.
    verify : bool, optional
        Whether states are read and corrected, if other than in `programming`.
    progress : callable
        Called with 1 after each product. A bar on a terminal, if not given.

    Raises
    ------
    ValueError
        If there is no analog layer, or nothing says how it is written.
    """
    products = programmed_products(model)
    changes: dict[str, Any] = {name: value for name, value in (("pulse", pulse), ("verify", verify))
               if value is not None}
    names = names_of_products(model)
    parts: dict[str, list[LayerWrites]] = {}
    with told(progress, len(products), "writing layers") as done:
        for product in products:
            name = names.get(id(product), product.layer)
            hardware = _written(product.hardware, programming, changes, name)
            parts.setdefault(name, []).append(_writes(product, hardware))
            done(1)
    return WriteReport({name: _sum(each) for name, each in parts.items()})


def _written(hardware: Hardware, programming: Programming | None, changes: dict[str, Any],
             name: str) -> Hardware:
    """`hardware`, written as is asked for."""
    chosen = hardware.programming if programming is None else programming
    if not isinstance(chosen, Programming | None):
        raise TypeError(f"programming is {chosen!r}; expected "
                        "device_models.switching.Programming(...), or None for the hardware's own")
    if chosen is None:
        raise ValueError(f"the hardware of layer {name!r} does not say how it is written; pass "
                         "programming=device_models.switching.Programming(magnet=..., pulse=..., "
                         "assist_field=..., spread=...)")
    return replace(hardware, programming=replace(chosen, **changes), write_probability=1.0)


def _writes(product: CrossbarProduct, hardware: Hardware) -> LayerWrites:
    """Writing of one product."""
    states = len(hardware.synapse.conductances(hardware.read_voltage))
    wanted, reached = np.zeros((2, states), np.int64)
    pulses, energy = 0, 0.0
    seen: object = None
    for _, tile in product.written.write(hardware, product.place):
        devices = tile.devices
        if devices is None or devices is seen or devices.cells is None:
            continue  # the second array of a tile, or one without devices
        seen, writes = devices, devices.cells.writes
        if writes is None:
            raise ValueError(f"layer {product.layer!r} was not written by pulses")
        wanted += np.bincount(devices.states, minlength=states)
        reached += np.bincount(devices.states[writes.reached], minlength=states)
        pulses, energy = pulses + int(writes.pulses.sum()), energy + float(writes.energy.sum())
    width = hardware.programming.pulse if hardware.programming else 0.0
    return LayerWrites(wanted, reached, pulses, energy, pulses * width)


def _sum(each: Sequence[LayerWrites]) -> LayerWrites:
    """Of several; of those with fewer states, the upper ones count none."""
    states = max(len(layer.wanted) for layer in each)
    wanted, reached = (np.sum([np.pad(counts, (0, states - len(counts))) for counts in (
        getattr(layer, name) for layer in each)], axis=0) for name in ("wanted", "reached"))
    return LayerWrites(wanted, reached, sum(layer.pulses for layer in each),
                       sum(layer.energy for layer in each), sum(layer.time for layer in each))
