"""Laws of samples on channels: the nominal compound, dense nodal solutions, faults, any part."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import root

from device_models import (
    BiasLaw,
    BrinkmanBias,
    CompoundMTJ,
    DeviceSample,
    QuadraticBias,
    Variability,
    load_stack,
)
from device_models.compound.patterns import all_patterns
from device_models.population import on_channel, sample_device_read
from device_models.population.device_sample import OPEN, SHORTED, STUCK_PARALLEL

Floats = NDArray[np.float64]
STACK = load_stack("kumar2024")
MTJ = STACK.mtj(1.9e-9)
CHANNELS = {ends: replace(STACK.write_channel(both_ends=ends), sheet_resistance=2e3)
            for ends in (False, True)}
NONE = Variability(sigma_r_p=0, sigma_tmr=0, sigma_h_c=0, sigma_v_c=0, shorted=0)
FAULTY = Variability(sigma_r_p=0.2, sigma_tmr=0.2, stuck_parallel=0.1, stuck_antiparallel=0.1,
                     shorted=0.1, open_=0.1)
LINEAR = QuadraticBias(1e9, 1e9)
BRINKMAN = BrinkmanBias(1.5, 1.2e-9, 0.5, 0.3)
both_ends = pytest.mark.parametrize("ends", CHANNELS)


def faulty(ends: bool, bias: BiasLaw, areas: tuple[float, ...] | None = None) -> DeviceSample:
    mtj = replace(MTJ, bias=bias)
    return FAULTY.sample(CompoundMTJ(mtj, 3, CHANNELS[ends], areas), 60, 3)


def conductance(devices: DeviceSample, i: int, parallel: Floats, over: Floats) -> Floats:
    """Chord conductances [S] of the cells of device `i` at their own voltages [V], one by one."""
    found = []
    for k, v in enumerate(over):
        fault = devices.fault[i, k]
        if fault in (SHORTED, OPEN):
            found.append(1 / devices.short_resistance if fault == SHORTED else 0.0)
            continue
        is_parallel = fault == STUCK_PARALLEL if fault else parallel[k]
        g = float(devices.bias.parallel(v, devices.g_p[i, k]))
        ratio = float(devices.bias.ratio(v, devices.tmr[i, k]))
        found.append(g if is_parallel else g / (1 + ratio))
    return np.array(found)


def laplacian(devices: DeviceSample) -> Floats:
    """Of the channel alone, from its dimensions: node k to ground and neighbours (n, n) [S]."""
    channel, n = devices.channel, devices.cells
    assert channel is not None
    between = channel.width / (channel.sheet_resistance * channel.pitch)
    end = 1 / (channel.fixed / 2 + channel.sheet_resistance * channel.length / channel.width / 2)
    matrix = between * (2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1))
    matrix[0, 0] += end - between
    matrix[-1, -1] += (end if channel.both_ends else 0.0) - between
    return np.asarray(matrix)


@both_ends
@pytest.mark.parametrize("areas", [None, (1, 2, 4)], ids=["equal", "areas"])
@pytest.mark.parametrize("bias", [None, BRINKMAN], ids=["quadratic", "Brinkman"])
@pytest.mark.parametrize("v", [0.0, 0.1, -0.8])
def test_without_spread_a_device_is_the_compound_in_every_pattern(
    ends: bool, areas: tuple[float, ...] | None, bias: BiasLaw | None, v: float
) -> None:
    synapse = CompoundMTJ(replace(MTJ, bias=bias), 3, CHANNELS[ends], areas)
    devices = NONE.sample(synapse, 8, 0)
    assert devices.channel == synapse.channel
    np.testing.assert_allclose(devices.conductances(all_patterns(3), v),
                               synapse.pattern_conductances(v), rtol=1e-12)


@both_ends
@pytest.mark.parametrize("areas", [None, (1, 2, 4)], ids=["equal", "areas"])
def test_linear_cells_are_those_of_a_dense_nodal_solution(
    ends: bool, areas: tuple[float, ...] | None
) -> None:
    devices = faulty(ends, LINEAR, areas)
    parallel = np.random.default_rng(0).random((60, 3)) < 0.5
    found = devices.cell_conductances(parallel, 0.1)
    for i in range(60):
        g = conductance(devices, i, parallel[i], np.zeros(3))
        nodes = np.linalg.solve(laplacian(devices) + np.diag(g), g)
        np.testing.assert_allclose(found[i], g * (1 - nodes), rtol=1e-10, atol=1e-20)
    np.testing.assert_allclose(devices.conductances(parallel, 0.1), found.sum(axis=1), rtol=1e-15)


@both_ends
@pytest.mark.parametrize("bias", [QuadraticBias(0.9, 0.5), BRINKMAN], ids=["quadratic", "Brinkman"])
def test_cells_that_depend_on_their_bias_balance_at_every_node(ends: bool, bias: BiasLaw) -> None:
    devices = faulty(ends, bias)
    v = np.linspace(-0.8, 0.8, 60)
    parallel = np.random.default_rng(1).random((60, 3)) < 0.5
    found = devices.cell_conductances(parallel, v)
    for i in range(60):
        def current(nodes: Floats, i: int = i) -> Floats:
            over = v[i] - nodes
            return conductance(devices, i, parallel[i], over) * over

        def balance(nodes: Floats) -> Floats:
            return np.asarray((laplacian(devices) @ nodes - current(nodes)) * 1e4)

        solved = root(balance, np.zeros(3), tol=1e-13)
        np.testing.assert_allclose(found[i] * v[i], current(solved.x), rtol=1e-8, atol=1e-17)


def test_a_channel_of_no_resistance_changes_nothing() -> None:
    devices = faulty(False, QuadraticBias(0.9, 0.5))
    short = replace(CHANNELS[True], sheet_resistance=1e-12, fixed=0.0)
    parallel = devices.patterns(np.arange(60) % 4)
    np.testing.assert_allclose(
        replace(devices, channel=short).cell_conductances(parallel, 0.3),
        replace(devices, channel=None).cell_conductances(parallel, 0.3), rtol=1e-12)


def test_open_cells_alone_carry_nothing_and_hide_nothing() -> None:
    """Without its far cell a device is one of two cells."""
    three = NONE.sample(CompoundMTJ(MTJ, 3, CHANNELS[False]), 2, 0)
    fault = np.array([[0, 0, OPEN], [OPEN, OPEN, OPEN]], np.int8)
    found = replace(three, fault=fault).conductances(True, 0.1)
    two = CompoundMTJ(MTJ, 2, three.channel).pattern_conductances(0.1)[-1]
    np.testing.assert_allclose(found, [two, 0.0], rtol=1e-12)


def test_one_device_may_have_many_biases() -> None:
    synapse = CompoundMTJ(MTJ, 3, CHANNELS[False])
    v = np.linspace(-0.5, 0.5, 8)
    found = NONE.sample(synapse, 1, 0).conductances(all_patterns(3), v)
    expected = [synapse.pattern_conductances(x)[i] for i, x in enumerate(v)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_parts_are_solved_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = faulty(True, QuadraticBias(0.9, 0.5))
    v, parallel = np.linspace(-0.5, 0.5, 60), devices.patterns(np.arange(60) % 4)
    whole = devices.conductances(parallel, v)
    monkeypatch.setattr(on_channel, "_CHUNK", 21)
    np.testing.assert_allclose(devices.conductances(parallel, v), whole, rtol=1e-13)


@pytest.mark.parametrize("channel", [300.0, "copper"])
def test_what_is_no_channel_is_refused(channel: object) -> None:
    with pytest.raises(TypeError, match=r"channel is .*; expected a Channel"):
        replace(faulty(False, LINEAR), channel=channel)  # type: ignore[arg-type]


def test_noise_on_a_channel_is_refused_with_what_to_do() -> None:
    devices = faulty(False, LINEAR)
    with pytest.raises(ValueError, match="channel=None"):
        sample_device_read(devices, True, 0.1, MTJ.area, 1e7, 0)
    bare = replace(devices, channel=None)
    assert sample_device_read(bare, True, 0.1, MTJ.area, 1e7, 0).shape == (60,)
