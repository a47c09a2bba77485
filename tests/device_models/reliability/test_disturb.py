"""Read disturb: retention over the barrier that a current leaves."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.constants import Boltzmann, elementary_charge, hbar, mu_0
from scipy.integrate import cumulative_trapezoid, trapezoid
from scipy.special import ellipe, ellipk

from device_models import MTJ, load_stack
from device_models.checks import Floats
from device_models.junction.laws import polarisation
from device_models.reliability import (
    IN_PLANE_EXPONENT,
    PERPENDICULAR_EXPONENT,
    YEAR,
    disturb_current,
    read_disturb,
    retention_failure,
    state_disturb_current,
)
from device_models.switching import critical_current


def shares(mtj: MTJ, volt: float) -> Floats:
    """I/I_c0 [1] of the parallel and of the antiparallel state, read at `volt` [V]."""
    states, mean = [True, False], mtj.disturb_current
    assert mean is not None
    return np.asarray(volt * mtj.conductance(states, volt)
                      / state_disturb_current(mean, mtj.tmr, states))


def test_reading_a_barrier_of_kiloohms_hardly_disturbs() -> None:
    """4 uA through the junction against 5 to 11 mA: the barrier falls by less than 0.1 %."""
    for mtj in (load_stack("kumar2024").mtj(t) for t in (1.6e-9, 2.6e-9)):
        assert np.all(shares(mtj, 0.1) < 1e-3)
        assert mtj.stability is not None
        assert float(read_disturb(mtj.stability[0], 4e-6, mtj.disturb_current, YEAR)) < 1e-60


def test_a_tenth_of_a_volt_over_18_ohm_um2_takes_a_twentieth_to_a_ninth_of_the_current() -> None:
    """Against the junction's own critical current; against the channel's it were below 0.03."""
    stack = load_stack("perpendicular_cofeb")
    for nm, share in ((1.1, 0.05), (1.3, 0.115)):
        mtj = stack.mtj(nm * 1e-9)
        np.testing.assert_allclose(shares(mtj, 0.1), share, rtol=0.03)
    assert 0.1 * float(mtj.conductance(True, 0.1)) / float(critical_current(stack.magnet(1.3e-9))
                                                           ) < 0.03
    assert mtj.stability is not None
    lost = [float(read_disturb(60.0, share, 1.0, 1e-8 * 1e9, exponent=mtj.disturb_exponent))
            for share in (shares(mtj, 0.1)[0], shares(mtj, 0.3)[0])]
    assert lost[0] < 1e-6  # of a cell of 60 k_B T, a thousand million reads of 10 ns
    assert lost[1] > 0.4


def test_more_current_disturbs_more_until_nothing_is_left() -> None:
    currents = np.linspace(0, 3e-3, 50)
    for exponent in (IN_PLANE_EXPONENT, PERPENDICULAR_EXPONENT):
        lost = read_disturb(60.0, currents, 2.343e-3, 1.0, exponent=exponent)
        assert np.all(np.diff(lost) >= 0)
        assert float(read_disturb(60.0, 5e-3, 2.343e-3, 1.0, exponent=exponent)) == 1.0
        assert read_disturb(60.0, 0.0, 1e-3, 1.0, exponent=exponent) == retention_failure(1.0, 60.0)


def first_passage(delta: float, share: float) -> float:
    """ln of the mean time to pass the barrier of a layer along z under spins along z, in units of
    1/(alpha gamma H_k): the exact integral of the Fokker-Planck equation of z = cos theta,

        drift (1 - z^2) (z - i), diffusion (1 - z^2)/(2 Delta), from z = 1 to where it has left.
    """
    z = np.linspace(-0.9, 1.0, 40001)
    well = delta * (z - share) ** 2
    depth = np.log(np.maximum(cumulative_trapezoid(np.exp(well[::-1] - well.max()), -z[::-1],
                                                   initial=0), 1e-300))[::-1] + well.max()
    with np.errstate(divide="ignore"):
        slowness = depth - well - np.log((1 - z**2) / (2 * delta))
    inner = slowness[:-1]
    return float(inner.max() + np.log(trapezoid(np.exp(inner - inner.max()), z[:-1])))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.5])
def test_out_of_the_plane_the_barrier_is_that_of_the_mean_first_passage_time(share: float) -> None:
    """Its logarithm grows with Delta as (1 - i)^2 Delta - ln(Delta)/2."""
    low, high = 150.0, 250.0
    growth = first_passage(high, share) - first_passage(low, share)
    found = (growth + math.log(high / low) / 2) / (high - low)
    assert found == pytest.approx((1 - share) ** PERPENDICULAR_EXPONENT, abs=1.5e-3)
    if share:
        assert abs(found - (1 - share)) > 0.05  # not the law in the plane


def test_in_the_plane_the_linear_law_is_that_of_the_orbits_or_a_little_above() -> None:
    """In a thin film at an energy m of the well, 0 to 1, the work of the torque is I/I_c0 times
    that of the damping, times (pi/4) m/(E - (1 - m) K) with elliptic integrals of the pendulum;
    the effective barrier is Delta (1 - I/I_c0 times its mean over the well)."""
    m = (np.arange(4000) + 0.5) / 4000
    work = np.pi / 4 * m / (ellipe(m) - (1 - m) * ellipk(m))
    assert work[0] == pytest.approx(1.0, abs=1e-4)  # I_c0 is of the bottom
    assert work[-1] == pytest.approx(np.pi / 4, abs=1e-3)
    mean = float(work.mean())
    assert mean == pytest.approx(0.9185, abs=1e-4)
    law = float(read_disturb(60.0, 0.2, 1.0, 1e-9)), float(retention_failure(1e-9, 60 * 0.8))
    assert law[0] == law[1] > float(retention_failure(1e-9, 60 * (1 - 0.2 * mean)))


@given(st.floats(1e-3, 10.0), st.floats(1e-6, 1e-2))
def test_both_states_meet_one_critical_voltage(tmr: float, mean: float) -> None:
    """Slonczewski's torque per volt does not know the state; the mean of the currents is `mean`."""
    parallel, antiparallel = state_disturb_current(mean, tmr, [True, False])
    assert parallel / antiparallel == pytest.approx(1.0 + tmr, rel=1e-12)  # as the conductances
    assert (parallel + antiparallel) / 2 == pytest.approx(mean, rel=1e-12)
    square = float(polarisation(tmr)) ** 2
    assert parallel == pytest.approx(mean * (1 + square), rel=1e-12)


def test_a_perpendicular_layer_takes_its_barrier_times_4_e_alpha_over_hbar_p() -> None:
    """The usual form I_c0 = (4 e/hbar) (alpha/P) E_b, with E_b = M_s mu0 H_k V/2."""
    ms, volume, field = 1e6, 2e-24, 0.3
    barrier = ms * field * volume / 2
    assert float(disturb_current(0.01, 0.6, ms, volume, field)) == pytest.approx(
        4 * elementary_charge / hbar * 0.01 / 0.6 * barrier, rel=1e-14)
    per_barrier = 4 * elementary_charge / hbar * 0.01 / 0.6 * Boltzmann * 300
    assert per_barrier * 60 == pytest.approx(25e-6, rel=0.05)  # as of 60 k_B T: tens of uA


def test_torque_and_damping_balance_at_the_critical_current() -> None:
    """Each electron gives P hbar/2 to the moment M_s V/gamma, which damping alpha gamma B takes."""
    gamma, alpha, share, ms, volume = 1.76e11, 0.019, 0.4, 1e6, 1.9e-22
    field = 0.01 + mu_0 * 5e5 / 2
    current = disturb_current(alpha, share, ms, volume, field)
    given = share * hbar / 2 * current / elementary_charge
    assert given / (ms * volume / gamma) == pytest.approx(alpha * gamma * field, rel=1e-12)


def test_critical_currents_are_proportional_to_what_they_are_of() -> None:
    base = disturb_current(0.01, 0.5, 1e6, 1e-24, 0.3)
    for i in (0, 2, 3, 4):
        values = [0.01, 0.5, 1e6, 1e-24, 0.3]
        values[i] *= 3
        assert disturb_current(*values) == pytest.approx(3 * base, rel=1e-12)
    assert disturb_current(0.01, [0.25, 1.0], 1e6, 1e-24, 0.3) == pytest.approx(
        [2 * base, base / 2], rel=1e-12)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: disturb_current(0.01, 0.0, 1e6, 1e-24, 0.3), "polarisation"),
    (lambda: disturb_current(0.01, 0.5, 1e6, -1e-24, 0.3), "volume"),
    (lambda: disturb_current([0.1, 0.2], 0.5, [1, 2, 3], 1.0, 1.0), r"damping has shape \(2,\)"),
    (lambda: read_disturb(50.0, [1, 2], [1, 2, 3], 1.0), "current has shape"),
    (lambda: read_disturb(50.0, 1e-6, 0.0, 1.0), "critical_current"),
    (lambda: read_disturb(50.0, 1e-6, 1e-3, 1.0, exponent=0.0), "exponent"),
    (lambda: state_disturb_current(1e-3, -0.1, True), "tmr"),
    (lambda: state_disturb_current(1e-3, [0.1, 0.2], [True] * 3), "parallel has shape"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
