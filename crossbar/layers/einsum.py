"""`EinsumDense` through solved crossbar tiles."""

import math
import string
from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np
from keras import ops

from crossbar.layers.base import AnalogLayer
from crossbar.layers.maker import array_of
from crossbar.layers.untyped import Setting, Shape, Tensor
from device_models.checks import Floats


@dataclass(frozen=True)
class Axes:
    """What the letters of an equation `inputs,kernel->outputs` mean to arrays.

    Those of the kernel are `groups` if inputs and outputs have them too, `summed` if only inputs
    do, `free` if only outputs do. `lead` are those that inputs and outputs share without it.
    """

    inputs: str
    kernel: str
    outputs: str

    @classmethod
    def of(cls, equation: str, rank: int) -> "Axes":
        """Of an equation for inputs of `rank` axes, which an ellipsis stands for."""
        left, outputs = equation.replace(" ", "").split("->")
        inputs, kernel = left.split(",")
        missing = rank - len(inputs.replace("...", ""))
        unused = [c for c in string.ascii_letters if c not in equation][:missing]
        return cls(*(part.replace("...", "".join(unused)) for part in (inputs, kernel, outputs)))

    @property
    def equation(self) -> str:
        """Without ellipsis."""
        return f"{self.inputs},{self.kernel}->{self.outputs}"

    @cached_property
    def groups(self) -> str:
        return "".join(c for c in self.kernel if c in self.inputs and c in self.outputs)

    @cached_property
    def summed(self) -> str:
        return "".join(c for c in self.kernel if c in self.inputs and c not in self.outputs)

    @cached_property
    def free(self) -> str:
        return "".join(c for c in self.kernel if c in self.outputs and c not in self.inputs)

    @cached_property
    def lead(self) -> str:
        return "".join(c for c in self.inputs if c not in self.kernel)

    @property
    def are_products(self) -> bool:
        """Whether every letter is one of these, once."""
        each_once = all(len(set(part)) == len(part) for part in (
            self.inputs, self.kernel, self.outputs))
        return (each_once and set(self.kernel) == set(self.groups + self.summed + self.free)
                and set(self.outputs) == set(self.lead + self.groups + self.free))

    @property
    def to_matrix(self) -> list[int]:
        """Order of the kernel's axes: groups, summed, free."""
        return [self.kernel.index(c) for c in self.groups + self.summed + self.free]


@keras.saving.register_keras_serializable("crossbar")
class AnalogEinsumDense(AnalogLayer):
    """`EinsumDense`: what the kernel sums over drives the rows; what all three share are groups."""

    KIND = keras.layers.EinsumDense
    SETTINGS = ("equation", "partial_output_shape", "kernel_shape", "rank")

    @classmethod
    def refusal(cls, layer: keras.Layer) -> str | None:
        if _axes(layer).are_products:
            return None
        return f"its equation {layer.equation!r} is no product of matrices"

    @classmethod
    def matrix_of(cls, layer: keras.Layer) -> Floats:
        kernel, axes = array_of(layer.kernel), _axes(layer)
        size = dict(zip(axes.kernel, kernel.shape, strict=True))
        return kernel.transpose(axes.to_matrix).reshape([
            math.prod(size[c] for c in part) for part in (axes.groups, axes.summed, axes.free)])

    @classmethod
    def bias_of(cls, layer: keras.Layer, shape: Shape) -> Floats | None:
        """Biases as of columns, if they do not depend on places that the kernel does not know."""
        if layer.bias is None:
            return None
        bias, axes = array_of(layer.bias), _axes(layer)
        letters = axes.outputs[-bias.ndim:] if bias.ndim else ""
        size = dict(zip(axes.kernel, layer.kernel.shape, strict=True))
        if any(n > 1 and c not in size for c, n in zip(letters, bias.shape, strict=True)):
            return None
        kept = bias.reshape([n for c, n in zip(letters, bias.shape, strict=True) if c in size])
        letters = "".join(c for c in letters if c in size)
        wanted = axes.groups + axes.free
        ordered = kept.transpose([letters.index(c) for c in wanted if c in letters])
        spread = ordered[tuple(slice(None) if c in letters else None for c in wanted)]
        full = np.broadcast_to(spread, [size[c] for c in wanted])
        return full.reshape(shape[0], shape[2])

    @classmethod
    def own_settings_of(cls, layer: keras.Layer) -> dict[str, Setting]:
        return {"equation": layer.equation,
                "partial_output_shape": tuple(layer.partial_output_shape),
                "kernel_shape": tuple(layer.kernel.shape), "rank": len(_axes(layer).inputs)}

    @property
    def axes(self) -> Axes:
        """What the letters of the equation mean."""
        return Axes.of(self.equation, self.rank)

    def rows(self, x: Tensor) -> Tensor:
        axes = self.axes
        order = [axes.inputs.index(c) for c in axes.lead + axes.groups + axes.summed]
        x = ops.transpose(x, order)
        groups, inputs, _ = self.product.shape
        return ops.reshape(x, (*ops.shape(x)[: len(axes.lead)], groups, inputs))

    def outputs(self, y: Tensor) -> Tensor:
        axes = self.axes
        size = dict(zip(axes.kernel, self.kernel_shape, strict=True))
        wide = ops.reshape(y, (*ops.shape(y)[:-2], *(size[c] for c in axes.groups + axes.free)))
        made = axes.lead + axes.groups + axes.free
        return ops.transpose(wide, [made.index(c) for c in axes.outputs])

    def native(self, x: Tensor, kernel: Tensor) -> Tensor:
        """As `EinsumDense` computes it."""
        axes = self.axes
        order = axes.to_matrix
        kernel = ops.reshape(kernel, [self.kernel_shape[i] for i in order])
        return ops.einsum(axes.equation, x, ops.transpose(kernel, list(np.argsort(order))))

    def add_bias(self, y: Tensor, bias: Tensor) -> Tensor:
        if self.digital_bias is not None:
            return y + bias
        axes = self.axes
        size = dict(zip(axes.kernel, self.kernel_shape, strict=True))
        made = axes.groups + axes.free
        bias = ops.reshape(bias, [size[c] for c in made])
        known = [c for c in axes.outputs if c in made]
        bias = ops.transpose(bias, [made.index(c) for c in known])
        return y + ops.reshape(bias, [size[c] if c in known else 1 for c in axes.outputs])

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        kind = keras.layers.EinsumDense(self.equation, self.partial_output_shape)
        return tuple(kind.compute_output_shape(input_shape))


def _axes(layer: keras.Layer) -> Axes:
    """Of a built layer of Keras."""
    left = layer.equation.replace(" ", "").split("->")[0].split(",")[0]
    shape = layer.get_build_config()["input_shape"]
    return Axes.of(layer.equation, len(shape) if "..." in left else len(left))
