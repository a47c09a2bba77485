"""What the tests of this folder start from."""

import keras
import pytest


@pytest.fixture(autouse=True, scope="module")
def free_to_compile() -> None:
    """A training before, in this process, has asked TensorFlow to repeat itself to the bit, with
    which it does not compile by XLA."""
    if keras.backend.backend() == "tensorflow":
        from tensorflow.python.framework import config  # no public name

        config.disable_op_determinism()
