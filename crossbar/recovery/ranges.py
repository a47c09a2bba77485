"""Ranges of converters that hold what gains make larger."""

from collections.abc import Sequence

import numpy as np

from crossbar.conversion.currents import (
    converts_currents,
    extremes_of_currents,
    moved,
)
from crossbar.conversion.stand_ins import StandIn
from crossbar.layers.product import CrossbarProduct
from crossbar.recovery.reads import Network
from crossbar.tiles.ranges import Range, input_range
from device_models.checks import Floats


class Ranges:
    """Widens the ranges of calibrated products, as inputs grow through gains of those before.

    The range of inputs holds them all, unless devices hold biases, which depend on it; that of
    currents grows as the largest currents do.

    Parameters
    ----------
    network : Network
        In which they are.
    stand_ins : sequence of StandIn
        Its products, not corrected yet.
    """

    def __init__(self, network: Network, stand_ins: Sequence[StandIn]) -> None:
        self.stand_ins = stand_ins
        self._inputs: dict[int, Range] = {}
        self._currents: dict[int, Range] = {}
        numbers = [number for number, each in enumerate(stand_ins)
                   if each.calibrated and converts_currents(each)]
        if numbers:
            network.see_all(stand_ins, numbers, self.see)
        self._before, self._mapped = dict(self._currents), {
            number: each.current_range for number, each in enumerate(stand_ins)}

    def forget(self, number: int) -> None:
        """See what drives the product `number` anew."""
        self._inputs.pop(number, None)
        self._currents.pop(number, None)

    def see(self, number: int, rows: Floats) -> None:
        """Look at what drives `rows` (reads, groups, inputs) of the product `number`."""
        product = self.stand_ins[number]
        if not product.calibrated or not rows.size:
            return
        low, high = self._inputs.get(number, (0.0, 0.0))
        self._inputs[number] = min(low, float(rows.min())), max(high, float(rows.max()))
        if converts_currents(product):
            low, high = self._currents.get(number, (0.0, 0.0))
            least, most = extremes_of_currents(product, product.stacked(), rows)
            self._currents[number] = min(low, least), max(high, most)

    def widen(self, number: int) -> bool:
        """Whether the ranges of the product `number` were too narrow for what was seen of it, and
        are wider now."""
        product = self.stand_ins[number]
        if number not in self._inputs:
            return False
        wanted = product.input_range
        if not product.bias_row:
            wanted = _both(wanted, input_range(
                np.array(self._inputs[number]), product.hardware.converters.level_bits))
        currents = product.current_range
        if number in self._before:
            currents = _both(currents, moved(self._mapped[number], self._before[number],
                                             self._currents[number]))
        if (wanted, currents) == (product.input_range, product.current_range):
            return False
        product.ranges_before = product.ranges_before or (
            product.input_range, product.current_range)
        product.input_range, product.current_range = wanted, currents
        return True


def as_mapped(product: CrossbarProduct) -> None:
    """Ranges as they were before any correction."""
    if product.ranges_before is not None:
        product.input_range, product.current_range = product.ranges_before
        product.ranges_before = None


def take_ranges(product: CrossbarProduct, other: CrossbarProduct) -> None:
    """Those of `product` for `other`, which is like it."""
    other.input_range, other.current_range = product.input_range, product.current_range
    other.ranges_before = product.ranges_before


def _both(a: Range, b: Range) -> Range:
    """What holds either."""
    return min(a[0], b[0]), max(a[1], b[1])
