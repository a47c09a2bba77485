"""One model with other devices, converters and circuits, tried on the same samples."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import keras
import numpy as np

from crossbar.conversion.check import run
from crossbar.conversion.currents import (
    converts_currents,
    extremes_of_currents,
    moved,
    numbers_of,
)
from crossbar.conversion.samples import Batch, count
from crossbar.conversion.stand_ins import StandIn, standing_in
from crossbar.diagnosis.switches import SWITCHES, only
from crossbar.layers.model import all_layers
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from crossbar.layers.watching import shown
from crossbar.recovery.calibrating import refit
from crossbar.recovery.gains import RIDGE
from crossbar.recovery.reads import Network
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.ranges import Range

LOOKED_AT = 512
"""Samples that ranges and errors are found on, as of a calibration."""
_PASSES = 4  # until no range widens: one more than it mostly takes
See = Callable[[int, Tensor], None]
"""Called with the number of a product and what drives its rows."""


class Trials:
    """Sets of stand-ins for the products of a model.

    Parameters
    ----------
    model : keras.Model
        Analog; it stays as it is.
    products : sequence of CrossbarProduct
        Of it.
    given : sequence of batches
        Of its inputs.

    Attributes
    ----------
    progress : callable
        Called with 1 after each tile that is solved and each batch that is run for all samples.
    on : list of str
        Imperfections that any of the products has.
    first : list of batches
        Of the first `LOOKED_AT` samples.
    """

    def __init__(self, model: keras.Model, products: Sequence[CrossbarProduct],
                 given: Sequence[Batch]) -> None:
        self.model, self.products, self.given = model, products, given
        self.progress: Progress = unseen
        self.on = [switch.name for switch in SWITCHES
                   if any(switch.is_on(product.hardware) for product in products)]
        self.first = _first(given, LOOKED_AT)

    @cached_property
    def exact(self) -> list[StandIn]:
        """With the weights that were wanted."""
        return [StandIn.exactly(product) for product in self.products]

    @cached_property
    def everything(self) -> list[StandIn]:
        """As the products are."""
        return [StandIn.copied(product) for product in self.products]

    def with_only(self, names: Collection[str]) -> list[StandIn]:
        """All products written again, into hardware with these imperfections and no others.

        Inputs have the ranges that they have in the model. Those of converted currents are wider or
        narrower than there, as much as the largest currents are that the same samples make.
        Where the model is calibrated, these are too, anew.
        """
        made = [StandIn.programmed(product, only(product.hardware, names), self.progress)
                for product in self.products]
        converting = any(map(converts_currents, made))
        if converting:
            self._fit_currents(made)
        if any(product.corrected for product in self.products):
            refit(self._network, made, RIDGE)
            if converting:  # gains make the inputs of what follows larger
                self._fit_currents(made)
                refit(self._network, made, RIDGE)
        return made

    def outputs(self, stand_ins: Sequence[StandIn], samples: int) -> Any:
        """Of the model with these in place, for all samples: an array, or a list of them."""
        found = []
        with standing_in(self.model, self.products, stand_ins):
            for batch in self.given:
                found.append(run(self.model, batch))
                self.progress(1)
        arrays = [np.concatenate(parts)[:samples] for parts in zip(*found, strict=True)]
        return arrays if len(arrays) > 1 else arrays[0]

    @contextmanager
    def seen(self, stand_ins: Sequence[StandIn], see: See) -> Iterator[None]:
        """While it lasts, the model computes with these, and `see` is called for each product."""
        numbers = {id(each): number for number, each in enumerate(stand_ins)}
        with standing_in(self.model, self.products, stand_ins), shown(
                [*all_layers(self.model), *stand_ins],
                lambda product, rows: see(numbers[id(product)], rows)):
            yield

    def _fit_currents(self, made: Sequence[StandIn]) -> None:
        """Ranges of current converters, layer by layer through those before: as calibration finds
        them, they widen at once, and again until none does."""
        found: dict[int, Range] = {}
        as_they_are = self._extremes

        def widened(number: int) -> None:
            made[number].current_range = moved(
                self.products[number].current_range, as_they_are[number], found[number])

        for _ in range(_PASSES):
            before = dict(found)
            self._see_currents(made, found, widened)
            if found == before:
                return

    @cached_property
    def _network(self) -> Network:
        """What products were to give for the first samples."""
        return Network(self.model, self.products, self.first)

    @cached_property
    def _extremes(self) -> dict[int, Range]:
        """Of the currents that are converted, as the products are."""
        found: dict[int, Range] = {}
        self._see_currents(self.everything, found, lambda number: None)
        return found

    def _see_currents(self, stand_ins: Sequence[StandIn], found: dict[int, Range],
                      then: Callable[[int], None]) -> None:
        """Widen what was `found` of the currents to be converted, per unit input [S]."""
        stacked = {n: each.stacked() for n, each in enumerate(stand_ins) if converts_currents(each)}

        def see(number: int, rows: Tensor) -> None:
            if number in stacked:
                low, high = found.get(number, (0.0, 0.0))
                least, most = extremes_of_currents(stand_ins[number], stacked[number],
                                                   numbers_of(rows))
                found[number] = min(low, least), max(high, most)
                then(number)

        with self.seen(stand_ins, see):
            for batch in self.first:
                run(self.model, batch)


def _first(given: Sequence[Batch], samples: int) -> list[Batch]:
    """The first batches, of so many samples or as few more as a batch has."""
    found: list[Batch] = []
    for batch in given:
        if sum(map(count, found)) >= samples:
            break
        found.append(batch)
    return found
