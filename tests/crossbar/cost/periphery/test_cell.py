"""Laws of a cross-point's size and capacitances."""

import numpy as np
import pytest

from circuits import segment_capacitance
from crossbar.cost.periphery import Cell
from device_models import load_stack

CHANNEL = load_stack("kumar2024").write_channel()
JUNCTION, BARRIER = np.pi / 4 * 250e-9 * 500e-9, 1.8e-9


def test_the_default_is_the_reference_device_with_three_cells() -> None:
    made = Cell.of(CHANNEL, 3, JUNCTION, BARRIER)
    assert made.area == pytest.approx(1.9e-6 * 4.15e-6, rel=1e-9)  # 1 um of transistor, not 0.9
    assert Cell().column_pitch == pytest.approx(made.column_pitch, rel=1e-9)
    assert Cell().junction_capacitance == pytest.approx(made.junction_capacitance, rel=0.01)


def test_area_is_the_product_of_the_pitches() -> None:
    assert Cell(2e-6, 3e-6).area == pytest.approx(6e-12, rel=1e-12)


def test_more_cells_lengthen_the_channel_and_add_their_plates() -> None:
    one, four = (Cell.of(CHANNEL, n, JUNCTION, BARRIER) for n in (1, 4))
    assert four.column_pitch - one.column_pitch == pytest.approx(3 * CHANNEL.pitch, rel=1e-9)
    assert four.row_pitch == one.row_pitch
    assert four.junction_capacitance == pytest.approx(4 * one.junction_capacitance, rel=1e-12)


def test_capacitances_are_wires_and_what_hangs_on_them() -> None:
    cell = Cell(2e-6, 3e-6, "32nm", 5e-15, 2e-15)
    assert cell.row_capacitance == segment_capacitance("32nm", 2e-6) + 5e-15
    assert cell.column_capacitance == segment_capacitance("32nm", 3e-6) + 2e-15
    bare = Cell(2e-6, 3e-6, "32nm", 0.0, 0.0)
    assert bare.row_capacitance == pytest.approx(0.4e-15, rel=1e-12)  # 0.2 fF/um


def test_given_wires_stand() -> None:
    cell = Cell(row_wire=1e-15, column_wire=0.0)
    assert cell.row_capacitance == 1e-15 + cell.junction_capacitance
    assert cell.column_capacitance == cell.drain_capacitance


def test_a_plate_by_hand() -> None:
    """8.854e-12 x 9.7 x 1e-14/1e-9: 0.859 fF."""
    assert Cell.of(CHANNEL, 1, 1e-14, 1e-9).junction_capacitance == pytest.approx(
        0.8589e-15, rel=1e-4)


@pytest.mark.parametrize(("settings", "said"), [
    ({"row_pitch": 0.0}, "row_pitch"), ({"column_pitch": -1e-6}, "column_pitch"),
    ({"junction_capacitance": -1e-15}, "junction_capacitance"), ({"row_wire": -1e-15}, "row_wire"),
    ({"technology": "44nm"}, "45nm")])
def test_nonsense_is_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Cell(**settings)
