"""Laws of noise: its limits at low and high bias, addition in power, reference values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.constants import Boltzmann, elementary_charge

from circuits import CrossbarCircuit, CubicLaw, Wires
from circuits.analysis.noise import (
    column_noise,
    current_noise_density,
    flicker_density,
    sample_noise,
)

G = 1 / 25e3
KT = Boltzmann * 300.0
WIRES = Wires(row=2.0, column=3.0, source=100.0, sense=20.0)


def circuit(rows: int = 4, columns: int = 3) -> CrossbarCircuit:
    g = np.random.default_rng(rows).uniform(2e-5, 1e-4, (rows, columns))
    return CrossbarCircuit(g, WIRES)


def test_the_reference_point() -> None:
    density = current_noise_density(4e-6, 0.1, 300.0)
    assert np.sqrt(density) == pytest.approx(1.15e-12, rel=6e-3)
    op = CrossbarCircuit(np.array([[G]])).solve([0.1])
    assert column_noise(op, 10e6)[0] == pytest.approx(3.6e-9, rel=2e-2)


@pytest.mark.parametrize("v", [1e-300, 1e-12, 1e-7, 1e-5, 1e-4])
def test_low_bias_is_thermal_noise(v: float) -> None:
    expected = 4 * KT * G * (1 + (elementary_charge * v / (2 * KT)) ** 2 / 3)
    assert current_noise_density(G * v, v) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("v", [1.0, 10.0, 1e3, 1e300])
def test_high_bias_is_shot_noise(v: float) -> None:
    current = G * v
    assert current_noise_density(current, v) == pytest.approx(2 * elementary_charge * current,
                                                              rel=1e-12)


def test_zero_bias_is_thermal_noise_of_the_given_conductance() -> None:
    assert current_noise_density(0.0, 0.0, 400.0, G) == pytest.approx(4 * Boltzmann * 400 * G)
    with pytest.raises(ValueError, match="pass conductance"):
        current_noise_density([1e-6, 0.0], [0.1, 0.0])


def test_noise_does_not_jump_where_it_turns_to_its_limits() -> None:
    for x in (1e-6, 300.0):
        v = 2 * KT / elementary_charge * x * np.array([1 - 1e-9, 1 + 1e-9])
        below, above = current_noise_density(G * v, v, 300.0, G)
        assert above == pytest.approx(below, rel=5e-9)


@given(v=st.floats(1e-9, 10), temperature=st.floats(1, 1000))
def test_noise_is_even_and_above_both_limits(v: float, temperature: float) -> None:
    density = current_noise_density(G * v, v, temperature)
    assert density == current_noise_density(-G * v, -v, temperature)
    assert density >= 2 * elementary_charge * G * v * (1 - 1e-12)
    assert density >= 4 * Boltzmann * temperature * G * (1 - 1e-12)


@given(v=st.floats(1e-6, 10), temperature=st.floats(1, 500))
def test_noise_grows_with_bias_and_with_temperature(v: float, temperature: float) -> None:
    density = current_noise_density(G * v, v, temperature)
    assert current_noise_density(G * 1.1 * v, 1.1 * v, temperature) >= density
    assert current_noise_density(G * v, v, 1.1 * temperature) >= density * (1 - 1e-12)


def test_columns_add_their_devices_in_power() -> None:
    op = circuit().solve([0.1, 0.05, 0.2, 0.0])
    voltage = op.row_voltages - op.column_voltages
    density = current_noise_density(op.device_currents, voltage)
    np.testing.assert_allclose(column_noise(op, 1e6) ** 2, 1e6 * density.sum(axis=0), rtol=1e-12)


def test_rows_add_in_power_without_wires() -> None:
    single = column_noise(CrossbarCircuit(np.array([[G]])).solve([0.1]), 1e6)
    nine = column_noise(CrossbarCircuit(np.full((9, 1), G)).solve(np.full(9, 0.1)), 1e6)
    np.testing.assert_allclose(nine, 3 * single, rtol=1e-12)


def test_the_amplifier_adds_in_power() -> None:
    op = circuit().solve([0.1, 0.05, 0.2, 0.0])
    amplifier = np.array([0.0, 1e-12, 3e-12])
    both = column_noise(op, 1e6, amplifier_noise=amplifier)
    np.testing.assert_allclose(both**2, column_noise(op, 1e6) ** 2 + 1e6 * amplifier**2, rtol=1e-12)


def test_noise_grows_with_the_root_of_the_bandwidth() -> None:
    op = circuit().solve([0.1, 0.05, 0.2, 0.0])
    np.testing.assert_allclose(column_noise(op, 9e6), 3 * column_noise(op, 1e6), rtol=1e-12)


@pytest.mark.parametrize("wires", [Wires(), WIRES])
@pytest.mark.parametrize("law", [None, CubicLaw(0.5)])
def test_unbiased_arrays_have_thermal_noise(wires: Wires, law: CubicLaw | None) -> None:
    g = circuit().conductance
    made = CrossbarCircuit(g, wires) if law is None else CrossbarCircuit(g, wires, law=law)
    noise = column_noise(made.solve(np.zeros(4)), 1e6)
    np.testing.assert_allclose(noise, np.sqrt(4 * KT * g.sum(axis=0) * 1e6), rtol=1e-12)


def test_open_cells_are_silent() -> None:
    op = CrossbarCircuit(np.zeros((2, 2)), WIRES).solve([0.1, 0.0])
    assert not column_noise(op, 1e6).any()


def test_batches_have_the_noise_of_their_inputs() -> None:
    v = np.random.default_rng(1).uniform(-0.1, 0.1, (5, 4))
    together = column_noise(circuit().solve(v), 1e6)
    alone = [column_noise(circuit().solve(one), 1e6) for one in v]
    np.testing.assert_allclose(together, alone, rtol=1e-10)


def test_samples_have_the_spread_of_the_noise_and_follow_their_seed() -> None:
    op = circuit(3, 2).solve(np.full((20_000, 3), 0.1))
    samples = sample_noise(op, 1e6, 4)
    np.testing.assert_allclose(samples.std(axis=0), column_noise(op, 1e6)[0], rtol=0.03)
    assert np.all(np.abs(samples.mean(axis=0)) < 4 * column_noise(op, 1e6)[0] / np.sqrt(20_000))
    assert abs(np.corrcoef(samples.T)[0, 1]) < 0.03
    np.testing.assert_array_equal(samples, sample_noise(op, 1e6, np.random.default_rng(4)))


def test_flicker_noise_falls_with_frequency_and_area() -> None:
    one = flicker_density(4e-6, 1e3, 0.1e-12)
    assert one == pytest.approx(1e-21 / 0.1e-12 * (4e-6) ** 2 / 1e3)
    assert flicker_density(4e-6, 2e3, 0.1e-12) == pytest.approx(one / 2)
    assert flicker_density(4e-6, 1e3, 0.4e-12) == pytest.approx(one / 4)
    assert flicker_density(8e-6, 1e3, 0.1e-12) == pytest.approx(4 * one)


def test_what_does_not_fit_is_refused() -> None:
    op = circuit().solve(np.full(4, 0.1))
    with pytest.raises(ValueError, match="temperature"):
        current_noise_density(1e-6, 0.1, 0.0)
    with pytest.raises(ValueError, match="against"):
        current_noise_density(1e-6, -0.1)
    with pytest.raises(ValueError, match="bandwidth"):
        column_noise(op, 0.0)
    with pytest.raises(ValueError, match="amplifier_noise"):
        column_noise(op, 1e6, amplifier_noise=-1e-12)
    with pytest.raises(ValueError, match="frequency"):
        flicker_density(1e-6, 0.0, 1e-13)
