"""Many circuits at once equal one after the other, whatever thread they are solved in."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from circuits import CrossbarCircuit, Wires, solve_tiles
from circuits.solvers import choice, merging
from circuits.threads import available_threads
from tests.support.reference import Floats, random_conductance

WIRES = Wires(1.0, 2.0, 50.0, 10.0)
SHAPES = [(64, 64), (20, 50), (97, 33), (5, 3), (110, 100)] * 3


def circuits_of(shapes: list[tuple[int, int]]) -> list[CrossbarCircuit]:
    return [CrossbarCircuit(random_conductance(shape, seed), WIRES)
            for seed, shape in enumerate(shapes)]


def quantities(circuit: CrossbarCircuit) -> tuple[Floats, ...]:
    """T, node voltages and power: everything that enters BLAS."""
    op = circuit.solve(np.linspace(-0.1, 0.1, circuit.shape[0]))
    return (circuit.transconductance(), op.column_currents, op.row_voltages, op.column_voltages,
            np.array(list(op.power.values())))


def check_same(found: list[tuple[Floats, ...]], expected: list[tuple[Floats, ...]]) -> None:
    """Up to the order in which BLAS sums, which may change with its threads."""
    for a, b in zip(found, expected, strict=True):
        for x, y in zip(a, b, strict=True):
            np.testing.assert_allclose(x, y, rtol=0, atol=1e-12 * np.abs(y).max())


@pytest.mark.parametrize("threads", [None, 1, 2, 5])
def test_solve_tiles_equals_serial(threads: int | None) -> None:
    expected = [quantities(circuit) for circuit in circuits_of(SHAPES)]
    check_same(list(solve_tiles(quantities, circuits_of(SHAPES), threads)), expected)


def test_solve_tiles_keeps_the_order() -> None:
    def slow_first(k: int) -> int:
        time.sleep(0.02 if k == 0 else 0.0)
        return -k

    assert list(solve_tiles(slow_first, range(8), threads=4)) == [-k for k in range(8)]
    assert list(solve_tiles(slow_first, [])) == []


def test_solve_tiles_passes_on_a_failure() -> None:
    def fail(k: int) -> int:
        if k == 3:
            raise ValueError("tile 3")
        return k

    results = solve_tiles(fail, range(5), threads=2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="tile 3"):
        next(results)


def test_concurrent_circuits_equal_serial() -> None:
    """From threads of the user's own, which know nothing of each other."""
    expected = [quantities(circuit) for circuit in circuits_of(SHAPES)]
    with ThreadPoolExecutor(6) as pool:
        check_same(list(pool.map(quantities, circuits_of(SHAPES))), expected)


def test_one_circuit_used_by_many_threads_at_once() -> None:
    expected = quantities(circuits_of([(60, 50)])[0])
    shared = circuits_of([(60, 50)])[0]
    with ThreadPoolExecutor(6) as pool:
        check_same(list(pool.map(quantities, [shared] * 12)), [expected] * 12)


def test_the_second_thread_is_for_large_arrays_only(monkeypatch: pytest.MonkeyPatch) -> None:
    used = []

    def record(network: object, threads: int) -> Floats:
        used.append(threads)
        return np.zeros((1, 1))

    monkeypatch.setattr(merging, "transconductance", record)
    monkeypatch.setattr(choice, "available_threads", lambda: 7)
    for shape in [(127, 128), (128, 128), (1, 2**14 - 1)]:
        CrossbarCircuit(np.ones(shape)).transconductance()
    assert used == [1, 7, 1]


def test_there_is_a_processor() -> None:
    assert available_threads() >= 1


PROGRAM = """
import threading, numpy, circuits
from threadpoolctl import threadpool_info

def count(library):
    return [pool["num_threads"] for pool in threadpool_info()
            if pool["user_api"] == "blas" and library + ".libs" in pool["filepath"]]

def solve():
    circuits.CrossbarCircuit(numpy.ones((3, 2)), circuits.Wires(1.0)).transconductance()

print(count("numpy") == count("scipy") == [2])
worker = threading.Thread(target=solve)
worker.start()
worker.join()
print(count("scipy") == [1], count("numpy") == [2])
solve()
print(count("scipy") == [1], count("numpy") == [2])
"""


def test_only_the_blas_of_the_kernels_is_kept_on_one_thread() -> None:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2"}
    run = subprocess.run([sys.executable, "-c", PROGRAM], check=True, text=True,
                         capture_output=True, timeout=60, env=environment)
    assert run.stdout.split() == ["True"] * 5
