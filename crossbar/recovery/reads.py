"""What products give through the network so far, beside what was wanted in the same place."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import keras
import numpy as np
from numpy.typing import NDArray

from crossbar.conversion.check import run
from crossbar.conversion.currents import numbers_of
from crossbar.conversion.samples import Batch
from crossbar.conversion.stand_ins import StandIn, standing_in
from crossbar.layers.model import all_layers
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from crossbar.layers.watching import shown
from crossbar.recovery.parts import Parts
from device_models.checks import Floats

MOST = 2**14
"""Reads of a product that are looked at, chosen evenly among all."""
MOST_SOLVED = 2**11
"""The same, where each read is a solution of the circuits or has noise of its own."""
_TARGETS = 2**22  # numbers kept for one product
See = Callable[[int, Floats], None]
"""Called with the number of a product and what drives its rows: (reads, groups, inputs)."""


class _Enough(BaseException):
    """A network has been run as far as anyone looks: no error, so nobody's to handle."""


@dataclass
class _Chosen:
    """Reads of one product that are looked at, and what its results were to be."""

    calls: list[int] = field(default_factory=list)  # of each batch
    count: int = 0  # of all reads
    reads: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    targets: list[Floats] = field(default_factory=list)

    def choose(self, most: int, rng: np.random.Generator) -> None:
        """At most so many, one at random of each portion of equal length."""
        ends = np.linspace(0, self.count, min(most, self.count) + 1).astype(np.intp)
        self.reads = rng.integers(ends[:-1], ends[1:])

    def among(self, start: int, count: int) -> slice:
        """Which of the chosen ones are among `count` from the number `start`."""
        first, last = np.searchsorted(self.reads, [start, start + count])
        return slice(int(first), int(last))


class Network:
    """A model whose products are looked at, one after another.

    Parameters
    ----------
    model : keras.Model
        Analog; it stays as it is.
    products : sequence of CrossbarProduct
        Of it.
    given : sequence of batches
        Of its inputs.
    """

    def __init__(self, model: keras.Model, products: Sequence[CrossbarProduct],
                 given: Sequence[Batch]) -> None:
        self.model, self.products, self.given = model, products, given
        self._stepping = [layer for layer in all_layers(model) if hasattr(layer, "stepwise")]
        self._chosen = [_Chosen([0] * len(given)) for _ in products]
        self._look_at_targets([StandIn.exactly(product) for product in products])

    def count(self, number: int) -> int:
        """How many reads of the product `number` there are."""
        return self._chosen[number].count

    def pairs(self, number: int, stand_ins: Sequence[StandIn], parts: Parts,
              see: See = lambda number, rows: None) -> None:
        """Count what the product `number` gives, with all of `stand_ins` in place, and what it was
        to give, into the scatter of `parts`; `see` all that drives its rows.

        The network is run as far as it takes.
        """
        chosen, at = self._chosen[number], 0
        targets = np.concatenate(chosen.targets)
        for batch, calls in zip(self.given, list(chosen.calls), strict=True):
            left = calls

            def look(_: int, rows: Floats) -> None:
                nonlocal at, left
                see(number, rows)
                some = chosen.among(at, len(rows))
                parts.add(rows[chosen.reads[some] - at], targets[some])
                at, left = at + len(rows), left - 1
                if not left:
                    raise _Enough

            if calls:
                with self.seen(stand_ins, [number], look), suppress(_Enough):
                    run(self.model, batch)

    def see_all(self, stand_ins: Sequence[StandIn], numbers: Sequence[int], see: See) -> None:
        """Run everything with `stand_ins` in place and see what drives rows of those `numbers`."""
        with self.seen(stand_ins, numbers, see):
            for batch in self.given:
                run(self.model, batch)

    @contextmanager
    def seen(self, stand_ins: Sequence[StandIn], numbers: Sequence[int], see: See
             ) -> Iterator[None]:
        """While it lasts the model computes with these, and what drives rows of those `numbers` is
        seen."""
        at = {id(stand_ins[number]): number for number in numbers}

        def show(product: keras.Layer, rows: Tensor) -> None:
            see(at[id(product)], numbers_of(rows))

        with standing_in(self.model, self.products, stand_ins), shown(
                [*self._stepping, *(stand_ins[number] for number in numbers)], show):
            yield

    def _look_at_targets(self, exact: Sequence[StandIn]) -> None:
        """Count reads, choose among them, and keep what exact weights give for those."""
        every = range(len(self.products))
        for batch, inputs in enumerate(self.given):
            def count(number: int, rows: Floats, batch: int = batch) -> None:
                self._chosen[number].calls[batch] += 1
                self._chosen[number].count += len(rows)

            with self.seen(exact, every, count):
                run(self.model, inputs)
        for number, (chosen, product) in enumerate(zip(self._chosen, self.products, strict=True)):
            groups, _, outputs = product.shape
            most = MOST_SOLVED if product.hardware.by_circuit else MOST
            chosen.choose(max(1, min(most, _TARGETS // (groups * outputs))),
                          np.random.default_rng([product.number, number]))
        starts = [0] * len(self.products)

        def keep(number: int, rows: Floats) -> None:
            chosen, start = self._chosen[number], starts[number]
            some = chosen.reads[chosen.among(start, len(rows))] - start
            chosen.targets.append(_results(exact[number], rows[some]))
            starts[number] += len(rows)

        self.see_all(exact, every, keep)


def _results(product: StandIn, rows: Floats) -> Floats:
    """Of `rows` (reads, groups, inputs), less biases that no column gives: (reads, groups,
    outputs)."""
    y = np.asarray(keras.ops.convert_to_numpy(product(rows.astype(product.compute_dtype))))
    bias = keras.ops.convert_to_numpy(product.bias) if product.use_bias and not product.bias_row \
        else 0.0
    return np.asarray(y - bias)
