"""Which layers become analog, on what hardware, and what the report says of each."""

from typing import Any

import keras
import pytest
from keras import layers

from crossbar import Hardware, conversion_report, to_analog
from device_models import CompoundMTJ
from tests.support.models import randomise

HEAD = [("head", "name"), (layers.GRU, "class"), (["head", layers.GRU], "both")]


@pytest.mark.parametrize("digital", [each for each, _ in HEAD], ids=[name for _, name in HEAD])
def test_layers_are_left_digital_by_name_and_class(digital: Any, synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([
        keras.Input((5, 3)), layers.GRU(4, name="gru", return_sequences=True),
        layers.Bidirectional(layers.GRU(2, name="gru"), name="two"), layers.Dense(4, name="body"),
        layers.Dense(2, name="head")]))
    rows = {row.name: row for row in conversion_report(
        to_analog(model, Hardware(synapse), digital=digital)).layers}
    gru = digital is layers.GRU or isinstance(digital, list)
    assert rows["body"].analog
    assert rows["head"].analog is (digital is layers.GRU)
    assert rows["gru"].analog is not gru
    assert rows["two/forward_gru"].analog is rows["two/backward_gru"].analog is not gru
    left = [row for row in rows.values() if not row.analog]
    assert all("left digital as asked" in row.why for row in left), left


def test_hardware_by_name(synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([
        keras.Input((6,)), layers.Dense(5, name="a"), layers.Dense(4, name="b"),
        layers.Dense(3, name="c")]))
    small, large = Hardware(synapse, tile=(2, 2)), Hardware(synapse, tile=(64, 64))
    analog = to_analog(model, {"a": small, "*": large})
    assert [analog.get_layer(n).hardware for n in "abc"] == [small, large, large]
    analog = to_analog(model, {"a": small})
    rows = {row.name: row for row in conversion_report(analog).layers}
    assert [rows[n].analog for n in "abc"] == [True, False, False]
    assert rows["b"].why == "has no hardware in the mapping"


@pytest.mark.parametrize(("arguments", "error", "match"), [
    ({"digital": "hed"}, ValueError, "no layer 'hed'; did you mean 'head'"),
    ({"digital": ("body", "zzz")}, ValueError, "no layer 'zzz'; it has 'body', 'head'"),
    ({"digital": (3,)}, TypeError, "digital has 3"),
    ({"digital": (layers.Dense,)}, ValueError, "no layer that would be analog.*left digital"),
    ({"hardware": {"bodi": None}}, TypeError, "hardware is"),
    ({"hardware": {3: None}}, TypeError, "hardware is"),
    ({"hardware": {}}, ValueError, "no layer that would be analog.*no hardware in the mapping")])
def test_what_names_nothing_is_refused(
    arguments: dict[str, Any], error: type[Exception], match: str, synapse: CompoundMTJ
) -> None:
    model = randomise(keras.Sequential([keras.Input((6,)), layers.Dense(5, name="body"),
                                        layers.Dense(4, name="head")]))
    with pytest.raises(error, match=match):
        to_analog(model, **{"hardware": Hardware(synapse), **arguments})


def test_an_unknown_name_of_hardware_is_refused(synapse: CompoundMTJ) -> None:
    with pytest.raises(ValueError, match="did you mean 'out'"):
        to_analog(keras.Sequential([keras.Input((3,)), layers.Dense(2, name="out")]),
                  {"outt": Hardware(synapse), "*": Hardware(synapse)})


def test_the_report_says_what_became_of_each_layer(synapse: CompoundMTJ) -> None:
    tokens = keras.Input((5,), dtype="int32")
    y = layers.Embedding(9, 4, name="table")(tokens)
    y = layers.Bidirectional(layers.LSTM(3, name="lstm"), name="both")(y)
    y = keras.Sequential([keras.Input((6,)), layers.Dense(70, name="wide"), layers.ReLU(
        name="bend"), layers.BatchNormalization(name="norm")], name="part")(y)
    model = randomise(keras.Model(tokens, layers.Dense(2, name="out")(y)))
    analog = to_analog(model, Hardware(synapse, tile=(64, 64)))
    rows = {row.name: row for row in conversion_report(analog).layers}
    assert [name for name, row in rows.items() if row.analog] == [
        "both/forward_lstm", "both/backward_lstm", "part/wide", "out"]
    assert rows["part/wide"].matrices == ((1, 6, 70),)
    assert rows["part/wide"].tiles == 3  # of 64 columns, two for each output
    assert rows["both/forward_lstm"].matrices == ((1, 4, 12), (1, 3, 12))  # kernel, recurrent
    assert rows["part/bend"].why == "has no weights"
    assert rows["part/norm"].why == "BatchNormalization has no analog twin"
    text = str(conversion_report(analog))
    assert all(name in text for name in rows)
    with pytest.raises(ValueError, match="no programmed crossbars"):
        conversion_report(model)
