"""SciPy's BLAS, callable from compiled code without the interpreter lock.

Numba reaches them through its own `np.dot` and `np.linalg`, which allocate, check and copy on every
call; the solvers here call small blocks hundreds of times, in place and on sub-blocks, so they bind
the few routines they need. The addresses come from SciPy's documented Cython interface and enter
the program by symbol name, which keeps the compiled functions cacheable.
"""

from collections.abc import Callable
from typing import Any

import llvmlite.binding
import llvmlite.ir as ir
from numba import types
from numba.core import cgutils
from numba.extending import get_cython_function_address, intrinsic
from scipy.linalg import cython_blas

from device_models.compiled import compiled


def _symbol(module: Any, name: str) -> str:
    """Register a SciPy routine with the compiler and return its symbol name."""
    declaration = str(module.__pyx_capi__[name])
    if "int *" not in declaration:
        raise ImportError(
            f"SciPy's {name} takes {declaration}, but 32-bit integers were expected; "
            "install a SciPy wheel from PyPI or conda-forge (LP64 interface)"
        )
    symbol = f"crossbar_{name}"
    address = get_cython_function_address(module.__name__, name)
    llvmlite.binding.add_symbol(symbol, address)
    return symbol


def _by_reference(context: Any, builder: Any, value: Any, ty: Any, letter: str) -> Any:
    """Pointer to one Fortran argument: the data of an array, or a stack slot for a scalar."""
    byte_pointer = ir.IntType(8).as_pointer()
    if letter == "A":
        array = context.make_array(ty)(context, builder, value)
        return builder.bitcast(array.data, byte_pointer)
    target, kind = {
        "c": (types.int8, ir.IntType(8)),
        "i": (types.int32, ir.IntType(32)),
        "d": (types.float64, ir.DoubleType()),
    }[letter]
    slot = cgutils.alloca_once(builder, kind)
    builder.store(context.cast(builder, value, ty, target), slot)
    return builder.bitcast(slot, byte_pointer)


def _fortran(module: Any, name: str, letters: str) -> Callable[..., Any]:
    """Bind a routine; `letters` gives its arguments: c char, i int, d double, A array."""
    symbol = _symbol(module, name)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (packed,), (tuple_type,) = arguments, signature.args
        values = cgutils.unpack_tuple(builder, packed)
        pointers = [
            _by_reference(context, builder, value, ty, letter)
            for value, ty, letter in zip(values, tuple_type.types, letters, strict=True)
        ]
        kind = ir.FunctionType(ir.VoidType(), [pointer.type for pointer in pointers])
        function = cgutils.get_or_insert_function(builder.module, kind, symbol)
        builder.call(function, pointers)
        return context.get_dummy_value()

    def call(typing_context: Any, arguments: Any) -> Any:
        return types.none(arguments), codegen

    bound: Callable[..., Any] = intrinsic(call)
    return bound


_dgemm = _fortran(cython_blas, "dgemm", "cciiidAiAidAi")

_N, _T = ord("N"), ord("T")


@compiled
def _leading(a):
    """Distance between rows, in elements."""
    return a.strides[0] // a.itemsize


@compiled
def multiply(a, b, c, alpha, beta):
    """c = alpha a @ b + beta c, for row-major matrices or blocks of them."""
    if c.shape[0] == 0 or c.shape[1] == 0:
        return
    _dgemm((_N, _N, b.shape[1], a.shape[0], a.shape[1], alpha, b, _leading(b), a, _leading(a),
            beta, c, _leading(c)))


@compiled
def multiply_at(a, b, c, alpha, beta):
    """c = alpha a.T @ b + beta c."""
    _dgemm((_N, _T, b.shape[1], a.shape[1], a.shape[0], alpha, b, _leading(b), a, _leading(a),
            beta, c, _leading(c)))


@compiled
def multiply_bt(a, b, c, alpha, beta):
    """c = alpha a @ b.T + beta c."""
    _dgemm((_T, _N, b.shape[0], a.shape[0], a.shape[1], alpha, b, _leading(b), a, _leading(a),
            beta, c, _leading(c)))


@compiled
def copy(a, out):
    """out[:] = a for matrices; Numba's own assignment takes seconds to compile."""
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            out[i, j] = a[i, j]


@compiled
def mirror(a):
    """Copy the lower triangle of a square matrix onto its upper one."""
    for i in range(a.shape[0]):
        for j in range(i):
            a[j, i] = a[i, j]
