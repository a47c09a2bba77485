"""Ranges of converters, from what reaches the arrays when the network runs on them."""

import warnings
from collections.abc import Sequence

import keras
import numpy as np

from crossbar.conversion.check import run
from crossbar.conversion.samples import Batch
from crossbar.layers.maker import Job
from crossbar.layers.model import all_layers
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from crossbar.layers.watching import shown
from crossbar.tiles.ranges import input_range
from device_models.checks import Floats

_PASSES = 8
_SMALL = 1.0 / 16.0  # of the range
_CHUNK = 2**22  # numbers of a batch's rows looked at together


class Calibration:
    """Widens ranges until typical inputs fit, layer by layer through those before.

    Each product sees what the analog layers before it give. A range widens at once, before the
    product goes on, and passes are repeated until none widens: then no sample is clipped.

    Parameters
    ----------
    jobs : sequence of Job
        Programmed products.
    percentile : float, optional
        Share of the currents, on either side, that the current converter's range holds [per cent];
        100 is the full range, None that of the worst inputs.
    """

    def __init__(self, jobs: Sequence[Job], percentile: float | None) -> None:
        self.jobs = {id(job.product): job for job in jobs}
        self.percentile = percentile
        self.extremes: dict[int, tuple[float, float]] = {}
        self.changed = False

    def run(self, model: keras.Model, batches: Sequence[Batch]) -> None:
        """Set the ranges of all products of `model`."""
        converting = any(_converts(job.product) for job in self.jobs.values())
        for _ in range(_PASSES):
            self.changed = False
            with shown(all_layers(model), self.see):
                for batch in batches:
                    run(model, batch)
            if not (self.changed and converting):
                break
        self._ask_about_small_inputs()

    def _ask_about_small_inputs(self) -> None:
        """Warn of layers that leave nearly all of their range unused: it is never below 1."""
        for product, (low, high) in ((self.jobs[key].product, ends)
                                     for key, ends in self.extremes.items()):
            largest, hardware = max(high, -low), product.hardware
            coarse = hardware.converters.dac_bits is not None or hardware.noise is not None
            if coarse and 0 < largest < _SMALL * product.input_range[1]:
                warnings.warn(
                    f"layer {product.layer!r} has inputs up to {largest:g} in a range of "
                    f"{product.input_range[1]:g}, which is 1 at least: most steps of its input "
                    "converter, or its signal over the noise, are lost; scale its inputs up in the "
                    "model", UserWarning, stacklevel=5)

    def see(self, product: CrossbarProduct, rows: Tensor) -> None:
        """Widen the ranges of `product` for what drives its rows."""
        inputs = np.asarray(keras.ops.convert_to_numpy(rows), np.float64)
        if not inputs.size:  # sequences of no steps
            return
        first = id(product) not in self.extremes
        low, high = self.extremes.get(id(product), (np.inf, -np.inf))
        seen = min(low, float(inputs.min())), max(high, float(inputs.max()))
        self.extremes[id(product)] = seen
        wanted = input_range(np.array(seen), product.hardware.converters.level_bits)
        if first or wanted != product.input_range:
            self.changed = self.changed or wanted != product.input_range
            product.calibrated = True
            self._set_inputs(product, wanted)
        if product.hardware.converters.adc_bits is not None:
            self._widen_currents(product, inputs, first)

    def _set_inputs(self, product: CrossbarProduct, wanted: tuple[float, float]) -> None:
        """A new range of inputs; what the row of biases holds depends on it."""
        again = product.bias_row and wanted[1] != product.input_range[1]
        if again and self.jobs[id(product)].chosen is not None:
            return  # states were chosen for biases at the range as it is
        product.input_range = wanted
        if again:
            self.jobs[id(product)].do()

    def _widen_currents(self, product: CrossbarProduct, inputs: Floats, first: bool) -> None:
        if self.percentile is None:
            product.current_range = product.widest_current()
            return
        found = self._currents(product, inputs)
        if first:
            wanted = found
        else:
            low, high = product.current_range
            wanted = min(low, found[0]), max(high, found[1])
        if wanted != product.current_range:
            self.changed = True
            product.current_range = wanted

    def _currents(self, product: CrossbarProduct, inputs: Floats) -> tuple[float, float]:
        """Smallest and largest column current that `inputs` make, per unit input [S]."""
        groups, width = inputs.shape[-2:]
        flat = inputs.reshape(-1, groups, width)
        ends = [0.0, 0.0]
        for group, stacked in enumerate(product.stacked()):
            size = max(1, _CHUNK // (width + stacked.transconductance.shape[-1]))
            for start in range(0, len(flat), size):
                driven = product.input_range[1] * product.driven(
                    flat[start : start + size, group], group)
                if not np.any(driven):
                    continue
                low, high = stacked.current_range(driven, product.input_range,
                                                  self.percentile or 100.0)
                ends = [min(ends[0], low), max(ends[1], high)]
        return (ends[0], ends[1]) if ends[1] > ends[0] else product.widest_current()


def _converts(product: CrossbarProduct) -> bool:
    made = product.hardware.converters
    return made.dac_bits is not None or made.adc_bits is not None or product.bias_row
