"""What is shown of a model while it runs is what it does, no more and no less."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from crossbar import Hardware, to_analog
from crossbar.layers.model import all_layers, products_of
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.watching import shown
from device_models import CompoundMTJ
from tests.support.models import LAYERS, outputs, randomise, signed

STEPS = np.random.default_rng(0).normal(1, 1, (3, 5, 4)).astype(np.float32)
STEPS[0, 3:] = STEPS[1, 1:] = STEPS[2, 2] = 0


def masked(inner: keras.Layer) -> keras.Model:
    return randomise(keras.Sequential([keras.Input((5, 4)), layers.Masking(), inner]))


LOOPS: dict[str, Callable[[], keras.Layer]] = {
    f"{kind.__name__} {sequences} {backwards} {zero}": lambda kind=kind, sequences=sequences,
    backwards=backwards, zero=zero: kind(
        3, return_sequences=sequences, go_backwards=backwards, zero_output_for_mask=zero)
    for kind in (layers.LSTM, layers.GRU) for sequences in (False, True)
    for backwards in (False, True) for zero in (False, True)}
LOOPS["both ways"] = lambda: layers.Bidirectional(layers.LSTM(3, return_sequences=True))
LOOPS["stacked"] = lambda: layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)],
                                      return_sequences=True)


@pytest.mark.parametrize("kind", LOOPS)
def test_step_by_step_a_masked_loop_gives_the_same(kind: str, synapse: CompoundMTJ) -> None:
    analog = to_analog(masked(LOOPS[kind]()), Hardware(synapse), STEPS)
    expected = outputs(analog, STEPS)
    seen: list[keras.Layer] = []
    with shown(all_layers(analog), lambda product, _: seen.append(product)):
        np.testing.assert_allclose(outputs(analog, STEPS)[0], expected[0], atol=1e-6)
    assert {id(each) for each in seen} == {id(each) for each in products_of(analog)}
    np.testing.assert_array_equal(outputs(analog, STEPS)[0], expected[0])  # and is as before


@pytest.mark.parametrize("kind", ["lstm", "gru-before", "rnn-stacked", "lstm-both"])
def test_every_product_is_read_once_a_step(kind: str, synapse: CompoundMTJ) -> None:
    model = LAYERS[kind]()
    x = signed(model)
    analog = to_analog(model, Hardware(synapse), x)
    reads: dict[int, int] = {id(product): 0 for product in products_of(analog)}

    def count(product: CrossbarProduct, rows: object) -> None:
        reads[id(product)] += int(np.prod(rows.shape[:-2]))

    with shown(all_layers(analog), count):
        outputs(analog, x)
    assert set(reads.values()) == {x.shape[0] * x.shape[1]}


@pytest.mark.parametrize("kind", [
    "dense", "lstm", "lstm-both", "gru-before-both", "rnn-stacked", "distributed", "attention",
    "attention-grouped", "separable2d-same-s1-d1-m2-channels_last"])
def test_all_variables_are_of_products_that_were_programmed(kind: str, synapse: CompoundMTJ
                                                            ) -> None:
    """Nothing of what a layer was made of stays behind in it, to be counted and stored."""
    analog = to_analog(LAYERS[kind](), Hardware(synapse))
    products = products_of(analog)
    assert sorted(product.number for product in products) == list(range(len(products)))
    assert all(np.any(matrix.conductance) for product in products for matrix in product.matrices)
    counted = sum(len(product.weights) for product in products)
    assert counted == len(analog.weights)
