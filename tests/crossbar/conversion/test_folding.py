"""Normalisations folded into the layers before them change nothing but who computes."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from crossbar import Hardware, conversion_report, to_analog
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import assert_close, outputs, randomise, signed


def norm(**settings: object) -> keras.Layer:
    return layers.BatchNormalization(name="norm", **settings)


def alone(shape: tuple[int, ...], *parts: keras.Layer) -> keras.Model:
    return randomise(keras.Sequential([keras.Input(shape), *parts, layers.Flatten(),
                                       layers.Dense(2, name="head")]))


FOLDED: dict[str, Callable[[], keras.Model]] = {
    "dense": lambda: alone((5,), layers.Dense(4, name="x"), norm()),
    "dense without bias": lambda: alone((5,), layers.Dense(4, use_bias=False, name="x"), norm()),
    "dense on steps": lambda: alone((3, 5), layers.Dense(4, name="x"), norm()),
    "no scale, no shift": lambda: alone((5,), layers.Dense(4, name="x"),
                                        norm(scale=False, center=False)),
    "conv1d": lambda: alone((8, 3), layers.Conv1D(4, 3, name="x"), norm()),
    "conv2d": lambda: alone((6, 6, 4), layers.Conv2D(4, 3, groups=2, padding="same", name="x"),
                            norm()),
    "conv3d": lambda: alone((4, 4, 4, 2), layers.Conv3D(3, 2, name="x"), norm()),
    "depthwise1d": lambda: alone((8, 3), layers.DepthwiseConv1D(3, name="x"), norm()),
    "depthwise2d": lambda: alone((6, 6, 3), layers.DepthwiseConv2D(3, depth_multiplier=2, name="x"),
                                 norm()),
    "transposed1d": lambda: alone((4, 3), layers.Conv1DTranspose(4, 3, strides=2, name="x"),
                                  norm()),
    "transposed2d": lambda: alone((4, 4, 3), layers.Conv2DTranspose(4, 3, name="x"), norm()),
    "positive axis": lambda: alone((5,), layers.Dense(4, name="x"), norm(axis=1)),
}


@pytest.mark.parametrize("kind", FOLDED)
def test_folded_is_as_unfolded(kind: str, synapse: CompoundMTJ) -> None:
    model = FOLDED[kind]()
    x = signed(model)
    hardware = Hardware(UnlimitedStates(synapse))
    folded, plain = (to_analog(model, hardware, x, fold=fold) for fold in (True, False))
    assert_close(outputs(folded, x), outputs(model, x), 1e-5)
    rows = {row.name: row for row in conversion_report(folded).layers}
    assert rows["norm"].why == "folded into 'x'"
    assert rows["x"].analog
    counts = [sum(row.kind == "BatchNormalization" for row in conversion_report(each).layers)
              for each in (folded, plain)]
    assert counts == [0, 1]
    assert any(isinstance(layer, layers.BatchNormalization) for layer in model.layers)


def used_twice() -> keras.Model:
    x = keras.Input((5,))
    y = layers.Dense(4, name="x")(x)
    return keras.Model(x, layers.Add()([norm()(y), y]))


def given_out() -> keras.Model:
    x = keras.Input((5,))
    y = layers.Dense(4, name="x")(x)
    return keras.Model(x, [norm()(y), y])


def shared_layer() -> keras.Model:
    x = keras.Input((4,))
    dense = layers.Dense(4, name="x")
    return keras.Model(x, norm()(dense(dense(x))))


def shared_norm() -> keras.Model:
    x = keras.Input((5,))
    y = norm()
    return keras.Model(x, layers.Add()([y(layers.Dense(4, name="x")(x)),
                                        y(layers.Dense(4, name="z")(x))]))


def nested() -> keras.Model:
    """The same normalisation inside a model that is used twice."""
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="x"), norm()])
    x = keras.Input((4,))
    return keras.Model(x, inner(inner(x)))


NOT_FOLDED: dict[str, Callable[[], keras.Model]] = {
    "used twice": used_twice, "given out": given_out, "layer used twice": shared_layer,
    "normalisation used twice": shared_norm,
    "activation": lambda: alone((5,), layers.Dense(4, activation="relu", name="x"), norm()),
    "another axis": lambda: alone((3, 5), layers.Dense(4, name="x"), norm(axis=1)),
    "separable": lambda: alone((6, 6, 3), layers.SeparableConv2D(4, 3, name="x"), norm()),
    "layer between": lambda: alone((5,), layers.Dense(4, name="x"), layers.ReLU(), norm()),
    "other kind": lambda: alone((5,), layers.Dense(4, name="x"),
                                layers.LayerNormalization(name="norm")),
}


@pytest.mark.parametrize("kind", NOT_FOLDED)
def test_what_cannot_be_folded_is_not(kind: str, synapse: CompoundMTJ) -> None:
    model = randomise(NOT_FOLDED[kind]())
    x = signed(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x, fold=True)
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)
    rows = {row.name: row for row in conversion_report(analog).layers}
    assert "folded" not in rows["norm"].why


def test_a_layer_left_digital_is_not_folded(synapse: CompoundMTJ) -> None:
    model = FOLDED["dense"]()
    x = signed(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x, fold=True, digital="x")
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)
    assert "folded" not in str(conversion_report(analog))


def test_within_a_model_used_twice_it_folds_once(synapse: CompoundMTJ) -> None:
    model = randomise(nested())
    x = signed(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x, fold=True)
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)
    assert "folded into 'x'" in str(conversion_report(analog))


def test_folding_masks_are_passed_on(synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([
        keras.Input((5, 4)), layers.Masking(), layers.Dense(3, name="x"), norm(), layers.LSTM(3)]))
    x = np.random.default_rng(0).normal(size=(3, 5, 4)).astype(np.float32)
    x[0, 3:] = 0
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x, fold=True)
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)


def test_functional_models_fold_and_load(synapse: CompoundMTJ, tmp_path: Path) -> None:
    """Keras calls a normalisation in a graph with a mask and whether it trains."""
    x = keras.Input((6, 5, 3))
    y = layers.BatchNormalization()(layers.Conv2D(4, 3, use_bias=False)(x))
    z = layers.BatchNormalization()(layers.DepthwiseConv2D(2)(layers.ReLU(6.0)(y)), training=False)
    model = randomise(keras.Model(x, layers.Dense(2)(layers.GlobalAveragePooling2D()(z))))
    images = signed(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), images, fold=True)
    expected = keras.ops.convert_to_numpy(model(images, training=False))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(analog(images, training=False)),
                               expected, rtol=0, atol=1e-5 * np.abs(expected).max())
    assert sum("folded into" in layer.why for layer in conversion_report(analog).layers) == 2
    analog.save(tmp_path / "folded.keras")
    loaded = keras.saving.load_model(tmp_path / "folded.keras")
    np.testing.assert_array_equal(loaded.predict(images, verbose=0),
                                  analog.predict(images, verbose=0))
