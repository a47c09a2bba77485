"""Samples in any form are the same samples."""

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from circuits import Wires
from crossbar import Hardware, read_energy, to_analog
from crossbar.conversion.samples import MOST, batches, count
from crossbar.layers.model import products_of
from device_models import CompoundMTJ
from tests.support.models import randomise

X = np.random.default_rng(9).normal(0, 2, (300, 6)).astype(np.float32)
Y = np.zeros((300, 2), np.float32)


class Batches(keras.utils.PyDataset):
    """Of 64, with labels."""

    def __len__(self) -> int:
        return 5

    def __getitem__(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        return X[i * 64 : (i + 1) * 64], Y[i * 64 : (i + 1) * 64]


def generated() -> Iterator[np.ndarray]:
    for i in range(0, 300, 100):
        yield X[i : i + 100]


FORMS: dict[str, Callable[[], Any]] = {
    "list of one": lambda: [X], "dict": lambda: {"x": X}, "tensor": lambda: tf.constant(X),
    "float64": lambda: X.astype(np.float64),
    "tf.data": lambda: tf.data.Dataset.from_tensor_slices(X).batch(32),
    "tf.data with labels": lambda: tf.data.Dataset.from_tensor_slices((X, Y)).batch(50),
    "tf.data of dicts": lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(7),
    "generator": generated, "generator with labels": lambda: ((x, x[:, :2]) for x in generated()),
    "PyDataset": lambda: Batches(workers=1),
}


def model() -> keras.Model:
    x = keras.Input((6,), name="x")
    y = layers.Dense(7, activation="relu", name="a")(x)
    return randomise(keras.Model(x, layers.Dense(2, name="b")(y)))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("percentile", [100.0, 98.0])
def test_ranges_and_energy_do_not_depend_on_the_form(form: str, percentile: float,
                                                     synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, Wires(2, 2), tile=(4, 8), dac_bits=5, adc_bits=5)
    of_array = to_analog(model(), hardware, X, percentile=percentile)
    analog = to_analog(model(), hardware, FORMS[form](), percentile=percentile)
    for found, expected in zip(products_of(analog), products_of(of_array), strict=True):
        assert found.input_range == expected.input_range
        assert found.current_range == expected.current_range
    assert read_energy(analog, FORMS[form]()).total == pytest.approx(
        read_energy(of_array, X).total, rel=1e-9)


def test_several_inputs_are_given_by_place_or_name(synapse: CompoundMTJ) -> None:
    a, b = keras.Input((4,), name="left"), keras.Input((3,), name="right")
    joined = layers.Concatenate()([layers.Dense(3)(a), layers.Dense(2)(b)])
    made = randomise(keras.Model([a, b], layers.Dense(2)(joined)))
    x = {"left": X[:, :4], "right": X[:, 3:]}
    forms = [x, [x["left"], x["right"]], (x["left"], x["right"]),
             ({"right": x["right"], "left": x["left"]}),
             tf.data.Dataset.from_tensor_slices(((x["left"], x["right"]),)).batch(300)]
    ranges = [[product.input_range for product in products_of(to_analog(
        made, Hardware(synapse), form))] for form in forms]
    assert all(each == ranges[0] for each in ranges)


def test_what_never_ends_is_taken_in_part() -> None:
    def endless() -> Iterator[np.ndarray]:
        while True:
            yield X[:100]

    assert MOST <= sum(map(count, batches(model(), endless()))) < MOST + 100


def test_a_fixed_batch_size_is_filled() -> None:
    x = keras.Input(batch_shape=(4, 6))
    fixed = keras.Model(x, layers.Dense(2)(x))
    assert [len(batch) for batch in batches(fixed, X[:10])] == [4, 4, 4]
    assert [len(batch) for batch in batches(fixed, X[:1])] == [4]


def test_a_fixed_batch_size_takes_the_energy_of_its_samples(synapse: CompoundMTJ) -> None:
    x, z = keras.Input(batch_shape=(4, 6)), keras.Input((6,))
    dense = layers.Dense(2)
    fixed, free = keras.Model(x, dense(x)), keras.Model(z, dense(z))
    energies = [read_energy(to_analog(each, Hardware(synapse), X), X[:8])
                for each in (fixed, free)]
    assert energies[0].total == pytest.approx(energies[1].total, rel=1e-9)
    assert energies[0].samples == 8


def test_batches_of_several_lengths_are_taken_as_they_are(synapse: CompoundMTJ) -> None:
    x = keras.Input((None, 6))
    steps = randomise(keras.Model(x, layers.LSTM(3)(x)))
    given = [X[:20].reshape(4, 5, 6), 2 * X[20:32].reshape(4, 3, 6)]
    analog = to_analog(steps, Hardware(synapse), iter(given))
    assert max(product.input_range[1] for product in products_of(analog)) == pytest.approx(
        max(float(np.abs(each).max()) for each in given))


def test_sequences_of_no_steps_drive_nothing(synapse: CompoundMTJ) -> None:
    x = keras.Input((None, 6))
    steps = randomise(keras.Model(x, layers.Dense(3)(x)))
    analog = to_analog(steps, Hardware(synapse, adc_bits=8), np.zeros((2, 0, 6)))
    assert read_energy(analog, np.zeros((2, 0, 6))).total == 0.0
    assert not any(product.calibrated for product in products_of(analog))


@pytest.mark.parametrize(("bad", "match"), [
    (X[:, :5], r"shape \(300, 5\).*takes \('samples', 6\)"), (X[:0], "one sample or more"),
    ([X, X], r"shape \(2, 300, 6\)"), ({"y": X}, r"got inputs \['y'\].*takes \['x'\]"),
    (np.full((2, 6), np.nan), "not finite"), (iter(()), "no samples"), ("x", "shape"),
    (3.0, "shape"), (None, "shape"), (X.astype(object), "type object.*takes float32"),
    (X.astype(str), "type <U.*real numbers"), (X + 1j, "type complex"),
    ((X, Y), "without labels")],
    ids=["narrow", "none", "two", "name", "nan", "empty", "text", "number", "nothing", "objects",
         "texts", "complex", "labels"])
def test_samples_that_do_not_fit_are_refused(bad: Any, match: str) -> None:
    with pytest.raises((ValueError, TypeError), match=match):
        batches(model(), bad)
