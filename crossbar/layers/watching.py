"""What products see while a model runs, and when not to look.

A compiled graph cannot warn. It keeps extremes in a variable, which the model reads when it is
done; loops that a backend compiles apart (over time steps) may not assign to variables, so nothing
inside them is kept.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

import keras
import numpy as np
from keras import ops

from crossbar.layers.untyped import Tensor

_LOOPING: ContextVar[bool] = ContextVar("looping", default=False)


@contextmanager
def looping() -> Iterator[None]:
    """Within a loop over time steps: nothing is kept."""
    token = _LOOPING.set(True)
    try:
        yield
    finally:
        _LOOPING.reset(token)


_SEEN: ContextVar[set[int] | None] = ContextVar("seen", default=None)


@contextmanager
def compiled_loop() -> Iterator[None]:
    """Within a loop over time steps that the backend makes.

    For TensorFlow's, Keras first runs a step whose values are discarded; see `discarded`.
    """
    token = _SEEN.set(set() if keras.backend.backend() == "tensorflow" else None)
    try:
        yield
    finally:
        _SEEN.reset(token)


def discarded(layer: keras.Layer) -> bool:
    """Whether what `layer` is to compute now is for its shape alone.

    In a graph nothing would order such a read before those of the loop, and so the noise of either.
    """
    seen = _SEEN.get()
    if seen is None or id(layer) in seen:
        return False
    seen.add(id(layer))
    return True


def may_keep(x: Tensor) -> bool:
    """Whether what is seen of `x` may be assigned to a variable here.

    Not of symbols while a model is put together, within loops over time steps, or of values that
    JAX traces in a function of the user's own.
    """
    if _LOOPING.get() or isinstance(x, keras.KerasTensor):
        return False
    if keras.backend.backend() != "jax":
        return True
    from keras.src.backend.common.stateless_scope import in_stateless_scope  # no public name

    return bool(in_stateless_scope()) or is_value(x)


def is_value(x: Tensor) -> bool:
    """Whether `x` is a value, and not a symbol of a graph being built."""
    if isinstance(x, keras.KerasTensor):
        return False
    if keras.backend.backend() == "tensorflow":
        return isinstance(x, np.ndarray) or hasattr(x, "numpy")
    try:
        ops.convert_to_numpy(x)
    except (TypeError, RuntimeError):  # JAX: a tracer has none
        return False
    return True


@contextmanager
def shown(layers: Iterable[keras.Layer], show: Callable[[keras.Layer, Tensor], None]
          ) -> Iterator[None]:
    """While it lasts, every product among `layers` calls `show(product, rows)` with what drives
    its rows, (..., groups, inputs), each time before it multiplies.

    Run the model eagerly: `model(batch, training=False)`. Analog loops over time steps are run step
    by step, so that products within them have values to show.
    """
    with ExitStack() as restored:
        for layer in layers:
            if hasattr(layer, "show"):
                restored.callback(setattr, layer, "show", layer.show)
                layer.show = show
            if hasattr(layer, "stepwise"):
                restored.callback(setattr, layer, "stepwise", layer.stepwise)
                layer.stepwise = True
        yield
