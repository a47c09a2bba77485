"""States that were chosen elsewhere stay what they are: written, saved, on any chip."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from circuits import Wires
from crossbar import (
    BitSliced,
    ColumnWise,
    Differential,
    Hardware,
    OffsetColumns,
    PerOutput,
    PerTile,
    ReadBack,
    calibrate,
    chips,
    explain,
    read_energy,
    to_analog,
)
from crossbar.conversion.stand_ins import StandIn
from crossbar.layers.maker import Maker
from crossbar.layers.model import products_of
from crossbar.layers.periphery import decoded
from crossbar.layers.product import CrossbarProduct
from crossbar.tiles import TiledMatrix
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.order import Order
from device_models import CompoundMTJ, Variability
from tests.support.models import outputs

Floats = NDArray[np.float64]
SETTINGS: dict[str, dict[str, Any]] = {
    "product": {},
    "slices": {"mapping": BitSliced(Differential())},
    "offset": {"mapping": OffsetColumns(), "scale": ColumnWise()},
    "bias row": {"analog_bias": True},
    "converters": {"adc_bits": 12, "dac_bits": 9},
    "nonlinear": {"nonlinear": True, "variability": Variability(sigma_r_p=0.1)},
    "read back": {"gain": ReadBack(), "spread": 0.1, "adc_bits": 14},
}
ORDERED = [False, True]


@pytest.fixture
def made(synapse: CompoundMTJ) -> Callable[..., Hardware]:
    """Wires that matter, and tiles smaller than the matrices."""
    def build(**settings: Any) -> Hardware:
        return Hardware(synapse, **{"wires": Wires(20.0, 20.0), "tile": (4, 8), **settings})

    return build


def product(hardware: Hardware, groups: int = 1, given: bool = False) -> CrossbarProduct:
    """Of matrices (6, 5), with biases, nothing in it."""
    built = CrossbarProduct((groups, 6, 5), hardware, use_bias=True, place="here/0", given=given)
    built.build()
    return built


def weights(groups: int = 1) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(1)
    return rng.normal(0, 0.5, (groups, 6, 5)), rng.normal(0, 0.5, (groups, 5))


def random_states(hardware: Hardware, groups: int = 1, ordered: bool = False) -> Wanted:
    """Levels that have nothing to do with any weights, scales of each output, and an order in
    which biases stay last."""
    rng, rows = np.random.default_rng(2), 6 + hardware.analog_bias
    levels = hardware.mapping.levels(hardware.synapse, hardware.read_voltage).values
    states = rng.choice(levels, (groups, rows, 5))
    scale = rng.uniform(1.0, 2.0, (groups, 5)) / levels.max()
    order = Order.unchanged(states.shape)
    order = Order(np.hstack([rng.permuted(order.rows[:, :6], axis=1), order.rows[:, 6:]]),
                  rng.permuted(order.outputs, axis=1))
    return Wanted(states, scale, order if ordered else None)


def inputs(groups: int = 1) -> Floats:
    return np.random.default_rng(3).uniform(0, 1, (7, groups, 6)).astype(np.float32)


@pytest.mark.parametrize("name", SETTINGS)
def test_given_the_levels_next_to_its_weights_a_product_is_what_it_was(
    name: str, made: Callable[..., Hardware]
) -> None:
    hardware = made(**SETTINGS[name])
    alone, given = product(hardware), product(hardware)
    alone.program(*weights())
    given.program(*weights(), wanted=alone.written)
    for a, b in zip(alone.variables, given.variables, strict=False):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(alone(inputs()), given(inputs()))
    assert "given" not in alone.get_config()
    assert given.get_config()["given"]


@pytest.mark.parametrize("ordered", ORDERED)
@pytest.mark.parametrize("name", SETTINGS)
def test_any_states_are_written_whatever_the_weights(
    name: str, ordered: bool, made: Callable[..., Hardware]
) -> None:
    """Against the tiles without Keras; the wanted weights stay known."""
    hardware = made(**SETTINGS[name])
    states, held = random_states(hardware, 1, ordered), product(hardware)
    held.program(*weights(), wanted=states)
    matrix = TiledMatrix.write(states, hardware, "here/0")[0]
    np.testing.assert_array_equal(decoded(held.devices)[0], matrix.conductance)
    np.testing.assert_allclose(held.kernel[0], matrix.weights[:6], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(decoded(held.wanted)[:, :6], weights()[0])
    np.testing.assert_array_equal(held.written.difference, states.difference)
    assert held.get_config().get("ordered", False) == ordered
    for tiles in held.matrices, held.rewritten():
        np.testing.assert_allclose(tiles[0].weights, matrix.weights, rtol=1e-12)


@pytest.mark.parametrize("ordered", ORDERED)
@pytest.mark.parametrize("groups", [1, 3])
def test_every_matrix_has_the_scales_and_the_order_it_was_given(
    groups: int, ordered: bool, made: Callable[..., Hardware]
) -> None:
    """Through converters too fine to matter as without any."""
    plain, fine = made(), made(adc_bits=22, analog_bias=ordered)
    y = []
    for hardware in (plain, fine):
        states = random_states(hardware, groups, ordered)
        held = product(hardware, groups, given=groups > 1)
        held.program(*weights(groups), wanted=states)
        y.append(np.asarray(held(inputs(groups))))
        real = [m.weights for m in TiledMatrix.write(states, hardware, "here/0")]
        expected = np.einsum("sgi,gio->sgo", inputs(groups), [m[:6] for m in real])
        expected += np.stack([m[6] for m in real]) if held.bias_row else weights(groups)[1]
        np.testing.assert_allclose(y[-1], expected, rtol=1e-4, atol=1e-4)
        copy = StandIn.copied(held)
        np.testing.assert_array_equal(copy(inputs(groups)), y[-1])


@pytest.mark.parametrize("name", SETTINGS)
def test_other_chips_hold_the_same_states(name: str, made: Callable[..., Hardware]) -> None:
    hardware = made(**SETTINGS[name])
    held = product(hardware)
    held.program(*weights(), wanted=random_states(hardware))
    other = StandIn.programmed(held, replace(hardware, seed=1))
    np.testing.assert_array_equal(other.written.difference, held.written.difference)
    ideal = StandIn.programmed(held, hardware.ideal())
    states = random_states(hardware)
    np.testing.assert_allclose(ideal.kernel, (states.scale[:, None] * states.difference)[:, :6],
                               rtol=1e-5, atol=1e-6)
    exact = StandIn.exactly(held)
    np.testing.assert_allclose(exact.kernel, weights()[0], rtol=1e-6)


@pytest.fixture(params=ORDERED)
def choosing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Conversions that are given random states, for everything that is (6, 5)."""
    plain = Maker.product

    def chosen(self: Maker, kernel: Floats, *args: Any, **settings: Any) -> CrossbarProduct:
        assert self.hardware is not None
        return plain(self, kernel, *args, **settings, chosen=random_states(
            self.hardware, 1, request.param))

    monkeypatch.setattr(Maker, "product", chosen)


@pytest.fixture
def model() -> keras.Model:
    built = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, activation="tanh")])
    built.set_weights([each[0] for each in weights()])
    return built


@pytest.mark.usefixtures("choosing")
@pytest.mark.parametrize("name", SETTINGS)
def test_they_are_saved_with_the_model(
    name: str, made: Callable[..., Hardware], model: keras.Model, tmp_path: Path
) -> None:
    hardware, x = made(**SETTINGS[name]), inputs()[:, 0]
    analog = to_analog(model, hardware, x)
    np.testing.assert_array_equal(products_of(analog)[0].written.difference,
                                  random_states(hardware).difference)
    before = outputs(analog, x)[0]
    analog.save(tmp_path / "a.keras")
    loaded = keras.models.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(outputs(loaded, x)[0], before)
    analog.save_weights(tmp_path / "a.weights.h5")
    again = to_analog(model, hardware, x)
    again.load_weights(tmp_path / "a.weights.h5")
    np.testing.assert_array_equal(outputs(again, x)[0], before)


@pytest.mark.usefixtures("choosing")
@pytest.mark.parametrize("name", ["bias row", "converters", "read back"])
def test_chips_are_those_of_the_same_states(
    name: str, made: Callable[..., Hardware], model: keras.Model
) -> None:
    hardware, x = made(**{"spread": 0.2, **SETTINGS[name]}), inputs()[:, 0]
    y = np.arange(len(x)) % 5
    found = []

    def keep(_: Any, out: Any) -> float:
        found.append(out)
        return 1.0

    chips(model, hardware, [4, 5], x, y, x, metric=keep)
    for seed, out in zip((4, 5), found, strict=True):
        one = to_analog(model, replace(hardware, seed=seed), x)
        np.testing.assert_allclose(out, outputs(one, x)[0], rtol=1e-5, atol=1e-5)


@pytest.mark.usefixtures("choosing")
@pytest.mark.parametrize("name", ["product", "converters"])
@pytest.mark.parametrize("per_tile", [False, True])
def test_calibrated_they_are_the_same_states_and_nearer(
    name: str, per_tile: bool, made: Callable[..., Hardware], model: keras.Model, tmp_path: Path
) -> None:
    hardware = made(**SETTINGS[name])
    x = np.random.default_rng(5).uniform(0, 1, (200, 6)).astype(np.float32)
    states = random_states(hardware)
    model.set_weights([(states.scale * states.difference[0])[:6], weights()[1][0]])
    model.layers[0].activation = keras.activations.linear
    analog = to_analog(model, hardware, x)
    before, wanted = outputs(analog, x)[0], outputs(model, x)[0]
    better = calibrate(analog, x, gains=PerTile() if per_tile else PerOutput())
    after = outputs(better, x)[0]
    held, old = products_of(better)[0], products_of(analog)[0]
    np.testing.assert_array_equal(held.written.difference, old.written.difference)
    np.testing.assert_array_equal(decoded(held.devices), decoded(old.devices))
    assert (held.order is None) == (old.order is None)
    assert np.mean((after - wanted) ** 2) < np.mean((before - wanted) ** 2)
    better.save(tmp_path / "b.keras")
    np.testing.assert_array_equal(
        outputs(keras.models.load_model(tmp_path / "b.keras"), x)[0], after)


@pytest.mark.usefixtures("choosing")
def test_what_explains_a_model_writes_its_states(
    made: Callable[..., Hardware], model: keras.Model
) -> None:
    """With everything it is the model, and what it does less of is written from its states."""
    hardware, x = made(spread=0.1), inputs()[:, 0]
    analog = to_analog(model, hardware, x)
    report = explain(analog, x, np.argmax(outputs(analog, x)[0], axis=1))
    assert report.rows[-1].alone.value == 1.0


def test_what_is_no_level_is_refused(made: Callable[..., Hardware]) -> None:
    hardware = made()
    states = random_states(hardware)
    held = product(hardware)
    off = states.difference.copy()
    off[0, 2, 3] += 0.1 * np.abs(off).max()
    with pytest.raises(ValueError, match=r"at \(0, 2, 3\) is no level of the mapping; expected"):
        held.program(*weights(), wanted=Wanted(off, states.scale))
    with pytest.raises(ValueError, match=r"states have shape \(1, 5, 5\); expected \(1, 6, 5\)"):
        held.program(*weights(), wanted=Wanted(states.difference[:, :5], states.scale))
    with pytest.raises(ValueError, match=r"scale \[1/S\] has shape \(4,\).*expected above zero"):
        held.program(*weights(), wanted=Wanted(states.difference, np.ones(4)))
    assert not held.given
    biased = made(analog_bias=True)
    mixed = random_states(biased)
    order = Order(np.arange(7)[None, ::-1], np.arange(5)[None])
    with pytest.raises(ValueError, match="has biases in its last row, and the order has another"):
        product(biased).program(*weights(), wanted=replace(mixed, order=order))


@pytest.mark.parametrize("settings", [{}, {"analog_bias": True}])
def test_gains_of_tiles_are_of_the_rows_that_stand_in_them(
    settings: dict[str, Any], made: Callable[..., Hardware]
) -> None:
    hardware = made(**settings)
    held = CrossbarProduct((3, 6, 5), hardware, use_bias=True, corrected=True, per_tile=True)
    held.build()
    held.program(*weights(3), wanted=random_states(hardware, 3, ordered=True))
    rng = np.random.default_rng(4)
    gain, offset = rng.uniform(0.5, 2.0, (3, 5)), rng.normal(size=(3, 5))
    trim = rng.uniform(0.5, 2.0, (3, 2, 5))
    held.correction.take(gain, offset, trim)
    parts = np.asarray(held.parts(inputs(3)))
    expected = offset + gain * np.sum(trim * parts, axis=-2)
    expected = expected if held.bias_row else expected + weights(3)[1]
    np.testing.assert_allclose(held(inputs(3)), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("nonlinear", [False, True])
def test_without_wires_an_order_takes_the_same_energy(
    nonlinear: bool, made: Callable[..., Hardware], model: keras.Model,
    monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each device sees the input of its own row."""
    hardware, x, plain, found = made(wires=Wires(), nonlinear=nonlinear), inputs()[:, 0], (
        Maker.product), []
    for ordered in ORDERED:
        monkeypatch.setattr(Maker, "product", lambda self, kernel, *args, ordered=ordered: plain(
            self, kernel, *args, chosen=random_states(hardware, 1, ordered)))
        found.append(read_energy(to_analog(model, hardware, x), x).array)
    assert found[1] == pytest.approx(found[0], rel=1e-9)
