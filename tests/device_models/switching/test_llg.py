"""Laws of the macrospin: conservation, Kittel, Boltzmann, Brown, the critical current, seeds."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.constants import Boltzmann

from device_models.magnet import GYROMAGNETIC
from device_models.switching import critical_currents, switching_probability
from device_models.switching.kernels import normal_pair, uniform
from device_models.switching.llg import (
    Macrospin,
    macrospin,
    spin_torque_field,
    switching_probability_llg,
    thermal_start,
    trajectories,
)
from tests.support.magnets import THIN

MAGNET = replace(THIN, coercive_field=11.153e-3)
COLD = macrospin(MAGNET, 0.0)
KX, KY, KZ = COLD.anisotropy
THICKNESSES = [1.6e-9, 2.1e-9, 2.6e-9]


def tilted(angle: float, sign: float = 1.0) -> np.ndarray:
    return np.array([[math.sin(angle), sign * math.cos(angle), 0.0]])


def test_fields_of_the_magnet_are_its_demagnetising_ones() -> None:
    in_plane, total = KX - KY, KX + KY + KZ
    assert in_plane == pytest.approx(11.153e-3, rel=1e-3)
    plane = 4e-7 * math.pi * 1e6 - 2 * 0.6544e-3 / (1e6 * 1.6e-9)
    assert total == pytest.approx(plane, rel=1e-6)


def test_the_moment_keeps_its_length() -> None:
    spin = macrospin(MAGNET, 300.0)
    m = trajectories(spin, np.repeat(tilted(0.3), 5, axis=0), 1e-9, torque=5e-3, records=50)
    assert_allclose(np.linalg.norm(m, axis=-1), 1.0, rtol=1e-15)


def test_without_damping_torque_or_heat_energy_is_conserved() -> None:
    m = trajectories(replace(COLD, damping=1e-12), tilted(0.5), 5e-9, records=100)[0]
    energy = m**2 @ np.array(COLD.anisotropy)
    assert_allclose(energy - KY, (KX - KY) * math.sin(0.5) ** 2, rtol=1e-3)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_without_heat_it_relaxes_to_the_nearer_easy_direction(sign: float) -> None:
    m = trajectories(COLD, tilted(1.4, sign), 40e-9)[0, -1]
    assert_allclose(m, [0, sign, 0], atol=1e-8)


def test_small_precession_has_kittels_frequency_and_damping_time() -> None:
    for field in (0.0, 20e-3):
        m = trajectories(COLD, tilted(0.01), 4e-9, field=[0, field, 0], dt=0.5e-12,
                         records=4000)[0]
        x, z = KX - KY + field, KZ - KY + field
        envelope = np.sqrt(m[:, 0] ** 2 * x + m[:, 2] ** 2 * z)
        t = np.arange(1, 4001) * 1e-12
        rate = -np.polyfit(t, np.log(envelope), 1)[0]
        assert rate == pytest.approx(0.01872 * GYROMAGNETIC * (x + z) / 2, rel=0.01)
        phase = np.unwrap(np.arctan2(m[:, 2] * math.sqrt(z), m[:, 0] * math.sqrt(x)))
        omega = abs(np.polyfit(t, phase, 1)[0])
        assert omega == pytest.approx(GYROMAGNETIC * math.sqrt(x * z), rel=2e-3)


@pytest.mark.parametrize("thickness", THICKNESSES)
def test_stability_is_lost_at_the_macrospin_current(thickness: float) -> None:
    """Linear stability ends at alpha (B_x + B_z)/2, the bottom of `critical_currents`."""
    magnet = replace(MAGNET, thickness=thickness)
    spin = macrospin(magnet, 0.0)
    kx, ky, kz = spin.anisotropy
    exact = magnet.damping * (kx + kz - 2 * ky) / 2
    final = trajectories(spin, np.repeat(tilted(0.01, -1), 2, axis=0), 30e-9,
                         torque=exact * np.array([0.97, 1.03]))[:, -1]
    size = np.hypot(final[:, 0] * math.sqrt(kx - ky), final[:, 2] * math.sqrt(kz - ky))
    assert size[0] < 0.01 * math.sqrt(kx - ky) < size[1]
    bottom = critical_currents(magnet).bottom
    assert exact == pytest.approx(float(spin_torque_field(magnet, bottom)), rel=1e-9)


@pytest.mark.parametrize("thickness", THICKNESSES)
def test_switching_without_heat_sets_in_at_the_rim_of_the_well(thickness: float) -> None:
    """Below it the moment circles in its well, up to 20 % above the loss of stability."""
    magnet = replace(MAGNET, thickness=thickness)
    spin = macrospin(magnet, 0.0)
    for field in (6e-3, 0.0):
        current = critical_currents(magnet, field).rim * np.array([0.98, 1.02])
        final = trajectories(spin, np.repeat(tilted(0.01, -1), 2, axis=0), 200e-9,
                             field=[0, field, 0], torque=spin_torque_field(magnet, current))
        assert final[0, -1, 1] < 0 < final[1, -1, 1]


def test_random_numbers_are_uniform_and_normal() -> None:
    words = np.random.default_rng(1).integers(0, 2**64 - 1, 4, dtype=np.uint64)
    u = np.array([uniform(words) for _ in range(40000)])
    assert abs(u).max() < 1
    assert np.mean(u) == pytest.approx(0, abs=4 * math.sqrt(1 / 3 / 40000))
    assert np.var(u) == pytest.approx(1 / 3, rel=0.02)
    g = np.array([normal_pair(words) for _ in range(40000)])
    assert_allclose(np.mean(g, axis=0), 0, atol=4 / 200)
    assert_allclose(np.cov(g.T), np.eye(2), atol=0.03)
    assert_allclose(np.mean(g**4, axis=0), 3, rtol=0.05)


@pytest.mark.parametrize("count", [1000, pytest.param(3000, marks=pytest.mark.slow)])
def test_equilibrium_about_the_easy_axis_is_equipartition(count: int) -> None:
    """<m_hard^2> = k_B T/(M_s V (k_hard - k_easy)), from a start without any spread.

    A mean square of n normal numbers errs by sqrt(2/n): 12 % are 4.6 errors of 3000.
    """
    spin = macrospin(MAGNET, 300.0)
    m = trajectories(spin, np.repeat(tilted(0.0), count, axis=0), 8e-9, dt=2e-12, rng=2)[:, -1]
    drawn = thermal_start(spin, np.ones(count, bool), np.random.default_rng(3))
    for sample in (m, drawn):
        for axis, k in ((0, KX), (2, KZ)):
            expected = Boltzmann * 300.0 / (spin.moment * (k - KY))
            assert np.mean(sample[:, axis] ** 2) == pytest.approx(
                expected, rel=0.12 * math.sqrt(3000 / count))


@pytest.mark.parametrize("count", [600, pytest.param(6000, marks=pytest.mark.slow)])
def test_equilibrium_over_a_low_barrier_is_boltzmanns(count: int) -> None:
    """The mean squares over the whole sphere, against the integral of exp(-E/k_B T)."""
    k = np.array([0.05, 0.0, 0.12])
    spin = Macrospin(tuple(k), 2.0 * 2 * Boltzmann * 300.0 / 0.05, 0.1, 300.0)  # Delta = 2
    m = trajectories(spin, np.repeat(tilted(0.3), count, axis=0), 6e-9, rng=4)[:, -1]
    u = (np.arange(400) + 0.5) / 200 - 1
    phi = (np.arange(400) + 0.5) * 2 * math.pi / 400
    ring = np.sqrt(1 - u**2)[:, None]
    squares = np.stack(np.broadcast_arrays(ring**2 * np.cos(phi) ** 2, ring**2 * np.sin(phi) ** 2,
                                           u[:, None] ** 2))
    weight = np.exp(-spin.moment / (2 * Boltzmann * 300.0) * np.tensordot(k, squares, axes=1))
    expected = np.sum(squares * weight, axis=(1, 2)) / np.sum(weight)
    assert_allclose(np.mean(m**2, axis=0), expected, atol=4 * 0.35 / math.sqrt(count))


def brown_rate(delta: float, diffusion: float, points: int = 400) -> float:
    """Slowest relaxation [1/s] of Brown's equation for an axial magnet, by finite volumes."""
    edges = np.linspace(-1, 1, points + 1)
    x, h = (edges[1:] + edges[:-1]) / 2, 2 / points
    inner = edges[1:-1]
    weight = np.exp(delta * (x**2 - 1))
    link = (1 - inner**2) * np.exp(delta * (inner**2 - 1)) / h**2
    matrix = np.diag(np.r_[link, 0.0] + np.r_[0.0, link]) - np.diag(link, 1) - np.diag(link, -1)
    symmetric = matrix / np.sqrt(np.outer(weight, weight))
    return diffusion * float(np.linalg.eigvalsh(symmetric)[1])


@pytest.mark.parametrize("count", [400, pytest.param(4000, marks=pytest.mark.slow)])
def test_escape_over_a_low_axial_barrier_has_browns_rate(count: int) -> None:
    """Within 8 % for 4000 spins; the error of fewer is larger by the square root of the ratio."""
    delta, alpha, b_k = 4.0, 0.1, 0.1
    moment = 2 * delta * Boltzmann * 300.0 / b_k
    spin = Macrospin((b_k, 0.0, b_k), moment, alpha, 300.0)
    diffusion = alpha * GYROMAGNETIC * Boltzmann * 300.0 / (moment * (1 + alpha**2))
    rate = brown_rate(delta, diffusion)
    kramers = 2 * alpha / (1 + alpha**2) * GYROMAGNETIC * b_k * math.sqrt(delta / math.pi)
    assert rate == pytest.approx(kramers * math.exp(-delta), rel=0.4)  # its high-barrier limit
    start = np.repeat(tilted(0.0), count, axis=0)
    m = trajectories(spin, start, 20e-9, dt=2e-12, rng=5, records=20)
    mean = np.mean(m[:, :, 1], axis=0)
    fitted = -np.polyfit(np.arange(1, 21)[4:] * 1e-9, np.log(mean[4:]), 1)[0]
    assert fitted == pytest.approx(rate, rel=0.08 * math.sqrt(4000 / count))


@pytest.mark.parametrize("count", [150, pytest.param(1500, marks=pytest.mark.slow)])
def test_escape_of_a_flat_magnet_is_neel_and_browns_within_a_factor_of_five(count: int) -> None:
    """tau0 = 1 ns stands for a prefactor of the order 1/tau_D, times what the shape adds."""
    delta = 6.0
    spin = replace(macrospin(MAGNET, 300.0), moment=2 * delta * Boltzmann * 300.0 / (KX - KY))
    start = thermal_start(spin, np.ones(count, bool), np.random.default_rng(7))
    m = trajectories(spin, start, 40e-9, dt=2e-12, rng=6, records=20)
    mean = np.mean(m[:, :, 1], axis=0)
    fitted = -np.polyfit(np.arange(1, 21)[4:] * 2e-9, np.log(mean[4:]), 1)[0] / 2
    assert 0.2 < fitted / (1e9 * math.exp(-delta)) < 5


def test_a_seed_repeats_whatever_the_threads_and_another_differs() -> None:
    spin = macrospin(MAGNET, 300.0)
    start = np.repeat(tilted(0.1), 300, axis=0)
    one, two, other = (trajectories(spin, start, 1e-10, rng=seed, threads=threads)
                       for seed, threads in ((1, 1), (1, 7), (2, 1)))
    np.testing.assert_array_equal(one, two)
    assert not np.any(np.all(one == other, axis=-1))
    assert len(np.unique(one[:, 0, 0])) == 300


def test_records_are_of_one_trajectory() -> None:
    spin = macrospin(MAGNET, 300.0)
    many = trajectories(spin, tilted(0.1), 1e-9, records=10, rng=3)
    assert many.shape == (1, 10, 3)
    assert_allclose(many[:, -1], trajectories(spin, tilted(0.1), 1e-9, rng=3)[:, -1])


def test_halving_the_step_moves_a_path_by_the_square_of_it() -> None:
    """Deterministic: the error falls fourfold; at 1 ps it is below 1e-3 after 5 ns."""
    def end(dt: float) -> np.ndarray:
        return trajectories(COLD, tilted(0.5, -1), 5e-9, torque=8e-3, dt=dt)[0, -1]

    reference = end(0.0625e-12)
    errors = [float(np.linalg.norm(end(dt) - reference)) for dt in (1e-12, 0.5e-12, 0.25e-12)]
    assert errors[0] < 1e-3
    assert all(3.4 < a / b < 4.8 for a, b in itertools.pairwise(errors))


@pytest.mark.slow
def test_halving_the_step_moves_no_probability_beyond_its_error() -> None:
    volts = -np.array([0.7, 0.8, 0.95])
    one, half = (switching_probability_llg(MAGNET, volts, 10e-9, -6e-3, count=800, rng=8, dt=dt,
                                           relax=2e-9) for dt in (1e-12, 0.5e-12))
    assert_allclose(one, half, atol=4 * math.sqrt(2 * 0.25 / 800))


@pytest.mark.parametrize("polarity", [-1, 1])
def test_both_polarities_switch_alike(polarity: int) -> None:
    p = switching_probability_llg(MAGNET, polarity * np.array([0.3, 1.4]), 10e-9, polarity * 6e-3,
                                  count=100, rng=9, relax=2e-9)
    assert p[0] == 0
    assert p[1] > 0.95


@pytest.mark.parametrize(("thickness", "pulse", "field"), [
    (1.6e-9, 10e-9, 6e-3),
    *(pytest.param(*case, marks=pytest.mark.slow) for case in (
        (1.6e-9, 20e-9, 0.0), (2.6e-9, 20e-9, 6e-3), (1.6e-9, 100e-9, 0.0)))])
def test_even_odds_come_at_the_analytic_current_or_up_to_7_percent_above(
    thickness: float, pulse: float, field: float
) -> None:
    magnet = replace(MAGNET, thickness=thickness)
    volts = np.linspace(0.1, 4, 3901)
    analytic = switching_probability(magnet, volts, pulse, field)
    onset = volts[np.argmax(analytic > 0.5)] * np.array([0.98, 1.07])
    low, high = switching_probability_llg(magnet, onset, pulse, field, count=200,
                                          relax=2e-9, rng=10)
    assert low < 0.5 < high


@pytest.mark.parametrize(("thickness", "beta", "pulse", "edge"), [
    (1.6e-9, 0.0, 10e-9, 10e-9), (1.6e-9, -0.3, 10e-9, 0.0), (1.6e-9, 0.3, 10e-9, 5e-9),
    *(pytest.param(*case, marks=pytest.mark.slow) for case in (
        (2.6e-9, 0.3, 10e-9, 0.0), (2.6e-9, 0.0, 10e-9, 10e-9), (1.6e-9, 0.0, 40e-9, 20e-9)))])
def test_edges_and_a_field_like_torque_move_even_odds_as_the_law_says(
    thickness: float, beta: float, pulse: float, edge: float
) -> None:
    """Within 8 % at 6 mT. At 1.6 nm beta = 0.3 alone takes 8 % of voltage, edges of 10 ns 9 %."""
    magnet = replace(MAGNET, thickness=thickness, field_like=beta)
    volts = np.linspace(0.1, 4, 3901)
    law = switching_probability(magnet, volts, pulse, 6e-3, edge=edge)
    onset = volts[np.argmax(law > 0.5)] * np.array([0.96, 1.08])
    low, high = switching_probability_llg(magnet, onset, pulse, 6e-3, count=200, edge=edge, rng=10,
                                          relax=2e-9)
    assert low < 0.5 < high


@pytest.mark.parametrize(("call", "message"), [
    (lambda: trajectories(COLD, [0.0, 1.0, 0.0], 1e-9), "start"),
    (lambda: trajectories(COLD, [[0.0, 2.0, 0.0]], 1e-9), "start"),
    (lambda: trajectories(COLD, tilted(0.1), 0.0), "duration"),
    (lambda: trajectories(COLD, tilted(0.1), 1e-9, dt=-1e-12), "dt"),
    (lambda: trajectories(COLD, tilted(0.1), 1e-9, records=0), "records"),
    (lambda: trajectories(COLD, tilted(0.1), 1e-9, torque=math.nan), "torque"),
    (lambda: Macrospin((0.1, 0.0, math.inf), 1e-16, 0.1, 300.0), "anisotropy"),
    (lambda: replace(COLD, anisotropy=(0.1, 0.0)), "anisotropy"),
    (lambda: replace(COLD, moment=0.0), "moment"),
    (lambda: replace(COLD, temperature=-1.0), "temperature"),
    (lambda: thermal_start(replace(COLD, anisotropy=(0.0, 0.1, 0.2)), [True],
                           np.random.default_rng(0)), "easy axis"),
    (lambda: switching_probability_llg(MAGNET, 1.0, 1e-9, count=0), "count"),
    (lambda: switching_probability_llg(MAGNET, [1, 2], 1e-9, [1, 2, 3]),
     "voltage has .* field has"),
    (lambda: switching_probability_llg(MAGNET, 1.0, 0.0), "pulse"),
    (lambda: switching_probability_llg(MAGNET, 1.0, 1e-9, relax=-1.0), "relax"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above


@pytest.mark.parametrize(("b_k", "alpha"), [(2.5, 0.005), (2.5, 0.02), (0.3, 0.002)])
def test_an_axial_moment_falls_as_its_closed_form_says(b_k: float, alpha: float) -> None:
    """tan theta = tan theta_0 exp(-alpha gamma B_k t/(1 + alpha^2)), to 5 % of the exponent.

    At 2.5 T and 0.005 a step of 1 ps, which turns by less than half a rad, widens it instead.
    """
    spin = Macrospin((b_k, 0.0, b_k), 1e-18, alpha, 0.0)
    time = 3.0 / (alpha * GYROMAGNETIC * b_k)
    m = trajectories(spin, tilted(1.2), time, records=10)[0]
    fallen = np.log(math.tan(1.2) * m[:, 1] / np.hypot(m[:, 0], m[:, 2]))
    assert_allclose(fallen, 0.3 * np.arange(1, 11) / (1 + alpha**2), rtol=0.05)


@pytest.mark.parametrize(("field", "torque"), [
    (0.1, 0.0), (0.0, 5e-3), (0.0, -5e-3), (0.1, 20e-3), (0.1, -20e-3), (-0.1, 20e-3)])
@pytest.mark.parametrize("alpha", [0.01, 0.1])
def test_along_the_spins_field_and_torque_turn_and_tilt_as_their_closed_forms_say(
    field: float, torque: float, alpha: float
) -> None:
    """Without anisotropy, B and b along y: Gilbert's equation separates into

        atanh m_y = atanh m_y(0) + gamma (alpha B + b) t/(1 + alpha^2),
        phi = phi(0) + gamma (B - alpha b) t/(1 + alpha^2),   right-handed about y,

    a field-like torque being part of B; the damping mixes both, with opposite signs.
    """
    spin, time = Macrospin((0.0, 0.0, 0.0), 1e-18, alpha, 0.0), 0.4e-9
    m = trajectories(spin, tilted(1.2), time, field=[0, field, 0], torque=torque, records=50,
                     dt=0.1e-12)[0]
    path = np.concatenate([tilted(1.2), m])
    rate = GYROMAGNETIC / (1 + alpha**2) * np.linspace(0.0, time, 51)
    assert_allclose(np.arctanh(path[:, 1]) - np.arctanh(path[0, 1]),
                    rate * (alpha * field + torque), atol=2e-5)
    phase = np.unwrap(np.arctan2(path[:, 0], path[:, 2]))
    assert_allclose(phase - phase[0], rate * (field - alpha * torque), atol=2e-5)


@pytest.mark.parametrize("alpha", [1e-3, 0.01, 0.1])
@pytest.mark.parametrize("k", [(2.5, 0.0, 2.5), (0.01, 0.0, 1.2), (1.0, 0.0, 0.1)])
def test_without_drive_the_energy_only_falls(k: tuple[float, float, float], alpha: float) -> None:
    """From anywhere on the sphere; a field along the easy axis takes part in it."""
    spin = Macrospin(k, 1e-18, alpha, 0.0)
    start = np.random.default_rng(1).normal(size=(8, 3))
    start /= np.linalg.norm(start, axis=1)[:, None]
    m = trajectories(spin, start, 2e-9, field=[0, 5e-3, 0], records=50)
    path = np.concatenate([start[:, None], m], axis=1)
    energy = path**2 @ np.array(k) / 2 - 5e-3 * path[..., 1]
    assert np.all(np.diff(energy, axis=1) <= 1e-12)
    assert np.all(energy[:, -1] < energy[:, 0])


def test_a_step_that_undoes_the_damping_is_refused_and_a_shorter_one_is_not() -> None:
    spin = Macrospin((2.5, 0.0, 2.5), 1e-18, 0.005, 0.0)
    with pytest.raises(ValueError, match=r"damping of 0\.005; expected dt of at most 2\.9e-13 s"):
        trajectories(spin, tilted(0.3), 1e-9, dt=1e-12)
    assert trajectories(spin, tilted(0.3), 1e-9, dt=2.8e-13).shape == (1, 1, 3)


def test_a_step_that_turns_the_spin_too_far_is_refused() -> None:
    with pytest.raises(ValueError, match=r"dt is 1e-08 s, .* expected dt of at most"):
        trajectories(macrospin(MAGNET, 300.0), tilted(0.1), 1e-7, dt=1e-8)
