"""Noise of a network's reads is that of its tiles' circuits, drawn anew for each read."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import ColumnNoise, CrossbarCircuit, MTJLaw, Wires
from crossbar import (
    Differential,
    Hardware,
    Mapping,
    MaxWeight,
    OffsetColumns,
    Subtraction,
    to_analog,
)
from crossbar.imperfections import ReadNoise
from crossbar.layers.model import products_of
from crossbar.layers.product import CrossbarProduct
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import Floats, outputs, randomise
from tests.support.tiles import by_tiles, states_of, voltages

WIRES = Wires(20.0, 20.0, 2000.0, 500.0)  # the rows' drivers tie columns together
BANDWIDTH = 0.5 / 30e-9
COUNT = 6000
X = np.random.default_rng(0).uniform(-1, 1, 7).astype(np.float32)
WHITE = ReadNoise(alpha=0.0)


def dense(units: int = 4) -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((7,)), layers.Dense(units, name="a", dtype="float64")]))


def reads(model: keras.Model, count: int = COUNT, x: Floats = X) -> Floats:
    """Outputs (count, units) of as many reads of the same input."""
    return outputs(model, np.tile(x, (count, 1)))[0]


Noise = Callable[[CrossbarCircuit, Floats], Floats]


def variances(product: CrossbarProduct, v: Floats, covariance: Callable[..., Floats]) -> Floats:
    """Of outputs (units,): that of each tile through its decoder, for row voltages (rows,) [V]."""
    total = np.zeros(product.shape[2])
    for tile in product.matrices[0].tiles:
        found = covariance(tile, v[tile.inputs])
        total[tile.outputs] += np.einsum("ki,kl,li->i", tile.decoder, found, tile.decoder)
    return np.asarray(total * (product.scale / product.hardware.read_voltage
                               * product.input_range[1]) ** 2)


def check(found: Floats, mean: Floats, variance: Floats) -> None:
    """Within five standard errors of normal samples."""
    count = len(found)
    assert np.all(np.abs(found.mean(axis=0) - mean) <= 5 * np.sqrt(variance / count))
    assert np.all(np.abs(found.var(axis=0) / variance - 1) <= 5 * np.sqrt(2 / count))


def row_voltages(product: CrossbarProduct, x: Floats = X) -> Floats:
    return voltages(product, x.astype(np.float64)[None, None])[0, 0]


@pytest.mark.parametrize("mapping", [
    Differential(), Differential(subtraction=Subtraction.BEFORE), OffsetColumns()], ids=str)
def test_mean_and_variance_are_those_of_the_tiles(mapping: Mapping, synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, mapping, (4, 6), read_noise=WHITE)
    analog = to_analog(dense(), hardware)
    exact = outputs(to_analog(dense(), replace(hardware, read_noise=False)), X[None])[0][0]
    product = products_of(analog)[0]
    check(reads(analog), exact, variances(
        product, row_voltages(product),
        lambda tile, v: ColumnNoise(tile.circuit, BANDWIDTH).covariance(v)))


def test_columns_of_a_pair_are_correlated(synapse: CompoundMTJ) -> None:
    """A device's noise returns through its row and the other columns: without, too little."""
    analog = to_analog(dense(), Hardware(synapse, Wires(source=2e4), tile=(4, 6), read_noise=WHITE))
    product = products_of(analog)[0]
    alone = variances(product, row_voltages(product), lambda tile, v: np.diag(
        ColumnNoise(tile.circuit, BANDWIDTH).rms(v) ** 2))
    whole = variances(product, row_voltages(product),
                      lambda tile, v: ColumnNoise(tile.circuit, BANDWIDTH).covariance(v))
    assert np.all(np.abs(whole / alone - 1) > 5 * np.sqrt(2 / COUNT))
    assert np.all(np.abs(reads(analog).var(axis=0) / alone - 1) > 5 * np.sqrt(2 / COUNT))


@pytest.mark.parametrize("nonlinear", [False, True])
def test_one_over_f_noise_is_that_of_all_junctions_of_a_device(
    nonlinear: bool, synapse: CompoundMTJ
) -> None:
    """Weights at the ends, of which all cells are in one state: the area is that of them all."""
    model = dense()
    w = np.where(np.random.default_rng(1).random((7, 4)) < 0.5, -1.0, 1.0)
    model.set_weights([w, np.zeros(4)])
    noise = ReadNoise(alpha=1e-17, lowest_frequency=10.0)
    hardware = Hardware(synapse, Wires(5.0, 5.0, 50.0, 20.0), tile=(4, 6), read_noise=noise,
                        nonlinear=nonlinear, scale=MaxWeight())
    analog = to_analog(model, hardware)
    product, law = products_of(analog)[0], MTJLaw.of(synapse.mtj)
    g = synapse.conductances(0.1)
    area = synapse.cells * synapse.mtj.area

    def circuit(tile: Any) -> CrossbarCircuit:
        states = states_of(tile, g)
        assert set(np.unique(states)) <= {0, synapse.cells}
        return CrossbarCircuit(MTJLaw.conductance(synapse, states), hardware.wires, law
                               ) if nonlinear else tile.circuit

    def found(alpha: float) -> Floats:
        return variances(product, row_voltages(product), lambda tile, v: ColumnNoise(
            circuit(tile), BANDWIDTH, 300.0, 0.0, area, alpha, 10.0).covariance(v))

    exact = outputs(to_analog(model, replace(hardware, read_noise=False)), X[None])[0][0]
    check(reads(analog), exact, found(noise.alpha))
    assert np.all(found(noise.alpha) > 2 * found(0.0))  # there is much of it


def test_amplifiers_alone_add_the_same_to_every_column(synapse: CompoundMTJ) -> None:
    """Far above shot noise: the sum over tiles of each output's columns."""
    amplifier = 1e-10
    analog = to_analog(dense(), Hardware(synapse, tile=(4, 6), read_noise=ReadNoise(
        amplifier=amplifier, alpha=0.0, bandwidth=4e6)))
    product = products_of(analog)[0]
    per_column = amplifier**2 * 4e6 * (product.scale / 0.1) ** 2
    found = reads(analog)
    exact = outputs(to_analog(dense(), Hardware(synapse, tile=(4, 6))), X[None])[0][0]
    check(found, exact, np.full(4, 2 * 2 * per_column))  # two rows of tiles, two columns


def test_outputs_and_samples_are_independent(synapse: CompoundMTJ) -> None:
    """Of outputs in different tiles, of consecutive samples, and of calls."""
    analog = to_analog(dense(), Hardware(synapse, WIRES, tile=(4, 2), read_noise=WHITE))
    first, second = reads(analog), reads(analog)
    r = np.corrcoef(np.hstack([first, second, np.roll(first, 1, axis=0)]).T)
    np.fill_diagonal(r, 0.0)
    assert np.abs(r).max() <= 5 / np.sqrt(COUNT)


def test_batches_of_any_size_draw_from_the_same_distribution(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, tile=(8, 8), read_noise=True)
    analog = to_analog(dense(), hardware)
    whole = reads(analog, 4000)
    for size, count in ((1, 150), (7, 60)):
        parts = np.concatenate([reads(analog, size) for _ in range(count)])
        assert len(np.unique(parts[:, 0])) == size * count
        spread = np.sqrt(whole.var(axis=0) / len(parts))
        assert np.all(np.abs(parts.mean(axis=0) - whole.mean(axis=0)) <= 6 * spread)
        assert np.all(np.abs(parts.var(axis=0) / whole.var(axis=0) - 1) <= 6 * np.sqrt(
            2 / len(parts)))


def test_a_seed_is_the_noise_and_every_call_draws_on(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, tile=(4, 6), read_noise=True, seed=3)
    analog, again, other = (to_analog(dense(), each) for each in (
        hardware, hardware, replace(hardware, seed=4)))
    first, second = reads(analog, 5), reads(analog, 5)
    np.testing.assert_array_equal(reads(again, 5), first)
    np.testing.assert_array_equal(reads(again, 5), second)
    assert not np.any(first == second)
    assert not np.any(first == reads(other, 5))


def test_layers_of_one_model_have_noise_of_their_own(synapse: CompoundMTJ) -> None:
    x = keras.Input((7,))
    model = keras.Model(x, [layers.Dense(4, name="a")(x), layers.Dense(4, name="b")(x)])
    randomise(model)
    model.get_layer("b").set_weights(model.get_layer("a").get_weights())
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(4, 6), read_noise=True))
    a, b = outputs(analog, X[None])
    assert not np.any(a == b)


def test_converters_see_the_noise(synapse: CompoundMTJ) -> None:
    """Of a converter finer than the noise the variance is that of the noise."""
    hardware = Hardware(synapse, WIRES, tile=(4, 6), read_noise=WHITE, adc_bits=16)
    analog, plain = (to_analog(dense(), each, 2 * X[None]) for each in (
        hardware, replace(hardware, adc_bits=None)))
    assert len(np.unique(reads(analog)[:, 0])) < len(np.unique(reads(plain)[:, 0]))
    np.testing.assert_allclose(reads(analog).var(axis=0), reads(plain).var(axis=0),
                               rtol=10 * np.sqrt(2 / COUNT))
    exact = by_tiles(products_of(analog)[0], X.astype(np.float64)[None, None],
                     lambda tile, v: v @ tile.circuit.transconductance())[0, 0]
    assert np.all(np.abs(reads(analog).mean(axis=0) - exact) < 0.1 * np.abs(exact).max())


@pytest.mark.parametrize(("noise", "match"), [
    (ReadNoise(), "read_noise"), (ReadNoise(alpha=0.0), None)])
def test_noise_of_junctions_needs_junctions(noise: ReadNoise, match: str | None,
                                            synapse: CompoundMTJ) -> None:
    if match is None:
        assert Hardware(UnlimitedStates(synapse), read_noise=noise).noise == noise
        return
    with pytest.raises(ValueError, match=match):
        Hardware(UnlimitedStates(synapse), read_noise=noise)


def test_noise_that_ends_above_its_bandwidth_is_refused(synapse: CompoundMTJ) -> None:
    with pytest.raises(ValueError, match=r"read_noise has a lowest_frequency of 2e\+07 Hz; .*less "
                       r"than its bandwidth, 1\.66667e\+07 Hz"):
        Hardware(synapse, read_noise=ReadNoise(lowest_frequency=2e7))
