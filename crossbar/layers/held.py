"""The tiles of a product, as its variables hold them."""

from typing import Any

import numpy as np
from keras import ops

from crossbar.hardware import Hardware
from crossbar.layers.periphery import decoded
from crossbar.layers.reads import CircuitReads, wanted_of
from crossbar.layers.states import GivenStates, order_of
from crossbar.layers.untyped import Tensor
from crossbar.tiles.matrix import TiledMatrix, Wanted
from crossbar.tiles.order import Order
from crossbar.tiles.ranges import Range
from crossbar.tiles.reading import MatrixReader
from crossbar.tiles.scaling import of_matrix
from crossbar.tiles.stacked import StackedTiles
from device_models.checks import Floats


class HeldTiles:
    """Of a layer with the variables of `crossbar.layers.product.CrossbarProduct`.

    Attributes
    ----------
    shape : (int, int, int)
        Matrices side by side, their inputs, their outputs.
    hardware, use_bias, scale, input_range, layer, given, ordered
        As arguments of the product.
    reads : CircuitReads
        What reads its circuits.
    wanted, devices, transconductance, decoder : variables
        Of the product.
    """

    shape: tuple[int, int, int]
    hardware: Hardware
    use_bias: bool
    scale: float | Floats
    input_range: Range
    given: bool
    ordered: bool
    exact: bool
    layer: str
    reads: CircuitReads
    wanted: Tensor
    devices: Tensor
    transconductance: Tensor
    decoder: Tensor
    _matrices: tuple[TiledMatrix, ...] | None
    _states: GivenStates | None
    _tracker: Any  # of Keras
    _variable: Any

    @property
    def bias_row(self) -> bool:
        """Whether the last row of the tiles holds the biases, driven by full read voltage."""
        return self.use_bias and self.hardware.analog_bias

    @property
    def _apart(self) -> bool:
        """Whether currents are known tile by tile, and not only what they add up to."""
        made = self.hardware.converters
        return made.adc_bits is not None or made.dac_errs or self.hardware.by_circuit

    @property
    def rows(self) -> int:
        """Rows of devices of each matrix, that of biases included."""
        return self.shape[1] + self.bias_row

    @property
    def row_tiles(self) -> int:
        """Rows of tiles of each matrix."""
        return -(-self.rows // self.hardware.array.rows)

    @property
    def matrices(self) -> tuple[TiledMatrix, ...]:
        """The programmed tiles of each matrix."""
        held = decoded(self.devices)
        # weights may have been set since: Keras looks at every property before it loads them
        if self._matrices is None or not all(
                np.array_equal(each, matrix.conductance)
                for each, matrix in zip(held, self._matrices, strict=True)):
            order = self.order
            self._matrices = tuple(
                TiledMatrix.restore(each, (self.rows, self.shape[2]), of_matrix(self.scale, group),
                                    self.hardware, order and order.of_matrix(group))
                for group, each in enumerate(held))
        return self._matrices

    @property
    def readers(self) -> tuple[MatrixReader, ...]:
        """What reads the circuits of each matrix; none where that is no more than a product."""
        if not self.hardware.by_circuit:  # Keras looks at it whenever it saves
            return ()
        return self.reads.readers(*self._held)

    def rewritten(self) -> tuple[TiledMatrix, ...]:
        """The programmed tiles with all that is known of their devices, see `CircuitReads`."""
        return self.reads.rewritten(*self._held)

    @property
    def written(self) -> Wanted:
        """What its devices were to be, whatever the chip."""
        return wanted_of(self.hardware, *self._held[1:])

    @property
    def _held(self) -> tuple[Tensor, ...]:
        """Variables: its devices, and what they were written as."""
        return (self.devices, *([self.wanted] if self._states is None else self._states.variables))

    def stacked(self) -> tuple[StackedTiles, ...]:
        """The tiles of each matrix for converters behind each of them, in the type that computes.
        """
        return tuple(map(StackedTiles, ops.convert_to_numpy(self.transconductance), self.decoders))

    @property
    def decoders(self) -> Floats:
        """From what is converted to the results of each matrix, times volts: (groups, converters,
        outputs); without current converters, from what a row of tiles gives."""
        groups, _, outputs = self.shape
        one = ops.convert_to_numpy(self.decoder) if self._apart else np.eye(outputs)
        return np.broadcast_to(one, (groups, *one.shape[-2:]))

    def widest_current(self) -> Range:
        """Column currents, per unit input [S], that the worst inputs within their range make."""
        ends = [each.current_range(None, self.input_range) for each in self.stacked()]
        return min(low for low, _ in ends), max(high for _, high in ends)

    @property
    def order(self) -> Order | None:
        """Which row and output stands where in tiles; None for the matrices' own order."""
        return None if self._states is None else order_of(*self._states.order)

    def placed(self, x: Tensor) -> Tensor:
        """Rows (..., groups, rows), biases included, in the places where they stand in tiles."""
        return x if self._states is None or self.exact else self._states.placed(x)

    @property
    def places(self) -> Tensor | None:
        """Where each input stands, (groups, inputs); None for the matrices' own order."""
        if self._states is None or not self.ordered:
            return None
        return ops.argsort(self._states.order[0][:, : self.shape[1]], axis=-1)

    def _give_room(self) -> None:
        """Variables for states that are given."""
        self._states = GivenStates(self._variable, (self.shape[0], self.rows, self.shape[2]),
                                   self.ordered)

    def hold_states(self, wanted: Wanted) -> None:
        """Hold these if they were given; there is room for them even if none was planned when the
        product was built."""
        if self.bias_row and wanted.order is not None and np.any(
                wanted.order.rows[:, -1] != self.rows - 1):
            raise ValueError(f"layer {self.layer!r} has biases in its last row, and the order has "
                             "another row in its place; expected rows[:, -1] to stay")
        self._tracker.unlock()
        if wanted.given and not self.given:
            if self._apart and self.shape[0] > 1:
                raise ValueError(f"layer {self.layer!r} was made for states that follow from "
                                 "weights; expected a product that is made with given=True")
            self.given = True
            self._give_room()
        if wanted.order is not None and self._states is not None and not self.ordered:
            self.ordered = True
            self._states.make_order()
        self._tracker.lock()
        if self._states is not None:
            self._states.take(wanted)
