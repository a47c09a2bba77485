"""What a stack knows of its junctions' free layers, by the laws of `switching`; or does not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from scipy.constants import Boltzmann, elementary_charge, hbar

from device_models import MTJ, Magnet, PerpendicularMagnet, Stack, load_stack
from device_models.junction.laws import polarisation
from device_models.magnet import GYROMAGNETIC
from device_models.magnet.perpendicular_barrier import effective_barrier
from device_models.switching import critical_currents, damping_time, easy_axis_field, stability
from device_models.switching.thresholds import helping_field

STACKS = {name: load_stack(name) for name in ("kumar2024", "perpendicular_cofeb")}
IN_PLANE, STANDING = STACKS.values()
MISSING = (None, 300.0, None)
both = pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)


def known(mtj: MTJ) -> tuple[object, ...]:
    return mtj.stability, mtj.temperature, mtj.disturb_current


def changed(stack: Stack, **entries: object) -> Stack:
    """The stack with some entries of [magnetics] changed."""
    film = replace(stack.magnetics, **entries)  # type: ignore[arg-type]
    return replace(stack, tables=replace(stack.tables, magnetics=film))


@both
@pytest.mark.parametrize("kelvin", [250.0, 300.0, 400.0])
def test_without_an_offset_both_states_have_the_barrier_of_the_laws(
    stack: Stack, kelvin: float
) -> None:
    for thickness in (*stack.thickness_range, None):
        mtj = stack.mtj(thickness, temperature=kelvin)
        delta = float(stability(stack.magnet(thickness), kelvin))
        assert mtj.stability == pytest.approx((delta, delta), rel=1e-13)
        assert mtj.temperature == kelvin


@both
@pytest.mark.parametrize("share", [-1.2, -0.3, 0.3, 0.8])
def test_an_offset_holds_the_state_that_the_laws_say(stack: Stack, share: float) -> None:
    field = float(easy_axis_field(stack.magnet()))
    shifted = changed(stack, device_offset=share * field)
    magnet = shifted.magnet()
    delta = float(stability(magnet))
    found = shifted.mtj().stability
    assert found is not None
    for state, polarity in zip(found, (1, -1), strict=True):  # out of parallel, and back
        if isinstance(magnet, PerpendicularMagnet):
            expected = float(effective_barrier(0.0, 0.0, polarity * magnet.offset_field / field))
        else:
            expected = max(1 - float(helping_field(magnet, 0.0, polarity)) / field, 0.0) ** 2
        if expected <= 4:  # beyond, there is one well
            assert state == pytest.approx(delta * expected, rel=1e-9, abs=1e-12 * delta)
    assert (found[0] > found[1]) == (share > 0)


def test_out_of_the_plane_the_current_is_that_of_the_barrier() -> None:
    mtj = STANDING.mtj(1.2e-9)
    assert mtj.stability is not None
    per_barrier = 4 * elementary_charge / hbar * STANDING.magnetics.damping / float(
        polarisation(mtj.tmr)) * Boltzmann * 300
    assert mtj.disturb_current == pytest.approx(per_barrier * mtj.stability[0], rel=1e-12)


def test_the_exponent_of_a_disturbed_barrier_is_that_of_the_easy_axis() -> None:
    assert (IN_PLANE.mtj().disturb_exponent, STANDING.mtj().disturb_exponent) == (1.0, 2.0)


@both
def test_the_current_is_that_of_the_damping_time(stack: Stack) -> None:
    """(2 e/hbar) M_s V/(P gamma tau_D), in the plane times the mean orbit's share of the bottom."""
    magnet = stack.magnet()
    mtj = stack.mtj()
    moment = magnet.saturation_magnetisation * magnet.volume / GYROMAGNETIC
    expected = 2 * elementary_charge / hbar * moment / float(damping_time(magnet))
    plain = magnet.with_changes(**({"oersted": 0.0} if isinstance(magnet, Magnet) else {}))
    currents = critical_currents(plain)
    expected *= float(currents.mean / currents.bottom)
    assert mtj.disturb_current == pytest.approx(
        expected / float(polarisation(mtj.tmr)), rel=1e-9)


@both
def test_a_larger_tmr_takes_less_current_by_its_polarisation(stack: Stack) -> None:
    one, two = (stack.mtj(tmr=tmr) for tmr in (1.0, 2.0))  # P^2 = 1/3 and 1/2
    assert one.disturb_current is not None
    assert two.disturb_current == pytest.approx(one.disturb_current * (2 / 3) ** 0.5, rel=1e-12)
    assert one.stability == two.stability == stack.mtj().stability


def test_the_numbers_stand_for_the_temperature_of_the_file() -> None:
    warm = IN_PLANE.temperature
    tables = replace(IN_PLANE.tables, temperature=replace(warm, reference=350.0))
    here, there = replace(IN_PLANE, tables=tables).mtj(), IN_PLANE.mtj(temperature=350.0)
    assert (here.temperature, here.stability) == (350.0, there.stability)
    without = replace(IN_PLANE, tables=replace(IN_PLANE.tables, temperature=None)).mtj()
    assert known(without) == known(IN_PLANE.mtj())


def test_neither_channel_nor_writing_is_needed() -> None:
    tables = replace(IN_PLANE.tables, channel=None, switching=None)
    assert known(replace(IN_PLANE, tables=tables).mtj()) == known(IN_PLANE.mtj())


def test_a_shortest_file_knows_nothing(stack_file: Callable[..., Path]) -> None:
    assert known(load_stack(stack_file()).mtj()) == MISSING


@pytest.mark.parametrize("stack", [
    changed(IN_PLANE, interface_anisotropy=2e-3), changed(STANDING, interface_anisotropy=1e-4),
    replace(IN_PLANE, axes=(2e-7, 2e-7)), replace(IN_PLANE, axes=(0.0, 0.0))],
    ids=["stands", "lies", "circle", "no axes"])
def test_a_layer_without_easy_axis_is_held_by_nothing_and_still_read(stack: Stack) -> None:
    assert known(stack.mtj()) == MISSING


def test_above_the_curie_temperature_nothing_is_held() -> None:
    warm = replace(IN_PLANE.temperature, curie=500.0)
    hot = replace(IN_PLANE, tables=replace(IN_PLANE.tables, temperature=warm))
    assert known(hot.mtj(temperature=600.0)) == (None, 600.0, None)
    assert hot.mtj(temperature=499.0).stability is not None


@both
def test_colder_layers_are_held_faster(stack: Stack) -> None:
    barriers = [stack.mtj(temperature=t).stability for t in (400.0, 300.0, 100.0)]
    assert barriers == sorted(barriers)  # type: ignore[type-var]
    assert stack.mtj(temperature=1e-3).stability is not None
