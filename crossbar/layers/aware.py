"""A product that trains: its weights stand in states of devices, behind wires."""

from collections.abc import Sequence
from dataclasses import replace

import keras
import numpy as np
from keras import ops

from crossbar.hardware import Hardware
from crossbar.layers.differentiable_states import DifferentiableStates
from crossbar.layers.placing import Placing
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.solved import Solved
from crossbar.layers.through_wires import Columns, ExactWires, FrozenWires, assembled
from crossbar.layers.untyped import Setting, Shape, Tensor
from crossbar.stored import Plain
from crossbar.tiles.grid import decoder_of, sensed_of
from crossbar.tiles.layer import device_rows
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.quantisation import quantise_weights
from crossbar.tiles.reading import noise_of
from crossbar.tiles.realised import realise
from crossbar.tiles.state_table import StateTable
from device_models.checks import Floats, positive_array, whole

_CHIPS = 11  # stream of the chips that training meets
_TYPICAL = 16  # of these, whose mean stands for all: a quarter of their spread is left
_LEAST, _MOST = 1e-3, 1e3  # of gains


@keras.saving.register_keras_serializable("crossbar")
class Within(keras.constraints.Constraint):
    """Numbers between two ends.

    Parameters
    ----------
    low, high : number or nested list of them
        The ends, of shapes that the variable's broadcasts.
    """

    def __init__(self, low: Setting, high: Setting) -> None:
        self.low, self.high = low, high

    def __call__(self, w: Tensor) -> Tensor:
        low, high = (ops.convert_to_tensor(end, w.dtype) for end in (self.low, self.high))
        return ops.minimum(ops.maximum(w, low), high)

    def get_config(self) -> dict[str, Setting]:
        return {"low": self.low, "high": self.high}


@keras.saving.register_keras_serializable("crossbar")
class AwareProduct(CrossbarProduct):
    """A product with trainable weights, gains and biases.

    In training it computes with what the devices nearest to its weights do behind wires, see
    `crossbar.layers.through_wires`; otherwise, once it has `settled`, with its circuits as they are
    solved, as a `CrossbarProduct` of the same states does, to the bit.

    Variables that train: `latent` (groups, rows, outputs), in the units of the layer's weights, of
    which a device's state is the nearest level; `gain` (groups, outputs), relative to that at the
    beginning; and `bias`, unless biases are a row of devices and so of `latent`.

    Parameters
    ----------
    shape, hardware, **settings
        As of `CrossbarProduct`.
    step : float or nested sequence
        Weight per siemens of `latent` [1/S]: one, (outputs,) or (groups, outputs).
    read : float or nested sequence
        Weight per siemens as read at a gain of one [1/S], likewise.
    chips : int
        Chips that are drawn at each renewal, of which a batch meets one. 0 is the chip of the
        hardware's seed, and no other.
    exact_wires : bool
        Whether circuits are solved in every step of training, see `ExactWires`.
    """

    TRAINS = True

    def __init__(self, shape: Shape, hardware: Hardware | Plain, *,
                 step: float | Sequence[float] = 1.0, read: float | Sequence[float] = 1.0,
                 chips: int = 0, exact_wires: bool = False, **settings: Setting) -> None:
        super().__init__(shape, hardware, **{"trainable": True, **settings})
        self.chips = whole("chips", chips, 0)
        self.exact_wires = bool(exact_wires)
        self.table = StateTable.of(self.shape[2], self.hardware)
        self._levels = DifferentiableStates(self.table)
        way = ExactWires if exact_wires else FrozenWires
        self._way = way(self.table, self.rows, self.hardware)
        self._rule(step, read)
        if self.hardware.noise is not None:
            self.noise_seed = keras.random.SeedGenerator(self.hardware.seed + self.number)

    def _rule(self, step: float | Sequence[float] | Floats, read: float | Sequence[float] | Floats
              ) -> None:
        """The units of weights and results."""
        self.step, self.read = (positive_array(name, value, "1/S")
                                for name, value in (("step", step), ("read", read)))

    def build(self, _: object = None) -> None:
        """Make the variables; those that may join later, for an order, are the last in any case,
        as files have them by number."""
        groups, _, outputs = self.shape
        inner = (groups, self.rows, outputs)
        self.latent = self._variable("latent", inner, trains=True)
        self._bound()
        self.gain = self.add_weight(name="gain", shape=(groups, outputs), initializer="ones",
                                    constraint=Within(_LEAST, _MOST), autocast=False)
        met = max(1, self.chips)
        self.own = self._variable("own", (met, self.table.roles, *inner))
        self.fixed = self._variable("fixed", (met, *inner[:2], len(self.table.fixed)))
        if self.noise_seed is not None:
            self.noise = self._variable("noise", (groups, *self._stacked_shape[1::2]))
        # renewals so far, and which of the chips is met now
        self.turn = self._variable("turn", (2,), "int32")
        super().build()

    def begin(self, weights: Floats, bias: Floats | None, chosen: Wanted | None = None) -> None:
        """Start from these weights (groups, inputs, outputs) and biases (groups, outputs); or from
        states that were chosen for them."""
        rows = device_rows(weights, bias, self.hardware, self.input_range[1])
        flat = rows.reshape(-1, rows.shape[2])
        step = self.hardware.scale.fit(flat, self.hardware.levels)
        if chosen is None:
            self._rule(step, quantise_weights(flat, self.hardware).gain)
        else:  # in weights of the size that they have without wires, for the optimiser's sake
            self.hold_states(replace(chosen, given=True, offset=None))
            if chosen.offset is not None and bias is not None:
                bias = bias + chosen.offset
            self._rule(step, chosen.scale)
            rows = chosen.difference * self._broad(self.step)
        self._bound()
        self._assign(self.latent, np.asarray(self.latent.constraint(rows)))
        self.gain.assign(np.ones(self.gain.shape))
        if bias is not None and not self.bias_row:
            self._assign(self.bias, bias)

    def states(self) -> Wanted:
        """What the devices are to be at present, and what they count as read; raises ValueError if
        weights or gains are not finite."""
        latent = np.asarray(ops.convert_to_numpy(self.latent), np.float64)
        gain = np.asarray(ops.convert_to_numpy(self.gain), np.float64)
        if not (np.isfinite(latent).all() and np.isfinite(gain).all()):
            raise ValueError(f"layer {self.layer!r} has weights or gains that are not finite: "
                             "train at a lower learning rate, from weights that are")
        return Wanted(self.hardware.levels.nearest(latent / self._broad(self.step)),
                      self.read * gain, self.order)

    def program(self, weights: Floats, bias: Floats | None, progress: Progress = unseen,
                wanted: Wanted | None = None) -> None:
        """Start from these, or from states `wanted` for them, and solve their circuits."""
        self.begin(weights, bias, wanted)
        self._write(progress)
        self.renew()

    def settle(self) -> None:
        """Write and solve the present states, if other ones are written."""
        if self.exact:  # with the weights of the original, until it is programmed
            return
        now, held = self.states(), self.written
        if not (self._is_written and np.array_equal(now.difference, held.difference)
                and np.array_equal(now.scale, held.scale)
                and np.all(self.scale == now.scale)):  # weights may have been set: it is none
            limits = self.current_range
            self._write()
            self.current_range = limits

    def renew(self) -> None:
        """Solve circuits for what trains: of the present states, on the chip that is known, or on
        others that are drawn now."""
        now, turn = self.states(), ops.convert_to_numpy(self.turn)
        seeds = self._drawn(int(turn[0]), self.chips) if self.chips else [self.hardware.seed]
        met = [self._way.factors(realise(now, replace(self.hardware, seed=seed), self.place,
                                         apart=True)) for seed in seeds]
        self._assign(self.own, np.stack([np.stack(each.own) for each in met]))
        self._assign(self.fixed, np.stack([each.fixed for each in met]))
        if self.noise_seed is not None:
            self._assign(self.noise, self.input_range[1] * noise_of(now, self.hardware, self.place))
        self.turn.assign([int(turn[0]) + 1, 0])

    def meant(self) -> tuple[Floats, Floats | None]:
        """Weights (groups, inputs, outputs) and biases that training has settled on: those that
        the chip it knows realises, or where it has met many, what these do on average."""
        bias = ops.convert_to_numpy(self.bias).astype(np.float64) if self.use_bias else None
        if not self.chips:
            return ops.convert_to_numpy(self.kernel).astype(np.float64), bias
        now = self.states()
        rows = np.mean([realise(now, replace(self.hardware, seed=seed), self.place, apart=False)
                        .weights for seed in self._drawn(0, _TYPICAL)], axis=0)
        if self.bias_row:
            bias = self.input_range[1] * rows[:, -1]
        return rows[:, : self.shape[1]], bias

    def next_chip(self) -> None:
        """From now on batches meet the next of the chips that are drawn."""
        turn = ops.convert_to_numpy(self.turn)
        self.turn.assign([int(turn[0]), (int(turn[1]) + 1) % max(1, self.chips)])

    def solved(self, training: bool | None = None) -> Solved:
        """What the present weights make of the circuits as they were last renewed, in training;
        else the circuits that are written."""
        if not training or self.exact:
            return super().solved(training)
        chip = self.turn[1]
        held = Columns(ops.unstack(ops.take(self.own, chip, axis=0), self.table.roles),
                       ops.take(self.fixed, chip, axis=0))
        share = self.latent / ops.convert_to_tensor(
            self._broad(self.step) * self._levels.reach, self.latent.dtype)
        placing = Placing() if self._states is None else Placing(*self._states.order)
        t = self._way.transconductances(self._levels.devices(share), held, placing)
        if self._apart:
            noise = None if self.noise_seed is None else self.noise
            return Solved(None, None, *self._apart_of(t, placing), noise)
        kernel = self._kernel(t, placing)
        if self.bias_row:
            return Solved(kernel[:, :-1], self.input_range[1] * kernel[:, -1], None, None)
        return Solved(kernel, self.bias if self.use_bias else None, None, None)

    def _reads_circuits(self, training: bool | None) -> bool:
        """Not in training, which has linear devices and the noise of typical reads."""
        return not training and super()._reads_circuits(training)

    def get_config(self) -> dict[str, Setting]:
        """What is needed to build the product again."""
        return {**super().get_config(), "step": self.step.tolist(), "read": self.read.tolist(),
                "chips": self.chips, "exact_wires": self.exact_wires}

    def _drawn(self, turn: int, count: int) -> list[int]:
        """Seeds of chips."""
        rng = np.random.default_rng([self.hardware.seed, _CHIPS, turn])
        return list(map(int, rng.integers(2**32, 2**62, count)))

    @property
    def _is_written(self) -> bool:
        return bool(ops.convert_to_numpy(self.seen)[3])

    def _write(self, progress: Progress = unseen) -> None:
        """Write the present states into tiles and solve them."""
        latent = np.asarray(ops.convert_to_numpy(self.latent), np.float64)
        bias = ops.convert_to_numpy(self.bias) if self.use_bias and not self.bias_row else None
        self._put(latent, bias, self.states(), progress)

    def _broad(self, each: Floats) -> Floats:
        """Something of outputs, (), (outputs,) or (groups, outputs), for (groups, rows, outputs).
        """
        return np.asarray(each)[..., None, :] if np.ndim(each) == 2 else np.asarray(each)

    def _bound(self) -> None:
        """Weights stay where states are: no further out than half a step beyond the last."""
        values, step = self.table.values, self._broad(self.step)
        beyond = 0.0 if self.table.continuous else 0.5
        low, high = (step * (end + beyond * (end - next_to)) for end, next_to in (
            values[:2], values[:-3:-1]))
        self.latent.constraint = Within(low.tolist(), high.tolist())

    def _kernel(self, t: Columns, placing: Placing) -> Tensor:
        """Weights (groups, rows, outputs) that transconductances add up to."""
        def of_outputs(counts: Floats) -> Tensor:  # (any, outputs), as they stand
            each = ops.convert_to_tensor(np.broadcast_to(
                counts, (self.shape[0], *counts.shape)), self.gain.dtype)
            return placing.outputs_undone(each)

        counts = of_outputs(self.table.counts)
        parts = [each * counts[:, role : role + 1] for role, each in enumerate(t.own)]
        total = sum(parts[1:], parts[0])
        if len(self.table.fixed):
            total = total + ops.matmul(t.fixed, of_outputs(self.table.fixed_counts))
        return total * self._scale_now[:, None]

    @property
    def _scale_now(self) -> Tensor:
        """Weight per siemens as read, (groups, outputs) [1/S]."""
        return self.gain * ops.convert_to_tensor(self.read, self.gain.dtype)

    def _apart_of(self, t: Columns, placing: Placing) -> tuple[Tensor, Tensor]:
        """From rows to converted currents, and from these to results."""
        _, row_tiles, height, _ = self._stacked_shape
        every = assembled(t, self.table, placing)
        every = ops.pad(every, [[0, 0], [0, row_tiles * height - self.rows], [0, 0]])
        every = ops.reshape(every, (self.shape[0], row_tiles, height, -1))
        sensed, outputs = sensed_of(self.shape[2], self.hardware), self.shape[2]
        if sensed is not None:
            every = ops.matmul(every, ops.convert_to_tensor(sensed, every.dtype))
        one = decoder_of(outputs, self.hardware)
        decoder = np.broadcast_to(one, (self.shape[0], *one.shape))
        made = placing.outputs_undone(ops.convert_to_tensor(decoder, every.dtype))
        return every, made * self._scale_now[:, None]
