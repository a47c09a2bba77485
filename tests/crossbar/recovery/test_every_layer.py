"""Every type of layer is calibrated: by one kernel and tile by tile, wherever its columns go."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from circuits import Wires
from crossbar import Hardware, PerOutput, PerTile, calibrate, to_analog
from crossbar.layers.model import products_of
from crossbar.recovery.corrected import corrected
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import LAYERS, ONE_OF_EACH, outputs, signed

TYPES = ONE_OF_EACH
if keras.backend.backend() != "tensorflow":
    TYPES = TYPES[::4]  # others compile every shape anew
every_type = pytest.mark.parametrize("kind", TYPES)


def run(model: keras.Model, x: Any) -> np.ndarray:
    """All outputs of all samples."""
    return np.concatenate([y.reshape(len(y), -1) for y in outputs(model, x)], axis=1)


@every_type
def test_it_comes_nearer_and_the_given_model_stays(kind: str, synapse: CompoundMTJ) -> None:
    model = LAYERS[kind]()
    x = signed(model, 30)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse), Wires(60.0, 60.0), tile=(16, 12)),
                       x)
    wanted, mapped = run(model, x), run(analog, x)
    left = [np.sum((run(made, x) - wanted) ** 2) for made in (
        analog, *(calibrate(analog, x, gains=gains) for gains in (PerOutput(), PerTile())))]
    np.testing.assert_array_equal(run(analog, x), mapped)
    assert left[1] < 0.95 * left[0]
    assert left[2] < 0.95 * left[0]


@every_type
def test_corrections_are_of_what_its_columns_give(kind: str, synapse: CompoundMTJ) -> None:
    """With one kernel as with converters too fine to matter, tile by tile, whose ranges have room
    for what gains make larger."""
    model = LAYERS[kind]()
    x = signed(model, 4)
    coarse = Hardware(UnlimitedStates(synapse), tile=(8, 12))
    made = []
    for hardware in (coarse, replace(coarse, adc_bits=22)):
        analog = to_analog(model, hardware, keras.tree.map_structure(lambda a: 8.0 * a, x))
        rng = np.random.default_rng(6)
        found = corrected(analog, per_tile=True)
        for product in products_of(found):
            gain, offset = rng.uniform(0.5, 1.5, (2, *product.correction.gain.shape))
            trim = rng.uniform(0.8, 1.2, (product.row_tiles, product.shape[2]))
            # a pair of converters to an output, or the output itself
            each = product.correction.trim.shape[-1] // product.shape[2]
            product.correction.take(gain, offset - 1.0, np.broadcast_to(
                np.repeat(trim, each, axis=-1), product.correction.trim.shape))
        made.append(run(found, x))
    assert np.abs(made[0] - run(model, x)).max() > 1e-2
    np.testing.assert_allclose(*made, atol=1e-3 * np.abs(made[0]).max())
