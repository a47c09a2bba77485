"""How long the arrays of a matrix take to settle to what their converters resolve."""

from dataclasses import replace

import numpy as np

from circuits import CrossbarCircuit, settling_time, solve_tiles
from crossbar.cost.periphery import Periphery
from crossbar.cost.resolution import Resolution
from crossbar.tiles.grid import grid
from crossbar.tiles.matrix import Tile, TiledMatrix
from crossbar.tiles.progress import Progress, unseen
from device_models.checks import positive

_NOTHING = 2.0**-24  # of the currents that are subtracted: a difference that no converter resolves


def settling_times(matrix: TiledMatrix, periphery: Periphery, span: float | None = None,
                   progress: Progress = unseen) -> tuple[float, ...]:
    """After a step of its rows, when the slowest column of each tile is within half a step of its
    converter [s], tile by tile.

    All rows step to the read voltage, which is the worst of all inputs within their range: no
    column's current lacks more amperes of any other. Each tile has its own devices and wires, and
    the capacitances of the periphery's cell; drivers that the wires take as ideal have the
    resistance of the periphery's. Every tile is solved, its slow modes exactly: those of one layer
    differ by less than any cheap bound would tell apart.

    Devices are linear, as the tiles of a matrix are: nonlinear ones have no time constants, and
    count with their chord conductances at the read voltage. A tile that is used in part settles as
    the part does.

    `span` is that of the currents that converters are set for [A]; see `conversion_accuracy`.
    """
    lines = periphery.cell.row_capacitance, periphery.cell.column_capacitance
    accuracy = conversion_accuracy(matrix, Resolution.of(matrix.hardware, periphery).currents,
                                   span)

    def settled(tile: Tile) -> float:
        return settling_time(driven(tile.circuit, periphery), *lines, accuracy)

    found = []
    for time in solve_tiles(settled, matrix.tiles):
        found.append(time)
        progress(1)
    return tuple(found)


def driven(circuit: CrossbarCircuit, periphery: Periphery) -> CrossbarCircuit:
    """A circuit behind real drivers, where it has ideal ones."""
    source = np.asarray(circuit.wires.source)
    if source.all():
        return circuit
    real = np.where(source == 0, periphery.driver.on_resistance, source)
    return replace(circuit, wires=replace(circuit.wires, source=real))


def conversion_accuracy(matrix: TiledMatrix, bits: int, span: float | None = None) -> float:
    """Relative error of column currents that makes half a step of a converter of `bits` [1].

    A step is 2^-bits of the `span` of currents that converters are set for [A], but never more than
    2^-bits of a column's own current with all rows at the read voltage. Without a span, it is that;
    where currents are subtracted before they are converted, 2^-bits of the widest difference that
    inputs within their range can make in the layer, and columns are that much more accurate.
    """
    half, hardware = 2.0 ** -(bits + 1), matrix.hardware
    places = grid(matrix.shape, hardware)
    if span is None and all(hardware.mapping.sensed(each.width) is None for each in places):
        return half
    widest, most = (max(each) for each in zip(*(
        _spans(matrix, place.number, place.width) for place in places), strict=True))
    if span is not None:
        widest = positive("span", span, "A") / hardware.read_voltage
    return half * min(1.0, widest / most) if widest > most * _NOTHING else half


def _spans(matrix: TiledMatrix, number: tuple[int, int], width: int) -> tuple[float, float]:
    """Of the currents that a tile's converters see, the widest span, and the most that columns in
    them add up to, per volt on all rows [S]."""
    t = np.hstack([tile.circuit.transconductance() for tile in matrix.tiles
                   if tile.number == number])
    sensed = matrix.hardware.mapping.sensed(width)
    sensed = np.eye(t.shape[1]) if sensed is None else sensed
    return (float(np.abs(t @ sensed).sum(axis=0).max()),
            float((t.sum(axis=0) @ np.abs(sensed)).max()))
