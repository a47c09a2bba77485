"""Laws of a network in one line: what it says is what the layers are."""

from pathlib import Path

import keras
import pytest

from benchmarks.inputs import load_test, load_trained
from benchmarks.inputs.network import describe_network

layers = keras.layers


@pytest.mark.parametrize(("name", "text"), [
    ("dense", "dense: hidden 128, output 10"),
    ("lenet", "lenet: conv1 5x5x6, conv2 5x5x16, hidden1 120, hidden2 84, output 10"),
])
def test_bundled_networks_are_described_by_their_layers(name: str, text: str) -> None:
    trained = load_trained("fashion_mnist", load_test("fashion_mnist"), network=name)
    assert describe_network(name, trained.model) == text


def test_a_file_is_described_by_its_own_layers() -> None:
    made = keras.Sequential([
        keras.Input((784,)), layers.Reshape((28, 28)), layers.GRU(4, name="steps"),
        layers.BatchNormalization(name="norm"), layers.Dropout(0.1), layers.Dense(10, name="head")])
    assert describe_network(Path("trained") / "mine.keras", made) == (
        "mine.keras: steps 4, norm BatchNormalization, head 10")


@pytest.mark.parametrize(("layer", "shape", "size"), [
    (layers.Conv1D(3, 4), (28, 1), "4x3"),
    (layers.Conv2D(3, (2, 4)), (28, 28, 1), "2x4x3"),
    (layers.Conv2DTranspose(3, 2), (28, 28, 5), "2x2x3"),
    (layers.DepthwiseConv2D(3), (28, 28, 5), "DepthwiseConv2D"),
    (layers.Dense(7), (5,), "7"),
], ids=lambda part: type(part).__name__)
def test_a_size_is_the_kernel_then_the_outputs(
    layer: keras.Layer, shape: tuple[int, ...], size: str
) -> None:
    made = keras.Sequential([keras.Input(shape), layer])
    assert describe_network("x", made) == f"x: {layer.name} {size}"
