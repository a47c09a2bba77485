"""Any hardware that can be made converts, runs and is its plain data; what cannot is refused when
it is made, by the name of a field."""

import re
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from circuits import ADC, DAC, BitSerial, ColumnSense, RowDrive, Wires
from crossbar import (
    BitSliced,
    ColumnWise,
    ConductanceSwing,
    Differential,
    Hardware,
    LeastSquares,
    MaxWeight,
    OffsetColumns,
    Placement,
    ReferenceColumn,
    Renormalised,
    SignedLevel,
    Subtraction,
    to_analog,
)
from crossbar.imperfections import ReadNoise
from crossbar.stored import from_plain, to_plain
from device_models import CompoundMTJ, UnlimitedStates, Variability, load_stack
from device_models.junction import BrinkmanBias
from device_models.switching import Programming
from tests.support.models import outputs, randomise, signed

STACK = load_stack("kumar2024")
MTJ = replace(STACK.mtj(1.9e-9), stability=(24.0, 24.0))
PULSES = Programming(magnet=STACK.writing_magnet(1.9e-9, 3), pulse=200e-9, assist_field=8.5e-3,
                     spread=0.06)
FIELDS: dict[str, list[Any]] = {
    "synapse": [
        CompoundMTJ(MTJ, 3), CompoundMTJ(MTJ, 1), CompoundMTJ(MTJ, 3, areas=(1, 2, 4)),
        CompoundMTJ(MTJ, 3, channel=STACK.write_channel()), UnlimitedStates(CompoundMTJ(MTJ, 3)),
        CompoundMTJ(replace(MTJ, stability=None), 3),
        CompoundMTJ(replace(MTJ, bias=BrinkmanBias(0.9, 1.9e-9, 0.5, asymmetry=0.2)), 3)],
    "wires": [Wires(3.0, 2.0, 40.0, 10.0), Wires(), Wires(3.0, 2.0, 40.0, 10.0, access=2e3)],
    "mapping": [
        Differential(), Differential(placement=Placement.ARRAYS, subtraction=Subtraction.BEFORE),
        SignedLevel(placement=Placement.HALVES), ReferenceColumn(), OffsetColumns(2),
        BitSliced(slices=2)],
    "tile": [(4, 6), (16, 16), (1, 1), (2, 3)],
    "read_voltage": [0.1, 0.3, 5.0],
    "read_time": [30e-9, 1.0],
    "dac_bits": [None, 5], "adc_bits": [None, 6],
    "dac": [None, BitSerial(3), DAC(4, 0.0, 1.0, offset=0.02, dnl=0.2, seed=1)],
    "adc": [None, ADC(5, 0.0, 1.0, gain_error=0.02, dnl=0.2, seed=1)],
    "columns_per_adc": [1, 3],
    "seed": [0, 7],
    "scale": [LeastSquares(), MaxWeight(), ColumnWise()],
    "gain": [Renormalised(), ConductanceSwing()],
    "spread": [0.0, 0.1], "write_probability": [1.0, 0.8],
    "variability": [None, Variability(shorted=0.01, open_=0.01, stuck_parallel=0.02)],
    "by_pattern": [True, False],
    "programming": [None, PULSES, replace(PULSES, verify=True)],
    "age": [0.0, 1e3], "reads": [0.0, 1e8],
    "nonlinear": [False, True],
    "read_noise": [False, True, ReadNoise(amplifier=1e-12, alpha=0.0)],
    "analog_bias": [False, True],
    "drive": list(RowDrive), "sense": list(ColumnSense),
}
# what is refused with these is no surprise, and hides all other combinations
RARE = {"tile": 2, "read_voltage": 2, "read_time": 1}


def chosen(name: str) -> st.SearchStrategy[Any]:
    values = FIELDS[name]
    return st.sampled_from(values[: RARE.get(name, len(values))])


def network() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((4, 4, 2)), layers.Conv2D(2, 3, activation="relu", name="a", groups=2),
        layers.Flatten(), layers.Dense(3, name="b")]))


MODEL = network()
X = signed(MODEL, 3)


def check(hardware: Hardware) -> None:
    again = from_plain(to_plain(hardware))
    assert again == hardware
    found = [outputs(to_analog(MODEL, each, X), X)[0] for each in (hardware, again)]
    assert np.isfinite(found[0]).all()
    np.testing.assert_allclose(found[1], found[0], rtol=1e-6, atol=1e-9)


@settings(max_examples=30, derandomize=True)
@given(st.fixed_dictionaries({}, optional={name: chosen(name) for name in FIELDS}))
def test_what_can_be_made_runs_and_what_cannot_is_refused_by_name(fields: dict[str, Any]) -> None:
    hardware = made_of(fields)
    if isinstance(hardware, Hardware):
        check(hardware)
    else:
        names = fields.keys() - {"synapse"} | {"levels"}  # which a mapping misses
        assert any(re.search(rf"\b{name}\b", str(hardware)) for name in names), hardware


def made_of(fields: dict[str, Any]) -> Hardware | Exception:
    """The hardware, or why it is none."""
    try:
        return Hardware(**{"synapse": FIELDS["synapse"][0], "tile": (4, 6), **fields})
    except (TypeError, ValueError) as error:
        return error


UNLIMITED, HELD_BY_NOTHING = FIELDS["synapse"][4], FIELDS["synapse"][5]
REFUSED: list[tuple[dict[str, Any], str]] = [
    *(({"synapse": UNLIMITED, name: FIELDS[name][-1]}, rf"\b{name}\b") for name in (
        "variability", "age", "reads", "write_probability", "programming")),
    ({"synapse": UNLIMITED, "read_noise": True}, "read_noise"),
    ({"synapse": UNLIMITED, "mapping": BitSliced()}, "levels"),
    ({"synapse": HELD_BY_NOTHING, "age": 1.0}, r"\bage\b"),
    ({"synapse": HELD_BY_NOTHING, "reads": 1.0}, r"\breads\b"),
    ({"dac": 5, "dac_bits": 5}, "dac_bits"), ({"adc": 5, "adc_bits": 5}, "adc_bits"),
    ({"dac": ADC(5, 0.0, 1.0)}, r"\bdac"), ({"adc": DAC(5, 0.0, 1.0)}, r"\badc"),
    ({"adc": BitSerial(4)}, r"\badc"), ({"columns_per_adc": 0}, "columns_per_adc"),
    ({"programming": PULSES, "write_probability": 0.5}, "write_probability"),
    ({"programming": 0.9}, "programming"), ({"read_noise": 0.1}, "read_noise"),
    ({"variability": 0.1}, "variability"), ({"nonlinear": "yes"}, "nonlinear"),
    ({"by_pattern": 1}, "by_pattern"), ({"age": -1.0}, r"\bage\b"), ({"reads": -1.0}, r"\breads"),
    ({"read_voltage": 5.0}, "read_voltage"), ({"tile": (4, 1)}, r"\btile\b"),
    ({"read_noise": True, "read_time": 1.0}, "read_noise"),
    ({"adc": ADC(5, 0.0, 1.0), "dac": DAC(25, 0.0, 1.0)}, r"\bdac")]


@pytest.mark.parametrize(("fields", "match"), REFUSED, ids=lambda value: "-".join(
    value) if isinstance(value, dict) else "")
def test_what_cannot_be_is_refused_at_once(fields: dict[str, Any], match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        Hardware(**{"synapse": FIELDS["synapse"][0], "tile": (4, 6), **fields})


def test_most_combinations_can_be_made() -> None:
    """The property is not that of refusals."""
    rng = np.random.default_rng(0)
    made = [made_of({name: values[rng.integers(RARE.get(name, len(values)))]
                     for name, values in FIELDS.items() if rng.random() < 0.5})
            for _ in range(200)]
    assert sum(isinstance(each, Hardware) for each in made) > 100
