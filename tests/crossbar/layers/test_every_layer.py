"""Every layer type x stride x padding x dilation x format x groups, on random signed data."""

import numpy as np
import pytest

from circuits import Wires
from crossbar import Hardware
from crossbar.conversion.convert import to_analog
from crossbar.layers.model import products_of
from crossbar.layers.product import CrossbarProduct
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import EVERY, LAYERS, ONE_OF_EACH, assert_close, outputs, signed
from tests.support.reference import nodal

every_layer = pytest.mark.parametrize("kind", EVERY)
# One of each layer's groups or multipliers with each stride, dilation and padding, and recurrent
# layers of each kind: what tiles give is one code for all, behind what the first law tries in full.
SAME_TILES = [f"-{one}-" for one in ("g1", "m1")]
varied_layer = pytest.mark.parametrize("kind", [
    kind for kind in EVERY if kind in ONE_OF_EACH or not (
        (any(one in kind for one in SAME_TILES) and "-s1-d1-" not in kind)
        or (kind.startswith("transposed3d") and "-s2-" not in kind)
        or (kind.startswith(("lstm", "gru", "simple")) and "-" in kind))])
WIRES = Wires(3.0, 2.0, 40.0, 10.0)


@every_layer
def test_unlimited_states_without_wires_are_keras(kind: str, synapse: CompoundMTJ) -> None:
    model = LAYERS[kind]()
    x = signed(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    assert products_of(analog)
    assert_close(outputs(analog, x), outputs(model, x), 2e-6)


@varied_layer
def test_by_patches_with_fine_converters_it_is_the_same(kind: str, synapse: CompoundMTJ) -> None:
    """The path that convolutions take with current converters, tile by tile."""
    model = LAYERS[kind]()
    x = signed(model)
    coarse = Hardware(UnlimitedStates(synapse), tile=(8, 6))
    fine = Hardware(UnlimitedStates(synapse), tile=(8, 6), adc_bits=22, analog_bias=True)
    assert_close(outputs(to_analog(model, fine, x), x), outputs(to_analog(model, coarse, x), x),
                 1e-3)


@varied_layer
def test_with_wires_it_is_the_nodal_solution_of_its_tiles(kind: str, synapse: CompoundMTJ) -> None:
    """Each tile solved by a dense nodal matrix; Keras with the weights that this gives."""
    model = LAYERS[kind]()
    x = signed(model)
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(16, 12)), x)
    found = outputs(analog, x)
    for product in products_of(analog):
        product.hold(realised(product), None)
    assert_close(found, outputs(analog, x), 1e-6)


def realised(product: CrossbarProduct) -> np.ndarray:
    """Weights of each matrix from the nodal equations of its tiles."""
    made = np.zeros(product.shape)
    for group, matrix in enumerate(product.matrices):
        for tile in matrix.tiles:
            g = tile.circuit.conductance
            t = nodal(g, WIRES, np.eye(len(g))).currents
            made[group][tile.inputs, tile.outputs] = matrix.scale * t @ tile.decoder
    return made
