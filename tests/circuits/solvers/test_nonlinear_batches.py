"""Batches of nonlinear circuits equal their inputs, small ones beside large ones too."""

import numpy as np
import pytest
from hypothesis import given

from circuits import CrossbarCircuit, CubicLaw, Wires
from tests.support.laws import LAWS
from tests.support.nonlinear import (
    PARTS,
    circuit_of,
    every_law,
    few,
    inputs,
    largest_current,
    seeds,
)
from tests.support.reference import EPS, random_conductance


@every_law
@few
@given(seed=seeds)
def test_equivalence_of_a_batch_and_its_inputs(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    v = inputs(circuit, seed, batch=4)
    v[1] = 0.0
    batch = circuit.solve(v)
    for k, one in enumerate(v):
        alone = circuit.solve(one)
        limit = (1e-10 * np.abs(alone.device_currents).max()
                 + 1e3 * EPS * largest_current(circuit, v))
        np.testing.assert_allclose(batch.column_currents[k], alone.column_currents, rtol=0,
                                   atol=limit)


@pytest.mark.parametrize("small", [1e-12, 1e-6])
def test_small_inputs_are_solved_beside_large_ones(small: float) -> None:
    g = random_conductance((4, 3), seed=0)
    circuit, v = CrossbarCircuit(g, Wires(1e4, 1e4), CubicLaw(0.3)), np.array([1.0, 2, 3, -1]) / 10
    batch = circuit.solve([small * v, 0 * v, 1e4 * v]).column_currents
    expected = circuit.solve(small * v).column_currents
    np.testing.assert_allclose(batch[0], expected, rtol=0, atol=1e-10 * np.abs(expected).max())


def test_zero_and_large_inputs_together() -> None:
    circuit = CrossbarCircuit(random_conductance((4, 3), seed=0), Wires(1e3, 1e3), CubicLaw(0.3))
    v = np.array([1.0, 2.0, 3.0, -1.0])
    batch = circuit.solve([0 * v, v, 300 * v])
    assert not batch.column_currents[0].any()
    for k, scale in ((1, 1), (2, 300)):
        np.testing.assert_allclose(batch.column_currents[k], circuit.solve(scale * v)
                                   .column_currents, rtol=1e-10)


def test_ideal_wires_give_the_law_beside_large_inputs() -> None:
    g, v = random_conductance((4, 3), seed=0), np.array([0.1, 0.2, 0.3, -0.1])
    circuit = CrossbarCircuit(g, law=CubicLaw(0.3))
    found = circuit.solve([v, 1e3 * v]).column_currents[0]
    np.testing.assert_allclose(found, (v * (1 + (v / 0.3)**2)) @ g, rtol=1e-12)


def test_a_large_array() -> None:
    rng, law = np.random.default_rng(10), LAWS["mtj"]
    k = rng.integers(0, 4, (128, 128))
    circuit = CrossbarCircuit(np.stack([k / 8e3, (3 - k) / 2e4]), Wires(1.0, 1.0, 50.0, 10.0), law)
    op = circuit.solve(rng.uniform(0, 0.3, 128))
    assert op.kcl_residual <= 1e-12 * np.abs(op.device_currents).max() + 64 * EPS * 0.3
    assert op.power["source"] == pytest.approx(sum(op.power[part] for part in PARTS), rel=1e-11)
