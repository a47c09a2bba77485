"""What is computed of one network on one hardware, and kept on disk: the points of a study.

Nothing else makes a point, so that what this file imports is all that a kept number depends on,
beside the network and the hardware: the points are computed anew when it changes, and only then.
"""

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.output.source import code_of
from benchmarks.paper.network import Evaluator, Pair, Singles, sigmoid
from crossbar import Hardware
from crossbar.cost.arrays import matrix_energy
from crossbar.cost.moments import Moments
from crossbar.cost.parts import ARRAY
from crossbar.tiles import ProgrammedLayer
from device_models.checks import Floats

ENERGY_IMAGES = 1000
_PLACES = ("hidden/0", "output/0")  # names by which a chip knows the layers' devices in Keras


def ideal(evaluator: Evaluator, hardware: Hardware) -> float:
    """Accuracy with quantised weights, without circuit [1]."""
    return evaluator.quantised(hardware)


def programmed(evaluator: Evaluator, hardware: Hardware) -> list[ProgrammedLayer]:
    """Both layers in tiles; inputs are 0 to 1, so that 1 gets the read voltage."""
    network = evaluator.network
    return [ProgrammedLayer.program(kernel, bias, hardware, name) for name, kernel, bias in zip(
        _PLACES, network.kernels, network.biases, strict=True)]


def realised(evaluator: Evaluator, hardware: Hardware) -> tuple[Pair, Pair]:
    """The kernels and the biases that the layers' circuits realise."""
    first, second = programmed(evaluator, hardware)
    return (first.kernel, second.kernel), (first.biases, second.biases)


def accuracy(evaluator: Evaluator, hardware: Hardware) -> float:
    """Through the circuit [1]."""
    return evaluator.realised(*realised(evaluator, hardware))


def energy(evaluator: Evaluator, hardware: Hardware) -> float:
    """Read energy [J] of an inference, mean over the first images."""
    first, second = programmed(evaluator, hardware)
    x = evaluator.x[:ENERGY_IMAGES]
    between = hidden(x, first.kernel, first.biases)
    height = first.matrix.hardware.array.rows
    tiles = [matrix_energy(layer.matrix, Moments.of(layer.row_inputs(inputs), height), len(x))
             for layer, inputs in ((first, x), (second, between))]
    return sum(tile.parts[name] for layer in tiles for tile in layer for name in ARRAY)


def hidden(x: Singles, kernel: Floats, bias: Floats) -> Singles:
    """What the hidden neurons (images, neurons) make of images `x` (images, 784)."""
    return sigmoid((x @ kernel + bias).astype(np.float32))


QUANTITIES: Mapping[str, Callable[[Evaluator, Hardware], float]] = {
    "ideal": ideal, "circuit": accuracy, "energy": energy}


def code() -> str:
    """Of what the quantities are computed with: a digest of the source, and libraries."""
    return code_of(__name__)
