"""Errors of every product: from its own inputs, and as they add up through the network."""

import math

import keras
import numpy as np

from crossbar.conversion.check import run
from crossbar.conversion.currents import numbers_of
from crossbar.conversion.stand_ins import StandIn, wanted_of
from crossbar.cost.moments import Moments
from crossbar.diagnosis.findings import LayerError, TileError
from crossbar.diagnosis.tile_errors import column_errors, tile_map, tiles_of
from crossbar.diagnosis.trials import Trials
from crossbar.layers.untyped import Tensor
from device_models.checks import Floats


class _Sums:
    """What the sums of one product are, and how far off they are."""

    def __init__(self, product: StandIn) -> None:
        groups, _, _ = product.shape
        self.moments = [Moments(product.rows, product.hardware.array.rows) for _ in range(groups)]
        self.exact: list[Floats] = []  # of one batch, call by call
        self.numbers = 0
        self.squares = self.local = self.accumulated = 0.0

    def rms(self) -> float:
        """Of exact sums."""
        return math.sqrt(self.squares / self.numbers) if self.numbers else 0.0


def layer_errors(trials: Trials, names: list[str]) -> tuple[list[LayerError], list[TileError]]:
    """Of each product of the model, by its name, and of all of their tiles."""
    sums = [_Sums(product) for product in trials.everything]
    for batch in trials.first:
        with trials.seen(trials.exact, lambda n, rows: _alone(trials, n, rows, sums[n])):
            run(trials.model, batch)
        with trials.seen(trials.everything, lambda n, rows: _behind(trials, n, rows, sums[n])):
            run(trials.model, batch)
        trials.progress(1)
    layers, tiles = [], []
    for name, product, each in zip(names, trials.everything, sums, strict=True):
        maps = []
        for matrix, (difference, moments) in enumerate(zip(
                _difference(product), each.moments, strict=True)):
            order = product.order and product.order.of_matrix(matrix)
            if order is not None:
                difference = order.placed(difference[None])[0]
            columns = {number: _over(found, each.rms()) for number, found in column_errors(
                difference, moments, product.hardware).items()}
            maps.append(tile_map(columns))
            tiles += tiles_of(name, matrix, columns, product.hardware, order)
        layers.append(LayerError(name, _ratio(each.local, each.squares),
                                 _ratio(each.accumulated, each.squares), tuple(maps)))
    return layers, sorted(tiles, key=lambda tile: -tile.error)


def _alone(trials: Trials, number: int, rows: Tensor, sums: _Sums) -> None:
    """Exact sums, what drives rows, and the product's error for just these inputs."""
    exact = _values(trials.exact[number](rows))
    found = _values(trials.everything[number](rows))
    sums.exact.append(exact)
    sums.numbers += exact.size
    sums.squares += float(np.sum(exact**2))
    sums.local += float(np.sum((found - exact) ** 2))
    product, x = trials.everything[number], numbers_of(rows)
    for group, moments in enumerate(sums.moments):
        driven = x[:, group] if not product.bias_row else np.hstack(
            [x[:, group], np.full((len(x), 1), product.input_range[1])])
        moments.add(driven if product.order is None else driven[:, product.order.rows[group]])


def _behind(trials: Trials, number: int, rows: Tensor, sums: _Sums) -> None:
    """The product's error for what reaches it through the analog layers before."""
    found = _values(trials.everything[number](rows))
    sums.accumulated += float(np.sum((found - sums.exact.pop(0)) ** 2))


def _difference(product: StandIn) -> Floats:
    """Realised weights, biases in devices included, less those wanted: (groups, rows, outputs)."""
    weights, bias = wanted_of(product)
    off = keras.ops.convert_to_numpy(product.weights_in_use) - weights
    if not product.bias_row or bias is None:
        return np.asarray(off)
    last = (keras.ops.convert_to_numpy(product.bias) - bias) / product.input_range[1]
    return np.concatenate([off, last[:, None]], axis=1)


def _values(y: Tensor) -> Floats:
    return np.asarray(keras.ops.convert_to_numpy(y), np.float64)


def _over(errors: Floats, rms: float) -> Floats:
    """Errors over what is not zero, or zero."""
    return np.divide(errors, rms, out=np.where(errors > 0, np.inf, 0.0), where=rms > 0)


def _ratio(squares: float, exact: float) -> float:
    """Relative rms."""
    return math.sqrt(squares / exact) if exact else math.inf if squares else 0.0
