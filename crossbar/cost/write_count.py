"""Writing of one product's devices, counted tile by tile."""

from collections.abc import Iterable

import numpy as np

from crossbar.cost.write_report import LayerWrites, Wear, summed
from crossbar.hardware import Hardware
from crossbar.imperfections import Cells, TileDevices
from crossbar.tiles.matrix import Tile
from device_models.checks import Floats
from device_models.population.device_sample import OPEN, SHORTED
from device_models.switching import Programming, Written


def writes_of(tiles: Iterable[Tile], hardware: Hardware, layer: str) -> LayerWrites:
    """Writing of the devices in `tiles`, on `hardware` with a programming."""
    found: list[LayerWrites] = []
    seen: TileDevices | None = None
    for tile in tiles:
        if tile.devices is None or tile.devices is seen or tile.devices.cells is None:
            continue  # the second array of a tile, or one without devices
        seen = tile.devices
        arrays = hardware.mapping.arrays(tile.outputs.stop - tile.outputs.start)
        found.append(_of_tile(seen, arrays, hardware, layer))
    if not found:
        raise ValueError(f"layer {layer!r} holds no devices; expected some to write")
    return summed(found)


def _of_tile(devices: TileDevices, arrays: Iterable[slice], hardware: Hardware, layer: str
             ) -> LayerWrites:
    """Writing of the devices of one tile, of which each of `arrays` has some columns."""
    cells, programming = devices.cells, hardware.programming
    if cells is None or cells.writes is None or programming is None:
        raise ValueError(f"layer {layer!r} was not written by pulses")
    writes, states = cells.writes, len(hardware.synapse.conductances(hardware.read_voltage))
    energy = float(writes.energy.sum())
    taken = programming.pulse * writes.pulses + hardware.read_time * writes.reads
    at = np.zeros(devices.written.shape)
    at[devices.written] = taken
    apart = [at[:, own] for own in arrays]
    factor = np.broadcast_to(devices.factor, devices.written.shape)[devices.written]
    seen = read_conductance(cells, writes, hardware.read_voltage) @ factor
    return LayerWrites(
        wanted=np.bincount(devices.states, minlength=states),
        reached=np.bincount(devices.states[writes.reached], minlength=states),
        pulses=int(writes.pulses.sum()), most_pulses=int(writes.pulses.max()),
        reads=int(writes.reads.sum()), energy=energy,
        parts=None if programming.path is None else programming.path.split(energy),
        read_energy=float(seen) * hardware.read_voltage**2 * hardware.read_time,
        time=float(taken.sum()), time_of_arrays=max(float(each.sum()) for each in apart),
        time_of_rows=max(float(each.max(axis=1).sum()) for each in apart),
        wear=_wear(cells, writes, programming))


def read_conductance(cells: Cells, writes: Written, v: float) -> Floats:
    """What each device conducted in its readings at `v` [V], added up: (devices,) [S].

    As if its cells conducted side by side, apart from one another: on a channel they nearly do.
    """
    if not writes.reads.any():
        return np.zeros(len(writes.reads))
    off = np.zeros_like(cells.parallel)
    rest = cells.turned(off).conductances(v)
    total = writes.reads * rest
    for cell, found in enumerate(writes.read_parallel.T):
        alone = off.copy()
        alone[:, cell] = True
        total = total + found * (cells.turned(alone).conductances(v) - rest)
    return np.asarray(total)


def _wear(cells: Cells, writes: Written, programming: Programming) -> Wear:
    """What the pulses take of the barriers that were sound before."""
    barrier = programming.barrier
    if barrier is None:
        return Wear(None, None, None, None)
    shares = None if barrier.cycles is None else writes.pulses / barrier.cycles
    areas = np.array(cells.sample.areas or (1.0,) * cells.sample.cells)
    hazard = None if writes.aged is None else barrier.hazard(writes.aged[:, None], areas)
    sound = ~np.isin(cells.sample.fault, (SHORTED, OPEN))
    return Wear(
        used=None if shares is None else float(shares.sum()),
        most_used=None if shares is None else float(shares.max()),
        broken=None if hazard is None else float(np.sum(-np.expm1(-hazard), where=sound)),
        hazard=None if hazard is None else float(np.sum(hazard, where=sound)))
