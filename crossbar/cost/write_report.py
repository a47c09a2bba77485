"""What writing takes and wears, layer by layer; and as a table, both ways side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossbar.tables import aligned

_PARTS = {"channel": "  in the channels", "contacts": "  in contacts and leads",
          "common": "  in what cells have in common"}
_UNSAID = "not stated"


@dataclass(frozen=True)
class Wear:
    """What pulses take of the barriers; None is what the programming does not say.

    Parameters
    ----------
    used : float, optional
        Pulses over those that a cell is stated to endure, added over devices [1].
    most_used : float, optional
        That of the device with most pulses [1].
    broken : float, optional
        Cells that are expected to break, of those that were sound before [1].
    hazard : float, optional
        -ln of the chance that none breaks [1].
    """

    used: float | None
    most_used: float | None
    broken: float | None
    hazard: float | None

    @property
    def none_breaks(self) -> float | None:
        """Chance that no cell breaks [1]."""
        return None if self.hazard is None else float(np.exp(-self.hazard))


@dataclass(frozen=True, eq=False)
class LayerWrites:
    """Writing of one layer.

    Parameters
    ----------
    wanted, reached : (states,) arrays of int
        Devices that each state was wanted of, and those of them that reached it.
    pulses : int
        Write pulses in all, resets among them; every cell of a device sees all of the device's.
    most_pulses : int
        Of one device.
    reads : int
        Readings between pulses: one after each, where writes are verified.
    energy : float
        Of all pulses [J]: V^2 t/R.
    parts : mapping, optional
        Where that energy stays [J]: in the channels under the junctions, in contacts and leads, in
        what else a compound's cells have in common. None where the programming has no `path`.
    read_energy : float
        Of all readings [J]: V^2 G t of the device as it stands, at full read voltage; linear in the
        cells, which on a channel is right to a few per mille. Wires and converters take none.
    time : float
        Of all pulses and readings, one after another [s].
    time_of_arrays : float
        The same with every array at once, in each one device after another [s].
    time_of_rows : float
        The same with every array at once and in each one row after another, which takes a write
        driver for every column: a row lasts as long as its slowest device [s].
    wear : Wear
        Of the barriers.
    """

    wanted: NDArray[np.int64]
    reached: NDArray[np.int64]
    pulses: int
    most_pulses: int
    reads: int
    energy: float
    parts: Mapping[str, float] | None
    read_energy: float
    time: float
    time_of_arrays: float
    time_of_rows: float
    wear: Wear

    @property
    def devices(self) -> int:
        """That were written."""
        return int(self.wanted.sum())

    @property
    def endurance_used(self) -> tuple[float, float] | None:
        """Share [1] of the stated endurance that writing takes of a cell: in the mean, and most."""
        if self.wear.used is None or self.wear.most_used is None:
            return None
        return self.wear.used / self.devices, self.wear.most_used


@dataclass(frozen=True, eq=False)
class WriteReport:
    """Writing of all layers, by the names of `conversion_report`.

    Parameters
    ----------
    layers : mapping
        As was asked for.
    open_loop, verified : mapping
        The same, each of the two ways: on the same devices, with the same voltages.
    """

    layers: Mapping[str, LayerWrites]
    open_loop: Mapping[str, LayerWrites]
    verified: Mapping[str, LayerWrites]

    @property
    def total(self) -> LayerWrites:
        """Of all layers."""
        return summed(list(self.layers.values()))

    def __str__(self) -> str:
        rows = [("layer", "devices", "pulses each", "energy [nJ]", "time [ms]", "reached",
                 "reached of each state")]
        for name, layer in {**self.layers, "sum": self.total}.items():
            shares = " ".join(f"{100 * r / w:.4g} %" if w else "-" for r, w in zip(
                layer.reached, layer.wanted, strict=True))
            energy = layer.energy + layer.read_energy
            rows.append((name, str(layer.devices), f"{layer.pulses / layer.devices:.3g}",
                         f"{energy * 1e9:.4g}", f"{layer.time * 1e3:.4g}",
                         f"{100 * layer.reached.sum() / layer.devices:.4g} %", shares))
        once, again = (_column(summed(list(way.values()))) for way in (
            self.open_loop, self.verified))
        ways = [("all layers", "open loop", "write-verify"),
                *((name, once[name], again[name]) for name in once)]
        return "\n".join([*aligned(rows, left=0), "", *aligned(ways)])


def _column(all_layers: LayerWrites) -> dict[str, str]:
    """One way of writing, in words and numbers."""
    wear, used = all_layers.wear, all_layers.endurance_used or (None, None)
    parts = all_layers.parts or {}
    return {
        "devices reached": f"{100 * all_layers.reached.sum() / all_layers.devices:.4g} %",
        "pulses of a cell, mean": f"{all_layers.pulses / all_layers.devices:.4g}",
        "pulses of a cell, most": str(all_layers.most_pulses),
        "readings of a device, mean": f"{all_layers.reads / all_layers.devices:.4g}",
        "energy of pulses [nJ]": f"{all_layers.energy * 1e9:.4g}",
        **{text: _said(parts.get(name), 1e9) for name, text in _PARTS.items()},
        "energy of readings [nJ]": f"{all_layers.read_energy * 1e9:.4g}",
        "time, one device after another [ms]": f"{all_layers.time * 1e3:.4g}",
        "  all arrays at once [ms]": f"{all_layers.time_of_arrays * 1e3:.4g}",
        "  and rows at once in each [ms]": f"{all_layers.time_of_rows * 1e3:.4g}",
        "endurance used, mean [%]": _said(used[0], 100),
        "endurance used, most [%]": _said(used[1], 100),
        "cells that break, expected": _said(wear.broken),
        "chance that none breaks [%]": _said(wear.none_breaks, 100),
    }


def _said(value: float | None, factor: float = 1.0) -> str:
    return _UNSAID if value is None else f"{factor * value:.4g}"


def summed(each: Sequence[LayerWrites]) -> LayerWrites:
    """Of several, arrays of all of them at once; of those with fewer states, the upper ones count
    none."""
    states = max(len(layer.wanted) for layer in each)
    wanted, reached = (np.sum([np.pad(counts, (0, states - len(counts))) for counts in (
        getattr(layer, name) for layer in each)], axis=0) for name in ("wanted", "reached"))
    parts = [layer.parts for layer in each if layer.parts is not None]
    wear = [layer.wear for layer in each]
    return LayerWrites(
        wanted, reached,
        pulses=sum(layer.pulses for layer in each),
        most_pulses=max(layer.most_pulses for layer in each),
        reads=sum(layer.reads for layer in each),
        energy=sum(layer.energy for layer in each),
        parts=None if len(parts) < len(each) else {
            name: sum(layer[name] for layer in parts) for name in parts[0]},
        read_energy=sum(layer.read_energy for layer in each),
        time=sum(layer.time for layer in each),
        time_of_arrays=max(layer.time_of_arrays for layer in each),
        time_of_rows=max(layer.time_of_rows for layer in each),
        wear=Wear(_total(w.used for w in wear), _most(w.most_used for w in wear),
                  _total(w.broken for w in wear), _total(w.hazard for w in wear)))


def _total(values: Iterable[float | None]) -> float | None:
    """Their sum; unknown, if one of them is."""
    known = list(values)
    return None if None in known else sum(v for v in known if v is not None)


def _most(values: Iterable[float | None]) -> float | None:
    """The largest; unknown, if one of them is."""
    known = list(values)
    return None if None in known else max(v for v in known if v is not None)
