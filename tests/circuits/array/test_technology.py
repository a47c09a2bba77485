"""Laws of wires: tabulated values, less resistance the wider, the shorter and the more layers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits.array import Wires, technology
from circuits.array.technology import (
    TECHNOLOGIES,
    Technology,
    segment_capacitance,
    wire_resistance,
)

NAMES = sorted(TECHNOLOGIES)
THIN = Technology("thin", 50e-9, 0.2, 0.4 / 50e-9, 0.2e-9, "a test")  # half of it size effect
UM = 1e-6
widenings = st.floats(1, 1e3)

# name, minimum width [nm], [ohm/um], [ohm/sq], [fF/um]; the figures that are published
TABLE = [
    ("130nm", 175, 0.45, 0.079, 0.2), ("65nm", 105, 1.43, 0.150, 0.2),
    ("45nm", 80, 3.04, 0.243, 0.2), ("32nm", 56, 6.55, 0.367, 0.2), ("22nm", 40, 13.3, 0.530, 0.2),
    ("28nm", 45, 8.5, 0.383, 0.2), ("180nm", 250, 0.3, 0.075, 0.2),
    ("sky130", 140, 0.89, 0.125, 0.172375),
]


@pytest.mark.parametrize(("name", "width", "per_um", "square", "capacitance"), TABLE)
def test_published_values_are_reproduced(
    name: str, width: float, per_um: float, square: float, capacitance: float
) -> None:
    metal = TECHNOLOGIES[name]
    assert metal.minimum_width == pytest.approx(width * 1e-9, rel=1e-12)
    assert metal.sheet_resistance == pytest.approx(square, rel=6e-3)
    assert wire_resistance(name, UM) == pytest.approx(per_um, rel=6e-3)
    assert segment_capacitance(name, UM) == pytest.approx(capacitance * 1e-15, rel=1e-12)


def test_every_technology_is_tabulated_and_says_where_it_is_from() -> None:
    assert {row[0] for row in TABLE} == set(NAMES)
    assert all(metal.source and metal.name == name for name, metal in TECHNOLOGIES.items())


@pytest.mark.parametrize("metal", [*NAMES, THIN])
def test_the_minimum_width_is_the_tabulated_resistance_per_length(metal: str | Technology) -> None:
    found = technology.find(metal)
    expected = found.resistance_per_length * 2.5 * UM
    assert wire_resistance(found, 2.5 * UM) == pytest.approx(expected, rel=1e-14)
    explicit = wire_resistance(found, 2.5 * UM, width=found.minimum_width)
    assert explicit == wire_resistance(found, 2.5 * UM)


@pytest.mark.parametrize("metal", [*NAMES, THIN])
@given(first=widenings, second=widenings)
def test_a_wider_wire_has_less_resistance_and_more_capacitance(
    metal: str | Technology, first: float, second: float
) -> None:
    least = technology.find(metal).minimum_width
    narrow, wide = sorted((first * least, second * least))
    assert wire_resistance(metal, UM, wide) <= wire_resistance(metal, UM, narrow)
    assert segment_capacitance(metal, UM, wide) >= segment_capacitance(metal, UM, narrow)


def test_the_size_effect_vanishes_in_wide_wires() -> None:
    squares = [wire_resistance(THIN, width, width) for width in (50e-9, 100e-9, 1e-6, 1e-2)]
    np.testing.assert_allclose(squares, [0.4, 0.3, 0.21, 0.2], rtol=1e-5)


@pytest.mark.parametrize("metal", [*NAMES, THIN])
def test_length_is_series_and_layers_are_parallel(metal: str | Technology) -> None:
    one = wire_resistance(metal, UM, 1.5 * UM)
    assert wire_resistance(metal, 7 * UM, 1.5 * UM) == pytest.approx(7 * one, rel=1e-14)
    assert wire_resistance(metal, UM, 1.5 * UM, layers=3) == pytest.approx(one / 3, rel=1e-14)
    charge = segment_capacitance(metal, UM, 1.5 * UM)
    assert segment_capacitance(metal, 7 * UM, 1.5 * UM, 3) == pytest.approx(21 * charge, rel=1e-14)


def test_the_compound_pitch_in_45_nm() -> None:
    assert wire_resistance("45nm", 4.35 * UM) == pytest.approx(13.2, abs=0.1)
    assert wire_resistance("45nm", 4.35 * UM, width=UM) == pytest.approx(1.06, abs=0.01)
    assert wire_resistance("45nm", 4.35 * UM, width=UM, layers=2) < 1


def test_wires_are_those_of_each_direction() -> None:
    wires = Wires.from_technology("45nm", pitch=(4e-6, 2e-6), width=(1e-6, None), layers=(1, 2),
                            source=300.0, sense=50.0, access=2e3)
    assert wires.row == wire_resistance("45nm", 4e-6, 1e-6)
    assert wires.column == wire_resistance("45nm", 2e-6, layers=2)
    assert (wires.source, wires.sense, wires.access) == (300.0, 50.0, 2e3)


def test_one_value_is_both_directions() -> None:
    both = Wires.from_technology("sky130", pitch=(2e-6, 2e-6), width=(1e-6, 1e-6), layers=(2, 2))
    assert Wires.from_technology("sky130", pitch=2e-6, width=1e-6, layers=2) == both
    assert Wires.from_technology(TECHNOLOGIES["sky130"], 2e-6, 1e-6, 2) == both


@pytest.mark.parametrize("pitch", [0.0, -1e-6, np.nan, np.inf, (1e-6, 0.0), (-1e-6, 1e-6)])
def test_a_pitch_that_is_no_length_is_refused(pitch: float | tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="length"):
        Wires.from_technology("45nm", pitch)


@pytest.mark.parametrize("width", [79e-9, (1e-6, 79e-9), 0.0, -1e-6, np.nan])
def test_a_width_below_the_minimum_is_refused(width: float | tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="width"):
        Wires.from_technology("45nm", 1e-6, width)


@pytest.mark.parametrize("layers", [0, -1, 1.5, True])
def test_layers_are_whole_numbers(layers: int) -> None:
    with pytest.raises(ValueError, match="layers"):
        wire_resistance("45nm", 1e-6, layers=layers)


def test_three_pitches_are_refused() -> None:
    with pytest.raises(ValueError, match="pitch"):
        Wires.from_technology("45nm", (1e-6, 1e-6, 1e-6))  # type: ignore[arg-type]  # the error tested


def test_an_unknown_technology_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"did you mean .*'45nm'"):
        Wires.from_technology("45 nm", 1e-6)


def test_a_technology_with_mixed_units_is_refused() -> None:
    with pytest.raises(ValueError, match="check the units"):
        Technology("mixed", 80e-9, 0.243, 3.04, 0.2e-9, "ohm/um for ohm/m")
