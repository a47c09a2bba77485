"""A layer's weights and biases programmed into tiles, solved, and run: without Keras."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from circuits import BitSerial, quantise
from circuits.periphery.quantisation import nearest_codes
from crossbar.converters import Converters
from crossbar.hardware import Hardware
from crossbar.tiles.matrix import TiledMatrix
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.ranges import UNKNOWN, Range
from crossbar.tiles.stacked import StackedTiles
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class ProgrammedLayer:
    """What a layer computes through its circuit: x @ kernel + biases.

    Parameters
    ----------
    matrix : TiledMatrix
        Its weights in tiles, solved; the biases below them if they are a row of devices.
    bias : (outputs,) array
        What is added digitally, in the layer's units; zero if biases are a row.
    bias_row : bool
        Whether the last row of the tiles holds the biases, driven by full read voltage.
    input_range : (float, float)
        Inputs at minus and plus full read voltage [layer's units]; converters clip to it.
    """

    matrix: TiledMatrix
    bias: Floats
    bias_row: bool
    input_range: Range

    @classmethod
    def program(
        cls, kernel: Floats, bias: Floats | None, hardware: Hardware, layer: str = "",
        input_range: Range = UNKNOWN, progress: Progress = unseen,
    ) -> "ProgrammedLayer":
        """Write `kernel` (inputs, outputs) and `bias` (outputs,) into `hardware`, and solve.

        A layer without biases (None) has no row for them. The name `layer` tells its devices from
        those of other layers; `progress` is called with 1 after each tile.
        """
        as_row = hardware.analog_bias and bias is not None
        matrix = TiledMatrix.program(
            device_rows(kernel, bias, hardware, input_range[1]), hardware, layer)
        matrix.solve(progress)
        digital = np.zeros(kernel.shape[1]) if as_row or bias is None else bias
        return cls(matrix, digital, as_row, input_range)

    @property
    def kernel(self) -> Floats:
        """The weights (inputs, outputs) that the circuit realises."""
        return self.matrix.weights[: self.matrix.shape[0] - self.bias_row]

    @property
    def biases(self) -> Floats:
        """The biases (outputs,) that the circuit realises, or that are added digitally."""
        return self.matrix.weights[-1] * self.input_range[1] if self.bias_row else self.bias

    @cached_property
    def stacked(self) -> StackedTiles:
        """The tiles apart, for converters behind each of them."""
        return StackedTiles.of(self.matrix)

    def current_range(self, inputs: Floats | None) -> Range:
        """Smallest and largest column current of one tile, per unit input [S].

        Of typical `inputs` (samples, inputs); without any, of the worst ones.
        """
        if inputs is not None and self.bias_row:
            inputs = with_bias_row(inputs, self.input_range[1])
        return self.stacked.current_range(inputs, self.input_range)

    def row_inputs(self, inputs: ArrayLike) -> Floats:
        """See `row_inputs`."""
        return row_inputs(inputs, self.matrix.hardware.converters, self.input_range, self.bias_row)


def device_rows(kernel: Floats, bias: Floats | None, hardware: Hardware, reach: float = 1.0
                ) -> Floats:
    """What of a layer stands in devices: its kernel and, if they are analog, its biases below.

    Of `kernel` (..., inputs, outputs) and `bias` (..., outputs). `reach` is the input at full read
    voltage, which drives them.
    """
    if bias is None or not hardware.analog_bias:
        return kernel
    return np.concatenate([kernel, bias[..., None, :] / reach], axis=-2)


def with_bias_row(inputs: Floats, reach: float) -> Floats:
    """Inputs (samples, inputs) as the rows see them, with one more at full read voltage."""
    return np.hstack([inputs, np.full((len(inputs), 1), reach)])


def row_inputs(inputs: ArrayLike, converters: Converters, input_range: Range,
               bias_row: bool, levels: Floats | None = None) -> Floats:
    """What drives the rows for `inputs` (samples, inputs), as fractions of read voltage.

    Behind input converters, the bias row included: (reads, rows) [1]. Bits one after another are so
    many reads of a sample. Converters are ideal ones of their bits if `levels` (inputs, 2^bits) are
    not given: the outputs of each, in shares of the range's span [1].
    """
    low, reach = input_range
    if converters.serial_bits:
        planes = BitSerial(converters.serial_bits, reach).planes(inputs)
        x = reach * planes.astype(np.float64).reshape(-1, planes.shape[-1])
    elif levels is None:
        x = quantise(inputs, converters.level_bits, low, reach)
    else:
        codes = nearest_codes(np.asarray(inputs, np.float64), levels.shape[1] - 1, low, reach)
        x = low + (reach - low) * levels[np.arange(len(levels)), codes.astype(np.intp)]
    return np.asarray((with_bias_row(x, reach) if bias_row else x) / reach)
