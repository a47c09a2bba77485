"""Statistics of noisy reads: deviations of the densities, additivity, the spectrum of a trace."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import kstest

from device_models import CompoundMTJ, Variability, load_stack
from device_models.junction.noise import (
    current_noise_density,
    flicker_density,
    read_noise,
    sample_read,
    sample_trace,
)
from device_models.population import sample_device_read
from device_models.population.device_sample import OPEN

MTJ = load_stack("kumar2024").mtj(1.9e-9)
NONE = Variability(sigma_r_p=0, sigma_tmr=0, shorted=0)
N, BAND = 100_000, 1e7
READ, V, AREA = 4e-6, 0.1, 1e-13


@pytest.mark.parametrize("alpha", [0.0, 1e-19])
def test_reads_scatter_normally_by_the_read_noise(alpha: float) -> None:
    rms = float(read_noise(READ, V, AREA, BAND, alpha=alpha))
    drawn = sample_read(READ, V, AREA, BAND, 0, N, alpha=alpha)
    assert drawn.shape == (N,)
    assert drawn.mean() == pytest.approx(READ, abs=5 * rms / np.sqrt(N))
    assert drawn.std() == pytest.approx(rms, rel=5 / np.sqrt(2 * N))
    assert kstest((drawn - READ) / rms, "norm").pvalue > 1e-3


def test_every_current_has_its_own_noise_and_draws_are_independent() -> None:
    currents = np.array([[1e-6], [4e-6], [9e-6]])
    areas = np.array([1e-13, 4e-13])
    drawn = sample_read(currents, V, areas, BAND, 1, 20_000)
    assert drawn.shape == (20_000, 3, 2)
    rms = read_noise(currents, V, areas, BAND)
    np.testing.assert_allclose(drawn.std(axis=0), rms, rtol=5 / np.sqrt(40_000))
    correlations = np.corrcoef(drawn.reshape(20_000, 6).T) - np.eye(6)
    assert np.abs(correlations).max() < 5 / np.sqrt(20_000)


def test_one_seed_is_one_read_and_generators_go_on() -> None:
    rng = np.random.default_rng(5)
    first, second = (sample_read([READ, READ], V, AREA, BAND, rng) for _ in range(2))
    np.testing.assert_array_equal(first, sample_read([READ, READ], V, AREA, BAND, 5))
    assert not np.any(first == second)


@pytest.mark.parametrize("v", [0.0, 0.1, -0.3])
@pytest.mark.parametrize("areas", [None, (1, 2, 4)], ids=["equal", "areas"])
def test_noise_powers_of_cells_add(areas: tuple[float, ...] | None, v: float) -> None:
    """Of equal devices the scatter over them is that of one; area and current add alike."""
    synapse = CompoundMTJ(MTJ, 3, areas=areas)
    sample = NONE.sample(synapse, N, 0)
    parallel = sample.patterns(1)[0]
    drawn = sample_device_read(sample, parallel, v, MTJ.area, BAND, 2)
    g = np.array(areas or (1, 1, 1)) * MTJ.conductance(parallel, v)
    cells = read_noise(g * v, v, MTJ.area * np.array(areas or (1, 1, 1)), BAND, conductance=g)
    assert drawn.mean() == pytest.approx(float(g.sum()) * v, abs=5 * drawn.std() / np.sqrt(N))
    assert drawn.std() == pytest.approx(np.sqrt(np.sum(cells**2)), rel=5 / np.sqrt(2 * N))


def test_reads_of_a_sample_scatter_around_each_device_and_open_cells_are_silent() -> None:
    sample = Variability(open_=0.3).sample(CompoundMTJ(MTJ, 2), 50, 3)
    v = np.linspace(0.05, 0.3, 50)
    drawn = sample_device_read(sample, True, v, MTJ.area, BAND, 4, reads=2000)
    assert drawn.shape == (2000, 50)
    ideal = sample.conductances(True, v) * v
    np.testing.assert_allclose(drawn.mean(axis=0), ideal, atol=1e-9)
    dead = np.all(sample.fault == OPEN, axis=1)
    assert dead.any()
    assert np.all(drawn[:, dead] == 0)
    assert np.all(drawn[:, ~dead].std(axis=0) > 0)


def test_a_million_devices_are_read_at_once() -> None:
    sample = Variability().sample(CompoundMTJ(MTJ, 1), 10**6, 0)
    assert sample_device_read(sample, True, 0.1, MTJ.area, BAND, 0).shape == (10**6,)


@pytest.mark.parametrize("samples", [255, 256])
def test_the_spectrum_of_traces_is_that_of_the_densities(samples: int) -> None:
    step, alpha = 1e-6, 1e-16
    trace = sample_trace(READ, V, AREA, samples, step, 0, alpha=alpha, traces=20_000)
    assert trace.shape == (20_000, samples)
    np.testing.assert_allclose(trace.mean(axis=1), READ, rtol=1e-12)
    power = np.abs(np.fft.rfft(trace - READ, axis=1)[:, 1:]) ** 2 * 2 * step / samples
    frequency = np.fft.rfftfreq(samples, step)[1:]
    expected = flicker_density(READ, frequency, AREA, alpha) + current_noise_density(READ, V)
    inner = slice(None, -1) if samples % 2 == 0 else slice(None)  # the last one is half as wide
    np.testing.assert_allclose(power.mean(axis=0)[inner], expected[inner], rtol=0.06)


def test_white_traces_scatter_by_the_density_times_the_bandwidth() -> None:
    trace = sample_trace(READ, V, AREA, 1001, 1e-6, 1, alpha=0.0, traces=200)
    rms = np.sqrt(current_noise_density(READ, V) * 1e6 * 500 / 1001)  # without the mean
    assert trace.std() == pytest.approx(rms, rel=0.01)


def test_slow_reads_of_a_trace_are_alike_where_flicker_rules() -> None:
    pink = sample_trace(READ, V, AREA, 1000, 1e-3, 2, alpha=1e-14, traces=200)
    white = sample_trace(READ, V, AREA, 1000, 1e-3, 2, alpha=0.0, traces=200)
    alike = [float(np.mean((x[:, 1:] - READ) * (x[:, :-1] - READ)) / x.var())
             for x in (pink, white)]
    assert alike[0] > 0.5
    assert abs(alike[1]) < 0.02


SAMPLE = NONE.sample(CompoundMTJ(MTJ, 2), 4, 0)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: sample_read([READ, READ], [V, V, V], AREA, BAND, 0), r"current has shape \(2,\)"),
    (lambda: sample_read(READ, 0.0, AREA, BAND, 0), "conductance"),
    (lambda: sample_read(READ, V, [AREA, 0.0], BAND, 0), "area"),
    (lambda: sample_read(READ, V, AREA, BAND, 0, reads=0), "reads"),
    (lambda: current_noise_density(READ, V, conductance=[1e-5, 0.0, -1.0]), "conductance"),
    (lambda: current_noise_density([READ, READ], V, conductance=[1, 1, 1]), "conductance"),
    (lambda: flicker_density([READ, READ], [1, 2, 3], AREA), r"frequency has shape \(3,\)"),
    (lambda: sample_device_read(SAMPLE, True, [V, V], AREA, BAND, 0), r"bias \[V\] has shape"),
    (lambda: sample_trace(READ, V, AREA, 1, 1e-6, 0), "samples"),
    (lambda: sample_trace([READ, READ], V, AREA, 8, 1e-6, 0), "one number each"),
    (lambda: sample_trace(READ, V, AREA, 8, 0.0, 0), "interval"),
])
def test_reads_that_do_not_exist_are_refused(call: Callable[[], object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        call()
