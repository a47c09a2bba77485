"""Laws of the differentiable transconductance: that of `circuits`, with the right gradient."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import ops

from circuits import CrossbarCircuit, RowDrive, Wires
from crossbar import PortMerging
from tests.support.reference import Floats, random_conductance
from tests.support.strategies import few
from tests.support.topologies import every_topology, random_circuit, random_wires

ROOT = Path(__file__).parents[3]
SHAPES = [(1, 1), (1, 9), (9, 1), (2, 3), (5, 5), (8, 8), (17, 6), (7, 33)]


def merging(circuit: CrossbarCircuit) -> PortMerging:
    return PortMerging.of(circuit.shape, circuit.wires, circuit.drive, circuit.sense)


def numbers(tensor: object) -> Floats:
    return np.asarray(ops.convert_to_numpy(tensor))


def gradient(loss: Callable[[object], object], g: Floats) -> Floats:
    """d loss / d g on whichever backend runs."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            x = tf.constant(g)
            tape.watch(x)
            value = loss(x)
        return numbers(tape.gradient(value, x))
    if keras.backend.backend() == "jax":
        import jax

        return numbers(jax.grad(loss)(ops.convert_to_tensor(g)))
    x = ops.convert_to_tensor(g).requires_grad_()
    loss(x).backward()
    return x.grad.detach().cpu().numpy()


def adjoint(circuit: CrossbarCircuit, m: Floats) -> Floats:
    """dL/dG (rows, columns) for dL/dT = m, from node voltages of the compiled solver.

    A change of one device changes T by minus the product of the voltages across it when a row is
    at 1 V and when the end of a column is. The latter are those of the array turned, whose columns
    are driven.
    """
    wires = circuit.wires
    turned = CrossbarCircuit(
        circuit.conductance.T[::-1, ::-1],
        Wires(np.asarray(wires.column).T[::-1, ::-1], np.asarray(wires.row).T[::-1, ::-1],
              np.asarray(wires.sense)[::-1], np.asarray(wires.source)[::-1]))
    rows, columns = circuit.solve(np.eye(circuit.shape[0])), turned.solve(np.eye(circuit.shape[1]))
    x = rows.row_voltages - rows.column_voltages
    y = (columns.row_voltages - columns.column_voltages)[::-1, ::-1, ::-1].transpose(0, 2, 1)
    return np.einsum("ij,iab,jab->ab", m, x, y)


def check_equal(circuit: CrossbarCircuit, tolerance: float = 1e-12) -> None:
    expected = circuit.transconductance()
    found = numbers(merging(circuit)(circuit.conductance))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * np.abs(expected).max())


@few
@given(st.integers(0, 10_000), st.booleans())
def test_equals_the_compiled_solution(seed: int, floating: bool) -> None:
    check_equal(random_circuit(seed, floating))


@every_topology
@pytest.mark.parametrize("shape", SHAPES)
def test_every_topology_of_every_size(shape: tuple[int, int], drive, sense) -> None:
    rng = np.random.default_rng(shape)
    g = random_conductance(shape, 1, open_cells=0.3)
    wires = Wires(rng.uniform(0, 5, (shape[0], shape[1] + 1)),
                  rng.uniform(0, 5, (shape[0] + 1, shape[1])), 100.0, rng.uniform(0, 9, shape[1]))
    check_equal(CrossbarCircuit(g, wires, drive=drive, sense=sense), 1e-13)
