"""Laws of conversion: equal to Keras where nothing is analog, to the circuit where it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from circuits import CrossbarCircuit, Wires
from crossbar import (
    Differential,
    Hardware,
    LeastSquares,
    Mapping,
    ReferenceColumn,
    conversion_report,
    count_tiles,
)
from crossbar.conversion.convert import to_analog
from device_models import CompoundMTJ, UnlimitedStates

Floats = NDArray[np.float64]
Values = Callable[..., Floats]
Network = Callable[..., keras.Model]
MAPPINGS = [Differential(), ReferenceColumn()]
FLOAT32 = {"rtol": 2e-5, "atol": 2e-6}


def quantised(model: keras.Model, hardware: Hardware) -> keras.Model:
    """A Keras copy whose kernels lie on the levels, computed without tiles."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    levels = hardware.mapping.levels(hardware.synapse, hardware.read_voltage)
    for layer in copy.layers:
        if isinstance(layer, layers.Dense):
            w = np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float64)
            scale = LeastSquares().fit(w, levels)
            layer.kernel.assign((scale * levels.nearest(w / scale)).astype(np.float32))
    return copy


def randomise(model: keras.Model) -> keras.Model:
    rng = np.random.default_rng(2)
    model.set_weights([np.abs(rng.normal(0.1, 0.6, w.shape)) if "variance" in v.name
                       else rng.normal(0, 0.6, w.shape)
                       for v, w in zip(model.weights, model.get_weights(), strict=True)])
    return model


def residual() -> keras.Model:
    x = keras.Input((6,), name="x")
    y = layers.Dense(6, activation="relu", name="inner")(x)
    return keras.Model(x, layers.Dense(3, name="out")(layers.Add()([x, y])))


def shared() -> keras.Model:
    x = keras.Input((6,), name="x")
    dense = layers.Dense(6, activation="tanh", name="twice")
    return keras.Model(x, dense(dense(x)))


def passing_through() -> keras.Model:
    return keras.Sequential([
        keras.Input((2, 3)), layers.Flatten(), layers.Dropout(0.5), layers.Dense(5, name="a"),
        layers.BatchNormalization(), layers.ReLU(), layers.LayerNormalization(),
        layers.Reshape((5,)), layers.Dense(3, activation="softmax", name="b")])


def three_dimensional() -> keras.Model:
    return keras.Sequential([keras.Input((4, 6)), layers.Dense(3, activation="relu", name="a"),
                             layers.Dense(2, name="b")])


KINDS: dict[str, Callable[[], keras.Model]] = {
    "residual": residual, "shared": shared, "passing through": passing_through,
    "three-dimensional": three_dimensional,
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@pytest.mark.parametrize("mapping", MAPPINGS, ids=["pair", "reference"])
@pytest.mark.parametrize("settings", [{}, {"activation": "relu"}, {"activation": None},
                                      {"use_bias": False}, {"sizes": (70, 5, 1)}], ids=str)
def test_without_wires_it_is_keras_with_quantised_weights(
    settings: dict[str, Any], mapping: Mapping, synapse: CompoundMTJ, network: Network,
    inputs: Callable[..., Floats], values: Values,
) -> None:
    model = network(**settings)
    hardware = Hardware(synapse, mapping=mapping, tile=(8, 6))
    x = inputs(model.input_shape[1], low=-1.0)
    expected = values(quantised(model, hardware), x)
    np.testing.assert_allclose(values(to_analog(model, hardware, x), x), expected, **FLOAT32)
    assert np.abs(expected - values(model, x)).max() > 1e-3  # quantisation did something


@every_kind
def test_models_of_many_kinds_convert(
    kind: Callable[[], keras.Model], synapse: CompoundMTJ, values: Values
) -> None:
    model, hardware = randomise(kind()), Hardware(synapse)
    x = np.random.default_rng(0).normal(0, 1, (20, *model.input_shape[1:])).astype(np.float32)
    expected = values(quantised(model, hardware), x)
    assert values(to_analog(model, hardware, x), x) == pytest.approx(expected, rel=1e-4, abs=1e-5)


@every_kind
def test_unlimited_states_are_the_keras_model(
    kind: Callable[[], keras.Model], synapse: CompoundMTJ, values: Values
) -> None:
    model = randomise(kind())
    x = np.random.default_rng(0).normal(0, 1, (20, *model.input_shape[1:])).astype(np.float32)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    assert values(analog, x) == pytest.approx(values(model, x), rel=1e-4, abs=1e-5)


def test_an_adapted_normalisation_keeps_what_it_has_learnt(
    synapse: CompoundMTJ, values: Values
) -> None:
    x = np.random.default_rng(0).normal(3, 2, (50, 6)).astype(np.float32)
    adapted = layers.Normalization()
    adapted.adapt(x)
    model = keras.Sequential([keras.Input((6,)), adapted, layers.Dense(4)])
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    assert values(analog, x) == pytest.approx(values(model, x), rel=1e-4, abs=1e-5)


def test_an_input_needs_no_name(synapse: CompoundMTJ, values: Values) -> None:
    x = keras.Input((6,))
    model = randomise(keras.Model(x, layers.Dense(3)(x)))
    hardware, x_values = Hardware(synapse), np.ones((2, 6), np.float32)
    expected = values(quantised(model, hardware), x_values)
    np.testing.assert_allclose(values(to_analog(model, hardware), x_values), expected, **FLOAT32)


def two_inputs() -> keras.Model:
    a, b = keras.Input((4,), name="left"), keras.Input((3,), name="right")
    joined = layers.Concatenate()([layers.Dense(5, name="p")(a), layers.Dense(2, name="q")(b)])
    return randomise(keras.Model([a, b], layers.Dense(2, name="r")(joined)))


def test_two_inputs_convert(synapse: CompoundMTJ, values: Values) -> None:
    model, hardware = two_inputs(), Hardware(synapse)
    rng = np.random.default_rng(0)
    x = [rng.uniform(0, 1, (8, n)).astype(np.float32) for n in (4, 3)]
    expected = values(quantised(model, hardware), x)
    np.testing.assert_allclose(values(to_analog(model, hardware, x), x), expected, **FLOAT32)


def test_two_inputs_calibrate(synapse: CompoundMTJ) -> None:
    rng = np.random.default_rng(0)
    x = [3 * rng.uniform(0, 1, (8, n)).astype(np.float32) for n in (4, 3)]
    analog = to_analog(two_inputs(), Hardware(synapse), x)
    assert analog.get_layer("p").input_range == (0.0, pytest.approx(float(x[0].max())))


@pytest.mark.parametrize("bias", [False, True], ids=["digital bias", "analog bias"])
@pytest.mark.parametrize("mapping", MAPPINGS, ids=["pair", "reference"])
@pytest.mark.parametrize("top", [0.8, 5.0])
def test_one_tile_is_the_circuit(
    mapping: Mapping, bias: bool, top: float, synapse: CompoundMTJ, network: Network,
    inputs: Callable[..., Floats], values: Values,
) -> None:
    """x -> row voltages -> solved column currents -> decoded -> weight scale, step by step."""
    model = network((9, 4), None)
    hardware = Hardware(synapse, Wires(7.0, 5.0, 150.0, 40.0), mapping, read_voltage=0.2,
                        analog_bias=bias)
    x = inputs(9, high=top)
    reach = max(1.0, float(x.max()))
    kernel, offset = (w.astype(np.float64) for w in model.get_weights())
    w = np.vstack([kernel, offset / reach]) if bias else kernel
    levels = mapping.levels(synapse, 0.2)
    scale = LeastSquares().fit(w, levels)
    circuit = CrossbarCircuit(mapping.conductances(w / scale, synapse, 0.2), hardware.wires)
    driven = np.hstack([x, np.full((len(x), 1), reach)]) if bias else x
    voltages = 0.2 * driven.astype(np.float64) / reach
    currents = circuit.solve(voltages).device_currents.sum(axis=-2)  # from node voltages
    result = currents @ mapping.decoder(4) * scale * reach / 0.2
    expected = result if bias else result + offset
    np.testing.assert_allclose(values(to_analog(model, hardware, x), x), expected,
                               rtol=1e-4, atol=1e-5)


def test_activations_above_one_that_the_arrays_give_set_the_input_range(
    synapse: CompoundMTJ, network: Network, inputs: Callable[..., Floats]
) -> None:
    x = inputs(9, high=4.0)
    analog = to_analog(network((9, 8, 3), "relu"), Hardware(synapse, Wires(5.0, 5.0)), x)
    hidden = keras.ops.convert_to_numpy(analog.get_layer("d0")(x))
    assert hidden.max() > 1
    assert analog.get_layer("d0").input_range == (0.0, pytest.approx(float(x.max())))
    assert analog.get_layer("d1").input_range == (0.0, pytest.approx(float(hidden.max()), rel=1e-6))


def test_range_is_symmetric_where_inputs_are_negative_and_at_least_one(
    synapse: CompoundMTJ, network: Network, inputs: Callable[..., Floats]
) -> None:
    model = network((9, 4))
    ranges = {low: to_analog(model, Hardware(synapse), inputs(9, low=low, high=0.5))
              .get_layer("d0").input_range for low in (-3.0, -0.2, 0.0)}
    assert ranges[-3.0][0] == -ranges[-3.0][1] == pytest.approx(-3.0, rel=0.05)
    assert ranges[-0.2] == (-1.0, 1.0)
    assert ranges[0.0] == (0.0, 1.0)


def test_saved_model_predicts_the_same(
    synapse: CompoundMTJ, network: Network, inputs: Callable[..., Floats], values: Values,
    tmp_path: Path,
) -> None:
    x = inputs(9)
    for name, hardware in {"plain": Hardware(synapse, Wires(9, 9)), "full": Hardware(
            synapse, Wires(9, 9), tile=(4, 6), dac_bits=5, adc_bits=6, analog_bias=True)}.items():
        analog = to_analog(network(), hardware, x)
        analog.save(tmp_path / f"{name}.keras")
        loaded = keras.models.load_model(tmp_path / f"{name}.keras")
        np.testing.assert_array_equal(values(loaded, x), values(analog, x))


def test_original_is_left_alone_and_names_and_compilation_are_kept(
    synapse: CompoundMTJ, network: Network, inputs: Callable[..., Floats]
) -> None:
    model, x = network(), inputs(9)
    before = model.get_weights()
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    analog = to_analog(model, Hardware(synapse), x)
    assert [layer.name for layer in analog.layers] == [layer.name for layer in model.layers]
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert set(analog.evaluate(x, np.zeros(len(x)), verbose=0, return_dict=True)) == {
        "loss", "accuracy"}
    assert analog.trainable_weights == []


def test_spread_differs_between_layers_and_repeats_with_the_seed(
    synapse: CompoundMTJ, network: Network
) -> None:
    model = network((6, 6, 6))
    model.layers[1].set_weights(model.layers[0].get_weights())
    hardware = Hardware(synapse, spread=0.05, seed=1)

    def first_and_second(settings: Hardware) -> list[Floats]:
        return [layer.matrix.weights for layer in to_analog(model, settings).layers]

    first, second = first_and_second(hardware)
    assert np.all(first != second)
    np.testing.assert_array_equal(first, first_and_second(hardware)[0])
    assert np.all(first != first_and_second(replace(hardware, seed=2))[0])


@pytest.mark.parametrize("bias", [False, True])
def test_progress_counts_every_tile(bias: bool, synapse: CompoundMTJ, network: Network) -> None:
    hardware = Hardware(synapse, tile=(8, 6), analog_bias=bias)
    model, steps = network((16, 7, 4)), []
    to_analog(model, hardware, progress=steps.append)
    assert sum(steps) == count_tiles(model, hardware) == ((9 + 2) if bias else (6 + 2))


class Subclassed(keras.Model):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.dense = layers.Dense(2)

    def call(self, x: Any) -> Any:
        return self.dense(x)


@pytest.mark.parametrize("function", [to_analog, count_tiles])
def test_a_layer_that_cannot_be_converted_is_named(
    function: Callable[..., Any], synapse: CompoundMTJ, network: Network
) -> None:
    x = keras.Input((3,))
    for model, error, match in (
            (keras.Model(x, layers.Dense(1)(Subclassed(name="eye")(x))), TypeError,
             r"'eye' \(Subclassed\) is a subclassed model"),
            (to_analog(network(), Hardware(synapse)), ValueError,
             r"'d0' \(AnalogDense\) is analog already")):
        with pytest.raises(error, match=match):
            function(model, Hardware(synapse))


@pytest.mark.filterwarnings("ignore::UserWarning:keras")  # of Keras, on quantising
def test_quantised_weights_are_refused_by_name(synapse: CompoundMTJ, network: Network) -> None:
    model = network()
    model.quantize("int8")
    with pytest.raises(ValueError, match=r"'d0' \(Dense\) is quantised \(int8\)"):
        to_analog(model, Hardware(synapse))


@keras.saving.register_keras_serializable("tests")
class Doubling(layers.Dense):
    """A layer with a computation of its own."""

    def call(self, inputs: Any) -> Any:
        return 2 * super().call(inputs)


def test_a_layer_without_twin_stays_digital_and_the_report_says_why(
    synapse: CompoundMTJ, values: Values
) -> None:
    model = randomise(keras.Sequential([
        keras.Input((5,), dtype="int32"), layers.Embedding(9, 4, name="table"),
        Doubling(4, name="own"), layers.Dense(2, name="plain")]))
    x = np.arange(10).reshape(2, 5) % 9
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    assert values(analog, x) == pytest.approx(values(model, x), rel=1e-4, abs=1e-5)
    why = {row.name: row.why for row in conversion_report(analog).layers}
    assert why["plain"] == ""
    assert "Embedding has no analog twin" in why["table"]
    assert "Doubling computes something of its own" in why["own"]


def test_models_without_known_layers_are_refused(synapse: CompoundMTJ) -> None:
    built = Subclassed()
    built(np.zeros((1, 3), np.float32))
    for model in (Subclassed(), built, keras.Sequential([layers.Dense(2)])):
        with pytest.raises(TypeError, match="not built, or subclassed"):
            to_analog(model, Hardware(synapse))


def test_what_is_no_model_or_no_hardware_is_refused(
    synapse: CompoundMTJ, network: Network
) -> None:
    with pytest.raises(TypeError, match="model is ndarray"):
        to_analog(np.eye(3), Hardware(synapse))
    with pytest.raises(TypeError, match="hardware is"):
        to_analog(network(), synapse)
    with pytest.raises(ValueError, match="no layer that would be analog"):
        to_analog(keras.Sequential([keras.Input((3,)), layers.ReLU()]), Hardware(synapse))


@pytest.mark.parametrize("index", [0, 1])
def test_weights_that_are_not_finite_are_refused(
    index: int, synapse: CompoundMTJ, network: Network
) -> None:
    model = network()
    weights = model.get_weights()
    weights[index].flat[0] = np.nan
    model.set_weights(weights)
    with pytest.raises(ValueError, match=r"'d0'.*not finite"):
        to_analog(model, Hardware(synapse))


@pytest.mark.parametrize("bad", [np.full((3, 9), np.nan), np.full((3, 9), np.inf),
                                 np.zeros((0, 9)), np.zeros(9), 5.0], ids=repr)
def test_bad_calibration_is_refused(bad: Any, synapse: CompoundMTJ, network: Network) -> None:
    with pytest.raises(ValueError, match="calibration"):
        to_analog(network(), Hardware(synapse), bad)


def test_operations_between_layers_stay_digital(
    synapse: CompoundMTJ, values: Values, inputs: Callable[..., Floats]
) -> None:
    x = layers.Input((9,))
    model = keras.Model(x, keras.ops.relu(layers.Dense(4)(x)) + 0.5)
    analog = to_analog(model, Hardware(synapse).ideal())
    expected = quantised(model, Hardware(synapse))
    np.testing.assert_allclose(values(analog, inputs()), values(expected, inputs()), **FLOAT32)


def test_conversions_at_once_leave_the_model_compiled(
    network: Network, inputs: Values, synapse: CompoundMTJ
) -> None:
    model = network()
    model.compile("sgd", "mse")

    def convert(_: int) -> keras.Model:
        return to_analog(model, Hardware(synapse), inputs())

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(convert, range(8)))
    assert model.compiled
    assert all(each.compiled for each in made)
