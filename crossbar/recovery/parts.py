"""What of a product's results comes from where, as far as gains tell it apart."""

import numpy as np
from keras import ops
from numpy.typing import NDArray

from crossbar.conversion.stand_ins import StandIn
from crossbar.recovery.fitting import Fitted, Scatter
from device_models.checks import Floats

_CHUNK = 2**21  # numbers looked at together


class Parts:
    """Moments of what one product gives, with what it was to give.

    Parameters
    ----------
    product : StandIn
        Made to be corrected, and not corrected yet.
    """

    def __init__(self, product: StandIn) -> None:
        self.product = product
        groups, _, outputs = product.shape
        self.decoders = np.asarray(product.decoders, np.float64)
        self.own = _own(self.decoders) if product.per_tile else np.zeros((outputs, 0), np.intp)
        self.count = product.row_tiles * self.own.shape[1]  # of each output
        self.scatter = Scatter(groups * outputs, self.count + 2)

    def add(self, rows: Floats, targets: Floats) -> None:
        """Count in reads of `rows` (reads, groups, inputs), which were to give `targets` (reads,
        groups, outputs)."""
        groups, _, outputs = self.product.shape
        one = groups * (outputs * (self.count + 2)
                        + self.product.row_tiles * self.decoders.shape[1])
        portion = max(1, _CHUNK // one)
        for start in range(0, len(rows), portion):
            some = slice(start, start + portion)
            self.scatter.add(self._values(rows[some], targets[some]))

    def take(self, fitted: Fitted) -> None:
        """Correct the product by what was found."""
        correction, (groups, _, outputs) = self.product.correction, self.product.shape
        if correction is None:
            raise ValueError(f"product {self.product.name!r} was not made to be corrected; make it "
                             "with corrected=True")
        gain, offset = (each.reshape(groups, outputs) for each in (fitted.gain, fitted.offset))
        if correction.trim is None:
            correction.take(gain, offset)
            return
        trim = np.ones((groups, self.decoders.shape[1] + 1, self.product.row_tiles))
        found = fitted.trim.reshape(groups, outputs, self.product.row_tiles, -1)
        for turn, converter in enumerate(self.own.T):
            trim[:, converter] = found[..., turn]
        correction.take(gain, offset, trim[:, :-1].swapaxes(1, 2))

    def _values(self, rows: Floats, targets: Floats) -> Floats:
        """(reads, groups * outputs, quantities): parts, the rest, the target."""
        product = self.product
        made = np.asarray(ops.convert_to_numpy(product.parts(rows)), np.float64)
        whole = np.einsum("rgtc,gco->rgo", made, self.decoders, optimize=True)
        reads, groups, outputs = whole.shape
        values = np.empty((reads, groups, outputs, self.count + 2))
        if self.count:
            # one column more, for outputs that have fewer converters than others
            weights = np.pad(self.decoders, [(0, 0), (0, 1), (0, 0)])[
                :, self.own, np.arange(outputs)[:, None]]
            apart = np.pad(made, [(0, 0)] * 3 + [(0, 1)])[..., self.own] * weights[:, None]
            values[..., :-2] = apart.swapaxes(2, 3).reshape(reads, groups, outputs, -1)
        values[..., -2] = whole - values[..., :-2].sum(axis=-1)
        values[..., -1] = targets
        return values.reshape(reads, groups * outputs, -1)


def _own(decoders: Floats) -> NDArray[np.intp]:
    """Converters that serve one output alone, for each output (outputs, most of them); those it
    lacks have the number behind the last."""
    serves = (decoders != 0).any(axis=0)
    alone = serves.sum(axis=1) == 1
    each = [np.flatnonzero(alone & serves[:, output]) for output in range(serves.shape[1])]
    found = np.full((len(each), max(map(len, each))), len(serves), np.intp)
    for output, own in enumerate(each):
        found[output, : len(own)] = own
    return found
