"""Hardware that cannot be is refused, by the name of the field; its arguments are its objects'."""

import math
from dataclasses import replace

import numpy as np
import pytest

from circuits import Wires
from crossbar import Differential, Hardware, LeastSquares, MaxWeight, ReferenceColumn
from crossbar.array import Array
from crossbar.converters import Converters
from crossbar.imperfections import FailedWrites, Imperfections, Spread
from device_models import CompoundMTJ, UnlimitedStates, load_stack

WIRES = Wires(1.0, 2.0, 3.0, 4.0)
NOT_POSITIVE = [0.0, -1.0, math.nan, math.inf, "ten", None, [1.0, 2.0]]
NEGATIVE = [-1.0, math.nan, math.inf, "ten", None, [1.0, 2.0]]
NOT_WHOLE = [-1, 1.5, True, "8"]
BAD = {
    "synapse": [None, CompoundMTJ, "mtj", 5],
    "wires": [None, 1.0, (1.0, 1.0), Wires],
    "mapping": [None, Differential, "differential"],
    "scale": [None, LeastSquares, 2.0, "max"],
    "tile": [64, (64,), (64, 64, 64), (0, 64), (64, 0), (64, 1), (6.4, 64), "64x64", None],
    "read_voltage": NOT_POSITIVE,
    "read_time": NOT_POSITIVE,
    "dac_bits": [0, *NOT_WHOLE],
    "adc_bits": [0, *NOT_WHOLE],
    "seed": [None, *NOT_WHOLE],
    "spread": NEGATIVE,
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in BAD.items() for v in vs])
def test_a_bad_field_is_refused_by_name(name: str, value: object, synapse: CompoundMTJ) -> None:
    with pytest.raises((TypeError, ValueError), match=name):
        Hardware(**{"synapse": synapse, name: value})


@pytest.mark.parametrize("value", ["yes", 2, None])
def test_analog_bias_is_a_truth_value(value: object, synapse: CompoundMTJ) -> None:
    with pytest.raises((TypeError, ValueError), match="analog_bias"):
        Hardware(synapse, analog_bias=value)


@pytest.mark.parametrize(("name", "value"), [
    ("spread", 1), ("spread", 5), ("write_probability", 99), ("write_probability", 1.5)])
def test_per_cent_for_a_fraction_are_asked_about(
    name: str, value: float, synapse: CompoundMTJ
) -> None:
    with pytest.raises(ValueError, match=rf"{name} is {value:g}; .*: is {value:g} meant as per "
                       rf"cent\? pass {value / 100:g}"):
        Hardware(synapse, **{name: value})


@pytest.mark.parametrize("bits", [0, 2000, 10**6])
@pytest.mark.parametrize("name", ["dac_bits", "adc_bits"])
def test_no_bits_and_more_than_any_converter_has_are_refused(
    name: str, bits: int, synapse: CompoundMTJ
) -> None:
    with pytest.raises(ValueError, match=rf"{name} is {bits}; .*None, which is an ideal"):
        Hardware(synapse, **{name: bits})


def test_an_unknown_field_is_refused(synapse: CompoundMTJ) -> None:
    with pytest.raises(TypeError, match="wire"):
        Hardware(synapse, wire=1.0)


def test_smallest_tiles_of_each_mapping(synapse: CompoundMTJ) -> None:
    for mapping in (Differential(), ReferenceColumn()):
        assert Hardware(synapse, mapping=mapping, tile=(1, 2)).tile == (1, 2)
        with pytest.raises(ValueError, match="2 columns or more"):
            Hardware(synapse, mapping=mapping, tile=(64, 1))


def test_ideal_keeps_states_and_read_and_drops_all_else(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, Wires(1, 2, 3, 4), ReferenceColumn(), (8, 8), 0.2, 1e-8, 4, 5,
                        seed=6, scale=MaxWeight(), spread=0.1, analog_bias=True)
    ideal = hardware.ideal()
    assert ideal.wires.ideal
    assert (ideal.dac_bits, ideal.adc_bits, ideal.spread) == (None, None, 0.0)
    for name in ("synapse", "mapping", "tile", "read_voltage", "read_time", "scale", "seed",
                 "analog_bias"):
        assert getattr(ideal, name) == getattr(hardware, name)


def test_arguments_of_hardware_are_those_of_its_objects(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, tile=(8, 6), dac_bits=4, adc_bits=5, spread=0.1,
                        write_probability=0.9, columns_per_adc=2)
    assert hardware.array == Array((8, 6), WIRES)
    assert hardware.converters == Converters(4, 5, 2)
    assert hardware.imperfections.effects == (FailedWrites(0.9), Spread(0.1))
    assert Hardware(synapse).converters == Converters()  # the defaults are written once
    assert Hardware(synapse).imperfections == Imperfections()


def test_a_replaced_argument_reaches_its_object(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, spread=0.1)
    assert hardware.array.tile == (64, 64)
    changed = replace(hardware, tile=(8, 6), adc_bits=8, spread=0.0)
    assert changed.array == Array((8, 6), WIRES)
    assert changed.converters.adc_bits == 8
    assert changed.imperfections == Imperfections()
    assert hardware.imperfections.effects == (Spread(0.1),)


def test_a_continuum_is_as_hot_as_the_junctions_that_bound_it(synapse: CompoundMTJ) -> None:
    hot = replace(synapse, mtj=load_stack("kumar2024").mtj(temperature=400.0))
    assert Hardware(hot).temperature == Hardware(UnlimitedStates(hot)).temperature == 400.0
    assert Hardware(UnlimitedStates(synapse)).temperature == 300.0


def test_states_that_do_not_increase_are_refused(synapse: CompoundMTJ) -> None:
    class Falling:
        continuous = False

        def conductances(self, v: float = 0.0) -> np.ndarray:
            return synapse.conductances(v)[::-1]

        def program(self, target: np.ndarray, v: float = 0.0) -> np.ndarray:
            return synapse.program(target, v)

    with pytest.raises(ValueError, match="in increasing order"):
        Hardware(Falling())
