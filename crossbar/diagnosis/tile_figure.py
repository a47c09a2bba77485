"""One tile of an analog model as it is when a sample reaches it, solved and drawn."""

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from circuits import OperatingPoint, draw_drop
from crossbar.conversion.check import run
from crossbar.conversion.currents import numbers_of
from crossbar.conversion.samples import Batch, Samples, batches, count, inputs_of
from crossbar.conversion.stand_ins import StandIn, labels, looked_at
from crossbar.diagnosis.trials import Trials
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from crossbar.tiles.grid import grid
from crossbar.tiles.matrix import Tile
from crossbar.tiles.reading import TileReader
from device_models.checks import Floats, known, whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_tile(analog: keras.Model, x: Samples, layer: str, tile: tuple[int, int] = (0, 0),
              path: str | PathLike[str] | None = None, *, matrix: int = 0, array: int = 0,
              read: int | None = None) -> "Figure":
    """Map of the voltage that every device of a tile misses, when a sample reaches it.

    The sample goes through the analog layers before; the tile's circuit is solved for what drives
    its rows then, and drawn as by `circuits.draw_drop`.

    Parameters
    ----------
    analog : keras.Model
        As `to_analog` made it, or loaded from a file.
    x : array, or list or dict of them
        One sample, with or without the axis of samples.
    layer : str
        As `explain` and `conversion_report` call it.
    tile : (int, int)
        Row and column of tiles.
    path : path, optional
        Where to save the figure.
    matrix : int
        Which of the layer's matrices side by side.
    array : int
        Which of the tile's arrays, of a mapping that takes several.
    read : int, optional
        Which of the layer's reads (windows of an image, steps, bits); by default the one that
        drives the tile hardest.

    Raises
    ------
    ValueError
        If there is no such layer, matrix, tile or read, or `x` is not one sample.
    """
    op, number = _solved(analog, x, layer, tile, matrix, array, read)
    figure = draw_drop(op)
    figure.suptitle(f"{layer}, matrix {matrix}, tile {tuple(tile)}, read {number}", fontsize=9)
    if path is not None:
        figure.savefig(path, dpi=150)
    return figure


def _solved(analog: keras.Model, x: Samples, layer: str, tile: tuple[int, int], matrix: int,
            array: int, read: int | None) -> tuple[OperatingPoint, int]:
    """The tile's circuit under its input, and the number of the read."""
    products = looked_at(analog)
    names = labels(analog, products)
    number = names.index(known("analog layer", layer, names))
    product = products[number]
    part = _tile(product, tile, _within("matrix", matrix, product.shape[0]), array)
    trials = Trials(analog, products, [_one(analog, x)])
    voltages = _voltages(trials, number, matrix)[:, part.inputs]
    if read is None:
        read = int(np.argmax(np.sum(voltages**2, axis=1)))
    chosen = voltages[_within("read", read, len(voltages))]
    solved = TileReader(part, product.hardware) if product.hardware.nonlinear else part.circuit
    return solved.solve(chosen), read


def _one(analog: keras.Model, x: Samples) -> Batch:
    """One sample as a batch, or as many of it as the model takes."""
    wanted = [len(each.shape) for each in keras.tree.flatten(inputs_of(analog))]
    if len(wanted) == 1 and hasattr(x, "ndim") and x.ndim == wanted[0] - 1:
        x = np.asarray(x)[None]
    given = batches(analog, x)
    samples = sum(map(count, given))
    if samples != (analog.inputs[0].shape[0] or 1):
        raise ValueError(f"x has {samples} samples; expected one, as x[:1]")
    return given[0]


def _tile(product: CrossbarProduct, tile: tuple[int, int], matrix: int, array: int) -> Tile:
    """The array of that number, with its devices."""
    programmed = product.rewritten() if product.hardware.nonlinear else product.matrices
    if not isinstance(tile, Sequence):
        raise TypeError(f"tile is {tile!r}; expected (row, column) of tiles")
    places = {each.number for each in grid(programmed[matrix].shape, product.hardware)}
    if tuple(tile) not in places:
        rows, columns = (1 + most for most in max(places))
        raise ValueError(f"tile is {tile!r}; layer {product.layer!r} has {rows} rows of {columns} "
                         f"tiles: expected (0, 0) to {max(places)}")
    arrays = [each for each in programmed[matrix].tiles if each.number == tuple(tile)]
    return arrays[_within("array", array, len(arrays))]


def _within(name: str, value: int, count: int) -> int:
    if whole(name, value, 0) >= count:
        raise ValueError(f"{name} is {value}; expected 0 to {count - 1}")
    return value


def _voltages(trials: Trials, number: int, matrix: int) -> Floats:
    """What drives the rows of a matrix, read by read: (reads, rows) [V]."""
    found: list[Floats] = []

    def see(which: int, rows: Tensor) -> None:
        if which == number:
            found.extend(_driven(trials.everything[number], rows, matrix))

    with trials.seen(trials.everything, see):
        run(trials.model, trials.given[0])
    return np.concatenate(found)


def _driven(product: StandIn, rows: Tensor, matrix: int) -> list[Floats]:
    """Behind the input converters, the row of biases included [V]."""
    reach, parts = product.input_range[1], []
    for _, part in product.periphery.reads(rows, product.input_range):
        x: Any = numbers_of(part)[:, matrix]
        if product.bias_row:
            x = np.hstack([x, np.full((len(x), 1), reach)])
        if product.order is not None:
            x = x[:, product.order.rows[matrix]]
        parts.append(product.hardware.read_voltage / reach * x)
    return parts
