"""Recurrent layers whose cells are analog."""

from typing import Self

import keras
from keras import ops

from crossbar.layers.cells import (
    AnalogCell,
    AnalogGRUCell,
    AnalogGRUCellResetBefore,
    AnalogLSTMCell,
    AnalogSimpleRNNCell,
)
from crossbar.layers.maker import Maker, precision_of
from crossbar.layers.untyped import Setting, Tensor
from crossbar.layers.watching import compiled_loop, looping

_SETTINGS = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll",
             "zero_output_for_mask")
CELLS: dict[type[keras.Layer], type[AnalogCell]] = {
    keras.layers.SimpleRNNCell: AnalogSimpleRNNCell,
    keras.layers.LSTMCell: AnalogLSTMCell,
    keras.layers.GRUCell: AnalogGRUCell,
}


@keras.saving.register_keras_serializable("crossbar")
class AnalogRNN(keras.layers.RNN):
    """`LSTM`, `GRU`, `SimpleRNN` and `RNN` of their cells: an `RNN` of analog cells.

    Parameters
    ----------
    cell : keras.Layer
        `AnalogCell`, or `StackedRNNCells` of them.
    output_dtype : str
        What outputs and states are cast to.
    **settings
        As of `keras.layers.RNN`.
    """

    def __init__(self, cell: keras.Layer, output_dtype: str | None = None, **settings: Setting
                 ) -> None:
        super().__init__(cell, **{"trainable": False, **settings})
        self.output_dtype = output_dtype or self.compute_dtype
        self.unroll: bool
        self.zero_output_for_mask: bool
        self.stepwise = False  # whether steps are run one by one, see `watching.shown`

    @classmethod
    def refusal(cls, layer: keras.Layer) -> str | None:
        """Why `layer` has no analog twin, if it has none."""
        unknown = [type(cell).__name__ for cell in _cells(layer.cell) if type(cell) not in CELLS]
        return f"its cell {unknown[0]} has no analog twin" if unknown else None

    @classmethod
    def of(cls, layer: keras.Layer, maker: Maker) -> Self:
        """The analog twin of a built `layer`, computing exactly until it is programmed."""
        cells = [_twin(cell).of(cell, maker) for cell in _cells(layer.cell)]
        stacked = isinstance(layer.cell, keras.layers.StackedRNNCells)
        cell = keras.layers.StackedRNNCells(cells, name=layer.cell.name, dtype=precision_of(
            layer)) if stacked else cells[0]
        made = cls(cell, layer.compute_dtype, name=layer.name, dtype=precision_of(layer),
                   **{name: getattr(layer, name) for name in _SETTINGS})
        made.build_from_config(layer.get_build_config())
        return made

    def call(self, sequences: Tensor, initial_state: Tensor = None, mask: Tensor = None,
             training: bool = False) -> Tensor:
        """As of `keras.layers.RNN`; what inputs and outputs are is kept."""
        if initial_state is not None:
            initial_state = keras.tree.map_structure(
                lambda state: ops.cast(state, self.compute_dtype), initial_state)
        with looping():
            made = super().call(sequences, initial_state, mask, training)
        made = keras.tree.map_structure(lambda y: ops.cast(y, self.output_dtype), made)
        first = keras.tree.flatten(made)[0]
        _cells(self.cell)[0].products[0].observe(sequences, first)
        return made

    def inner_loop(self, sequences: Tensor, initial_state: Tensor, mask: Tensor,
                   training: bool = False) -> tuple[Tensor, Tensor, Tensor]:
        """As of `keras.layers.RNN`; step by step it gives what its loop gives."""
        made: tuple[Tensor, Tensor, Tensor]
        if not (self.unroll or self.stepwise):
            with compiled_loop():
                made = super().inner_loop(sequences, initial_state, mask, training)
            return made
        if self.unroll:
            made = super().inner_loop(sequences, initial_state, mask, training)
            return made
        zero, self.zero_output_for_mask, self.unroll = self.zero_output_for_mask, False, True
        try:
            last, every, states = super().inner_loop(sequences, initial_state, mask, training)
        finally:
            self.zero_output_for_mask, self.unroll = zero, False
        if mask is not None and zero:  # unrolled, Keras would mask what goes backwards forwards
            seen = ops.expand_dims(ops.flip(mask, 1) if self.go_backwards else mask, -1)
            last = ops.where(seen[:, -1], last, ops.zeros_like(last))
            if self.return_sequences:
                every = ops.where(seen, every, ops.zeros_like(every))
        return last, every, states

    def _maybe_config_dropout_masks(self, *_: Tensor) -> None:
        """Nothing: cells have no dropout, and Keras would run them once more to set it up."""

    def compute_output_spec(self, *args: Tensor, **settings: Setting) -> keras.KerasTensor:
        """Shapes, and the type that outputs are cast to."""
        return keras.tree.map_structure(
            lambda y: keras.KerasTensor(y.shape, self.output_dtype),
            super().compute_output_spec(*args, **settings))

    def get_config(self) -> dict[str, Setting]:
        """As of `keras.layers.RNN`."""
        return {**super().get_config(), "output_dtype": self.output_dtype}


def _cells(cell: keras.Layer) -> list[keras.Layer]:
    return list(cell.cells) if isinstance(cell, keras.layers.StackedRNNCells) else [cell]


def _twin(cell: keras.Layer) -> type[AnalogCell]:
    before = isinstance(cell, keras.layers.GRUCell) and not cell.reset_after
    return AnalogGRUCellResetBefore if before else CELLS[type(cell)]
