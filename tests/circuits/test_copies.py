"""Circuits and operating points go to worker processes and back: the same numbers, read-only."""

import copy
import multiprocessing
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from circuits import (
    CrossbarCircuit,
    CubicLaw,
    Law,
    LinearLaw,
    MTJLaw,
    OperatingPoint,
    TabulatedLaw,
    Wires,
)
from tests.support.formulas import Sinh
from tests.support.reference import Floats

QUANTITIES = ("voltages", "column_currents", "row_voltages", "column_voltages", "device_currents",
              "iterations", "kcl_residual")
LAWS: list[Law] = [LinearLaw(), CubicLaw(0.4), MTJLaw(1.1, 0.6, 1.5), Sinh(0.08),
                   TabulatedLaw([-1, 0, 1], [-1, 0, 2])]
OHMS = (0.0, 1.0, 1e4)  # solved by line relaxation, the chord method, Newton's
ways = pytest.mark.parametrize("way", [lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy,
                                       copy.copy], ids=["pickle", "deepcopy", "copy"])
laws = pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)


def circuit_of(law: Law, ohm: float) -> CrossbarCircuit:
    shape = (law.branches,) * (law.branches > 1) + (5, 4)
    g = np.random.default_rng(0).uniform(1e-5, 1e-4, shape)
    return CrossbarCircuit(g, Wires(ohm, [ohm] * 4, access=np.full((5, 4), 10.0 * (ohm > 0))), law)


def solved(circuit: CrossbarCircuit) -> OperatingPoint:
    return circuit.solve(np.random.default_rng(1).uniform(0.0, 0.3, (3, 5)))


def values(op: OperatingPoint) -> dict[str, Floats]:
    """All that it hands out: computed where it is not yet."""
    return {name: getattr(op, name) for name in QUANTITIES} | dict(op.power)


def check_same(found: OperatingPoint, expected: OperatingPoint) -> None:
    for name, value in values(expected).items():
        np.testing.assert_array_equal(values(found)[name], value, err_msg=name)


def check_read_only(op: OperatingPoint) -> None:
    for name, value in values(op).items():
        assert not value.flags.writeable, name


@laws
@pytest.mark.parametrize("ohm", OHMS)
@ways
def test_a_copy_gives_the_same_numbers_that_nobody_can_write_to(
    way: Callable[[object], object], ohm: float, law: Law
) -> None:
    circuit = circuit_of(law, ohm)
    before, after = solved(circuit), solved(circuit)
    values(after)
    check_read_only(after)
    again = way(circuit)  # after it has been solved
    assert isinstance(again, CrossbarCircuit)
    assert not again.conductance.flags.writeable
    assert not again.wires.column.flags.writeable
    assert not again.devices.conductance.flags.writeable
    for op in (solved(again), way(before), way(after)):
        assert isinstance(op, OperatingPoint)
        check_same(op, after)
        check_read_only(op)


def test_a_copy_keeps_the_transconductance_and_nothing_that_is_found_again() -> None:
    circuit = circuit_of(LinearLaw(), 1.0)
    _ = circuit.transconductance(), solved(circuit).row_voltages  # with its factors
    again = pickle.loads(pickle.dumps(circuit))
    assert again._linear.has_transconductance
    assert "response" not in vars(again._linear)
    np.testing.assert_array_equal(again.transconductance(), circuit.transconductance())
    assert not again.transconductance().flags.writeable


def test_a_table_copies_without_its_curve_and_stays_read_only() -> None:
    law = TabulatedLaw([-1, 0, 1], [-1, 0, 2])
    v = np.linspace(-2, 2, 9)
    again = pickle.loads(pickle.dumps(law))
    np.testing.assert_array_equal(again.shape(v), law.shape(v))
    for array in (law.voltages, law.currents, again.voltages, again.currents):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_identity_stays_what_it_was() -> None:
    circuit = circuit_of(CubicLaw(0.4), 1.0)
    assert circuit == circuit
    assert circuit != copy.deepcopy(circuit)
    assert hash(circuit) == hash(circuit)
    assert copy.deepcopy(circuit.wires) == circuit.wires


@pytest.mark.slow
def test_a_worker_process_gives_the_same_numbers() -> None:
    """One that knows nothing: it is spawned, and takes circuits solved and not."""
    circuits = [circuit_of(law, ohm) for law in LAWS for ohm in OHMS]
    expected = [solved(circuit) for circuit in circuits]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for found, op in zip(pool.map(solved, circuits), expected, strict=True):
            check_same(found, op)
            check_read_only(found)
