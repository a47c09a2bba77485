"""The same network for CHOLMOD, the strongest of the sparse solvers, where it is installed."""

import importlib
import importlib.util
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.speed.process import best

_VERSION = "0.4.16"
Solve = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def missing() -> str | None:
    """Why it cannot be used, in a sentence; None if it can."""
    if importlib.util.find_spec("sksparse") is None:
        return f"CHOLMOD: not installed; pip install scikit-sparse=={_VERSION}"
    if not hasattr(importlib.import_module("sksparse.cholmod"), "analyze"):
        return f"CHOLMOD: installed with another interface than that of scikit-sparse {_VERSION}"
    return None


def factorise(matrix: sparse.csc_matrix, repeat: int) -> tuple[float, Solve]:
    """Shortest time [s] of the whole factorisation, ordered by minimum degree, and its solver."""
    cholesky = importlib.import_module("sksparse.cholmod").cholesky
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of types that it converts
        seconds, factor = best(partial(cholesky, matrix, ordering_method="amd"), repeat)
    solve: Solve = factor.solve_A
    return seconds, solve
