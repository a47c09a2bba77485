"""What all layers that multiply through solved crossbar tiles have in common."""

from typing import Self

import keras
import numpy as np
from keras import ops

from crossbar.hardware import Hardware
from crossbar.layers.converter import convert
from crossbar.layers.untyped import Setting, Shape, Tensor
from crossbar.tiles.layer import ProgrammedLayer, device_rows, row_inputs
from crossbar.tiles.matrix import Progress, TiledMatrix, unseen
from crossbar.tiles.ranges import UNKNOWN, Range, input_range
from device_models.checks import Floats


class AnalogLayer(keras.layers.Layer):
    """A layer of one matrix product, which is that of crossbar tiles.

    `program` makes it of a layer of Keras, complete. With ideal currents the product is one with
    the weights that the circuit realises; with current converters the tiles' column currents are
    computed, converted and summed one row of tiles at a time.

    A layer of another kind says of which weights and settings it is made (`weights_of`,
    `settings_of`), makes its weights with `add_tiles` in `build`, calls `product` in `call`, and
    adds its settings to `get_config`. Its line in `crossbar.layers.registry` does the rest.

    Parameters
    ----------
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
        *,
        bias_row: bool = False,
        input_range: Range = UNKNOWN,
        dac_bits: int | None = None,
        adc_bits: int | None = None,
        adc_range: Range = (0.0, 1.0),
        row_tiles: int = 1,
        tile_rows: int = 1,
        columns: int = 1,
        **settings: Setting,
    ) -> None:
        super().__init__(**{"trainable": False, **settings})
        self.bias_row = bias_row
        self.input_range = (input_range[0], input_range[1])
        self.dac_bits, self.adc_bits = dac_bits, adc_bits
        self.adc_range = (adc_range[0], adc_range[1])
        self.row_tiles, self.tile_rows, self.columns = row_tiles, tile_rows, columns
        self.matrix: TiledMatrix | None = None

    @classmethod
    def weights_of(cls, layer: keras.Layer) -> tuple[Floats, Floats | None]:
        """The matrix (inputs, outputs) that `layer` multiplies with, and its biases, if any."""
        kernel = np.asarray(layer.kernel, np.float64)
        return kernel, np.asarray(layer.bias, np.float64) if layer.use_bias else None

    @classmethod
    def settings_of(cls, layer: keras.Layer) -> dict[str, Setting]:
        """Arguments of this class's own that make it a twin of `layer`."""
        raise NotImplementedError(f"{cls.__name__} lacks settings_of(layer), the arguments that "
                                  "make it a twin of a layer of Keras")

    @classmethod
    def program(
        cls, layer: keras.Layer, hardware: Hardware, inputs: Floats | None = None,
        stream: int = 0, progress: Progress = unseen,
    ) -> Self:
        """The analog twin of a built `layer`: built, programmed into `hardware` and solved.

        Parameters
        ----------
        layer : keras.Layer
            Of the kind that this class stands for.
        hardware : Hardware
            What it is programmed into.
        inputs : (samples, features) array, optional
            Typical inputs, which set the ranges of converters; the worst ones if not given.
        stream : int
            The layer's number in the network, which tells its devices from those of others.
        progress : callable
            Called with 1 after each solved tile; `count_tiles` says how many there are.
        """
        kernel, bias = cls.weights_of(layer)
        if not all(np.all(np.isfinite(each)) for each in (kernel, bias) if each is not None):
            raise ValueError(f"layer {layer.name!r} has weights that are not finite")
        programmed = ProgrammedLayer.program(
            kernel, bias, hardware, stream, input_range(inputs, hardware.dac_bits), progress)
        made = cls(**cls.settings_of(layer), **_settings(programmed, inputs), name=layer.name,
                   dtype=layer.dtype_policy)
        made.build_from_config(layer.get_build_config())
        made._hold(programmed)
        return made

    @classmethod
    def count_tiles(cls, layer: keras.Layer, hardware: Hardware) -> int:
        """How many tiles `program` solves."""
        rows, outputs = device_rows(*cls.weights_of(layer), hardware).shape
        return len(hardware.array.cut((rows, outputs), hardware.mapping))

    def add_tiles(self, inputs: int, outputs: int) -> None:
        """Make the weights of the product: the effective matrix, or the tiles and their decoder."""
        if self.adc_bits is None:
            self.kernel = self._weight("kernel", (inputs + self.bias_row, outputs))
        else:
            tiles = (self.row_tiles, self.tile_rows, self.columns)
            self.transconductance = self._weight("transconductance", tiles)
            self.decoder = self._weight("decoder", (self.columns, outputs))
        self.bias = self._weight("bias", (outputs,))

    def product(self, inputs: Tensor) -> Tensor:
        """Inputs (..., inputs) through converters, tiles and biases: (..., outputs)."""
        x = convert(inputs, self.dac_bits, self.input_range)
        if self.bias_row:
            x = ops.concatenate([x, self.input_range[1] * ops.ones_like(x[..., :1])], axis=-1)
        y = ops.matmul(x, self.kernel) if self.adc_bits is None else self._by_tiles(x)
        return y + self.bias

    def row_inputs(self, inputs: Floats) -> Floats:
        """What drives the rows for `inputs` (samples, features), as fractions of read voltage.

        After the input converter, the bias row included: (samples, rows) [1].
        """
        return row_inputs(inputs, self.dac_bits, self.input_range, self.bias_row)

    def get_config(self) -> dict[str, Setting]:
        """What is needed to build the layer again; its weights hold the solved circuit."""
        names = ("bias_row", "input_range", "dac_bits", "adc_bits", "adc_range", "row_tiles",
                 "tile_rows", "columns")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    def _weight(self, name: str, shape: Shape) -> Tensor:
        return self.add_weight(name=name, shape=shape, initializer="zeros", trainable=False)

    def _by_tiles(self, x: Tensor) -> Tensor:
        """Sum over rows of tiles of the converted column currents, decoded."""
        features = x.shape[-1]
        total: Tensor = 0.0
        for i in range(self.row_tiles):
            start, stop = i * self.tile_rows, min((i + 1) * self.tile_rows, features)
            currents = ops.matmul(x[..., start:stop], self.transconductance[i, : stop - start])
            total = total + convert(currents, self.adc_bits, self.adc_range)
        return ops.matmul(total, self.decoder)

    def _hold(self, programmed: ProgrammedLayer) -> None:
        """Take over what the circuit realises, and the tiles."""
        self.matrix = programmed.matrix
        self.bias.assign(programmed.bias.astype(np.float32))
        if self.adc_bits is None:
            self.kernel.assign(programmed.matrix.weights.astype(np.float32))
        else:
            tiles = programmed.stacked
            self.transconductance.assign(tiles.transconductance.astype(np.float32))
            self.decoder.assign(tiles.decoder.astype(np.float32))


def _settings(programmed: ProgrammedLayer, inputs: Floats | None) -> dict[str, Setting]:
    """Arguments of `AnalogLayer` for what is programmed, with `inputs` as typical ones."""
    hardware = programmed.matrix.hardware
    settings: dict[str, Setting] = {
        "bias_row": programmed.bias_row, "input_range": programmed.input_range,
        "dac_bits": hardware.dac_bits, "adc_bits": hardware.adc_bits}
    if hardware.adc_bits is not None:
        shape = programmed.stacked.transconductance.shape
        settings |= dict(zip(("row_tiles", "tile_rows", "columns"), shape, strict=True))
        settings["adc_range"] = programmed.current_range(inputs)
    return settings
