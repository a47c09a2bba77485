"""Limits of nonlinear circuits: ideal wires, weak nonlinearity, no voltage, much of it."""

import numpy as np
import pytest

from circuits import ColumnSense, CrossbarCircuit, CubicLaw, RowDrive, TabulatedLaw, Wires
from tests.support.laws import LAWS
from tests.support.nonlinear import PARTS, conductance_of, every_law
from tests.support.reference import EPS, random_conductance
from tests.support.topologies import TOPOLOGIES


@every_law
@pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES)
def test_limit_of_ideal_wires_is_the_law(name: str, drive: RowDrive, sense: ColumnSense) -> None:
    rng, law = np.random.default_rng(2), LAWS[name]
    g, v = conductance_of(law, (3, 4), rng), rng.uniform(-0.55, 0.55, (2, 3))
    op = CrossbarCircuit(g, law=law, drive=drive, sense=sense).solve(v)
    f = law.shape(np.repeat(v[:, :, None], 4, axis=2))
    expected = (g[:, None] * f).sum(axis=0)
    limit = 64 * EPS * np.abs(expected).max()
    np.testing.assert_allclose(op.device_currents, expected, rtol=0, atol=limit)
    np.testing.assert_allclose(op.column_currents, expected.sum(axis=1), rtol=0, atol=limit)


@pytest.mark.parametrize("ohm", [1.0, 1e4])
def test_limit_of_weak_nonlinearity_is_of_second_order(ohm: float) -> None:
    g, v, wires = random_conductance((5, 4), seed=3), np.linspace(-0.2, 0.4, 5), Wires(ohm, ohm)
    linear = CrossbarCircuit(g, wires).solve(v).column_currents
    errors = [np.abs(CrossbarCircuit(g, wires, CubicLaw(v0)).solve(v).column_currents - linear)
              .max() for v0 in (10.0, 100.0)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.01)


def test_limit_of_small_voltages_is_the_linear_circuit() -> None:
    g, wires = random_conductance((5, 4), seed=4), Wires(1e3, 1e3)
    for scale in (1e-6, 1e-12, 1e-100):
        v = scale * np.linspace(-1, 1, 5)
        found = CrossbarCircuit(g, wires, CubicLaw(0.3)).solve(v).column_currents
        expected = CrossbarCircuit(g, wires).solve(v).column_currents
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * np.abs(expected).max())


@pytest.mark.parametrize("wires", [Wires(), Wires(1.0, 1.0), Wires(1e3, 1e3, access=1e4),
                                   Wires(1e6, 0.0, 1e6, 1e3)], ids=str)
@pytest.mark.parametrize("name", ["cubic", "mtj", "odd-tables", "flat-tables", "sinh"])
def test_limit_of_no_voltage_is_no_current(name: str, wires: Wires) -> None:
    law = LAWS[name]
    circuit = CrossbarCircuit(conductance_of(law, (3, 4), np.random.default_rng(5)), wires, law)
    op = circuit.solve(np.zeros((2, 3)))
    assert np.abs(op.column_currents).max() <= 1e-18  # a table is zero to its rounding
    assert np.all(np.abs(op.row_voltages) <= 1e-12)


@pytest.mark.parametrize("ohm", [0.0, 1.0, 1e3, 1e6])
@pytest.mark.parametrize("name", ["cubic", "mtj"])
def test_a_thousand_volts_are_solved(name: str, ohm: float) -> None:
    law = LAWS[name]
    g = conductance_of(law, (4, 3), np.random.default_rng(6))
    op = CrossbarCircuit(g, Wires(ohm, ohm), law).solve(np.array([1e3, -1e3, 500.0, 1.0]))
    power = op.power
    assert power["source"] == pytest.approx(sum(power[part] for part in PARTS), rel=1e-10)
    assert np.isfinite(op.column_currents).all()


def test_a_wire_of_large_resistance_sets_the_current() -> None:
    op = CrossbarCircuit([[1e-4]], Wires(source=1e9), CubicLaw(0.1)).solve([0.5])
    assert op.column_currents[0] == pytest.approx(0.5e-9, rel=1e-4)


def test_limit_of_a_large_access_transistor_is_ohms_law() -> None:
    op = CrossbarCircuit(np.full((2, 2), 1e-3), Wires(access=1e12), CubicLaw(0.1)).solve([0.5, 0.2])
    np.testing.assert_allclose(op.column_currents, 0.7e-12, rtol=1e-6)


@pytest.mark.parametrize("ohm", [0.0, 1.0, 1e3, 1e5])
@every_law
def test_floating_rows_take_no_net_current(name: str, ohm: float) -> None:
    rng, law = np.random.default_rng(7), LAWS[name]
    g = law.conductance(rng.integers(0, law.branches, (4, 3))) if isinstance(
        law, TabulatedLaw) else 10 ** rng.uniform(-6, -4, (law.branches, 4, 3))
    wires = Wires(ohm, ohm, np.array([0.0, np.inf, 10.0, np.inf]), 10.0)
    op = CrossbarCircuit(g, wires, law).solve([0.3, 0.0, 0.2, 0.0])
    largest = np.abs(op.device_currents).max()
    assert np.abs(op.device_currents[[1, 3]].sum(axis=1)).max() <= 5e-12 * largest + 1e-19
    assert np.abs(op.row_voltages).max() <= 0.6
