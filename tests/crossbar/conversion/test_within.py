"""Layers in layers: what is inside wrappers and models is decided, named and counted once."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from crossbar import Hardware, conversion_report, count_tiles, to_analog
from crossbar.conversion import convert
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import assert_close, outputs, randomise, signed


def wrapped(inner: keras.Layer, *shape: int) -> keras.Model:
    """In steps, then a layer behind it."""
    return randomise(keras.Sequential([
        keras.Input(shape), layers.TimeDistributed(inner, name="steps"),
        layers.Dense(2, name="head")]))


def inside(kind: type[keras.Model] = keras.Model) -> keras.Model:
    """A model in a model."""
    z = keras.Input((4,))
    body = layers.Dense(3, name="body")
    inner = keras.Model(z, body(z), name="inner") if kind is keras.Model else keras.Sequential(
        [z, body], name="inner")
    x = keras.Input((4,))
    return randomise(keras.Model(x, layers.Dense(2, name="head")(inner(x))))


def dense() -> keras.Layer:
    return layers.Dense(3, name="body")


WRAPPED: dict[str, Callable[[], keras.Model]] = {
    "of steps": lambda: wrapped(layers.TimeDistributed(dense(), name="inner"), 3, 4, 5),
    "of steps of steps": lambda: wrapped(layers.TimeDistributed(
        layers.TimeDistributed(dense())), 2, 3, 4, 5),
    "of both ways": lambda: wrapped(layers.Bidirectional(layers.LSTM(2)), 3, 4, 5),
}


@pytest.mark.parametrize("kind", WRAPPED)
def test_wrappers_of_wrappers_convert(kind: str, synapse: CompoundMTJ) -> None:
    model = WRAPPED[kind]()
    hardware, x = Hardware(UnlimitedStates(synapse)), signed(model)
    analog = to_analog(model, hardware, x)
    report = conversion_report(analog)
    assert all(row.analog for row in report.layers)
    assert len(products_of(analog)) == (5 if kind == "of both ways" else 2)
    assert count_tiles(model, hardware) == report.tiles
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)


@pytest.mark.parametrize(("make", "digital"), [
    (lambda: wrapped(dense(), 3, 4), "steps"), (inside, "inner"),
    (lambda: inside(keras.Sequential), keras.Sequential),
    (lambda: wrapped(dense(), 3, 4), layers.TimeDistributed)],
    ids=["wrapper", "model", "class of model", "class of wrapper"])
def test_what_is_left_digital_is_so_with_all_in_it(
    make: Callable[[], keras.Model], digital: str | type[keras.Layer], synapse: CompoundMTJ
) -> None:
    model = make()
    if isinstance(model, keras.Sequential) and digital is keras.Sequential:
        model = keras.Model(model.inputs, model.outputs)
    hardware = Hardware(UnlimitedStates(synapse))
    analog = to_analog(model, hardware, signed(model), digital=digital)
    assert [product.layer for product in products_of(analog)] == ["head"]
    assert count_tiles(model, hardware, digital=digital) == 1
    with pytest.raises(ValueError, match="no layer that would be analog"):
        to_analog(model, hardware, signed(model), digital=(digital, "head"))


@pytest.mark.parametrize(("make", "name"), [
    (lambda: wrapped(dense(), 3, 4), "steps"), (inside, "inner")], ids=["wrapper", "model"])
def test_hardware_is_of_layers_and_not_of_what_is_around_them(
    make: Callable[[], keras.Model], name: str, synapse: CompoundMTJ
) -> None:
    small, large = Hardware(synapse, tile=(4, 4)), Hardware(synapse)
    with pytest.raises(ValueError, match=f"{name!r}.*around other layers.*'body'"):
        to_analog(make(), {name: small, "*": large})
    analog = to_analog(make(), {"body": small, "*": large})
    assert [product.hardware for product in products_of(analog)] == [small, large]


def test_memory_is_that_of_all_layers_of_one_name(
    synapse: CompoundMTJ, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(convert, "check_memory", lambda size, *_: asked.append(size))
    z, x = keras.Input((4,)), keras.Input((4,))
    inner = keras.Model(z, layers.Dense(4, name="same")(z))
    model = keras.Model(x, layers.Dense(4, name="same")(inner(x)))
    other = keras.Sequential([keras.Input((4,)), layers.Dense(4), layers.Dense(4)])
    for each in (model, other):
        to_analog(each, Hardware(synapse), np.ones((1, 4)))
    assert asked[0] == asked[1]
