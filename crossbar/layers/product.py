"""One product with a matrix in crossbar tiles, as a layer of Keras."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

import keras
import numpy as np
from keras import ops

from crossbar.hardware import Hardware
from crossbar.imperfections import Chance
from crossbar.layers.correction import Correction
from crossbar.layers.held import HeldTiles
from crossbar.layers.periphery import Periphery, coded
from crossbar.layers.products import products
from crossbar.layers.reads import CircuitReads, nothing_in
from crossbar.layers.solved import Solved
from crossbar.layers.states import GivenStates
from crossbar.layers.untyped import Setting, Shape, Tensor
from crossbar.layers.watching import discarded, may_keep
from crossbar.stored import Plain, from_plain, to_plain
from crossbar.tiles.grid import columns_of, converters_of, shared_converters
from crossbar.tiles.layer import device_rows, row_inputs
from crossbar.tiles.matrix import TiledMatrix, Wanted
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.ranges import UNKNOWN, Range, checked_range
from crossbar.tiles.realised import Realised, realise
from crossbar.tiles.scaling import checked_scale
from device_models.checks import Floats, whole


@keras.saving.register_keras_serializable("crossbar")
class CrossbarProduct(HeldTiles, keras.layers.Layer):
    """x @ W + b by crossbar tiles: converters, circuits, sums of tiles.

    With ideal currents the product is one with the weights that the circuit realises; with current
    converters, or input converters that err, the tiles' column currents are computed, converted and
    summed one row of tiles at a time; with nonlinear devices or noise of reads those of the solved
    circuits (`crossbar.tiles.reading`). It computes in float32, or float64 where the network does,
    whatever else the network computes in. Its variables hold all of it, devices included, so that
    it is what it was when it is loaded from a file.

    Parameters
    ----------
    shape : (int, int, int)
        Matrices side by side, their inputs, their outputs.
    hardware : Hardware
        What it is programmed into; or that as plain data, see `crossbar.stored`.
    use_bias : bool
        Whether there are biases, (groups, outputs).
    input_range : (float, float)
        Inputs at minus and plus full read voltage; converters clip to it.
    calibrated : bool
        Whether that range is of typical inputs, and not assumed.
    current_range : (float, float)
        Column currents at the ends of the converter's range, per unit input [S].
    scale : float or sequence of float
        Weight per siemens, as read [1/S]: one, one for each output, or (groups, outputs).
    corrected : bool
        Whether digital gains and offsets follow, see `crossbar.layers.correction`.
    per_tile : bool
        Whether also what each row of tiles gives is multiplied by gains of its own.
    ranges_before : ((float, float), (float, float)), optional
        Of inputs and currents, where a correction has widened them.
    number : int
        The product's place in the order of the network.
    layer : str
        Name of the layer that it is a product of.
    place : str
        Name by which the chip knows its devices, see `crossbar.imperfections.Chance`.
    given : bool
        Whether it holds states that were chosen elsewhere, and not those next to its weights.
    ordered : bool
        Whether these stand in an order of their own, see `crossbar.tiles.order`.
    """

    TRAINS: ClassVar[bool] = False
    """Whether weights and biases are trainable."""

    def __init__(
        self,
        shape: Shape,
        hardware: Hardware | Plain,
        *,
        use_bias: bool = False,
        input_range: Range = UNKNOWN,
        calibrated: bool = False,
        current_range: Range = (0.0, 1.0),
        scale: float | Sequence[float] = 1.0,
        number: int = 0,
        layer: str = "",
        place: str = "",
        given: bool = False,
        ordered: bool = False,
        corrected: bool = False,
        per_tile: bool = False,
        ranges_before: Sequence[Range] | None = None,
        **settings: Setting,
    ) -> None:
        super().__init__(**{"trainable": False, **settings})
        made = hardware if isinstance(hardware, Hardware) else from_plain(hardware)
        if not isinstance(made, Hardware):
            raise TypeError(f"hardware is {made!r}; expected crossbar.Hardware(...)")
        groups, inputs, outputs = (whole("shape of a product", side, 1) for side in shape)
        self.shape = (groups, inputs, outputs)
        self.hardware = made
        self.use_bias = bool(use_bias)
        self.input_range = checked_range("input_range", input_range)
        self.current_range = checked_range("current_range", current_range)
        self.calibrated = bool(calibrated)
        self.scale = checked_scale(scale, groups, outputs)
        self.number = whole("number", number, 0)
        self.layer, self.place = str(layer), str(place)
        self.given, self.ordered = bool(given), bool(given and ordered)
        self._states: GivenStates | None = None
        self.corrected, self.per_tile = bool(corrected), bool(corrected and per_tile)
        self.ranges_before = None if ranges_before is None else tuple(
            checked_range("ranges_before", limits) for limits in ranges_before)
        self.correction: Correction | None = None
        self.noise_seed: keras.random.SeedGenerator | None = None
        self.exact = False  # whether `kernel` holds the wanted weights and converters are ideal
        self.show: Callable[[keras.Layer, Tensor], None] | None = None
        self.warned = False
        self._matrices: tuple[TiledMatrix, ...] | None = None
        self._surround()
        self.supports_jit = not made.by_circuit

    @property
    def by_tiles(self) -> bool:
        """Whether currents of tiles are computed apart, and not one product with all weights."""
        return self._apart and not self.exact

    def build(self, _: object = None) -> None:
        """Make the variables; their shapes follow from the settings."""
        groups, _, outputs = self.shape
        columns = columns_of(outputs, self.hardware)
        self.kernel = self._variable("kernel", self.shape)
        if self.use_bias:
            self.bias = self._variable("bias", (groups, outputs),
                                       trains=self.TRAINS and not self.bias_row)
        # float64 bit by bit, which every backend can hold
        self.devices = self._variable("devices", (groups, self.rows, columns, 2), "uint32")
        self.wanted = self._variable("wanted", (groups, self.rows, outputs, 2), "uint32")
        if self._apart:
            self.transconductance = self._variable("transconductance", self._stacked_shape)
            # without scales that differ between matrices, which are in the configuration
            one = (self._stacked_shape[-1], outputs)  # those given differ from matrix to matrix
            self.decoder = self._variable(
                "decoder", (groups, *one) if self.given and groups > 1 else one)
        # lowest and highest input, whether outputs were not finite, whether devices are written
        self.seen = self._variable("seen", (4,))
        if self.corrected:
            trims = (self.row_tiles, self._stacked_shape[-1] or outputs) if self.per_tile else None
            self.correction = Correction(self._variable, groups, outputs, trims)
        if self.given:
            self._give_room()

    def hold(self, weights: Floats, bias: Floats | None) -> None:
        """Compute with exactly these (groups, inputs, outputs) and (groups, outputs)."""
        self.exact = True
        self._assign(self.kernel, weights)
        if bias is not None:
            self._assign(self.bias, bias)

    def program(self, weights: Floats, bias: Floats | None, progress: Progress = unseen,
                wanted: Wanted | None = None) -> None:
        """Write these weights and biases into tiles, solve them, compute through them.

        Tiles are made, solved and let go a few hundred at a time. What is `wanted` of devices are
        the levels next to the weights, unless it is given, as it was chosen elsewhere: a row of
        biases in it is for the input range as it is.
        """
        rows = device_rows(weights, bias, self.hardware, self.input_range[1])
        if wanted is None:
            wanted = Wanted.of(rows, self.hardware)
        else:
            wanted.check((self.shape[0], self.rows, self.shape[2]), self.hardware)
            wanted = replace(wanted, given=True)
        self._put(rows, bias, wanted, progress)

    def _put(self, rows: Floats, bias: Floats | None, wanted: Wanted, progress: Progress) -> None:
        """Write what was `wanted` for `rows` of weights."""
        self.take(realise(wanted, self.hardware, self.place, self._apart, progress), rows, bias)

    def realised(self, wanted: Wanted) -> Realised:
        """Where the solved tiles of this product come together."""
        return Realised(wanted, self.hardware, self._apart)

    def take(self, realised: Realised, rows: Floats, bias: Floats | None) -> None:
        """Compute through solved tiles, which were to hold `rows` (groups, rows, outputs)."""
        wanted = realised.wanted
        if self.correction is not None:  # which has offsets of its own
            wanted = replace(wanted, offset=None)
        self.hold_states(wanted)
        self.scale = checked_scale(realised.scale, self.shape[0], self.shape[2])
        self._matrices, self.exact = None, False
        if self.correction is not None:
            self.correction.clear()
        weights = realised.weights
        self.wanted.assign(coded(rows))
        self._assign(self.kernel, weights[:, : self.shape[1]])
        if self.bias_row:
            self._assign(self.bias, self.input_range[1] * weights[:, -1])
        elif bias is not None:
            self._assign(self.bias, bias if wanted.offset is None else bias + wanted.offset)
        self.devices.assign(coded(realised.devices))
        self.seen.assign(np.array([0.0, 0.0, 0.0, 1.0], self.seen.dtype))
        if self._apart:
            self._assign(self.transconductance, realised.transconductance)
            self._assign(self.decoder, np.broadcast_to(realised.decoder, self.decoder.shape))
            self.current_range = self.widest_current()
        self.reads.fresh()

    def become(self, seed: int) -> None:
        """Be on another chip from now on; what is programmed is so only after the next `take`."""
        self.hardware = replace(self.hardware, seed=seed)
        self._surround()
        self.input_range, self.calibrated, self.ranges_before = UNKNOWN, False, None

    def converted(self, x: Tensor) -> Tensor:
        """Inputs of any shape after their converter."""
        return x if self.exact else self.periphery.inputs(x, self.input_range)

    def driven(self, inputs: Floats, group: int) -> Floats:
        """What drives the rows of the matrix `group` for `inputs` (samples, inputs), behind the
        input converters of this chip: (reads, rows) [1], fractions of read voltage, in the places
        where they stand."""
        x = row_inputs(inputs, self.hardware.converters, self.input_range, self.bias_row,
                       self.periphery.levels(group))
        return x if self.order is None else x[:, self.order.rows[group]]

    def solved(self, training: bool | None = None) -> Solved:
        """What the circuits are at present; those in training may be something else."""
        if self.by_tiles:
            return Solved(None, None, self.transconductance, self.decoder)
        return Solved(self.weights_in_use, self.added, None, None)

    @property
    def weights_in_use(self) -> Tensor:
        """`kernel` behind its digital gains, if it has any: (groups, inputs, outputs)."""
        if self.correction is None or self.exact:
            return self.kernel
        return self.correction.of_kernel(self.kernel, self.hardware.array.rows, self.places)

    @property
    def added(self) -> Tensor | None:
        """What is added to products with `weights_in_use`, (groups, outputs): biases, offsets."""
        bias = self.bias if self.use_bias else None
        if self.correction is None or self.exact:
            return bias
        return self.correction.of_bias(bias, self.bias_row)

    def parts(self, x: Tensor) -> Tensor:
        """What each row of tiles gives for rows `x` (..., groups, inputs), before any correction:
        (..., groups, rows of tiles, converters); without converters, (..., outputs)."""
        x = ops.cast(x, self.compute_dtype)
        if self.by_tiles:
            found = [count * ops.stack(list(self._numbers(
                part, self.solved(), self.hardware.by_circuit)), -2)
                     for count, part in self.periphery.reads(x, self.input_range)]
            return sum(found[1:], found[0])
        x, height = self.placed(self.converted(x)), self.hardware.array.rows
        kernel = ops.moveaxis(self.placed(ops.moveaxis(self.kernel, 2, 0)), 0, 2)
        made: list[Tensor] = []
        for start in range(0, self.rows, height):
            part = x[..., start : start + height]
            made.append(products(part, kernel[:, start : start + part.shape[-1]])
                        if part.shape[-1] else ops.zeros_like(made[0]))
        if self.bias_row:
            made[-1] = made[-1] + self.bias
        return ops.stack(made, axis=-2)

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """Rows (..., groups, inputs) through converters, tiles and biases: (..., groups, outputs).
        """
        held = self.solved(training)
        if not self.by_tiles:
            made = products(self.converted(x), held.kernel)
            return made if held.bias is None else made + held.bias
        y, by_circuit = 0.0, self._reads_circuits(training)
        for count, part in self.periphery.reads(x, self.input_range):
            y = y + count * self._by_tiles(part, held, by_circuit)
        if self.correction is not None:
            y = self.correction.of_results(y)
        return y + self.bias if self.use_bias and not self.bias_row else y

    def observe(self, inputs: Tensor, outputs: Tensor) -> None:
        """Keep the extremes of inputs, and whether an output is no finite number."""
        if self.exact or self.show is not None or not may_keep(outputs):
            return
        x = ops.cast(inputs, self.seen.dtype)
        bad = ops.logical_not(ops.all(ops.isfinite(outputs)))
        self.seen.assign(ops.stack([
            ops.minimum(self.seen[0], ops.min(x, initial=0.0)),
            ops.maximum(self.seen[1], ops.max(x, initial=0.0)),
            ops.maximum(self.seen[2], ops.cast(bad, self.seen.dtype)), self.seen[3]]))

    def take_seen(self) -> tuple[float, float, bool]:
        """Lowest and highest input and whether outputs were not finite since last time.

        Raises ValueError if nothing is programmed: a model made of a configuration alone.
        """
        low, high, bad, written = (float(x) for x in ops.convert_to_numpy(self.seen))
        if not (written or self.exact):
            raise ValueError(nothing_in(self.layer))
        self.seen.assign(np.array([0.0, 0.0, 0.0, written], self.seen.dtype))
        return low, high, bool(bad)

    def get_config(self) -> dict[str, Setting]:
        """What is needed to build the product again; its variables hold the solved circuit."""
        names = ("shape", "use_bias", "input_range", "calibrated", "current_range", "number",
                 "layer", "place", "corrected", "per_tile", "ranges_before")
        scale = self.scale if isinstance(self.scale, float) else self.scale.tolist()
        return {**super().get_config(), "hardware": to_plain(self.hardware), "scale": scale,
                **{name: getattr(self, name) for name in names},
                **{name: True for name in ("given", "ordered") if getattr(self, name)}}

    @property
    def _stacked_shape(self) -> tuple[int, int, int, int]:
        """Of all transconductances: groups, rows of tiles, rows of one, converters; else none."""
        height = self.hardware.array.rows
        if not self._apart:
            return 0, 0, 0, 0
        return (self.shape[0], self.row_tiles, min(height, self.rows),
                converters_of(self.shape[2], self.hardware))

    def _surround(self) -> None:
        """What stands around the devices of this chip, and reads them."""
        (groups, inputs, _), currents = self.shape, self._stacked_shape[1::2]
        chance = Chance.of_layer(self.hardware.seed, self.place)
        self.periphery = Periphery(self.hardware.converters, chance, groups, inputs, currents[0],
                                   shared_converters(self.shape[2], self.hardware))
        self.reads = CircuitReads(self.hardware, self.layer, self.place, currents)

    def _variable(self, name: str, shape: Shape, dtype: str | None = None,
                  initializer: str = "zeros", *, trains: bool = False) -> Tensor:
        return self.add_weight(name=name, shape=shape, initializer=initializer, trainable=trains,
                               dtype=dtype, autocast=False)

    @staticmethod
    def _assign(variable: Tensor, value: Floats) -> None:
        variable.assign(value.astype(variable.dtype))

    def _reads_circuits(self, training: bool | None) -> bool:
        """Whether currents are read off the circuits now; ranges need no noise."""
        return self.hardware.by_circuit and self.show is None and not discarded(self)

    def _by_tiles(self, x: Tensor, held: Solved, by_circuit: bool) -> Tensor:
        """Sum over rows of tiles of the converted column currents, decoded."""
        total: Tensor = 0.0
        for row, numbers in enumerate(self._numbers(x, held, by_circuit)):
            total = total + (numbers if self.correction is None else
                             self.correction.of_numbers(numbers, row))
        return products(total, held.decoder) if len(held.decoder.shape) == 3 else ops.matmul(
            total, held.decoder)

    def _numbers(self, x: Tensor, held: Solved, by_circuit: bool) -> Iterator[Tensor]:
        """The converted column currents (..., groups, converters) of each row of tiles."""
        if self.bias_row:
            x = ops.concatenate([x, self.input_range[1] * ops.ones_like(x[..., :1])], axis=-1)
        x = self.placed(x)
        read = self.reads.currents(x, self.input_range[1], *self._held) if by_circuit else None
        height = self.hardware.array.rows
        for i in range(self.row_tiles):
            part = x[..., i * height : (i + 1) * height]
            currents = products(part, held.transconductance[:, i, : part.shape[-1]])
            if read is not None:  # as read, with the gradient of the product
                currents = currents + ops.stop_gradient(read[..., i, :] - currents)
            if held.noise is not None:
                currents = currents + held.noise[:, i] * keras.random.normal(
                    ops.shape(currents), dtype=currents.dtype, seed=self.noise_seed)
            yield self.periphery.numbers(currents, i, self.current_range)
