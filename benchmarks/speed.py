"""How fast the exact solver is, against the usual sparse one, in one run on one network."""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu
from tqdm import tqdm

from benchmarks.commandline import Parser, Subparsers, add_out, count, number, seed, size
from benchmarks.output import prepare_folder, versions, write_json
from circuits import CrossbarCircuit, Wires
from circuits.threads import available_threads

DESCRIPTION = """\
Time the whole transconductance matrix of a crossbar against SciPy's SuperLU on the same network.

SuperLU factorises the nodal equations once, with the fastest of its orderings for them; every
input or output then costs one more solution. Ours gives the currents of all inputs. Times are the
best of the repetitions; a ratio above 1 says that ours is faster.

example:
  python -m benchmarks speed --sizes 784x128 256x256 64x64 --repeat 5
"""

ORDERINGS: dict[str, dict[str, Any]] = {
    "MMD_AT_PLUS_A, symmetric": {
        "permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0.0,
        "options": {"SymmetricMode": True},
    },
    "COLAMD": {"permc_spec": "COLAMD"},
}


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `speed` to the command line."""
    parser = subparsers.add_parser(
        "speed", help="time the exact solver against SciPy's SuperLU", description=DESCRIPTION)
    add = parser.add_argument
    add("--sizes", type=size, nargs="+", default=[(784, 128), (256, 256), (64, 64)],
        metavar="ROWSxCOLUMNS", help="arrays to time: 784x128 256x256 64x64 if not given")
    add("--wire", type=number, default=1.0, metavar="OHM", help="one wire segment [ohm], above 0")
    add("--repeat", type=count, default=3, help="repetitions of each measurement")
    add("--seed", type=seed, default=0, help="of the conductances, 30 to 90 uS")
    add_out(parser, "results")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, print, save."""
    if args.wire <= 0:
        raise ValueError(f"--wire is {args.wire:g} ohm; the comparison needs more than 0, because "
                         "plain nodal analysis cannot join nodes")
    prepare_folder(args.out)
    threads = available_threads()
    print(f"{threads} threads for ours (BLAS on one each), 1 for SuperLU, {args.wire:g} ohm per "
          f"segment, best of {args.repeat}")
    layout = "{:>10}  {:>8}  {:>18}  {:>6}  {:>13}  {:>10}  {}"
    print(layout.format("array", "T [s]", "SuperLU factor [s]", "ratio", "one solve [s]",
                        "difference", "ordering"))
    rows = []
    warm_up = CrossbarCircuit(np.ones((2, 2)), Wires(1.0, 1.0))
    warm_up.transconductance()
    for shape in tqdm(args.sizes, disable=None, leave=False, unit="array"):
        row = measure(shape, args.wire, args.repeat, args.seed)
        rows.append(row)
        tqdm.write(layout.format(
            f"{shape[0]}x{shape[1]}", f"{row['seconds']:.4f}",
            f"{row['superlu_factor_seconds']:.4f}", f"{row['ratio']:.2f}",
            f"{row['superlu_solve_seconds']:.4f}", f"{row['largest_relative_difference']:.1e}",
            row["ordering"]))
    content = {"arrays": rows, "threads": threads, "wire_ohm": args.wire, "seed": args.seed,
               "repeat": args.repeat, "versions": versions()}
    write_json(args.out / "speed.json", content)
    print(f"wrote {args.out / 'speed.json'}")
    return 0


def measure(shape: tuple[int, int], wire: float, repeat: int, seed: int) -> dict[str, Any]:
    """Times of one array, and the largest relative difference of the two solutions."""
    g = np.random.default_rng(seed).uniform(30e-6, 90e-6, shape)
    circuit = CrossbarCircuit(g, Wires(wire, wire))
    ours, _ = best(lambda: CrossbarCircuit(g, circuit.wires).transconductance(), repeat)
    matrix = nodal_matrix(g, wire)
    factors = {name: best(partial(splu, matrix, **options), repeat)
               for name, options in ORDERINGS.items()}
    ordering = min(factors, key=lambda name: factors[name][0])
    factor, lu = factors[ordering]
    inject = np.zeros(2 * g.size)  # the last row, driven through its first segment
    inject[(shape[0] - 1) * shape[1]] = 1.0 / wire
    solve, nodes = best(lambda: lu.solve(inject), repeat)
    reference = nodes[-shape[1] :] / wire  # what flows out of the last column nodes
    difference = np.abs(circuit.transconductance()[-1] / reference - 1).max()
    return {
        "rows": shape[0], "columns": shape[1], "seconds": ours, "ordering": ordering,
        "superlu_factor_seconds": factor, "superlu_solve_seconds": solve,
        "ratio": factor / ours, "largest_relative_difference": float(difference),
    }


def best(work: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """Shortest time [s] of `repeat` runs, and the last result."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def nodal_matrix(g: NDArray[np.float64], wire: float) -> sparse.csc_matrix:
    """Nodal conductance matrix (2 m n, 2 m n) [S]: row nodes, then column nodes."""
    m, n = g.shape
    row = np.arange(m * n).reshape(m, n)
    column = row + m * n
    i = np.concatenate([row[:, :-1].ravel(), column[:-1].ravel(), row.ravel()])
    j = np.concatenate([row[:, 1:].ravel(), column[1:].ravel(), column.ravel()])
    y = np.concatenate([np.full(len(i) - g.size, 1 / wire), g.ravel()])
    ends = np.concatenate([row[:, 0], column[-1]])
    diagonal = (np.bincount(i, y, 2 * m * n) + np.bincount(j, y, 2 * m * n)
                + np.bincount(ends, minlength=2 * m * n) / wire)
    off = sparse.coo_matrix((-y, (i, j)), shape=(2 * m * n, 2 * m * n))
    return sparse.csc_matrix(off + off.T + sparse.diags(diagonal))
