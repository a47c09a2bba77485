"""What is computed outside of Keras, in NumPy, in the midst of a network."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from crossbar.layers.untyped import Shape, Tensor
from crossbar.layers.watching import is_value
from device_models.checks import Floats


def outside(function: Callable[[Floats], Floats], x: Tensor, shape: Shape) -> Tensor:
    """`function` of `x` (..., n) as (samples, n) in float64, (samples, *shape), as (..., *shape).

    Called whenever the network runs, compiled or not. Of no gradient.
    """
    x = ops.stop_gradient(x)
    backend = keras.backend.backend()
    if is_value(x):
        return ops.convert_to_tensor(_called(function, ops.convert_to_numpy(x), shape), x.dtype)
    if backend == "tensorflow":
        import tensorflow as tf

        def call(values: Any) -> Any:
            return _called(function, values, shape).astype(values.dtype)

        y = tf.numpy_function(call, [x], x.dtype)
        y.set_shape((*x.shape[:-1], *shape))
        return y
    if backend == "jax":
        import jax
        from jax.experimental import io_callback

        result: Any = jax.eval_shape(lambda: jax.numpy.zeros((*x.shape[:-1], *shape), x.dtype))
        return io_callback(lambda values: _called(function, values, shape).astype(result.dtype),
                           result, x)
    raise RuntimeError(f"circuits cannot be read inside a compiled graph of {backend}; run the "
                       "model eagerly, or without nonlinear=True and read_noise")


def _called(function: Callable[[Floats], Floats], values: Any, shape: Shape) -> Floats:
    array = np.asarray(values, np.float64)
    found = function(array.reshape(-1, array.shape[-1]))
    return np.asarray(found.reshape(*array.shape[:-1], *shape))
