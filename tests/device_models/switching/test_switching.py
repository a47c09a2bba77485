"""Laws of switching: references, limits on both sides of I_c0, monotonicity, no seam between."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from device_models.magnet.demagnetisation import demagnetising_factors
from device_models.magnet.in_plane import Magnet
from device_models.magnet.magnetics import resistance_field_loop
from device_models.switching.llg import switching_probability_llg
from device_models.switching.pulses import (
    breakdown_voltage,
    critical_current,
    critical_voltage,
    damping_time,
    easy_axis_field,
    effective_magnetisation,
    equation_1,
    equation_1_consistent,
    field_free_probability,
    log_survival,
    oersted_field,
    return_probability,
    stability,
    switching_probability,
    switching_time,
    write_energy,
    write_error_rate,
)

THIN = Magnet(
    saturation_magnetisation=1e6, interface_anisotropy=0.667e-3, damping=0.019,
    spin_hall_angle=0.11, thickness=1.6e-9, length=500e-9, width=250e-9, coercive_field=10e-3,
    channel_width=0.9e-6, channel_thickness=14e-9, channel_resistance=300.0)
THICK = replace(THIN, thickness=2.6e-9)
MU0 = 4e-7 * math.pi


@pytest.mark.parametrize(("nm", "volt"), [(1.6, 0.70), (2.6, 1.97)])
def test_critical_voltage_is_the_reference(nm: float, volt: float) -> None:
    assert round(float(critical_voltage(replace(THIN, thickness=nm * 1e-9))), 2) == volt


def test_critical_voltage_is_the_stated_one_to_its_last_digit_and_near_the_linear_guide() -> None:
    assert round(float(critical_voltage(THIN)), 1) == 0.7
    assert round(float(critical_voltage(THICK)), 1) == 2.0
    for nm in np.linspace(1.6, 2.6, 11):
        volt = float(critical_voltage(replace(THIN, thickness=nm * 1e-9)))
        assert volt == pytest.approx(1.30 * (nm - 1.06), rel=0.02)


def test_critical_current_is_equation_1_made_consistent() -> None:
    k = 2 * 1.602176634e-19 * 0.019 * MU0 / (1.054571817e-34 * 0.11)
    args = (1e6, 10e-3 / MU0, 1.6e-9, 0.667e-3, 0.9e-6, 14e-9)
    assert float(critical_current(THIN)) == pytest.approx(
        float(equation_1_consistent(k, *args)), rel=1e-8)
    # as printed: K_s [J/m^2] next to M_s t [A], and no half; it is 6 times the consistent form
    assert float(equation_1(k, *args)) == pytest.approx(
        k * 1e6 * (1.6e-9 * (10e-3 / MU0 + 1e6) - 0.667e-3) * 0.9e-6 * 14e-9)
    plane = float(effective_magnetisation(1e6, 0.667e-3, 1.6e-9))
    assert plane == pytest.approx(1e6 - 2 * 0.667e-3 / (MU0 * 1e6 * 1.6e-9), rel=1e-9)


@pytest.mark.parametrize(("magnet", "millitesla"), [(THIN, 1.6), (THICK, 4.6)])
def test_oersted_field_at_threshold_is_the_reference(magnet: Magnet, millitesla: float) -> None:
    field = float(oersted_field(critical_current(magnet), magnet.channel_width))
    assert round(1e3 * field, 1) == millitesla  # 4.7 for the stated 2.0 V instead of 1.97 V
    assert round(1e3 * float(oersted_field(2.0 / 300, 0.9e-6)), 1) == 4.7


@pytest.mark.parametrize(("magnet", "percent"), [(THIN, 4), (THICK, 2)])
def test_assist_field_hardly_moves_the_critical_voltage(magnet: Magnet, percent: int) -> None:
    """8 mT: 2-4 %, so that it cannot be why thick cells fail without it."""
    for polarity in (-1, 1):
        fall = 1 - critical_voltage(magnet, polarity * 8e-3, polarity=polarity) / critical_voltage(
            magnet)
        assert round(100 * float(fall)) == percent


def test_offset_and_oersted_fields_act_as_applied_ones() -> None:
    shifted = replace(THIN, offset_field=2e-3)
    assert critical_current(shifted, 2e-3) == pytest.approx(float(critical_current(THIN)))
    assert critical_current(shifted, polarity=-1) < critical_current(shifted, polarity=1)
    for sign in (-1.0, 1.0):
        own = replace(THIN, oersted=sign)
        current = critical_current(own)
        field = sign * oersted_field(current, own.channel_width)
        expected = critical_current(THIN, field, polarity=1)
        assert float(current) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize(("magnet", "nanoseconds"), [(THIN, 1.35), (THICK, 0.78)])
def test_damping_time_is_the_reference(magnet: Magnet, nanoseconds: float) -> None:
    assert round(1e9 * float(damping_time(magnet)), 2) == nanoseconds


@given(st.floats(0.0, 0.8), st.floats(40.0, 500.0), st.floats(1e-7, 1e-2))
def test_below_threshold_it_is_neel_and_brown(i: float, delta: float, pulse: float) -> None:
    """Where the remaining barrier exceeds 20 kT, to the swing's tau0/t and the cap's share."""
    left = delta * (1 - i)
    if left > 20:
        law = pulse / 1e-9 * math.exp(-left)
        got = -float(log_survival(i, delta, 1e-9, pulse))
        # Delta (c - (1 - i)) is nought after many damping times, c > 1 - i before
        assert got == pytest.approx(law, rel=1.1e-9 / pulse + 1e-4 * delta / 20)


@given(st.floats(1.3, 6.0), st.floats(50.0, 500.0))
def test_above_threshold_the_median_is_suns_time_less_the_stated_part(
    i: float, delta: float
) -> None:
    tau = 1e-9
    times = np.linspace(0, 60e-9, 60001)
    fail = np.exp(log_survival(i, delta, tau, times))
    median = times[np.argmax(fail < 0.5)]
    sun = float(switching_time(i, delta, tau))
    earlier = (math.log(math.pi**2 / 2 * math.log(2)) + math.log(i / (i - 1))) / 2
    assert median == pytest.approx(sun - earlier * tau / (i - 1), rel=0.05)


@pytest.mark.parametrize("pulse", [1e-9, 20e-9, 200e-9, 1e-3])
@pytest.mark.parametrize("delta", [0.0, 1.0, 30.0, 211.0, 512.0])
def test_no_seam_at_threshold(delta: float, pulse: float) -> None:
    i = 1 + np.array([-1e-6, -1e-9, -1e-12, 0.0, 1e-12, 1e-9, 1e-6])
    logs = log_survival(i, delta, 1e-9, pulse)
    steepest = 2 * (10 + delta + pulse / 1e-9) * np.abs(logs[:-1])
    assert np.all(np.abs(np.diff(logs)) <= steepest * np.diff(i) + 1e-12 * (1 + np.abs(logs[1:])))


@pytest.mark.parametrize("delta", [1e-3, 1.0, 30.0, 211.0, 512.0])
def test_probability_rises_with_current_and_time_and_falls_with_the_barrier(delta: float) -> None:
    i = np.linspace(0, 5, 401)[:, None]
    t = np.concatenate([[0.0], np.logspace(-11, 8, 191)])
    logs = log_survival(i, delta, 1e-9, t)
    slack = 1e-12 * (1 + np.abs(logs))
    assert np.all(logs <= 0)
    assert np.all(np.diff(logs, axis=0) <= slack[1:])
    assert np.all(np.diff(logs, axis=1) <= slack[:, 1:])
    assert np.all(log_survival(i, 1.1 * delta, 1e-9, t) >= logs - slack)
    np.testing.assert_array_equal(logs[:, 0], 0.0)


@given(st.floats(0.0, 3.0), st.floats(0.0, 1e-6), st.floats(-9e-3, 9e-3), st.floats(250, 400))
def test_success_and_error_are_complements_and_rise_and_fall_together(
    volt: float, pulse: float, field: float, kelvin: float
) -> None:
    p = float(switching_probability(THIN, -volt, pulse, field, kelvin))
    assert 0 <= p <= 1
    assert p + float(write_error_rate(THIN, -volt, pulse, field, kelvin)) == pytest.approx(1.0)
    slack = 1e-12
    if volt > 0:  # 0 V counts as positive
        assert switching_probability(THIN, -volt, pulse, field - 1e-3, kelvin) >= p - slack
    if volt > 0 and field <= 0:  # against a field heat also takes the written state away
        assert switching_probability(THIN, -volt, pulse, field, kelvin + 20) >= p - slack
    mirrored = switching_probability(THIN, volt, pulse, -field, kelvin)
    assert volt == 0 or float(mirrored) == pytest.approx(p, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("field", [0.0, 1e-3, -1e-3])
def test_without_torque_the_states_are_in_boltzmanns_balance(field: float) -> None:
    """In-plane: exp(4 Delta H/H_k) to one, and one half without field."""
    kelvin = 1350.0
    odds = 4 * float(stability(THIN, kelvin)) * field / float(easy_axis_field(THIN, kelvin))
    found = float(switching_probability(THIN, 0.0, 1e-3, field, kelvin))
    assert found == pytest.approx(1 / (1 + math.exp(-odds)), rel=1e-6)
    back = float(return_probability(THIN, 0.0, 1e-3, field, kelvin))
    assert found + back == pytest.approx(1.0)


def test_a_state_without_a_barrier_in_the_field_that_stays_is_not_written() -> None:
    """Against 12 and 20 mT, beyond H_k, the macrospin falls back too; against 6 mT it stays."""
    fields = -np.array([6e-3, 12e-3, 20e-3])
    assert_allclose(switching_probability(THIN, 2.0, 50e-9, fields), [1, 0, 0], atol=1e-9)
    found = switching_probability_llg(THIN, 2.0, 50e-9, fields[[0, 2]], count=16, dt=2e-12)
    assert_allclose(found, [1, 0])


@pytest.mark.parametrize("pulse", [1e-9, 1.0, 1e300])
def test_a_boundless_torque_is_certain_and_finite(pulse: float) -> None:
    assert float(switching_probability(THIN, 1e300, pulse, 8e-3)) == 1.0
    assert float(write_error_rate(THIN, 1e300, pulse, 8e-3)) < 1e-30
    assert np.isfinite(log_survival(1e300, 200.0, 1e-9, pulse))


def test_tiny_write_errors_keep_their_digits() -> None:
    """WER -> Delta (i - 1)/i exp(-2 (i - 1) t/tau_D) times the escape's exp(-t/(Delta tau_D))."""
    i, delta, tau, t = 3.0, 211.0, 1e-9, 30e-9
    expected = math.log(delta * (i - 1) / i) - 2 * (i - 1) * t / tau - t / (delta * tau + 1e-9)
    assert float(log_survival(i, delta, tau, t)) == pytest.approx(expected, rel=1e-9)
    volts = np.array([1.2, 1.6, 2.0])
    rate = write_error_rate(THIN, -volts, 30e-9, -6e-3)
    assert np.all((rate > 0) & (rate < 1e-9))
    assert np.all(np.diff(rate) < 0)
    assert rate[-1] < 1e-25


@pytest.mark.parametrize(("magnet", "volt"), [(THIN, 0.7), (THICK, 2.0)])
def test_switching_sets_in_near_the_stated_voltage_in_200_ns(magnet: Magnet, volt: float) -> None:
    volts = -np.linspace(0.5, 1.5, 1001) * volt
    p = switching_probability(magnet, volts, 200e-9)
    assert volts[np.argmax(p > 0.5)] == pytest.approx(-volt, rel=0.03)


def test_probability_broadcasts() -> None:
    p = switching_probability(THIN, -np.linspace(0.1, 2, 5)[:, None], 200e-9, 0.0,
                              np.array([300.0, 350.0]), np.ones(2))
    assert p.shape == (5, 2)


def test_field_free_probability_falls_to_zero() -> None:
    assert round(float(field_free_probability(2.6e-9)), 2) == 0.0
    assert round(float(field_free_probability(1.6e-9)), 2) == 1.0
    assert np.all(np.diff(field_free_probability(np.linspace(1.6e-9, 2.6e-9, 50))) < 0)


@pytest.mark.parametrize(("cells", "nm", "volt"),
                         [(1, 1.6, 1.8), (1, 2.6, 2.0), (3, 1.6, 1.7), (3, 2.6, 1.9)])
def test_breakdown_voltage_is_the_stated_one(cells: int, nm: float, volt: float) -> None:
    assert round(float(breakdown_voltage(nm * 1e-9, cells)), 1) == volt


@pytest.mark.parametrize(("volt", "ohm", "nanojoule"),
                         [(0.7, 300, 0.33), (2.0, 300, 2.7), (1.25 * 0.7, 600, 0.26)])
def test_write_energy_is_the_reference(volt: float, ohm: float, nanojoule: float) -> None:
    energy = 1e9 * float(write_energy(volt, 200e-9, ohm))
    assert round(energy, 1 if nanojoule > 1 else 2) == nanojoule


@pytest.mark.parametrize(("call", "message"), [
    (lambda: switching_probability(THIN, math.nan, 1e-9), "voltage"),
    (lambda: switching_probability(THIN, 1.0, -1e-9), "pulse"),
    (lambda: switching_probability(THIN, 1.0, 1e-9, math.inf), "field"),
    (lambda: switching_probability(THIN, 1.0, 1e-9, 0.0, 0.0), "temperature"),
    (lambda: switching_probability(THIN, 1.0, 1e-9, 0.0, 2000.0), "Curie"),
    (lambda: write_error_rate(THIN, 1.0, 1e-9, spread=[1.0, 0.0]), "spread"),
    (lambda: critical_current(replace(THIN, thickness=1e-9)), "out of the plane"),
    (lambda: switching_probability(THIN, [1, 2], [1e-9] * 3), "voltage has shape .* pulse has"),
    (lambda: critical_voltage(THIN, [0, 1e-3], [300, 310, 320]), "field has .* temperature has"),
    (lambda: switching_probability_llg(THIN, [1, 2], 1e-9, [1, 2, 3]), "voltage has .* field has"),
    (lambda: switching_probability_llg(THIN, 1.0, 0.0), "pulse"),
    (lambda: demagnetising_factors([1, 2], [1, 2, 3], 1), "length has .* width has"),
    (lambda: demagnetising_factors(1, 1e-200, 1e-200), "largest over smallest"),
    (lambda: resistance_field_loop(np.zeros((2, 5)), [1, 2, 3], 4, .01), "sweeps has .* r_p has"),
    (lambda: resistance_field_loop([], 1, 2, .01), "expected a sweep"),
    (lambda: resistance_field_loop([-1, 1], 3.0, 2.0, .01), "below r_p"),
    (lambda: resistance_field_loop([-1, 1], 1, 2, .01, reference_fields=(.15,)),  # type: ignore[arg-type] # bad on purpose
     "expected .lower, upper"),
    (lambda: breakdown_voltage(1.6e-9, 0), "cells"),
    (lambda: write_energy(1.0, 1e-9, 0.0), "resistance"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above


@pytest.mark.parametrize("polarity", [0, 0.5, -2, [1, -1, 3]])
def test_a_polarity_other_than_plus_or_minus_one_is_refused(polarity: object) -> None:
    """It would scale the field silently."""
    for law in (critical_current, critical_voltage):
        with pytest.raises(ValueError, match=r"expected 1 \(P to AP\) or -1 \(AP to P\)"):
            law(THIN, 6e-3, polarity=polarity)  # type: ignore[arg-type] # bad on purpose
    assert critical_current(THIN, 6e-3, polarity=[1, -1]).shape == (2,)
