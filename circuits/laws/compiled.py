"""Laws as machine code, for the solvers' inner loops.

A law's `compiled` is the same branches as its `shape`, as a C function with parameters. Solvers
call it on a few thousand voltages at a time, in cache; without it they use `shape`, which gives the
same result more slowly.
"""

import ctypes
import functools
import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import cast

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
SIGNATURE = types.void(_POINTER, _POINTER, _POINTER, types.intp)
_HERE = f"{__name__.rpartition('.')[0]}."
COMPILING = threading.Lock()


@dataclass(frozen=True, eq=False)
class CompiledLaw:
    """A law's branches as a C function made by `machine_code`, and the law's parameters."""

    function: CFunc
    parameters: Floats
    branches: int

    @property
    def address(self) -> int:
        """Of the function, for `circuits.kernels.calls`; holds as long as this object."""
        return cast(int, self.function.address)  # None only of what is not compiled

    def __call__(self, v: Floats) -> Floats:
        """The function at all voltages `v`: (branches, *v.shape)."""
        given = np.asarray(v, np.float64, order="C")
        out = np.empty((self.branches, *given.shape))
        at = [array.ctypes.data_as(_DOUBLES) for array in (given, self.parameters, out)]
        self.function.ctypes(*at, given.size)
        return out


def machine_code(formula: Formula, branches: int) -> CFunc:
    """The C function (v, parameters, f, n) of a formula of so many branches, at hand once made."""
    with COMPILING:  # threads that solve tiles ask at the same time
        return _compile(formula, branches)


@functools.cache
def _compile(formula: Formula, branches: int) -> CFunc:
    loop = _placed(_loop(register_jitable(formula), branches), formula)
    # no check for division by zero, which would keep the loop from working on vectors
    return compiled_callback(SIGNATURE, loop, kept=_may_be_kept(formula), error_model="numpy")


def _may_be_kept(formula: Formula) -> bool:
    """Whether machine code on disk is renewed with all it is made of: this package's own laws.

    Numba looks at the formula's file alone. A user's formula may take a constant or a function
    from anywhere, so its machine code lasts as long as the process.
    """
    return formula.__module__.startswith(_HERE) and "<locals>" not in formula.__qualname__


def fingerprint(formula: Formula) -> str:
    """A name for the constants and functions that a formula takes from its module; "" for none."""
    facts = "\n".join(_facts(formula, {formula}))
    return facts and "_" + hashlib.sha256(facts.encode()).hexdigest()[:16]


def _facts(function: Callable[..., object], seen: set[object]) -> Iterator[str]:
    """Everything outside a function's own code that its machine code depends on, in words."""
    for name in function.__code__.co_names:
        value = function.__globals__.get(name, np)
        if isinstance(value, FunctionType):
            code = value.__code__
            yield (f"{name}: {code.co_code.hex()} {code.co_consts!r} {code.co_names} "
                   f"{value.__defaults__!r}")
            if value not in seen:
                seen.add(value)
                yield from _facts(value, seen)
        elif value is not np:
            yield f"{name}: {value!r}"


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
    what it compiles, and makes it anew when that file or this name changes."""
    place = formula.__code__
    loop.__code__ = loop.__code__.replace(co_filename=place.co_filename,
                                          co_firstlineno=place.co_firstlineno)
    loop.__module__ = formula.__module__
    loop.__qualname__ = formula.__qualname__ + fingerprint(formula)
    return loop
