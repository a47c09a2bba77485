"""What is done digitally to the results of a product's tiles: gains, and offsets."""

from collections.abc import Callable

import numpy as np
from keras import ops

from crossbar.layers.untyped import Shape, Tensor
from device_models.checks import Floats


class Correction:
    """Gains and offsets of one product, which begin as ones and zeros.

    y = offset + gain * sum over rows of tiles of (trim * what the row gives, decoded). Biases that
    are added digitally come behind it; those in devices are among what the tiles give.

    Parameters
    ----------
    variable : callable
        Makes a variable of the product, of a name and shape; of zeros, if no initializer is named.
    groups, outputs : int
        Of the product.
    trims : (int, int), optional
        Rows of tiles and converters, or outputs where nothing is converted, if each row of tiles
        has gains of its own.

    Attributes
    ----------
    gain, offset : (groups, outputs) variables
        [1], and in the layer's units.
    trim : (groups, rows of tiles, converters) variable, or None
        [1].
    """

    def __init__(self, variable: Callable[..., Tensor], groups: int, outputs: int,
                 trims: Shape | None) -> None:
        self.gain = variable("gain", (groups, outputs), initializer="ones")
        self.offset = variable("offset", (groups, outputs))
        self.trim = None if trims is None else variable("trim", (groups, *trims),
                                                        initializer="ones")

    def clear(self) -> None:
        """Nothing is corrected."""
        for variable, number in ((self.gain, 1.0), (self.offset, 0.0), (self.trim, 1.0)):
            if variable is not None:
                variable.assign(np.full(variable.shape, number, variable.dtype))

    def take(self, gain: Floats, offset: Floats, trim: Floats | None = None) -> None:
        """Correct by these from now on, of the shapes of the variables."""
        for variable, values in ((self.gain, gain), (self.offset, offset), (self.trim, trim)):
            if variable is not None and values is not None:
                variable.assign(np.asarray(values).astype(variable.dtype))

    def of_numbers(self, numbers: Tensor, row: int) -> Tensor:
        """What converters give (..., groups, converters) of a row of tiles, trimmed."""
        return numbers if self.trim is None else numbers * self.trim[:, row]

    def of_results(self, y: Tensor) -> Tensor:
        """Decoded results (..., groups, outputs), corrected."""
        return y * self.gain + self.offset

    def of_kernel(self, kernel: Tensor, height: int, places: Tensor | None = None) -> Tensor:
        """A kernel (groups, inputs, outputs) in tiles of `height` rows that gives what is corrected
        but for offsets; its rows stand at `places` (groups, inputs), if not in its own order."""
        if self.trim is not None:
            trims = ops.repeat(self.trim, height, axis=1)
            kernel = kernel * (trims[:, : kernel.shape[1]] if places is None else
                               ops.take_along_axis(trims, ops.expand_dims(places, -1), axis=1))
        return kernel * ops.expand_dims(self.gain, 1)

    def of_bias(self, bias: Tensor | None, in_devices: bool) -> Tensor:
        """What is added to products with `of_kernel`, for biases (groups, outputs) or none."""
        if bias is None:
            return ops.convert_to_tensor(self.offset)
        if not in_devices:
            return bias + self.offset
        trimmed = bias if self.trim is None else bias * self.trim[:, -1]
        return trimmed * self.gain + self.offset
