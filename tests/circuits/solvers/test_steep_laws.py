"""Steep laws are solved, or refused with the input's number, and never wrong in silence."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import brentq

from circuits import (
    ConvergenceError,
    CrossbarCircuit,
    FormulaLaw,
    Law,
    OperatingPoint,
    TabulatedLaw,
    Wires,
)
from tests.support.kirchhoff import kirchhoff
from tests.support.laws import SinhLaw
from tests.support.nonlinear import few, seeds
from tests.support.reference import EPS, Floats
from tests.support.topologies import TOPOLOGIES


@dataclass(frozen=True)
class Diode(FormulaLaw):
    """I = G v0 (exp(V/v0) - 1)."""

    v0: float

    @staticmethod
    def formula(v: float, v0: float) -> float:
        return v0 * (np.exp(v / v0) - 1.0)


SMOOTH = [SinhLaw(0.02), SinhLaw(0.03), SinhLaw(0.3), Diode(0.025), Diode(0.1)]


def step(at: float, width: float, height: float) -> TabulatedLaw:
    """1 mS, and a rise by `height` [A] over `width` [V] at plus and minus `at` [V]."""
    v = np.array([0.0, at, at + width, at + 1.0])
    i = np.array([0.0, 1e-3 * at, 1e-3 * at + height, 1e-3 * at + 1.001 * height])
    return TabulatedLaw([*-v[:0:-1], *v], [*-i[:0:-1], *i])


STEPS = [step(at, width, 1.0) for at in (0.05, 0.3) for width in (1e-9, 1e-6, 1e-3)]


def attempt(circuit: CrossbarCircuit, v: object) -> tuple[OperatingPoint | None, str]:
    """The solution, or what it was refused with."""
    try:
        return circuit.solve(v), ""
    except ConvergenceError as error:
        return None, str(error)


def single(law: Law, g: float, r: float, v: float) -> float:
    """The current [A] of a cell of `g` behind `r` under `v`, by bracketing its voltage."""
    def current(x: float) -> float:
        return g * float(law.shape(np.array([x]))[0, 0])

    def beyond(x: float) -> float:
        with np.errstate(over="ignore"):
            return min(x + r * current(x) - v, 1e300)

    x = brentq(beyond, 0.0, v, xtol=1e-300, rtol=4 * EPS, maxiter=2000)
    steep = g * r * float(law.slope(np.array([x]))[0, 0]) > 1
    return (v - x) / r if steep else current(x)


def test_the_cell_that_gave_nothing() -> None:
    op = CrossbarCircuit([[1e-6]], Wires(10.0, 10.0), SinhLaw(0.03)).solve([2.5])
    assert op.column_currents[0] == pytest.approx(0.10142, rel=1e-4)
    assert op.column_currents[0] == pytest.approx(single(SinhLaw(0.03), 1e-6, 20.0, 2.5), rel=1e-9)
    assert op.kcl_residual <= 1e-9 * op.column_currents[0]


@pytest.mark.parametrize("v", [0.01, 0.5, 5.0])
@pytest.mark.parametrize("r", [1e-3, 20.0, 1e6])
@pytest.mark.parametrize("g", [1e-9, 1e-6, 1e-2])
@pytest.mark.parametrize("law", SMOOTH, ids=range(len(SMOOTH)))
def test_single_cells_of_smooth_laws(law: Law, g: float, r: float, v: float) -> None:
    for source in (r, r / 2):
        op = CrossbarCircuit([[g]], Wires(source=source, sense=r - source), law).solve([v])
        assert op.column_currents[0] == pytest.approx(single(law, g, r, v), rel=1e-9)


@pytest.mark.filterwarnings("ignore:device voltages")
@pytest.mark.parametrize("v", [0.01, 0.5, 3.0])
@pytest.mark.parametrize("r", [1e-3, 20.0, 1e6])
@pytest.mark.parametrize("g", [1e-6, 1e-2, 1.0])
@pytest.mark.parametrize("law", STEPS, ids=range(len(STEPS)))
def test_single_cells_of_steep_tables_are_right_or_refused(
    law: TabulatedLaw, g: float, r: float, v: float
) -> None:
    """Refused only where the rounding of v, times the steepest slope, is a millionth of a current
    behind the wires."""
    steepest = g * law.slope(law.voltages + 5e-10).max()
    op, refusal = attempt(CrossbarCircuit([[g]], Wires(source=r / 2, sense=r / 2), law), [v])
    if op is None:
        assert refusal.startswith("input 0 did not converge")
        assert 16 * EPS * steepest * r > 1e-7
        return
    assert op.column_currents[0] == pytest.approx(single(law, g, r, v), rel=1e-9)
    assert op.kcl_residual <= 2e-6 * op.column_currents[0] + 16 * EPS * v / r


def test_a_table_that_no_node_voltage_can_tell_is_refused_unless_its_column_is_grounded() -> None:
    """1e15 S behind 20 ohm: 2.5e-17 V over the device; a number of its own only beside 0 V."""
    law = TabulatedLaw([0.0, 1e-12, 1.0], [0.0, 1e3, 1e3])
    with pytest.raises(ConvergenceError, match="input 1 did not converge: devices conduct up to"):
        CrossbarCircuit([[1.0]], Wires(10.0, 10.0), law).solve([[0.0], [0.5]])
    op = CrossbarCircuit([[1.0]], Wires(source=20.0), law).solve([0.5])
    assert op.column_currents[0] == pytest.approx(0.025, rel=1e-12)
    assert op.kcl_residual <= 1e-12


def test_a_law_that_overflows_below_the_sources_voltage_is_solved() -> None:
    """sinh(5/0.005) has no value, and no device gets there."""
    law = Diode(0.005)
    found = CrossbarCircuit([[1e-6]], Wires(source=100.0), law).solve([5.0]).column_currents[0]
    assert found == pytest.approx(single(law, 1e-6, 100.0, 5.0), rel=1e-9)


def random_table(rng: np.random.Generator) -> TabulatedLaw:
    points = int(rng.integers(2, 8))
    v = np.cumsum(10 ** rng.uniform(-6, 0, points))
    i = np.cumsum(rng.choice([0.0, 1.0], points) * 10 ** rng.uniform(-9, 3, points))
    return TabulatedLaw([*-v[::-1], 0.0, *v], [*-i[::-1], 0.0, *i])


def random_circuit(seed: int) -> tuple[CrossbarCircuit, Floats]:
    """At most 4 x 4, wires of 1e-3 to 1e6 ohm, cells of 1e-9 to 1e-2 S, up to 5 V."""
    rng = np.random.default_rng(seed)
    law = random_table(rng) if rng.random() < 0.5 else SMOOTH[rng.integers(len(SMOOTH))]
    shape = tuple(int(k) for k in rng.integers(1, 5, 2))
    g = 10 ** rng.uniform(-9, -2, shape) * (rng.random(shape) < 0.9)
    drive, sense = TOPOLOGIES[rng.integers(len(TOPOLOGIES))]
    circuit = CrossbarCircuit(g, Wires(*map(float, 10 ** rng.uniform(-3, 6, 4))), law, drive, sense)
    return circuit, rng.uniform(-1, 1, shape[0]) * 10 ** rng.uniform(-2, 0.7)


@pytest.mark.filterwarnings("ignore:device voltages")
@few
@given(seeds)
def test_small_arrays_keep_kirchhoffs_law_or_are_refused(seed: int) -> None:
    """The law's currents at the node voltages, in an equation of its own for every node."""
    for k in range(8):
        circuit, v = random_circuit(seed // 8 + k)
        op, refusal = attempt(circuit, v)
        if op is None:
            assert isinstance(circuit.law, TabulatedLaw)
            assert refusal.startswith("input 0 did not converge")
            continue
        residual, scale, most = kirchhoff(circuit, v, op.row_voltages, op.column_voltages)
        assert np.all(residual <= 2e-6 * most + 32 * EPS * scale)
        if not isinstance(circuit.law, TabulatedLaw):
            assert np.all(residual <= 2e-9 * most + 32 * EPS * scale)


def test_steep_arrays_do_not_depend_on_their_batch() -> None:
    g = 10 ** np.random.default_rng(1).uniform(-7, -5, (4, 3))
    circuit = CrossbarCircuit(g, Wires(10.0, 10.0, 100.0, 5.0), SinhLaw(0.03))
    v = np.random.default_rng(2).uniform(-2.5, 2.5, (5, 4))
    batch = circuit.solve(v).device_currents
    for one, expected in zip(v, batch, strict=True):
        np.testing.assert_allclose(circuit.solve(one).device_currents, expected, rtol=0,
                                   atol=1e-10 * np.abs(expected).max())
