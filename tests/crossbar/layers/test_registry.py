"""A new layer is one class and one line of the registry, and is made complete."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from circuits import Wires, quantise
from crossbar import AnalogDense, AnalogLayer, Hardware, count_tiles, read_energy, to_analog
from crossbar.layers import ANALOG, analog_twin
from crossbar.layers.converter import convert
from device_models import CompoundMTJ

Floats = NDArray[np.float64]
Values = Callable[..., Floats]
Network = Callable[..., keras.Model]
Inputs = Callable[..., Floats]


@keras.saving.register_keras_serializable("tests")
class Doubled(layers.Dense):
    """A layer of someone's own."""

    def call(self, inputs: Floats) -> Floats:
        return 2 * super().call(inputs)


@keras.saving.register_keras_serializable("tests")
class AnalogDoubled(AnalogDense):
    """Its twin."""

    def call(self, inputs: Floats) -> Floats:
        return 2 * super().call(inputs)


def test_only_registered_types_have_a_twin() -> None:
    assert analog_twin(layers.Dense(2)) is AnalogDense
    assert analog_twin(Doubled(2)) is None  # though it is a Dense
    assert analog_twin(layers.ReLU()) is None
    assert all(issubclass(twin, AnalogLayer) for twin in ANALOG.values())


def test_a_registered_layer_converts(
    synapse: CompoundMTJ, inputs: Inputs, values: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, hardware = inputs(9), Hardware(synapse, Wires(1, 1), tile=(4, 6))
    model = keras.Sequential([keras.Input((9,)), Doubled(4, name="mine")])
    with pytest.raises(ValueError, match=r"'mine' \(Doubled\).*only Dense layers"):
        to_analog(model, hardware, x)
    monkeypatch.setitem(ANALOG, Doubled, AnalogDoubled)
    analog = to_analog(model, hardware, x)
    plain = keras.Sequential([keras.Input((9,)), layers.Dense(4, name="mine")])
    plain.set_weights(model.get_weights())
    np.testing.assert_allclose(values(analog, x), 2 * values(to_analog(plain, hardware, x), x),
                               rtol=1e-6)
    assert count_tiles(model, hardware) == count_tiles(plain, hardware) == 3 * 2
    assert set(read_energy(analog, x).layers) == {"mine"}


@pytest.mark.parametrize("bits", [None, 6])
def test_a_twin_is_made_complete(
    bits: int | None, synapse: CompoundMTJ, network: Network, inputs: Inputs, values: Values
) -> None:
    """Alone, without a model around it, it computes what it computes in the model."""
    model, x = network((9, 4)), inputs(9, high=3.0)
    hardware = Hardware(synapse, Wires(1, 1), tile=(4, 6), spread=0.02, adc_bits=bits)
    steps: list[int] = []
    twin = AnalogDense.program(model.layers[0], hardware, x, 0, steps.append)
    assert twin.built
    assert twin.name == "d0"
    assert twin.input_range == (0.0, pytest.approx(float(x.max())))
    assert len(steps) == len(twin.matrix.tiles) == AnalogDense.count_tiles(
        model.layers[0], hardware)
    np.testing.assert_array_equal(values(twin, x), values(to_analog(model, hardware, x), x))


def test_a_twin_without_settings_says_so(network: Network, synapse: CompoundMTJ) -> None:
    with pytest.raises(NotImplementedError, match="settings_of"):
        AnalogLayer.program(network((3, 2)).layers[0], Hardware(synapse))


@pytest.mark.parametrize("bits", [None, 1, 3, 8])
def test_converters_on_tensors_are_those_of_circuits(bits: int | None) -> None:
    x = np.random.default_rng(0).uniform(-2, 2, 500)
    tensors = np.asarray(convert(keras.ops.convert_to_tensor(x), bits, (-1.0, 1.5)))
    np.testing.assert_allclose(tensors, quantise(x, bits, -1.0, 1.5), rtol=1e-5, atol=1e-6)
