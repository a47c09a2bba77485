"""Calls of a law's machine code by its address.

Numba looks a C function's type up anew at every call that is given one, for a tenth of a
millisecond; an address is a number.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core.imputils import impl_ret_untracked
from numba.extending import intrinsic
from numba.np.arrayobj import make_array


@intrinsic
def call_law(typing: Any, address: Any, v: Any, parameters: Any, f: Any) -> Any:
    """Have the C function at `address` (int64) write the branches' shapes `f` (branches, *v.shape)
    [V] at the voltages `v` [V]; see `circuits.laws.compiled`. All arrays are contiguous."""
    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        arrays = [make_array(kind)(context, builder, value)
                  for kind, value in zip(signature.args[1:], given[1:], strict=True)]
        pointers = [array.data for array in arrays]
        count = arrays[0].nitems
        kind = ir.FunctionType(ir.VoidType(), [one.type for one in [*pointers, count]])
        builder.call(builder.inttoptr(given[0], kind.as_pointer()), [*pointers, count])
        return impl_ret_untracked(context, builder, types.none, context.get_dummy_value())

    return types.none(types.int64, v, parameters, f), generate
