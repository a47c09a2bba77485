"""Laws as machine code, for the solvers' inner loops.

A law's `compiled` is the same branches as its `shape`, as a C function with parameters. Solvers
call it on a few thousand voltages at a time, in cache; without it they use `shape`, which gives the
same result more slowly.
"""

import ctypes
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
from numba import types
from numba.core.ccallback import CFunc
from numba.extending import register_jitable
from numba.np.unsafe.ndarray import to_fixed_tuple

from device_models.checks import Floats
from device_models.compiled import compiled_callback

Formula = Callable[..., float | tuple[float, ...]]
"""One voltage [V] and a law's parameters to the value of its branch, or a tuple of several."""

_DOUBLES = ctypes.POINTER(ctypes.c_double)
_POINTER = types.CPointer(types.float64)
# voltages (n,), parameters, result (branches, n), n
_SIGNATURE = types.void(_POINTER, _POINTER, _POINTER, types.intp)
_COMPILING = threading.Lock()


@dataclass(frozen=True, eq=False)
class CompiledLaw:
    """A law's branches as a C function made by `machine_code`, and the law's parameters."""

    function: CFunc
    parameters: Floats
    branches: int

    def __call__(self, v: Floats) -> Floats:
        """The function at all voltages `v`: (branches, *v.shape)."""
        given = np.asarray(v, np.float64, order="C")
        out = np.empty((self.branches, *given.shape))
        at = [array.ctypes.data_as(_DOUBLES) for array in (given, self.parameters, out)]
        self.function.ctypes(*at, given.size)
        return out


def machine_code(formula: Formula, branches: int) -> CFunc:
    """The C function (v, parameters, f, n) of a formula of so many branches, at hand once made."""
    with _COMPILING:  # threads that solve tiles ask at the same time
        return _compile(formula, branches)


@functools.cache
def _compile(formula: Formula, branches: int) -> CFunc:
    loop = _placed(_loop(register_jitable(formula), branches), formula)
    importable = formula.__module__ != "__main__" and "<locals>" not in formula.__qualname__
    # no check for division by zero, which would keep the loop from working on vectors
    return compiled_callback(_SIGNATURE, loop, kept=importable, error_model="numpy")


def _loop(formula: Formula, branches: int) -> Callable[..., None]:
    """All branches at every voltage, on pointers."""
    count = formula.__code__.co_argcount - 1

    def one(v, parameters, f, n):  # type: ignore[no-untyped-def]  # compiled, on pointers
        x, y = numba.carray(v, (n,)), numba.carray(f, (n,))
        given = to_fixed_tuple(numba.carray(parameters, (count,)), count)
        for i in range(n):
            y[i] = formula(x[i], *given)

    def several(v, parameters, f, n):  # type: ignore[no-untyped-def]  # compiled, on pointers
        x, y = numba.carray(v, (n,)), numba.carray(f, (branches, n))
        given = to_fixed_tuple(numba.carray(parameters, (count,)), count)
        for i in range(n):
            values = formula(x[i], *given)
            for b in range(branches):
                y[b, i] = values[b]  # type: ignore[index]  # a tuple, here

    return one if branches == 1 else several


def _placed(loop: Callable[..., None], formula: Formula) -> Callable[..., None]:
    """`loop` under the name and place of `formula`: Numba keeps machine code beside the file of
    what it compiles, and makes it anew when that file changes."""
    place = formula.__code__
    loop.__code__ = loop.__code__.replace(co_filename=place.co_filename,
                                          co_firstlineno=place.co_firstlineno)
    loop.__module__, loop.__qualname__ = formula.__module__, formula.__qualname__
    return loop
