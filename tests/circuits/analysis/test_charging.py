"""Laws of charging: what ngspice's pulses cost beyond the settled power, closed forms, scaling."""

from pathlib import Path

import numpy as np
import pytest

from circuits import (
    ColumnSense,
    CrossbarCircuit,
    CubicLaw,
    RowDrive,
    Wires,
    charging_energy,
    settling_time,
)
from circuits.analysis.rc_network import RCNetwork
from tests.support.transient import transient

C = 1e-15
STORED = C, 3 * C
WIRES = Wires(row=13.0, column=7.0, source=300.0, sense=50.0, access=100.0)
TOPOLOGIES = [(drive, sense) for drive in RowDrive for sense in ColumnSense]
V = np.array([0.1, 0.0, 0.3, 0.02])


def array(wires: Wires = WIRES, drive: RowDrive = RowDrive.LEFT,
          sense: ColumnSense = ColumnSense.BOTTOM) -> CrossbarCircuit:
    g = np.random.default_rng(5).uniform(2e-5, 1.2e-4, (4, 5))
    return CrossbarCircuit(g, wires, drive=drive, sense=sense)


@pytest.mark.parametrize(("drive", "sense"), [TOPOLOGIES[0], TOPOLOGIES[-1]])
def test_a_pulse_costs_the_settled_power_and_the_charging(
    drive: RowDrive, sense: ColumnSense, ngspice: str, tmp_path: Path
) -> None:
    """What the sources of ngspice deliver over a rise, a settled time and a fall."""
    circuit = array(drive=drive, sense=sense)
    settled = settling_time(circuit, *STORED, 1e-6, V)
    pulse = transient(circuit, V, STORED, 2.5 * settled, tmp_path, ngspice, 1.2 * settled)
    point = circuit.solve(V)
    static = float(point.power["source"]) * pulse.width
    charging = float(charging_energy(point, *STORED))
    assert pulse.energy - static == pytest.approx(charging, rel=2e-4, abs=0)
    assert charging > 0.1 * static  # no difference of large numbers


@pytest.mark.parametrize("wires", [WIRES, Wires(20.0, 0.0, 300.0, 0.0)])
@pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES)
def test_it_is_the_integral_of_what_voltages_lack(
    wires: Wires, drive: RowDrive, sense: ColumnSense
) -> None:
    circuit = array(wires, drive, sense)
    system = RCNetwork.of(circuit, *STORED)
    sources = system.drive @ V
    lacking = system.solve(system.unit * system.capacitance * system.solve(sources))
    found = charging_energy(circuit.solve(V), *STORED)
    assert found == pytest.approx(sources @ lacking, rel=1e-10, abs=0)


def test_one_device_behind_its_driver_is_c_x_squared() -> None:
    circuit = CrossbarCircuit([[1e-3]], Wires(source=500.0))
    found = charging_energy(circuit.solve([0.3]), C, 7 * C)
    assert found == pytest.approx(C * (0.3 / 1.5) ** 2, rel=1e-12, abs=0)


def test_without_resistance_every_row_node_is_at_its_source() -> None:
    circuit = array(Wires())
    found = charging_energy(circuit.solve(V), C, 7 * C)
    assert found == pytest.approx(5 * C * (V**2).sum(), rel=1e-12, abs=0)


def test_batches_are_their_inputs_and_energy_is_quadratic_in_voltage() -> None:
    circuit = array()
    found = charging_energy(circuit.solve([V, -2 * V, 0 * V]), *STORED)
    one = charging_energy(circuit.solve(V), *STORED)
    assert one.shape == ()
    np.testing.assert_allclose(found, [one, 4 * one, 0.0], rtol=1e-12)


def test_every_node_counts_with_its_own_capacitance() -> None:
    circuit, rng = array(), np.random.default_rng(3)
    row, column = C * rng.random((2, *circuit.shape))
    point = circuit.solve(V)
    expected = (row * point.row_voltages**2 + column * point.column_voltages**2).sum()
    assert charging_energy(point, row, column) == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize("v0", [0.4, 2.0])
def test_nonlinear_devices_charge_as_linear_ones_but_for_part_of_their_nonlinearity(
    v0: float, ngspice: str, tmp_path: Path
) -> None:
    """Chord conductances are up to 38 % and 1.3 % beyond those at zero bias."""
    circuit = CrossbarCircuit(array().conductance, WIRES, law=CubicLaw(v0))
    point, settled = circuit.solve(V), settling_time(array(), *STORED, 1e-6, V)
    pulse = transient(circuit, V, STORED, 3 * settled, tmp_path, ngspice, 1.5 * settled)
    beyond = pulse.energy - float(point.power["source"]) * pulse.width
    drop = np.abs(point.row_voltages - point.column_voltages).max()
    assert beyond == pytest.approx(
        float(charging_energy(point, *STORED)), rel=0.15 * (drop / v0) ** 2, abs=0)


@pytest.mark.parametrize("bad", [-1e-15, np.nan, [1e-15, 1e-15]])
def test_capacitances_that_do_not_fit_are_refused(bad: object) -> None:
    point = array().solve(V)
    with pytest.raises(ValueError, match="row_capacitance"):
        charging_energy(point, bad, C)  # type: ignore[arg-type]  # the error that is tested
    with pytest.raises(ValueError, match="column_capacitance"):
        charging_energy(point, C, bad)  # type: ignore[arg-type]  # the error that is tested
