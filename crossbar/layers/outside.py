"""What is computed outside of Keras, in NumPy, in the midst of a network."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from crossbar.layers.untyped import Shape, Tensor
from crossbar.layers.watching import is_value
from device_models.checks import Floats


def outside(function: Callable[..., Floats], x: Tensor, shape: Shape, *held: Tensor) -> Tensor:
    """`function` of `x` (..., n, m) as (samples, n, m) in float64, which gives (samples, *shape):
    (..., *shape).

    Called in the order of the network whenever it runs, compiled or not, with `held`, tensors that
    it gets as they are. Of no gradient.
    """
    x, kept = ops.stop_gradient(x), [ops.convert_to_tensor(each) for each in held]
    backend = keras.backend.backend()
    if is_value(x):
        found = _called(function, shape, *map(ops.convert_to_numpy, (x, *kept)))
        return ops.convert_to_tensor(found, x.dtype)
    if backend == "tensorflow":
        import tensorflow as tf

        def call(values: Any, *others: Any) -> Any:
            return _called(function, shape, values, *others).astype(values.dtype)

        y = tf.numpy_function(call, [x, *kept], x.dtype)
        y.set_shape((*x.shape[:-2], *shape))
        return y
    if backend == "jax":
        import jax
        from jax.experimental import io_callback

        result: Any = jax.eval_shape(lambda: jax.numpy.zeros((*x.shape[:-2], *shape), x.dtype))

        def call_back(*values: Any) -> Any:
            return _called(function, shape, *values).astype(result.dtype)

        return io_callback(call_back, result, x, *kept, ordered=True)
    raise RuntimeError(f"circuits cannot be read inside a compiled graph of {backend}; run the "
                       "model eagerly, or without nonlinear=True and read_noise")


def _called(function: Callable[..., Floats], shape: Shape, values: Any, *held: Any) -> Floats:
    array = np.asarray(values, np.float64)
    found = function(array.reshape(-1, *array.shape[-2:]), *map(np.asarray, held))
    return np.asarray(found.reshape(*array.shape[:-2], *shape))
