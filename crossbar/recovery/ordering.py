"""Where rows and outputs stand best against the drop along wires."""

import numpy as np
from numpy.typing import NDArray

from crossbar.hardware import Hardware
from crossbar.recovery.target import Target
from crossbar.tiles.grid import grid
from crossbar.tiles.order import Order

Indices = NDArray[np.intp]


def order_against_drop(target: Target, hardware: Hardware, rows: bool = True,
                       outputs: bool = True) -> Order:
    """The rows that count most nearest to where columns are sensed, dealt out over the rows of
    tiles; the outputs that do nearest to where rows are driven, dealt out over their columns.

    What counts is the mean square that a row adds to outputs, or an output has, without the others.
    A row of biases stays the last.
    """
    groups, height, width = target.weights.shape
    order = Order.unchanged((groups, height, width))
    importance = target.importance
    by_row, by_output = importance.sum(axis=2), importance.sum(axis=1)
    if hardware.analog_bias:
        by_row[:, -1] = -1.0  # sorted behind all others, and given the last place
    return Order(_dealt(by_row, _row_places(height, hardware)) if rows else order.rows,
                 _dealt(by_output, _output_places(width, hardware)) if outputs else order.outputs)


def _dealt(importance: NDArray[np.float64], places: Indices) -> Indices:
    """What stands where: (groups, count), the most important in the first of `places`."""
    found = np.empty(importance.shape, np.intp)
    found[:, places] = np.argsort(-importance, axis=1, kind="stable")
    return found


def _row_places(height: int, hardware: Hardware) -> Indices:
    """Rows, those nearest to the sensed end of their tile first."""
    tiles = sorted({(place.inputs.start, place.inputs.stop)
                    for place in grid((height, 1), hardware)})
    places = _nearest(tiles, hardware.sense.ends)
    if not hardware.analog_bias:
        return places
    return np.append(places[places != height - 1], height - 1)


def _output_places(width: int, hardware: Hardware) -> Indices:
    """Outputs, those nearest to the driven end of their tile first."""
    tiles = [(place.outputs.start, place.outputs.stop) for place in grid((1, width), hardware)]
    return _nearest(tiles, hardware.drive.ends)


def _nearest(tiles: list[tuple[int, int]], ends: tuple[bool, bool]) -> Indices:
    """All places in `tiles` from start to stop, those nearest to an end that is connected first."""
    found, (to_first, to_last) = [], ends
    for number, (start, stop) in enumerate(tiles):
        for place in range(start, stop):
            away = min([place - start] * to_first + [stop - 1 - place] * to_last)
            found.append((away, number, place))
    return np.array([place for _, _, place in sorted(found)], np.intp)
