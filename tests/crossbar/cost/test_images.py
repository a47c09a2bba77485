"""Laws of the energy of single inputs: each takes what it takes alone."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

import crossbar
from circuits import BitSerial, Wires
from crossbar import Hardware, read_energy, to_analog
from crossbar.cost.parts import ARRAY
from crossbar.layers import base
from device_models import CompoundMTJ
from tests.support.models import LAYERS, signed

WIRES = Wires(4.0, 3.0, 100.0, 30.0)
SOME = ["dense-3d", "einsum-abc,bd->adc", "einsum-abde,dec->abc",
        "conv2d-same-s2-d1-g2-channels_last", "depthwise2d-same-s1-d1-m2-channels_last",
        "separable1d-valid-s1-d1-m1-channels_last", "transposed2d-same-s2-d1-oNone-channels_last",
        "lstm-both", "rnn-stacked", "distributed", "attention-grouped"]


def alone(analog: keras.Model, x: object) -> list[float]:
    """Array energy of each input by itself [J]."""
    samples = len(keras.tree.flatten(x)[0])
    return [read_energy(analog, keras.tree.map_structure(lambda a, i=i: a[i : i + 1], x)).array
            for i in range(samples)]


@pytest.mark.parametrize("name", SOME)
def test_each_input_takes_what_it_takes_alone(name: str, synapse: CompoundMTJ) -> None:
    model = LAYERS[name]()
    x = signed(model)
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(8, 8)), x)
    report = read_energy(analog, x)
    np.testing.assert_allclose(report.images, alone(analog, x), rtol=1e-7)
    assert np.mean(report.images) == pytest.approx(report.array, rel=1e-9)
    assert report.peak == max(report.images)
    assert len(set(report.images)) == 3


@pytest.mark.parametrize("change", [
    {"dac": BitSerial(4)}, {"nonlinear": True, "read_voltage": 0.4}, {"adc_bits": 5, "dac_bits": 3},
    {"analog_bias": True}], ids=["bits", "nonlinear", "converters", "bias row"])
def test_whatever_reads_them(change: dict[str, object], synapse: CompoundMTJ) -> None:
    """Of nonlinear devices, what they take beyond linear ones is shared out in proportion."""
    model = LAYERS["conv2d-valid-s1-d1-g2-channels_last"]()
    x = signed(model)
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(8, 8), **change), x)
    report = read_energy(analog, x)
    near = 0.03 if "nonlinear" in change else 1e-7
    np.testing.assert_allclose(report.images, alone(analog, x), rtol=near)
    assert np.mean(report.images) == pytest.approx(report.array, rel=1e-9)


def test_portions_of_a_batch_keep_their_places(synapse: CompoundMTJ,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of large images are shown a few images at a time."""
    model = LAYERS["conv2d-same-s1-d1-g1-channels_last"]()
    x = signed(model, 5)
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(8, 8)), x)
    whole = read_energy(analog, x).images
    monkeypatch.setattr(base, "_SHOWN", 2 * 7 * 6 * 30)
    np.testing.assert_allclose(read_energy(analog, x).images, whole, rtol=1e-12)


def test_order_and_batches_do_not_matter(synapse: CompoundMTJ) -> None:
    """Of more inputs than one batch has."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((9,)), layers.Dense(5, "sigmoid"), layers.Dense(3)])
    x = np.random.default_rng(0).uniform(0, 1, (600, 9)).astype(np.float32)
    analog = to_analog(model, Hardware(synapse, WIRES), x)
    report = read_energy(analog, x)
    assert len(report.images) == report.samples == 600
    np.testing.assert_allclose(read_energy(analog, x[::-1]).images, report.images[::-1], rtol=1e-9)
    shares = report.quantiles((0.0, 0.5, 1.0))
    assert shares[0.0] == min(report.images)
    assert shares[1.0] == report.peak
    assert shares[0.5] == pytest.approx(float(np.median(report.images)))


def test_inputs_that_nothing_tells_apart_have_no_energies_of_their_own(synapse: CompoundMTJ
                                                                       ) -> None:
    """Where a layer folds samples into another axis, none is guessed."""
    x = keras.Input((4, 6))
    folded = layers.Lambda(lambda t: keras.ops.reshape(t, (-1, 6)), (6,))(x)
    y = layers.Lambda(lambda t: keras.ops.reshape(t, (-1, 4, 5)), (4, 5))(
        layers.Dense(5)(folded))
    values = np.random.default_rng(0).uniform(0, 1, (3, 4, 6)).astype(np.float32)
    report = read_energy(to_analog(keras.Model(x, y), Hardware(synapse, WIRES), values), values)
    assert report.images == ()
    assert np.isnan(report.peak)
    assert np.isnan(list(report.quantiles().values())).all()
    assert report.array > 0


def test_parts_that_are_not_what_sources_deliver_are_refused(
    synapse: CompoundMTJ, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two ways share no step behind the circuit's solution."""
    from crossbar.cost import reading

    model = LAYERS["dense"]()
    x = signed(model)
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(8, 8)), x)

    def wrong(*given: object) -> object:
        return 1.001 * true(*given)

    true = reading.source_energies
    monkeypatch.setattr(reading, "source_energies", wrong)
    with pytest.raises(ArithmeticError, match="their sources deliver"):
        read_energy(analog, x)


@pytest.mark.parametrize("both_ends", [False, True])
def test_channels_and_junctions_share_what_devices_take(both_ends: bool) -> None:
    """Without wires each device has its row's voltage: its pattern's ladder says what is lost."""
    from device_models import load_stack

    stack = load_stack("kumar2024")
    compound = CompoundMTJ(stack.mtj(1.9e-9), 2, channel=stack.write_channel(both_ends=both_ends))
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    x = np.random.default_rng(0).uniform(0, 1, (5, 4)).astype(np.float32)
    hardware = Hardware(compound, mapping=crossbar.ReferenceColumn())
    analog = to_analog(model, hardware, x)
    found = read_energy(analog, x)
    g = analog.layers[0].matrix.conductance
    patterns, shares = compound.pattern_conductances(0.1), compound.channel_shares(0.1)
    trimmed = hardware.mapping.trimmed(3)
    v = 0.1 * x.astype(np.float64)
    expected = 0.0
    for j in np.flatnonzero(~trimmed):
        for i in range(4):
            share = shares[np.abs(patterns - g[i, j]).argmin()]
            expected += hardware.read_time * share * g[i, j] * float(np.mean(v[:, i] ** 2))
    assert found.split["channels"] == pytest.approx(expected, rel=1e-6)
    without = read_energy(to_analog(model, replace(hardware, synapse=replace(
        compound, channel=None)), x), x)
    assert without.split["channels"] == 0.0
    assert set(found.split) == set(without.split) > set(ARRAY)
