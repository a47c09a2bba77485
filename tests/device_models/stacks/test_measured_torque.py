"""What people measured goes before the macrospin: each entry comes back as it was given."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.constants import mu_0

from device_models import Stack, StackError, critical_voltage, load_stack
from device_models.stacks.entries import Curve
from device_models.switching import (
    critical_current,
    easy_axis_field,
    stability,
    switching_probability,
)
from device_models.switching.llg import macrospin

STACKS = {name: load_stack(name) for name in ("kumar2024", "perpendicular_cofeb")}
both = pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)


def with_entries(stack: Stack, table: str, **entries: object) -> Stack:
    old = getattr(stack.tables, table)
    return replace(stack, tables=replace(stack.tables, **{table: replace(old, **entries)}))


def everywhere(value: float) -> Curve:
    return Curve((0.0,), (value,))


@both
def test_a_measured_stability_and_field_are_those_of_every_law(stack: Stack) -> None:
    known = with_entries(stack, "magnetics", stability=everywhere(45.7),
                         anisotropy_field=everywhere(0.03))
    magnet, mtj = known.magnet(), known.mtj()
    assert float(stability(magnet)) == pytest.approx(45.7, rel=1e-12)
    assert float(easy_axis_field(magnet)) == pytest.approx(0.03, rel=1e-12)
    assert mtj.stability == pytest.approx((45.7, 45.7), rel=1e-9)
    spin = macrospin(magnet)
    lower = np.partition(np.array(spin.anisotropy) - spin.anisotropy[spin.easy_axis], 1)[1]
    assert lower == pytest.approx(0.03, rel=1e-9)
    assert spin.moment * lower / 2 == pytest.approx(45.7 * 1.380649e-23 * 300, rel=1e-9)


@both
def test_a_measured_barrier_lowers_the_odds_of_keeping_a_state(stack: Stack) -> None:
    low = with_entries(stack, "magnetics", stability=everywhere(20.0)).magnet()
    volt = 0.5 * float(critical_voltage(stack.magnet()))
    field = 5e-3
    assert switching_probability(low, volt, 100e-9, field) > switching_probability(
        stack.magnet(), volt, 100e-9, field)


@both
def test_a_resonance_stands_for_the_interface(stack: Stack) -> None:
    film = stack.magnetics
    t, ms = stack.thickness_range[0], film.saturation_magnetisation
    m_eff = ms - 2 * film.interface_anisotropy / (mu_0 * ms * t)
    known = with_entries(stack, "magnetics", effective_magnetisation=everywhere(m_eff),
                         interface_anisotropy=0.0)
    assert known.magnet(t).hard_fields == pytest.approx(stack.magnet(t).hard_fields, rel=1e-9)
    assert known.mtj(t).stability == pytest.approx(stack.mtj(t).stability, rel=1e-9)


@both
@pytest.mark.parametrize("angle", [1.0, -1.0])
def test_a_measured_current_is_the_critical_one(stack: Stack, angle: float) -> None:
    drive, strip = stack.switching, stack.channel
    signed = with_entries(stack, "switching", spin_hall_angle=angle * drive.spin_hall_angle)
    for entries in ({"critical_current": everywhere(1e-3)},
                    {"critical_current_density": everywhere(
                        1e-3 / strip.width / strip.thickness)},
                    {"critical_voltage": everywhere(
                        1e-3 * stack.write_channel().resistance(1)), "critical_voltage_of": "0 K"}):
        magnet = with_entries(signed, "switching", **entries).magnet(cells=2)
        assert float(critical_current(magnet)) == pytest.approx(1e-3, rel=1e-9)
        assert np.sign(magnet.spin_hall_angle) == angle


@both
def test_a_measured_voltage_of_pulses_has_even_odds(stack: Stack) -> None:
    known = with_entries(stack, "switching", critical_voltage=everywhere(0.9),
                         critical_voltage_of="pulses", critical_voltage_field=4e-3)
    magnet = known.magnet()
    p = switching_probability(magnet, 0.9, stack.switching.pulse, 4e-3)
    assert float(p) == pytest.approx(0.5, abs=1e-6)


def test_a_measured_current_keeps_its_series_resistance() -> None:
    """V_c of one cell is a number of the reference stack's; a current is not moved by ohms."""
    known = with_entries(STACKS["kumar2024"], "switching", critical_current=everywhere(2e-3))
    magnet = known.writing_magnet(cells=3)
    assert float(critical_current(magnet)) == pytest.approx(2e-3, rel=1e-9)


@pytest.mark.parametrize(("entries", "words"), [
    ({"critical_current": everywhere(1e-3), "critical_voltage_of": "0 K"}, "expected one of them"),
    ({"critical_voltage_of": "0 K", "critical_voltage": None}, "there is no critical_voltage_v"),
    ({"spin_hall_angle": 0.0}, "spin_hall_angle is 0")])
def test_entries_that_say_two_things_or_nothing_are_refused(
    entries: dict[str, object], words: str
) -> None:
    with pytest.raises(StackError, match=words):
        replace(STACKS["kumar2024"].switching, **entries)  # type: ignore[arg-type] # of the table


def test_a_current_that_no_torque_gives_is_refused() -> None:
    with pytest.raises(StackError, match="no spin Hall angle gives"):
        with_entries(STACKS["kumar2024"], "switching", critical_current=everywhere(1e6)).magnet()


def test_a_resistivity_is_a_sheet_resistance_times_the_thickness() -> None:
    stack = STACKS["kumar2024"]
    strip = stack.channel
    assert strip.sheet_resistance is not None
    other = with_entries(stack, "channel", sheet_resistance=None,
                         resistivity=strip.sheet_resistance * strip.thickness)
    assert other.write_channel().resistance(3) == pytest.approx(
        stack.write_channel().resistance(3), rel=1e-12)
    with pytest.raises(StackError, match="both of"):
        replace(strip, resistivity=1e-6)


@both
def test_pulses_have_the_edges_and_the_heat_that_are_asked_for(stack: Stack) -> None:
    edged = with_entries(stack, "switching", edge=4e-9, field_like=0.3)
    plain, sloped = (each.programming(assist_field=5e-3, cells=3, missed=0.05)
                     for each in (stack, edged))
    assert plain.edge is None
    assert sloped.edge == 4e-9
    assert sloped.magnet.field_like == 0.3
    assert plain.magnet.heat is None
    warm = stack.programming(assist_field=5e-3, cells=3, missed=0.05, heat=True)
    assert warm.magnet.heat == stack.channel_heat(3)
    with_voltages = [each.with_voltages(3).set_voltages[0] for each in (plain, warm)]
    assert with_voltages[1] < with_voltages[0]
