"""Products of rows with several matrices, on Keras' tensors."""

from keras import ops

from crossbar.layers.untyped import Tensor


def products(x: Tensor, matrices: Tensor) -> Tensor:
    """Of x (..., groups, inputs) with each of its matrices (groups, inputs, outputs)."""
    groups, inputs, outputs = matrices.shape
    if groups > 1:
        return ops.einsum("...gi,gio->...go", x, matrices)
    y = ops.matmul(ops.reshape(x, (-1, inputs)), ops.reshape(matrices, (inputs, outputs)))
    return ops.reshape(y, (*ops.shape(x)[:-1], outputs))
