"""Currents as polynomials of the voltage: any smooth law, at the price of a few products."""

from functools import cache, cached_property

import numba
import numpy as np
from numba.core.ccallback import CFunc
from numba.extending import register_jitable
from numpy.typing import ArrayLike

from circuits.copies import read_only
from circuits.laws.compiled import COMPILING, SIGNATURE, CompiledLaw
from circuits.laws.law import Law
from device_models.checks import Floats, positive, real_array
from device_models.compiled import compiled_callback

_AT_ONCE = 6  # powers of a pass over the voltages
_BLOCK = 512  # voltages that stay in the innermost cache between passes


class PolynomialLaw(Law):
    """f_b = V sum_k c_bk (V/limit)^k up to `limit`, beyond it straight lines with the end slopes.

    A solution that gets beyond the limit warns. `branches_of` makes such laws of devices.

    Parameters
    ----------
    coefficients : (branches, orders) array
        c [1], the constant one first.
    limit : float
        Voltage [V] up to which the polynomials hold, at both signs.
    """

    def __init__(self, coefficients: ArrayLike, limit: float) -> None:
        c = real_array("coefficients", coefficients, "1")
        if c.ndim != 2 or not c.size:
            raise ValueError(f"coefficients have shape {c.shape}; expected (branches, orders) with "
                             "one of each or more")
        self.coefficients, self.limit = read_only(c), positive("limit", limit, "V")
        self.branches = len(c)
        self.limits = (-self.limit, self.limit)

    def __repr__(self) -> str:
        branches, orders = self.coefficients.shape
        return f"PolynomialLaw({branches} branches of degree {orders}, limit={self.limit:g})"

    def __getstate__(self) -> dict[str, object]:
        """All but the machine code, which no other process can use."""
        return {name: value for name, value in vars(self).items()
                if not isinstance(value, CompiledLaw)}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(read_only(state))

    @property
    def compiled(self) -> CompiledLaw:
        """The polynomials as machine code."""
        return self._values

    def shape(self, v: Floats) -> Floats:
        return self._values(v)

    def slope(self, v: Floats) -> Floats:
        return self._slope_inside(np.clip(np.asarray(v, float), *self.limits))

    def expression(self, branch: int, v: str) -> str:
        """Horner's scheme of the voltage clipped by min and max, and the straight ends."""
        low, high = self.limits
        ends = self._slope_inside(np.array(self.limits))[branch]
        x = f"min(max({v},{low!r}),{high!r})"
        inner = "0"
        for c in self.coefficients[branch, ::-1]:
            inner = f"({float(c)!r}+{x}*{1.0 / high!r}*{inner})"
        return (f"{x}*{inner}+{float(ends[0])!r}*min({v}-({low!r}),0)"
                f"+{float(ends[1])!r}*max({v}-({high!r}),0)")

    def _slope_inside(self, v: Floats) -> Floats:
        c = self.coefficients * np.arange(1.0, self.coefficients.shape[1] + 1.0)
        powers = (np.asarray(v)[..., None] / self.limit) ** np.arange(c.shape[1])
        return np.asarray(np.moveaxis(powers @ c.T, -1, 0))

    @cached_property
    def _values(self) -> CompiledLaw:
        c = self.coefficients
        even = not c[:, 1::2].any()  # half the powers, of the square
        c = c[:, ::2] if even else c
        padded = np.pad(c, ((0, 0), (0, -c.shape[1] % _AT_ONCE)))
        ends = self._slope_inside(np.array(self.limits))
        head = [self.limit, float(even), len(c), padded.shape[1]]
        parameters = np.concatenate([head, np.hstack([ends, padded]).ravel()])
        return CompiledLaw(_machine_code(), parameters, self.branches)


def _evaluate(v, parameters, f, n):  # type: ignore[no-untyped-def]  # compiled, on pointers
    """All branches at every voltage; see `PolynomialLaw._values` for the parameters."""
    head = numba.carray(parameters, (4,))
    limit, even = head[0], head[1]
    branches, orders = int(head[2]), int(head[3])
    rest = numba.carray(parameters, (4 + branches * (2 + orders),))
    every, values = numba.carray(v, (n,)), numba.carray(f, (branches, n))
    for start in range(0, n, _BLOCK):
        x = every[start : start + _BLOCK]
        for b in range(branches):
            at = 4 + b * (2 + orders)
            y, c = values[b, start : start + _BLOCK], rest[at + 2 :]
            below, above = rest[at], rest[at + 1]
            y[:] = 0.0
            for k in range(orders - _AT_ONCE, 0, -_AT_ONCE):
                _add_orders(x, c[k:], limit, even, y)
            _add_orders(x, c, limit, even, y)
            for i in range(y.size):
                inside = min(max(x[i], -limit), limit)
                beyond = x[i] - inside
                y[i] = inside * y[i] + (below if beyond < 0.0 else above) * beyond


@register_jitable
def _add_orders(x, c, limit, even, y):  # type: ignore[no-untyped-def]  # compiled
    """Go on with Horner's scheme of `y`, by the next of the coefficients `c`, at voltages `x`."""
    c0, c1, c2, c3, c4, c5 = c[0], c[1], c[2], c[3], c[4], c[5]
    for i in range(y.size):
        t = min(max(x[i], -limit), limit) / limit
        s = t * (even * t + (1.0 - even))
        y[i] = (((((y[i] * s + c5) * s + c4) * s + c3) * s + c2) * s + c1) * s + c0


def _machine_code() -> CFunc:
    with COMPILING:
        return _compile()


@cache
def _compile() -> CFunc:
    return compiled_callback(SIGNATURE, _evaluate, error_model="numpy",
                             fastmath={"arcp", "contract"})
