"""Shape anisotropy and the barrier it makes: references and limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.constants import Boltzmann

from device_models.magnet import (
    anisotropy_field,
    barrier_factor,
    energy_barrier,
    sharrock_coercivity,
    stability_factor,
    state_stability,
)


@pytest.mark.parametrize(("nm", "millitesla", "barrier", "coercivity"),
                         [(1.6, 11.15, 211, 7.7), (2.6, 16.63, 512, 13.3)])
def test_anisotropy_barrier_and_coercivity_are_the_reference(
    nm: float, millitesla: float, barrier: int, coercivity: float
) -> None:
    size = (500e-9, 250e-9, nm * 1e-9)
    field, delta = anisotropy_field(1e6, *size), stability_factor(1e6, *size, 300.0)
    assert round(1e3 * float(field), 2) == millitesla
    assert int(delta) == barrier  # 211.48 and 512.44
    assert round(1e3 * float(sharrock_coercivity(field, delta, 1.0)), 1) == coercivity
    volume = math.pi / 4 * math.prod(size)
    assert float(energy_barrier(1e6, *size)) == pytest.approx(1e6 * float(field) * volume / 2)


def test_a_circle_has_no_easy_axis_and_no_barrier() -> None:
    assert abs(float(anisotropy_field(1e6, 3e-7, 3e-7, 2e-9))) < 1e-14
    assert abs(float(energy_barrier(1e6, 3e-7, 3e-7, 2e-9))) < 1e-30


def test_the_barrier_factor_is_that_of_the_shape_in_its_field() -> None:
    size = (5e-7, 2.5e-7, 2e-9)
    volume = math.pi / 4 * math.prod(size)
    assert float(barrier_factor(1e6, anisotropy_field(1e6, *size), volume, 350.0)) == (
        pytest.approx(float(stability_factor(1e6, *size, 350.0)), rel=1e-14))


def by_energy(share: float, towards: float) -> float:
    """Barrier over Delta [1] from the angle pi or 0 to the other, of sin^2 - 2 h cos on a grid."""
    angle = np.linspace(0, math.pi, 20_001)
    energy = np.sin(angle) ** 2 - 2 * share * np.cos(angle)
    return float(energy.max() - (energy[0] if towards else energy[-1]))


@pytest.mark.parametrize("share", [-3.0, -1.0, -0.4, 0.0, 0.2, 0.99, 1.0, 1.5])
def test_barriers_of_both_states_are_those_of_the_energy(share: float) -> None:
    """A positive offset is a field towards the parallel state, at the angle 0."""
    parallel, antiparallel = state_stability(60.0, share * 0.02, 0.02)
    assert float(parallel) == pytest.approx(60 * by_energy(share, True), rel=1e-6)
    assert float(antiparallel) == pytest.approx(60 * by_energy(share, False), rel=1e-6)


@given(st.floats(-0.5, 0.5), st.floats(1e-3, 1.0), st.floats(1.0, 500.0))
def test_the_states_differ_by_the_energy_of_their_moments_in_the_offset(
    offset: float, field: float, kelvin: float
) -> None:
    ms, volume = 1e6, 1e-24
    parallel, antiparallel = state_stability(barrier_factor(ms, field, volume, kelvin), offset,
                                             field)
    assert float(parallel - antiparallel) == pytest.approx(
        2 * ms * volume * offset / (Boltzmann * kelvin), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("arguments", "name"), [
    ((60.0, 0.0, 0.0), "field"), ((-1.0, 0.0, 0.1), "stability"), ((60.0, math.nan, 0.1), "offset"),
    (([60.0, 50.0], [0.0, 0.1, 0.2], 0.1), r"stability has shape \(2,\)")])
def test_barriers_of_no_layer_are_refused(arguments: tuple[object, ...], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        state_stability(*arguments)  # type: ignore[arg-type]
