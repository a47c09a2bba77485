"""Laws of the noise transfer: injected currents, sums, and Nyquist's theorem at every column."""

import numpy as np
import pytest

from circuits import (
    ColumnSense,
    CrossbarCircuit,
    CubicLaw,
    MTJLaw,
    RowDrive,
    Wires,
    noise_transfer,
)
from circuits.solution.transfer import NoiseTransfer
from tests.support.injection import Injection
from tests.support.reference import Floats, random_conductance
from tests.support.topologies import every_topology, random_circuit, random_wires

SHAPES = [(1, 1), (1, 5), (5, 1), (4, 3), (3, 7), (12, 9), (10, 16)]


def wires_of(shape: tuple[int, int], access: bool) -> Wires:
    rng = np.random.default_rng(shape[0])
    m, n = shape
    return Wires(rng.uniform(1, 50, (m, n + 1)), rng.uniform(1, 50, (m + 1, n)),
                 rng.uniform(0, 500, m), rng.uniform(0, 200, n),
                 rng.uniform(0, 2e4, shape) if access else 0.0)


def check(circuit: CrossbarCircuit, tolerance: float) -> None:
    found, injection = NoiseTransfer.of(circuit.array), Injection(circuit)
    m, n = circuit.shape
    expected = injection.of_devices(np.eye(m * n)).reshape(n, m, n)
    np.testing.assert_allclose(found.devices, expected, rtol=0, atol=tolerance)
    _check_nyquist(injection, found)


def _check_nyquist(injection: Injection, found: NoiseTransfer) -> None:
    """All at one temperature and at rest: the noise is that of the conductance that is seen."""
    devices = np.einsum("jik,ik,lik->jl", found.devices, injection.own, found.devices)
    total = devices + found.resistors
    scale = np.sqrt(np.outer(total.diagonal(), total.diagonal()))
    assert np.all(np.abs(total - injection.ports()) <= 1e-11 * scale)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("access", [False, True])
def test_it_is_what_injected_currents_give(shape: tuple[int, int], access: bool) -> None:
    g = random_conductance(shape, 3)
    check(CrossbarCircuit(g, wires_of(shape, access)), 1e-11)


@every_topology
@pytest.mark.parametrize("access", [0.0, 3e3])
def test_every_topology(drive: RowDrive, sense: ColumnSense, access: float) -> None:
    g = random_conductance((5, 4), 1, open_cells=0.2)
    check(CrossbarCircuit(g, Wires(5.0, 7.0, 100.0, 30.0, access), drive=drive, sense=sense), 1e-11)


@pytest.mark.parametrize("seed", range(60))
def test_random_wires_some_of_zero_ohm_and_some_rows_floating(seed: int) -> None:
    check(random_circuit(seed, floating=seed % 2 == 1), 1e-7)


@pytest.mark.parametrize("law", [CubicLaw(0.5), MTJLaw(1.1, 0.6, 1.5)],
                         ids=lambda law: type(law).__name__)
def test_nonlinear_devices_have_their_slopes_at_zero_bias(law: CubicLaw | MTJLaw) -> None:
    g = np.random.default_rng(0).uniform(1e-5, 1e-4, (*(law.branches,) * (law.branches > 1), 5, 4))
    check(CrossbarCircuit(g, wires_of((5, 4), True), law), 1e-11)


@pytest.mark.parametrize("access", [0.0, 1e4])
def test_without_wires_all_of_it_leaves_at_its_own_column(access: float) -> None:
    g = random_conductance((4, 3), 0)
    expected = np.zeros((3, 4, 3))
    expected[range(3), :, range(3)] = (1 / (1 + access * g)).T
    found = noise_transfer(CrossbarCircuit(g, Wires(access=access)))
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-16)


def columns_sum(circuit: CrossbarCircuit) -> Floats:
    return np.asarray(noise_transfer(circuit).sum(axis=0))


def test_what_leaves_all_columns_came_in_through_the_rows() -> None:
    """At most the whole of it, and nothing where every row floats."""
    g, floating = random_conductance((5, 4), 2), Wires(5.0, 3.0, np.inf, 20.0)
    total = columns_sum(CrossbarCircuit(g, Wires(5.0, 3.0, 50.0, 20.0)))
    assert np.all((total > 0) & (total < 1))
    np.testing.assert_allclose(columns_sum(CrossbarCircuit(g, floating)), 0.0, atol=1e-14)


def test_it_falls_with_resistance() -> None:
    g = random_conductance((5, 4), 4)
    own = [noise_transfer(CrossbarCircuit(g, Wires(r, r, 10 * r, r)))[0, :, 0]
           for r in (0.0, 1.0, 10.0, 100.0)]
    assert np.all(np.diff(own, axis=0) < 0)


@pytest.mark.parametrize("seed", range(8))
def test_larger_arrays_with_both_ends_of_all_lines(seed: int) -> None:
    rng = np.random.default_rng(seed)
    m, n = (int(k) for k in rng.integers(8, 15, 2))
    circuit = CrossbarCircuit(random_conductance((m, n), seed), random_wires(rng, m, n),
                              drive=RowDrive.BOTH, sense=ColumnSense.BOTH)
    check(circuit, 1e-7)


def test_it_is_refused_where_it_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("M", (), {"available": 1e3}))
    with pytest.raises(MemoryError, match="cut the array into tiles"):
        noise_transfer(CrossbarCircuit(np.ones((4, 3)) * 1e-5))
