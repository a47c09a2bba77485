"""The Keras layer that multiplies through a solved circuit."""

from typing import Any

import keras
import numpy as np
from keras import ops

from circuits import quantise
from crossbar.tiles.matrix import TiledMatrix
from device_models.checks import Floats


@keras.saving.register_keras_serializable("crossbar")
class AnalogDense(keras.layers.Layer):
    """A `Dense` layer whose matrix product is that of solved crossbar tiles.

    `to_analog` makes and programs it. With ideal currents it is one matrix product with the
    weights that the circuit realises; with current converters the tiles' column currents are
    computed, converted and summed one row of tiles at a time.

    Parameters
    ----------
    units : int
        Number of outputs.
    activation : str or callable
        As in `keras.layers.Dense`.
    bias_row : bool
        Whether the last row of the tiles holds the bias, driven by full read voltage.
    input_range : (float, float)
        Inputs at minus and plus full read voltage; converters clip to it.
    dac_bits, adc_bits : int or None
        Converter resolutions.
    adc_range : (float, float)
        Column currents at the ends of the converter's range, per unit input [S].
    row_tiles, tile_rows, columns : int
        Shape of the stored transconductances; used with `adc_bits` only.
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        bias_row: bool = False,
        input_range: tuple[float, float] = (-1.0, 1.0),
        dac_bits: int | None = None,
        adc_bits: int | None = None,
        adc_range: tuple[float, float] = (0.0, 1.0),
        row_tiles: int = 1,
        tile_rows: int = 1,
        columns: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(**{"trainable": False, **kwargs})
        self.units = units
        self.activation = keras.activations.get(activation)
        self.bias_row = bias_row
        self.input_range = (input_range[0], input_range[1])
        self.dac_bits, self.adc_bits = dac_bits, adc_bits
        self.adc_range = (adc_range[0], adc_range[1])
        self.row_tiles, self.tile_rows, self.columns = row_tiles, tile_rows, columns
        self.matrix: TiledMatrix | None = None

    def build(self, input_shape: Any) -> None:
        """Make the weights: the effective matrix, or the tiles and their decoder."""
        if self.adc_bits is None:
            rows = input_shape[-1] + self.bias_row
            self.kernel = self._weight("kernel", (rows, self.units))
        else:
            tiles = (self.row_tiles, self.tile_rows, self.columns)
            self.transconductance = self._weight("transconductance", tiles)
            self.decoder = self._weight("decoder", (self.columns, self.units))
        self.bias = self._weight("bias", (self.units,))

    def _weight(self, name: str, shape: tuple[int, ...]) -> Any:
        return self.add_weight(name=name, shape=shape, initializer="zeros", trainable=False)

    def call(self, inputs: Any) -> Any:
        """Inputs (..., features) to outputs (..., units)."""
        x = convert(inputs, self.dac_bits, self.input_range)
        if self.bias_row:
            x = ops.concatenate([x, self.input_range[1] * ops.ones_like(x[..., :1])], axis=-1)
        y = ops.matmul(x, self.kernel) if self.adc_bits is None else self._by_tiles(x)
        return self.activation(y + self.bias)

    def row_inputs(self, inputs: Floats) -> Floats:
        """What drives the rows for `inputs` (samples, features), as fractions of read voltage.

        After the input converter, the bias row included: (samples, rows) [1].
        """
        x = quantise(inputs, self.dac_bits, *self.input_range)
        if self.bias_row:
            x = np.hstack([x, np.full((len(x), 1), self.input_range[1])])
        return np.asarray(x / self.input_range[1])

    def _by_tiles(self, x: Any) -> Any:
        """Sum over rows of tiles of the converted column currents, decoded."""
        features = x.shape[-1]
        total: Any = 0.0
        for i in range(self.row_tiles):
            start, stop = i * self.tile_rows, min((i + 1) * self.tile_rows, features)
            currents = ops.matmul(x[..., start:stop], self.transconductance[i, : stop - start])
            total = total + convert(currents, self.adc_bits, self.adc_range)
        return ops.matmul(total, self.decoder)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The input's shape with `units` features."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """What is needed to build the layer again; its weights hold the solved circuit."""
        names = ("units", "bias_row", "input_range", "dac_bits", "adc_bits", "adc_range",
                 "row_tiles", "tile_rows", "columns")
        config = {name: getattr(self, name) for name in names}
        config["activation"] = keras.activations.serialize(self.activation)
        return {**super().get_config(), **config}


def convert(x: Any, bits: int | None, limits: tuple[float, float]) -> Any:
    """An ideal uniform converter of 2^bits levels over `limits`, on tensors; see `quantise`."""
    if bits is None:
        return x
    low, high = limits
    step = (high - low) / (2**bits - 1)
    return low + ops.round((ops.clip(x, low, high) - low) / step) * step


def stacked_transconductance(matrix: TiledMatrix, tile_rows: int) -> tuple[Floats, Floats]:
    """All tiles in one array (row tiles, tile rows, columns) [S], and the decoder of a row.

    The rows of a ragged last tile are padded with zeros.
    """
    first = [tile for tile in matrix.tiles if tile.inputs.start == 0]
    offsets = np.cumsum([0] + [tile.decoder.shape[0] for tile in first])
    at = {tile.outputs.start: offset for tile, offset in zip(first, offsets, strict=False)}
    row_tiles = len(matrix.tiles) // len(first)
    stacked = np.zeros((row_tiles, tile_rows, offsets[-1]))
    decoder = np.zeros((offsets[-1], matrix.shape[1]))
    for tile in matrix.tiles:
        t = tile.circuit.transconductance()
        columns = slice(at[tile.outputs.start], at[tile.outputs.start] + t.shape[1])
        stacked[tile.inputs.start // tile_rows, : t.shape[0], columns] = t
        decoder[columns, tile.outputs] = matrix.scale * tile.decoder
    return stacked, decoder
