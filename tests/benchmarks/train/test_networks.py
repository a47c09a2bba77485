"""Laws of the networks by name: all fit every image set, and what is bundled is one of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.inputs.datasets import load_test
from benchmarks.inputs.weights import BUNDLED_SEEDS, DENSE, load_trained
from benchmarks.train.networks import NETWORKS, build_network


def structure(network: Any) -> list[tuple[Any, ...]]:
    """What the layers compute, whatever their weights are."""
    return [(type(layer), layer.name, layer.output.shape, [w.shape for w in layer.weights],
             getattr(layer, "activation", None)) for layer in network.layers]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_maps_rows_of_pixels_to_probabilities(name: str) -> None:
    network = build_network(name)
    assert network.input_shape == (None, 784)
    scores = network.predict(np.random.default_rng(0).random((3, 784)), verbose=0)
    assert scores.shape == (3, 10)
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)
    assert not network.compiled


def test_the_default_is_the_dense_network_of_the_paper() -> None:
    made = build_network()
    assert [layer.units for layer in made.layers] == [128, 10]
    assert structure(made) == structure(build_network(DENSE))


def test_lenet_has_the_sizes_of_lenet_5() -> None:
    """LeCun et al. 1998: maps of 28, 14, 10 and 5 pixels a side; 120, 84 and 10 neurons."""
    lenet = build_network("lenet")
    shapes = [lenet.get_layer(name).output.shape[1:] for name in (
        "conv1", "pool1", "conv2", "pool2", "hidden1", "hidden2", "output")]
    assert shapes == [(28, 28, 6), (14, 14, 6), (10, 10, 16), (5, 5, 16), (120,), (84,), (10,)]
    # kernels and biases: 5 x 5 x 1 + 1, 5 x 5 x 6 + 1, 5 x 5 x 16 + 1, ... for each output
    assert lenet.count_params() == 26 * 6 + 151 * 16 + 401 * 120 + 121 * 84 + 85 * 10


def test_lenet_sees_the_picture_upright() -> None:
    """The 784 pixels are rows of 28: one bright row is one bright row to the first convolution."""
    picture = np.zeros((1, 28, 28))
    picture[0, 7] = 1
    image = build_network("lenet").layers[0]
    np.testing.assert_array_equal(image(picture.reshape(1, 784)), picture[..., None])


def test_an_unknown_network_is_named_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"unknown network 'lenett'; did you mean 'lenet'"):
        build_network("lenett")


@pytest.mark.parametrize("name", BUNDLED_SEEDS)
def test_what_is_bundled_is_what_the_code_builds(name: str) -> None:
    bundled = load_trained("mnist", load_test("mnist"), network=name)
    assert bundled.metadata.epochs == NETWORKS[name].epochs
    assert structure(bundled.model) == structure(build_network(name))
