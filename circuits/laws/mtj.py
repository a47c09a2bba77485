"""A compound junction with bias-dependent conductance and TMR."""

from dataclasses import dataclass
from functools import cached_property

import numba
import numpy as np
from numpy.typing import ArrayLike

from circuits.laws.compiled import CompiledLaw, compile_law
from device_models import MTJ, CompoundMTJ
from device_models.checks import Floats, positive, real_array


@compile_law
def _junction(v, parameters, f, n):  # type: ignore[no-untyped-def]  # compiled, on pointers
    x, y = numba.carray(v, (n,)), numba.carray(f, (2, n))
    p, h, tmr = numba.carray(parameters, (3,))
    for i in range(n):
        square = x[i] * x[i]
        y[0, i] = x[i] * (1.0 + p * square)
        square = 1.0 + h * square
        y[1, i] = y[0, i] * (1.0 + tmr) * square / (square + tmr)


@dataclass(frozen=True)
class MTJLaw:
    """A parallel and an antiparallel branch; conductances are those at zero bias.

    Branch 0, parallel cells: f = V (1 + (V/v_p)^2). Branch 1, antiparallel cells: the same times
    (1 + TMR)/(1 + TMR(V)) with TMR(V) = TMR/(1 + (V/v_h)^2). A cross-point's own states and
    variation are in its two conductances; see `conductance`.

    Parameters
    ----------
    v_p : float
        Bias that doubles the parallel conductance [V].
    v_h : float
        Bias that halves the TMR [V].
    tmr : float
        TMR at zero bias [1].
    """

    v_p: float
    v_h: float
    tmr: float
    branches = 2
    limits = (-np.inf, np.inf)

    def __post_init__(self) -> None:
        for name, unit in (("v_p", "V"), ("v_h", "V"), ("tmr", "1")):
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))

    @classmethod
    def of(cls, mtj: MTJ) -> "MTJLaw":
        """The law of a junction, whose bias law must be the quadratic one."""
        if mtj.bias is not None:
            raise ValueError(f"the junction's bias law is {mtj.bias!r}; MTJLaw is the quadratic "
                             "one, use TabulatedLaw with currents of the junction")
        return cls(mtj.v_p, mtj.v_h, mtj.tmr)

    @staticmethod
    def conductance(synapse: CompoundMTJ, states: ArrayLike) -> Floats:
        """Branch conductances (2, rows, columns) [S] of compounds in `states` (rows, columns)."""
        if synapse.channel is not None:
            raise ValueError("the compound has a channel in its read path, which no law of one "
                             "voltage describes; leave channel=... out")
        k = real_array("states", states, "1")
        if np.any((k < 0) | (k > synapse.states - 1) | (k != np.rint(k))):
            raise ValueError(f"states are {k.min():g} to {k.max():g}; expected whole numbers from "
                             f"0 to {synapse.states - 1}")
        parallel = synapse.parallel_areas[k.astype(int)]
        rest = synapse.parallel_areas[-1] - parallel
        return np.stack([parallel / synapse.mtj.r_p, rest / synapse.mtj.r_ap])

    @cached_property
    def compiled(self) -> CompiledLaw:
        """The law as machine code."""
        return CompiledLaw(_junction, np.array([self.v_p**-2, self.v_h**-2, self.tmr]))

    def shape(self, v: Floats) -> Floats:
        parallel = v * (1.0 + (v / self.v_p) ** 2)
        square = 1.0 + (v / self.v_h) ** 2
        return np.stack([parallel, parallel * (1.0 + self.tmr) * square / (square + self.tmr)])

    def slope(self, v: Floats) -> Floats:
        f_p = v * (1 + (v / self.v_p) ** 2)
        slope_p = 1 + 3 * (v / self.v_p) ** 2
        square = 1 + (v / self.v_h) ** 2
        factor = (1 + self.tmr) / (square + self.tmr)
        slope_factor = factor * self.tmr / (square + self.tmr) * 2 * v / self.v_h**2
        return np.stack([slope_p, slope_p * factor * square + f_p * slope_factor])

    def expression(self, branch: int, v: str) -> str:
        parallel = f"({v})*(1+({v})*({v})*{self.v_p**-2!r})"
        if branch == 0:
            return parallel
        square = f"(1+({v})*({v})*{self.v_h**-2!r})"
        return f"{parallel}*{1 + self.tmr!r}*{square}/({square}+{self.tmr!r})"
