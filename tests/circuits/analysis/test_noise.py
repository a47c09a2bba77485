"""Laws of noise: its limits at low and high bias, addition in power, reference values; that of
columns as currents injected into independently solved circuits give it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.constants import Boltzmann, elementary_charge

from circuits import (
    ColumnNoise,
    ColumnSense,
    CrossbarCircuit,
    CubicLaw,
    Law,
    LinearLaw,
    RowDrive,
    TabulatedLaw,
    Wires,
)
from circuits.analysis.noise import (
    column_noise,
    current_noise_density,
    flicker_density,
    noise_transfer,
    sample_noise,
)
from circuits.solution.transfer import NoiseTransfer
from circuits.solvers.batch import Batch
from circuits.solvers.factors import NodalFactors
from device_models.junction.noise import read_noise
from tests.support.injection import Injection
from tests.support.reference import Floats

G = 1 / 25e3
KT = Boltzmann * 300.0
AREA = 1e-14
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


def test_without_wires_columns_add_their_devices_in_power() -> None:
    op = CrossbarCircuit(circuit().conductance, law=CubicLaw(0.5)).solve([0.1, 0.05, 0.2, 0.0])
    voltage, zero = op.row_voltages - op.column_voltages, circuit().conductance
    alone = read_noise(op.device_currents, voltage, AREA, 1e6, 10.0, conductance=zero)
    found = column_noise(op, 1e6, area=AREA, lowest_frequency=10.0)
    np.testing.assert_allclose(found**2, (alone**2).sum(axis=0), rtol=1e-12)
    assert np.all(found > column_noise(op, 1e6))


def injected(made: CrossbarCircuit, v: Floats, rng: np.random.Generator, count: int) -> Floats:
    """Draws (columns, count) [A] of the columns' noise currents per root bandwidth of 1 MHz."""
    at, op = Injection(made), made.solve(v)
    own = op.row_voltages - op.column_voltages - at.access * op.device_currents
    power = read_noise(op.device_currents, own, AREA, 1e6, conductance=at.own) ** 2
    devices = np.sqrt(power.ravel())[:, None] * rng.standard_normal((power.size, count))
    starts, stops, ohm = (np.array(part) for part in zip(*at.at.wires, strict=True))
    wires = np.sqrt(4 * KT * 1e6 / ohm)[:, None] * rng.standard_normal((len(ohm), count))
    through = at.access * at.own / (1 + at.access * at.own)  # of a source in parallel with access
    access = np.sqrt(4 * KT * 1e6 / at.access) * through
    outside = access.ravel()[:, None] * rng.standard_normal((access.size, count))
    return np.asarray(at.of_devices(devices)
                      + at.currents(at.between(starts, stops, wires))
                      + at.currents(at.between(at.at.row.ravel(), at.at.column.ravel(), outside)))


@pytest.mark.parametrize(("drive", "sense"), [(RowDrive.LEFT, ColumnSense.BOTTOM),
                                              (RowDrive.BOTH, ColumnSense.BOTH)])
def test_columns_have_the_covariance_of_injected_currents(
    drive: RowDrive, sense: ColumnSense
) -> None:
    made = CrossbarCircuit(circuit().conductance, Wires(200.0, 300.0, [5e3, np.inf, 2e4, 0.0],
                                                        400.0, 2e3), drive=drive, sense=sense)
    v, count = np.array([0.3, 0.0, -0.2, 0.05]), 40_000
    draws = injected(made, v, np.random.default_rng(0), count)
    noise = ColumnNoise(made, 1e6, area=AREA)
    expected = noise.covariance(v)
    powers = expected.diagonal()
    error = np.sqrt((np.outer(powers, powers) + expected**2) / count)
    assert np.all(np.abs(draws @ draws.T / count - expected) < 5 * error)
    assert expected[0, 2] < -20 * error[0, 2]  # what leaves at one column comes in at others
    np.testing.assert_allclose(noise.rms(v) ** 2, powers, rtol=1e-12)


@pytest.mark.parametrize("law", [LinearLaw(), CubicLaw(0.5)])
def test_few_inputs_have_the_noise_that_they_have_among_many(law: Law) -> None:
    """Device voltages are a product with a table, or solved."""
    made = CrossbarCircuit(circuit(9, 7).conductance, replace(WIRES, access=3e3), law)
    v = np.random.default_rng(0).uniform(-0.3, 0.3, (300, 9))
    v[:20] *= 1e-6  # through both limits of the law of noise
    together = ColumnNoise(made, 1e6, area=AREA).rms(v)
    for part in (slice(0, 8), slice(292, 300)):
        np.testing.assert_allclose(column_noise(made.solve(v[part]), 1e6, area=AREA),
                                   together[part], rtol=1e-9)


def test_many_inputs_are_never_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Batch, "nodes", property(lambda _: pytest.fail("all nodes at once")))
    for law in (LinearLaw(), CubicLaw(0.5)):
        made = CrossbarCircuit(circuit(16, 8).conductance, WIRES, law)
        v = np.random.default_rng(0).uniform(-0.1, 0.1, (1000, 16))
        assert ColumnNoise(made, 1e6).rms(v).shape == (1000, 8)
        assert sample_noise(made.solve(v), 1e6, 0).shape == (1000, 8)


def test_the_transfer_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    noise, calls = ColumnNoise(circuit(), 1e6), []
    made = NoiseTransfer.of
    monkeypatch.setattr(NoiseTransfer, "of", lambda array: calls.append(1) or made(array))
    for count in (1, 2, 9):
        noise.rms(np.full((count, 4), 0.1))
    assert calls == [1]


def test_noise_takes_nodes_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    op, other = (circuit().solve(np.full((3, 4), 0.1)) for _ in range(2))
    _ = op.row_voltages
    noise = ColumnNoise(circuit(), 1e6)
    expected = noise.rms(other)
    monkeypatch.setattr(NodalFactors, "solve", lambda *_: pytest.fail("nodes were solved again"))
    np.testing.assert_allclose(noise.rms(op), expected, rtol=1e-14)


def test_flicker_noise_is_that_of_the_area_of_each_device() -> None:
    op, high = circuit().solve(np.full(4, 0.3)), 1e6
    area = np.random.default_rng(0).uniform(1, 2, (4, 3)) * AREA
    white = column_noise(op, high) ** 2
    flicker = column_noise(op, high, area=area, lowest_frequency=2.0) ** 2 - white
    power = flicker_density(op.device_currents, 1.0, area) * np.log(high / 2.0)
    expected = np.einsum("jik,ik->j", noise_transfer(circuit()) ** 2, power)
    np.testing.assert_allclose(flicker, expected, rtol=1e-9)
    doubled = column_noise(op, high, area=area, lowest_frequency=2.0, alpha=2e-21) ** 2 - white
    np.testing.assert_allclose(doubled, 2 * flicker, rtol=1e-9)


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


@pytest.mark.parametrize("wires", [Wires(), WIRES, replace(WIRES, access=3e3)])
@pytest.mark.parametrize("law", [LinearLaw(), CubicLaw(0.5)])
def test_unbiased_arrays_have_the_thermal_noise_of_their_terminals(wires: Wires, law: Law) -> None:
    """Nyquist's theorem."""
    made = CrossbarCircuit(circuit().conductance, wires, law=law)
    found = ColumnNoise(made, 1e6).covariance(np.zeros((9, 4)))
    expected = 4 * KT * 1e6 * Injection(made).ports()
    np.testing.assert_allclose(found, np.broadcast_to(expected, (9, 3, 3)), rtol=1e-10,
                               atol=1e-14 * expected.max())


def test_open_cells_are_silent() -> None:
    op = CrossbarCircuit(np.zeros((2, 2)), WIRES).solve([0.1, 0.0])
    assert not column_noise(op, 1e6, area=AREA).any()


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
    expected = ColumnNoise(circuit(3, 2), 1e6).covariance(np.full(3, 0.1))
    np.testing.assert_allclose(np.cov(samples.T), expected, rtol=0, atol=0.04 * expected.max())
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
    for settings, named in (({"area": np.full(4, AREA)}, "area has shape"),
                            ({"area": 0.0}, "area"), ({"area": AREA, "alpha": -1.0}, "alpha"),
                            ({"area": AREA, "lowest_frequency": 1e6}, "lowest_frequency"),
                            ({"amplifier_noise": np.zeros(4)}, "amplifier_noise has shape"),
                            ({"temperature": 0.0}, "temperature")):
        with pytest.raises(ValueError, match=named):
            ColumnNoise(circuit(), 1e6, **settings)
    with pytest.raises(ValueError, match="another circuit"):
        ColumnNoise(circuit(4, 2), 1e6).rms(op)
    offset = TabulatedLaw([-1, 0, 1], [-0.9, 0.1, 1.1])
    with pytest.raises(ValueError, match="against its voltage"):
        column_noise(CrossbarCircuit([[G]], law=offset).solve([-0.05]), 1e6)
    with pytest.raises(ValueError, match="frequency"):
        flicker_density(1e-6, 0.0, 1e-13)
