"""Laws as machine code, for the solvers' inner loops.

A law may have an attribute `compiled` beside its array functions: the same branch shapes as a C
function with parameters. Solvers call it on a few thousand voltages at a time, in cache; without it
they use `shape`, which gives the same result more slowly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numba import types

from device_models.checks import Floats
from device_models.compiled import compiled_callback

_POINTER = types.CPointer(types.float64)
# voltages (n,), parameters, result (branches, n), n
_SIGNATURE = types.void(_POINTER, _POINTER, _POINTER, types.intp)


@dataclass(frozen=True, eq=False)
class CompiledLaw:
    """A law's shapes as a C function made by `compile_law`, and the law's parameters."""

    function: Any
    parameters: Floats


def compile_law(function: Callable[..., None]) -> Any:
    """Compile `function(v, parameters, f, n)` on pointers; read them with `numba.carray`."""
    return compiled_callback(_SIGNATURE, function)
