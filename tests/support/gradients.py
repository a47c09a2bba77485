"""Gradients of whatever Keras runs on."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


def gradient(function: Callable[[Any], Any], x: NDArray[Any]) -> NDArray[np.float64]:
    """Of the sum of what `function` makes of `x`, with its shape."""
    if keras.backend.backend() == "jax":
        import jax

        found = jax.grad(lambda given: function(given).sum())(jax.numpy.asarray(x))
    else:
        import tensorflow as tf

        given = tf.convert_to_tensor(x)
        with tf.GradientTape() as tape:
            tape.watch(given)
            total = tf.reduce_sum(function(given))
        found = tape.gradient(total, given)
    assert found is not None
    return np.asarray(found, np.float64)
