"""Laws of digital gains and offsets behind a product, and of scales that differ between matrices.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from circuits import Wires
from crossbar import Hardware
from crossbar.layers.product import CrossbarProduct
from crossbar.tiles.layer import device_rows
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.realised import solved
from device_models import CompoundMTJ

RNG = np.random.default_rng(4)
SHAPE = (2, 11, 5)
WEIGHTS, BIAS = RNG.normal(0, 1, SHAPE), RNG.normal(0, 1, (2, 5))
X = RNG.uniform(-1, 1, (6, 2, 11)).astype(np.float32)
GAIN, OFFSET = RNG.uniform(0.5, 2.0, (2, 5)), RNG.normal(0, 1, (2, 5))
KINDS: dict[str, dict[str, Any]] = {
    "kernel": {}, "row of biases": {"analog_bias": True}, "converters": {"adc_bits": 6},
    "both": {"adc_bits": 6, "analog_bias": True}, "serial": {"adc_bits": 7, "dac_bits": 4},
    "noise": {"read_noise": True}, "nonlinear": {"nonlinear": True, "analog_bias": True},
}
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def hardware(synapse: CompoundMTJ) -> Hardware:
    """Three rows of tiles, two columns of them."""
    return Hardware(synapse, Wires(5.0, 5.0), tile=(4, 6))


def made(hardware: Hardware, **settings: Any) -> CrossbarProduct:
    """A programmed product of two matrices."""
    product = CrossbarProduct(SHAPE, hardware, use_bias=True, name="product", **settings)
    product.build()
    product.program(WEIGHTS, BIAS)
    return product


def results(product: CrossbarProduct) -> np.ndarray:
    """Of X, noise from its start."""
    product.reads.fresh()
    return np.asarray(ops.convert_to_numpy(product(X)))


@every_kind
@pytest.mark.parametrize("per_tile", [False, True])
def test_ones_and_zeros_change_no_bit(kind: str, per_tile: bool, hardware: Hardware) -> None:
    hardware = replace(hardware, **KINDS[kind])
    plain, corrected = made(hardware), made(hardware, corrected=True, per_tile=per_tile)
    np.testing.assert_array_equal(results(corrected), results(plain))


@every_kind
def test_gains_and_offsets_are_of_what_columns_give(kind: str, hardware: Hardware) -> None:
    """Biases that are added digitally are not multiplied."""
    hardware = replace(hardware, **KINDS[kind])
    plain, product = made(hardware), made(hardware, corrected=True)
    product.correction.take(GAIN, OFFSET)
    digital = 0.0 if hardware.analog_bias else BIAS
    np.testing.assert_allclose(results(product), GAIN * (results(plain) - digital) + OFFSET
                               + digital, atol=1e-4)


@every_kind
def test_trims_are_of_what_each_row_of_tiles_gives(kind: str, hardware: Hardware) -> None:
    hardware = replace(hardware, **KINDS[kind])
    product = made(hardware, corrected=True, per_tile=True)
    product.reads.fresh()
    parts = ops.convert_to_numpy(product.parts(X))
    trim = RNG.uniform(0.8, 1.2, product.correction.trim.shape)
    product.correction.take(GAIN, OFFSET, trim)
    found = (parts * trim.swapaxes(0, 1)[None].swapaxes(1, 2)).sum(axis=-2)
    if product.by_tiles:
        found = np.stack([found[:, group] @ product.stacked()[group].decoder
                          for group in range(2)], axis=1)
    digital = 0.0 if hardware.analog_bias else BIAS
    np.testing.assert_allclose(results(product), GAIN * found + OFFSET + digital, atol=1e-4)


@pytest.mark.parametrize("kind", ["kernel", "converters", "both"])
def test_matrices_may_have_scales_of_their_own(kind: str, hardware: Hardware) -> None:
    """As gains have it that do the same digitally; the tiles know their scales."""
    hardware = replace(hardware, **KINDS[kind])
    gained, own = made(hardware, corrected=True), made(hardware, given=True)
    rows = device_rows(WEIGHTS, BIAS, hardware)
    wanted = Wanted.of(rows, hardware)
    realised = own.realised(replace(wanted, scale=wanted.scale * GAIN))
    for group, tile in solved(realised.wanted.write(hardware)):
        realised.add(group, tile)
    own.take(realised, rows, BIAS)
    gained.correction.take(GAIN, 0.0 * OFFSET)
    np.testing.assert_allclose(results(own), results(gained), atol=1e-4)
    for group, matrix in enumerate(own.matrices):
        np.testing.assert_array_equal(matrix.scale, wanted.scale * GAIN[group])
    again = CrossbarProduct.from_config(own.get_config())
    again.build()
    for mine, its in zip(again.variables, own.variables, strict=True):
        mine.assign(its)
    np.testing.assert_array_equal(results(again), results(own))


def test_other_devices_are_not_corrected(hardware: Hardware) -> None:
    product = made(hardware, corrected=True)
    product.correction.take(GAIN, OFFSET)
    product.program(WEIGHTS, BIAS)
    np.testing.assert_array_equal(results(product), results(made(hardware)))


def test_exact_weights_are_not_corrected(hardware: Hardware) -> None:
    product = made(hardware, corrected=True)
    product.correction.take(GAIN, OFFSET)
    product.hold(WEIGHTS, BIAS)
    np.testing.assert_allclose(results(product), np.einsum("bgi,gio->bgo", X, WEIGHTS) + BIAS,
                               atol=1e-4)


def test_a_correction_is_saved(hardware: Hardware, tmp_path: Path) -> None:
    x = keras.Input((2, 11))
    product = made(hardware, corrected=True, per_tile=True)
    product.correction.take(GAIN, OFFSET, RNG.uniform(0.5, 2, product.correction.trim.shape))
    model = keras.Model(x, product(x))
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))


def test_scales_of_another_shape_are_refused(hardware: Hardware) -> None:
    with pytest.raises(ValueError, match=r"expected one number, \(5,\).*or \(2, 5\)"):
        CrossbarProduct(SHAPE, hardware, scale=np.ones((5, 2)))
