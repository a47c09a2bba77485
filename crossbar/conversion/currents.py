"""Currents that inputs make, and ranges of converters that follow them."""

from collections.abc import Sequence

import keras
import numpy as np

from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from crossbar.tiles.ranges import Range
from crossbar.tiles.stacked import StackedTiles
from device_models.checks import Floats


def extremes_of_currents(product: CrossbarProduct, stacked: Sequence[StackedTiles], x: Floats
                         ) -> Range:
    """Smallest and largest current that inputs (reads, groups, inputs) make, and zero."""
    ends = [(0.0, 0.0)]
    for group, tiles in enumerate(stacked):
        driven = product.input_range[1] * product.driven(x[:, group], group)
        if np.any(driven):
            ends.append(tiles.current_range(driven, product.input_range))
    return min(low for low, _ in ends), max(high for _, high in ends)


def numbers_of(rows: Tensor) -> Floats:
    """What drives rows, (..., groups, inputs), as (reads, groups, inputs)."""
    x = np.asarray(keras.ops.convert_to_numpy(rows), np.float64)
    return x.reshape(-1, *x.shape[-2:])


def converts_currents(product: CrossbarProduct) -> bool:
    """Whether currents are converted to so many bits."""
    return product.hardware.converters.adc_bits is not None


def moved(limits: Range, before: Range, now: Range) -> Range:
    """Limits that fitted currents between the extremes `before`, for those of `now`."""
    sides = [b / a for a, b in zip(before, now, strict=True) if a and b]
    if not sides:
        return limits
    low, high = (b / a if a and b else max(sides) for a, b in zip(before, now, strict=True))
    return limits[0] * low, limits[1] * high
