"""Laws of `explain`: every score is that of a model converted for just that hardware."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from circuits import BitSerial, Wires
from crossbar.conversion import to_analog
from crossbar.diagnosis import Explanation
from crossbar.diagnosis.explaining import explain
from crossbar.hardware import Hardware
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, Variability, load_stack
from device_models.checks import Floats
from device_models.switching import Programming
from tests.support.models import LAYERS, assert_close, outputs, signed

Network = Callable[..., keras.Model]
WIRES = Wires(row=30.0, column=30.0, source=100.0)
EFFECTS = {"wires": {"wires": WIRES}, "spread": {"spread": 0.2}, "dac": {"dac_bits": 3},
           "write_probability": {"write_probability": 0.7}, "nonlinear": {"nonlinear": True}}


class Recorder:
    """A metric that keeps the outputs it is given, in the order of the table's scores."""

    def __init__(self) -> None:
        self.outputs: list[Any] = []

    def __call__(self, y: object, outputs: Any) -> float:
        self.outputs.append(outputs)
        return float(len(self.outputs))

    def of(self, explanation: Explanation, name: str, left_out: bool = False) -> NDArray[Any]:
        row = explanation.row(name)
        score = row.left_out if left_out else row.alone
        assert score is not None
        return np.asarray(self.outputs[int(score.value) - 1])


@pytest.fixture(scope="module")
def x() -> Floats:
    return np.random.default_rng(5).uniform(0, 1, (40, 9)).astype(np.float32)


def values(model: keras.Model, x: Any) -> NDArray[Any]:
    return np.asarray(keras.ops.convert_to_numpy(model(x, training=False)))


def recorded(analog: keras.Model, x: Any) -> tuple[Recorder, Explanation]:
    metric = Recorder()
    return metric, explain(analog, x, None, metric=metric)


def test_alone_and_left_out_are_models_converted_for_that(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    model, ideal = network(), Hardware(synapse, by_pattern=False)
    full = replace(ideal, **{k: v for each in EFFECTS.values() for k, v in each.items()})
    metric, explanation = recorded(to_analog(model, full), x)
    assert [row.name for row in explanation.rows] == [
        "exact weights", "states only", "wires", "nonlinear", "spread", "write_probability", "dac",
        "everything"]
    np.testing.assert_allclose(metric.of(explanation, "exact weights"), values(model, x), atol=1e-6)
    np.testing.assert_allclose(metric.of(explanation, "states only"),
                               values(to_analog(model, ideal), x), rtol=1e-6)
    np.testing.assert_array_equal(metric.of(explanation, "everything"),
                                  values(to_analog(model, full), x))
    for name, fields in EFFECTS.items():
        others = {k: v for other, each in EFFECTS.items() if other != name for k, v in each.items()}
        for left_out, kept in ((False, fields), (True, others)):
            expected = values(to_analog(model, replace(ideal, **kept)), x)
            np.testing.assert_allclose(metric.of(explanation, name, left_out), expected, rtol=1e-5)


@pytest.mark.parametrize("name", EFFECTS)
def test_of_one_imperfection_alone_is_everything_and_left_out_is_states_only(
    name: str, synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    analog = to_analog(network(), Hardware(synapse, **EFFECTS[name]))  # type: ignore[arg-type]
    y = np.arange(40) % 4
    explanation = explain(analog, x, y)
    assert [row.name for row in explanation.rows] == [
        "exact weights", "states only", name, "everything"]
    row, everything = explanation.row(name), explanation.row("everything")
    states, exact = explanation.row("states only"), explanation.row("exact weights")
    assert row.alone == everything.alone
    assert row.left_out == states.alone
    assert row.lost == row.regained == everything.lost == states.alone.value - row.alone.value
    assert states.lost == exact.alone.value - states.alone.value
    shares = np.mean(np.argmax(values(analog, x), axis=1) == y)
    assert everything.alone.value == shares


def test_of_none_everything_is_states_only(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    explanation = explain(to_analog(network(), Hardware(synapse)), x, np.arange(40) % 4)
    assert [row.name for row in explanation.rows] == ["exact weights", "states only", "everything"]
    assert explanation.row("everything").alone == explanation.row("states only").alone
    with pytest.raises(ValueError, match=r"unknown row of the table 'wire'.*states only"):
        explanation.row("wire")


def test_layers_have_imperfections_of_their_own(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    model, ideal = network(), Hardware(synapse, by_pattern=False, tile=(4, 4))
    first, second = replace(ideal, wires=WIRES), replace(ideal, spread=0.2, tile=(64, 64))
    metric, explanation = recorded(to_analog(model, {"d0": first, "d1": second}), x)
    assert [row.name for row in explanation.rows][2:-1] == ["wires", "spread"]
    for name, kept in (("wires", {"d0": first, "d1": second.ideal()}),
                       ("spread", {"d0": first.ideal(), "d1": second})):
        expected = values(to_analog(model, kept), x)
        np.testing.assert_allclose(metric.of(explanation, name), expected, rtol=1e-5)


@pytest.mark.parametrize("mark", [
    {}, {"adc_bits": 6, "dac_bits": 5}, {"analog_bias": True, "adc_bits": 8},
    {"read_noise": True}, {"nonlinear": True}], ids=str)
def test_the_model_stays_what_it_is(
    mark: dict[str, Any], synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    """To the bit, also in what noise it would have drawn."""
    def made() -> keras.Model:
        return to_analog(network(), Hardware(synapse, WIRES, spread=0.1, **mark), x)

    analog, twin = made(), made()
    first = analog.predict(x, verbose=0)
    np.testing.assert_array_equal(first, twin.predict(x, verbose=0))
    weights, settings = analog.get_weights(), analog.get_config()
    held = [layer.product for layer in analog.layers]
    explain(analog, x, np.arange(40) % 4)
    assert [layer.product for layer in analog.layers] == held == products_of(analog)
    assert "product" in vars(analog.layers[0]) or keras.backend.backend() == "torch"
    for a, b in zip(analog.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert analog.get_config() == settings
    again = twin.predict(x, verbose=0)
    np.testing.assert_array_equal(analog.predict(x, verbose=0), again)
    if "read_noise" not in mark:
        np.testing.assert_array_equal(again, first)


def test_a_loaded_model_is_explained_as_the_saved_one(
    synapse: CompoundMTJ, network: Network, x: Floats, tmp_path: Path
) -> None:
    hardware = Hardware(synapse, WIRES, spread=0.2, adc_bits=5, dac_bits=5, analog_bias=True,
                        tile=(4, 6))
    analog = to_analog(network(), hardware, x)
    analog.save(tmp_path / "a.keras")
    y = np.arange(40) % 4
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    assert explain(loaded, x, y) == explain(analog, x, y)


def test_imperfections_of_every_kind_on_a_channel(network: Network, x: Floats) -> None:
    stack = load_stack("kumar2024")
    synapse = CompoundMTJ(stack.mtj(1.9e-9), 3, channel=stack.write_channel())
    pulses = Programming(magnet=stack.writing_magnet(1.9e-9, 3), pulse=200e-9, assist_field=8.5e-3,
                         spread=0.06)
    hardware = Hardware(synapse, WIRES, variability=Variability(), programming=pulses, age=1e8,
                        reads=1e9, nonlinear=True, read_noise=True, dac=BitSerial(5), adc_bits=8)
    model = network()
    analog = to_analog(model, hardware, x)
    metric, explanation = recorded(analog, x)
    assert [row.name for row in explanation.rows][2:-1] == [
        "wires", "nonlinear", "variability", "programming", "age", "reads", "by_pattern",
        "read_noise", "dac", "adc"]
    for name, fields in (("variability", {"variability": hardware.variability}),
                         ("programming", {"programming": pulses}),
                         ("by_pattern", {"by_pattern": True})):
        expected = values(to_analog(model, replace(hardware.ideal(), **fields)), x)
        np.testing.assert_allclose(metric.of(explanation, name), expected, rtol=1e-5)


def test_current_converters_do_not_clip_what_wires_had_held_back(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    """A converter of many bits costs nothing alone, though currents are larger then."""
    model = network((9, 30, 4))
    hardware = Hardware(synapse, Wires(row=300.0, column=300.0), adc_bits=16)
    analog = to_analog(model, hardware, x)
    metric, explanation = recorded(analog, x)
    alone, states = (metric.of(explanation, name) for name in ("adc", "states only"))
    np.testing.assert_allclose(alone, states, atol=2e-3)
    product = products_of(analog)[0]
    wireless = products_of(to_analog(model, replace(hardware, wires=Wires()), x))[0]
    assert wireless.current_range[1] > 1.5 * product.current_range[1]  # it would have clipped
    np.testing.assert_array_equal(metric.of(explanation, "wires", left_out=True), alone)


def test_coarse_converters_alone_are_those_of_a_model_calibrated_so(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    """Ranges come out as calibration finds them, through the layers before."""
    model = network((9, 30, 20, 4), "relu")
    hardware = Hardware(synapse, WIRES, adc_bits=4, by_pattern=False)
    metric, explanation = recorded(to_analog(model, hardware, x), x)
    expected = values(to_analog(model, replace(hardware, wires=Wires()), x), x)
    np.testing.assert_allclose(metric.of(explanation, "adc"), expected, rtol=1e-5)


@pytest.mark.parametrize(("kind", "bits"), [
    *((kind, bits) for kind in (
        "conv2d-same-s2-d1-g1-channels_last", "lstm", "attention", "distributed")
      for bits in (None, 5)),
    *(pytest.param(*each, marks=pytest.mark.slow) for each in (
        ("lstm-both", 5), ("rnn-stacked", None), ("gru-before", None),
        ("separable2d-same-s1-d1-m2-channels_last", 5), ("einsum-abc,bcd->abd", None),
        ("transposed2d-same-s2-d1-oNone-channels_last", 5)))])
def test_layers_of_every_kind_are_explained(
    kind: str, bits: int | None, synapse: CompoundMTJ
) -> None:
    model = LAYERS[kind]()
    given = signed(model, samples=6)
    hardware = Hardware(synapse, WIRES, dac_bits=bits, adc_bits=bits, spread=0.1)
    analog = to_analog(model, hardware, given)
    metric, explanation = recorded(analog, given)
    exact, everything = (np.asarray(metric.of(explanation, name), np.float64)
                         for name in ("exact weights", "everything"))
    assert_close([exact], outputs(model, given), 1e-4)
    assert_close([everything], outputs(analog, given), 1e-5)
    names = [each.layer for each in explanation.layers]
    assert len(names) == len(set(names)) == len(products_of(analog))
    assert all(0 < each.local < np.inf for each in explanation.layers)


def test_several_inputs_and_outputs_and_a_fixed_batch(synapse: CompoundMTJ) -> None:
    a, b = (keras.Input(batch_shape=(4, 3), name=name) for name in "ab")
    y = keras.layers.Dense(5, name="shared")
    model = keras.Model({"a": a, "b": b}, [y(a), keras.layers.Dense(2, name="head")(y(b))])
    rng = np.random.default_rng(0)
    x = {name: rng.normal(size=(6, 3)).astype("float32") for name in "ab"}
    wanted = np.zeros(6)
    seen = []

    def metric(y: Any, outputs: list[Floats]) -> float:
        seen.append([each.shape for each in outputs] == [(6, 5), (6, 2)] and y is wanted)
        return float(-np.abs(outputs[1]).mean())

    explanation = explain(to_analog(model, Hardware(synapse, WIRES), x), x, wanted, metric=metric)
    assert seen == [True] * 3  # exact, states only, everything
    assert explanation.samples == 6
    assert explanation.metric == "metric"
    assert explanation.row("everything").alone.low is None


def test_progress_ends_at_what_the_bar_is_of(
    synapse: CompoundMTJ, network: Network, x: Floats, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    from crossbar.diagnosis import explaining

    totals: list[int] = []

    @contextmanager
    def told(progress: Any, total: int, *_: str) -> Any:
        totals.append(total)
        yield progress

    monkeypatch.setattr(explaining, "told", told)
    analog = to_analog(network(), Hardware(synapse, WIRES, spread=0.1, adc_bits=5, tile=(4, 4)), x)
    steps: list[int] = []
    explain(analog, x, np.arange(40) % 4, progress=steps.append)
    assert [sum(steps)] == totals
    assert set(steps) == {1}


def test_what_cannot_be_explained_is_refused(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    analog = to_analog(network(), Hardware(synapse))
    with pytest.raises(ValueError, match=r"no programmed crossbars.*to_analog"):
        explain(network(), x, np.zeros(40, int))
    with pytest.raises(ValueError, match="y has 3 samples and x has 40"):
        explain(analog, x, np.zeros(3, int))
    with pytest.raises(ValueError, match=r"takes \('samples', 9\)"):
        explain(analog, x[:, :5], np.zeros(40, int))
    with pytest.raises(ValueError, match="no programmed devices"):
        explain(keras.models.clone_model(analog), x, np.zeros(40, int))


def test_tables_and_plain_data_hold_the_numbers(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    explanation = explain(to_analog(network(), Hardware(synapse, WIRES)), x, np.arange(40) % 4)
    text = str(explanation)
    for row in explanation.rows:
        assert f"{100 * row.alone.value:.2f} (" in text
    for each in explanation.layers:
        assert each.layer in text
        assert f"{100 * each.accumulated:.3g}" in text
    plain = json.loads(json.dumps(explanation.to_plain(), allow_nan=False))
    assert [row["alone"]["value"] for row in plain["rows"]] == [
        row.alone.value for row in explanation.rows]
    assert plain["worst"][0]["tile"] == list(explanation.worst[0].tile)
