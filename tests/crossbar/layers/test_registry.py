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
from crossbar.layers.maker import Maker
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


@keras.saving.register_keras_serializable("tests")
class Renamed(layers.Dense):
    """A layer with settings of its own, and nothing that computes."""

    def __init__(self, units: int, note: str = "", **settings: object) -> None:
        super().__init__(units, **settings)
        self.note = note

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "note": self.note}


def test_only_what_computes_as_a_registered_type_has_a_twin() -> None:
    assert analog_twin(layers.Dense(2)) is AnalogDense
    assert analog_twin(Renamed(2)) is AnalogDense
    assert analog_twin(Doubled(2)) is None  # though it is a Dense
    assert analog_twin(layers.ReLU()) is None
    for kind, twin in ANALOG.items():
        assert {"of", "refusal"} <= set(dir(twin)), kind


def test_a_subclass_that_computes_nothing_of_its_own_converts(
    synapse: CompoundMTJ, inputs: Inputs, values: Values
) -> None:
    x, hardware = inputs(9), Hardware(synapse, Wires(1, 1))
    model = keras.Sequential([keras.Input((9,)), Renamed(4, "kept", name="mine")])
    plain = keras.Sequential([keras.Input((9,)), layers.Dense(4, name="mine")])
    plain.set_weights(model.get_weights())
    np.testing.assert_array_equal(values(to_analog(model, hardware, x), x),
                                  values(to_analog(plain, hardware, x), x))


def test_a_registered_layer_converts(
    synapse: CompoundMTJ, inputs: Inputs, values: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, hardware = inputs(9), Hardware(synapse, Wires(1, 1), tile=(4, 6))
    model = keras.Sequential([keras.Input((9,)), Doubled(4, name="mine")])
    with pytest.raises(ValueError, match="'mine': Doubled computes something of its own"):
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
    """Out of its model, it computes what it computes in the model, and counts its tiles."""
    model, x = network((9, 4)), inputs(9, high=3.0)
    hardware = Hardware(synapse, Wires(1, 1), tile=(4, 6), spread=0.02, adc_bits=bits)
    steps: list[int] = []
    analog = to_analog(model, hardware, x, steps.append)
    twin = analog.get_layer("d0")
    assert isinstance(twin, AnalogLayer)
    assert twin.input_range == (0.0, pytest.approx(float(x.max())))
    assert len(steps) == len(twin.matrix.tiles) == count_tiles(model, hardware)
    np.testing.assert_array_equal(values(twin, x), values(analog, x))
    again = AnalogDense.from_config(twin.get_config())
    again.build()
    again.set_weights(twin.get_weights())
    np.testing.assert_array_equal(values(again, x), values(analog, x))
    assert again.matrix.conductance.tolist() == twin.matrix.conductance.tolist()


def test_until_it_is_programmed_a_twin_is_exact(
    network: Network, synapse: CompoundMTJ, inputs: Inputs, values: Values
) -> None:
    model, x = network((9, 4)), inputs(9, low=-1.0)
    maker = Maker(lambda layer: layer, Hardware(synapse, Wires(9, 9), dac_bits=2, adc_bits=2), "d0")
    twin = AnalogDense.of(model.layers[0], maker)
    np.testing.assert_allclose(values(twin, x), values(model, x), rtol=1e-5, atol=1e-6)
    (job,) = maker.jobs
    job.product.program(job.weights, job.bias)
    assert np.abs(values(twin, x) - values(model, x)).max() > 0.01


@pytest.mark.parametrize("bits", [None, 1, 3, 8])
def test_converters_on_tensors_are_those_of_circuits(bits: int | None) -> None:
    x = np.random.default_rng(0).uniform(-2, 2, 500)
    tensors = np.asarray(convert(keras.ops.convert_to_tensor(x), bits, (-1.0, 1.5)))
    np.testing.assert_allclose(tensors, quantise(x, bits, -1.0, 1.5), rtol=1e-5, atol=1e-6)
