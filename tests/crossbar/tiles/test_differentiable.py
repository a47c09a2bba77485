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

from circuits import ColumnSense, CrossbarCircuit, RowDrive, Wires
from crossbar import PortMerging
from tests.support.reference import Floats, random_conductance
from tests.support.strategies import few
from tests.support.topologies import every_topology, random_circuit

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


def weighted(t: object, weights: Floats) -> object:
    return ops.sum(t * ops.convert_to_tensor(weights))


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
def test_every_topology_of_every_size(
    shape: tuple[int, int], drive: RowDrive, sense: ColumnSense
) -> None:
    rng = np.random.default_rng(shape)
    g = random_conductance(shape, 1, open_cells=0.3)
    wires = Wires(rng.uniform(0, 5, (shape[0], shape[1] + 1)),
                  rng.uniform(0, 5, (shape[0] + 1, shape[1])), 100.0, rng.uniform(0, 9, shape[1]),
                  access=rng.uniform(0, 1e4, shape))
    check_equal(CrossbarCircuit(g, wires, drive=drive, sense=sense), 1e-13)


@every_topology
def test_without_wires_it_is_the_conductance(drive: RowDrive, sense: ColumnSense) -> None:
    g = random_conductance((6, 5), 2, open_cells=0.3)
    t = numbers(PortMerging.of(g.shape, Wires(), drive, sense)(g))
    np.testing.assert_allclose(t, g, rtol=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradient_is_that_of_node_voltages(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(shape)
    m, n = shape
    g, loss = random_conductance(shape, 3, open_cells=0.2), rng.normal(size=shape)
    circuit = CrossbarCircuit(g, Wires(rng.uniform(0, 90, (m, n + 1)),
                                       rng.uniform(0, 90, (m + 1, n)), rng.uniform(0, 900, m),
                                       rng.uniform(0, 900, n)))
    found = gradient(lambda x: weighted(merging(circuit)(x), loss), g)
    expected = adjoint(circuit, loss)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8 * np.abs(expected).max())


@every_topology
def test_gradient_is_that_of_differences(drive: RowDrive, sense: ColumnSense) -> None:
    """Floating rows and access transistors too; central differences of the compiled solver."""
    g, loss = random_conductance((4, 3), 4, low=1e-4, high=1e-3), np.arange(12.0).reshape(4, 3)
    wires = Wires(10.0, 20.0, np.array([5.0, np.inf, 0.0, 9.0]), 3.0, access=100.0)

    def value(g: Floats) -> float:
        circuit = CrossbarCircuit(g, wires, drive=drive, sense=sense)
        return float((circuit.transconductance() * loss).sum())

    circuit = CrossbarCircuit(g, wires, drive=drive, sense=sense)
    found = gradient(lambda x: weighted(merging(circuit)(x), loss), g)
    expected = np.empty_like(g)
    for at in np.ndindex(g.shape):
        step = np.zeros_like(g)
        step[at] = 1e-3 * g[at]
        # Richardson: what is left is of the fourth order
        slopes = [(value(g + k * step) - value(g - k * step)) / (2 * k * step[at]) for k in (1, 2)]
        expected[at] = (4 * slopes[0] - slopes[1]) / 3
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-8 * np.abs(expected).max())


def test_a_batch_is_its_arrays_one_by_one() -> None:
    g = np.stack([random_conductance((7, 10), seed) for seed in range(6)]).reshape(2, 3, 7, 10)
    solved = PortMerging.of((7, 10), Wires(3.0, 4.0, 50.0, 6.0), RowDrive.BOTH)
    batch = numbers(solved(g))
    assert batch.shape == g.shape
    for at in np.ndindex(2, 3):
        np.testing.assert_allclose(batch[at], numbers(solved(g[at])), rtol=1e-14)


def test_float32_keeps_six_digits_of_every_entry() -> None:
    g = random_conductance((64, 64), 5).astype(np.float32)
    circuit = CrossbarCircuit(g, Wires(10.0, 10.0))
    found = numbers(merging(circuit)(g))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, circuit.transconductance(), rtol=1e-5)


def test_a_floating_row_without_devices_is_refused() -> None:
    """As in `circuits`: nothing determines the row's voltage."""
    tf = pytest.importorskip("tensorflow")
    g = tf.constant([[0.0, 0.0], [1e-4, 1e-4]])
    floating = PortMerging.of((2, 2), Wires(1.0, 1.0, np.array([np.inf, 0.0])))
    with pytest.raises(tf.errors.InvalidArgumentError, match="not invertible"):
        floating(g)


@pytest.mark.parametrize(("g", "error", "said"), [
    (np.ones((3, 2)), ValueError, r"expected \(..., 2, 3\)"),
    (np.ones(6), ValueError, "rows and columns last"),
    (np.ones((2, 3), int), TypeError, "int64; expected float32 or float64"),
    (np.ones((2, 3), np.float16), TypeError, "float16; expected float32 or float64"),
])
def test_other_conductances_are_refused(g: Floats, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        PortMerging.of((2, 3), Wires())(g)


@pytest.mark.parametrize(("arguments", "said"), [
    (((2, 0), Wires()), "side of an array"),
    (((2, 3), 1.0), "expected a circuits.Wires"),
    (((2, 3), Wires(), "left"), "expected a circuits.RowDrive"),
    (((2, 3), Wires(row=np.ones(3))), "row resistances have shape"),
    (((2, 3), Wires(access=np.ones((3, 2)))), "access resistances have shape"),
])
def test_other_arrays_are_refused(arguments: tuple, said: str) -> None:
    with pytest.raises((ValueError, TypeError), match=said):
        PortMerging.of(*arguments)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends_give_the_same(backend: str) -> None:
    """The tests above that hold values and gradients to the compiled solver, run there."""
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed: pip install {backend} to try it there too")
    chosen = "gradient or batch or without_wires"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", __file__, "-k",
         f"({chosen}) and not other_backends"], cwd=ROOT, timeout=600, capture_output=True,
        text=True, env={**os.environ, "KERAS_BACKEND": backend, "JAX_ENABLE_X64": "1"})
    assert done.returncode == 0, done.stdout[-3000:]
