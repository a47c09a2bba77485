"""Accuracy of the study's networks with quantised weights: matrix products, states shared.

The same numbers as a Keras model of `crossbar.to_analog` gives, which a test holds it to, but
thousands of times: the first layer's product is computed once for all gains and stacks that put
its weights on the same states.
"""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.inputs.datasets import DataError, ImageSet
from crossbar import Hardware, quantise_weights
from crossbar.tiles import device_rows
from device_models.checks import Floats

if TYPE_CHECKING:
    from benchmarks.inputs.weights import TrainedModel

_CHUNK = 500  # images whose hidden layer stays in the processor's cache
Singles = NDArray[np.float32]
Pair = tuple[Floats, Floats]  # of the hidden and the output layer


@dataclass(frozen=True, eq=False)
class Network:
    """A trained 784 x 128 x 10 network in floats, and the images it is tested on.

    Parameters
    ----------
    kernels, biases : tuples of arrays
        Of the hidden and the output layer: (inputs, outputs), (outputs,).
    test : ImageSet
        Images (images, 784) and labels.
    seed : int
        Of its training.
    """

    kernels: Pair
    biases: Pair
    test: ImageSet
    seed: int

    @classmethod
    def of(cls, trained: "TrainedModel", test: ImageSet) -> "Network":
        """The arrays of a trained Keras model of one hidden layer, sigmoid, and a softmax."""
        found = [getattr(getattr(layer, "activation", None), "__name__", type(layer).__name__)
                 for layer in trained.model.layers]
        if found != ["sigmoid", "softmax"]:
            raise DataError(f"the network has layers {', '.join(found)}; expected two Dense ones, "
                            "sigmoid and softmax, as 'python -m benchmarks train' makes them")
        w = [np.asarray(array, np.float64) for array in trained.model.get_weights()]
        return cls((w[0], w[2]), (w[1], w[3]), test, trained.metadata.seed)

    def identity(self) -> str:
        """Digest of weights and test images."""
        digest = hashlib.blake2b(self.test.digest.encode(), digest_size=8)
        for array in (*self.kernels, *self.biases):
            digest.update(array.tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class Layer:
    """What one layer computes: gain (x @ states + state_bias) + bias."""

    states: Singles  # (inputs, outputs), the outermost level is 1
    state_bias: Singles
    gain: float
    bias: Singles


def quantised_layer(kernel: Floats, bias: Floats, hardware: Hardware) -> Layer:
    """A layer on the levels of `hardware`, its biases as one more row if they are analog."""
    quantised = quantise_weights(device_rows(kernel, bias, hardware), hardware)
    reach = hardware.levels.reach
    gain = float(quantised.gain) * reach  # one of the whole layer: its scale is
    # rounded, so that states of two stacks that differ in the last digit only are the same
    states = np.rint(quantised.difference / reach * 2**20).astype(np.float32) / np.float32(2**20)
    if not hardware.analog_bias:
        none = np.zeros(len(bias), np.float32)
        return Layer(states, none, gain, bias.astype(np.float32))
    return Layer(states[:-1], states[-1], gain, np.zeros(len(bias), np.float32))


class Evaluator:
    """Accuracies of one network with quantised weights; keeps the last hidden product.

    Parameters
    ----------
    network : Network
        Its weights and images.
    images : int
        How many of the images are used, from the first.
    """

    def __init__(self, network: Network, images: int) -> None:
        self.x, self.y = network.test.x[:images], network.test.y[:images]
        self.network = network
        self._product: tuple[bytes, Singles] = (b"", np.empty((0, 0), np.float32))
        self._known: dict[bytes, float] = {}

    def quantised(self, hardware: Hardware) -> float:
        """Accuracy [1] on the states of `hardware`, without wires, converters or spread."""
        first, second = (quantised_layer(kernel, bias, hardware) for kernel, bias in zip(
            self.network.kernels, self.network.biases, strict=True))
        states = hashlib.blake2b(first.states.tobytes(), digest_size=16).digest()
        parts = (first.state_bias, first.bias, second.states, second.state_bias, second.bias)
        gains = np.array([f"{layer.gain:.10e}" for layer in (first, second)])
        key = states + hashlib.blake2b(
            b"".join(a.tobytes() for a in (gains, *parts)), digest_size=16).digest()
        if key not in self._known:
            if self._product[0] != states:
                self._product = states, self.x @ first.states
            self._known[key] = self._accuracy(self._product[1], first, second)
        return self._known[key]

    def software(self) -> float:
        """Accuracy [1] in floats."""
        return self.realised(self.network.kernels, self.network.biases)

    def realised(self, kernels: Pair, biases: Pair) -> float:
        """Accuracy [1] with weights and biases as they are, for example those of a circuit."""
        layers = [Layer(kernel.astype(np.float32), np.zeros(len(bias), np.float32), 1.0,
                        bias.astype(np.float32)) for kernel, bias in zip(
                            kernels, biases, strict=True)]
        return self._accuracy(self.x @ layers[0].states, *layers)

    def _accuracy(self, product: Singles, first: Layer, second: Layer) -> float:
        right = 0
        for start in range(0, len(product), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            hidden = sigmoid(np.float32(first.gain) * (product[chunk] + first.state_bias)
                             + first.bias)
            scores = np.float32(second.gain) * (hidden @ second.states + second.state_bias)
            right += int(np.sum(np.argmax(scores + second.bias, axis=1) == self.y[chunk]))
        return right / len(product)


def sigmoid(z: Singles) -> Singles:
    """1/(1 + exp(-z)), in place."""
    np.negative(z, out=z)
    with np.errstate(over="ignore"):  # exp(89) is infinite in single precision, its inverse zero
        np.exp(z, out=z)
    z += 1
    return np.reciprocal(z, out=z)
