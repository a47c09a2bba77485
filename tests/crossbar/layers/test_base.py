"""What every layer of one product does."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

from crossbar import Hardware, read_energy
from crossbar.conversion.convert import to_analog
from crossbar.layers import base
from crossbar.layers.model import products_of
from device_models import CompoundMTJ
from tests.support.models import randomise, signed


def test_samples_shown_one_by_one_are_the_same_samples(
    synapse: CompoundMTJ, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows of images are many times the images: they are made for a few at a time."""
    model = randomise(keras.Sequential([keras.Input((6, 5, 3)), keras.layers.Conv2D(4, 3)]))
    x = signed(model, samples=5)
    hardware = Hardware(synapse, tile=(8, 6), adc_bits=8)

    def found(at_once: int) -> tuple[object, ...]:
        monkeypatch.setattr(base, "_SHOWN", at_once)
        analog = to_analog(model, hardware, x)
        (product,) = products_of(analog)
        return (product.input_range, *product.current_range, read_energy(analog, x).total)

    together, alone = found(2**24), found(1)
    assert together[0] == alone[0]
    np.testing.assert_allclose(alone[1:], together[1:], rtol=1e-6)


def test_windows_of_many_images_are_never_made_at_once(
    synapse: CompoundMTJ, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = randomise(keras.Sequential([keras.Input((6, 5, 3)), keras.layers.Conv2D(4, 3)]))
    made: list[int] = []
    x = signed(model, samples=5)
    analog = to_analog(model, Hardware(synapse), x)
    kind = type(analog.layers[0])
    rows = kind.rows
    monkeypatch.setattr(kind, "rows", lambda layer, x: made.append(len(x)) or rows(layer, x))
    monkeypatch.setattr(base, "_SHOWN", 2 * 4 * 3 * 27)  # windows of two images
    read_energy(analog, x)
    assert made == [1, 2, 2, 1]


@pytest.mark.parametrize("use", [
    lambda analog, x: analog(x), lambda analog, x: analog.predict(x, verbose=0), read_energy,
], ids=["call", "predict", "energy"])
def test_a_warning_is_of_the_line_that_ran_the_model(
    use: Callable[..., object], synapse: CompoundMTJ
) -> None:
    model = randomise(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
    analog = to_analog(model, Hardware(synapse))
    with pytest.warns(UserWarning, match="inputs from 0 to 3") as caught:
        use(analog, np.full((1, 3), 3.0, np.float32))
    assert [each.filename for each in caught if each.category is UserWarning] == [__file__]
