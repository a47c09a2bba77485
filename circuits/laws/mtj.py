"""A compound junction with bias-dependent conductance and TMR."""

from dataclasses import dataclass

import numpy as np
from numba.extending import register_jitable
from numpy.typing import ArrayLike

from circuits.laws.formula import FormulaLaw
from device_models import MTJ, CompoundMTJ
from device_models.checks import Floats, ask_about_tmr, positive, real_array
from device_models.junction.laws import (
    antiparallel_conductance,
    biased_tmr,
    parallel_conductance,
)

for _equation in (parallel_conductance, biased_tmr, antiparallel_conductance):
    register_jitable(_equation)  # so that machine code may call it


@dataclass(frozen=True)
class MTJLaw(FormulaLaw):
    """A parallel and an antiparallel branch; conductances are those at zero bias.

    Branch 0, parallel cells: f = V (1 + (V/v_p)^2). Branch 1, antiparallel cells: the same times
    (1 + TMR)/(1 + TMR(V)) with TMR(V) = TMR/(1 + (V/v_h)^2). These are the equations of
    `device_models.junction`, with one siemens at zero bias. A cross-point's own states and
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

    def __post_init__(self) -> None:
        for name, unit in (("v_p", "V"), ("v_h", "V"), ("tmr", "1")):
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        self._check_range()
        ask_about_tmr("tmr", self.tmr, stacklevel=4)  # whoever makes the law

    @staticmethod
    def formula(v: float, v_p: float, v_h: float, tmr: float) -> tuple[float, float]:
        p, h = v * (1.0 / v_p), v * (1.0 / v_h)  # divisions of all voltages at once
        parallel = parallel_conductance(p, 1.0, 1.0)
        above = parallel_conductance(p, 1.0 + tmr, 1.0)  # of the parallel state to 1 S antiparallel
        return v * parallel, v * antiparallel_conductance(above, biased_tmr(h, tmr, 1.0))

    @staticmethod
    def derivative(v: float, v_p: float, v_h: float, tmr: float) -> tuple[float, float]:
        parallel = 1.0 + 3.0 * (v / v_p) ** 2
        ratio, above = biased_tmr(v, tmr, v_h), parallel_conductance(v, 1.0 + tmr, v_p)
        # the TMR falls by 2 v ratio^2/(tmr v_h^2) a volt
        rise = above * 2.0 * (v / v_h) ** 2 * ratio**2 / tmr / (1.0 + ratio)
        return parallel, ((1.0 + tmr) * parallel + rise) / (1.0 + ratio)

    @classmethod
    def of(cls, mtj: MTJ) -> "MTJLaw":
        """The law of a junction, whose bias law must be the quadratic one."""
        if mtj.bias is not None:
            raise ValueError(f"the junction's bias law is {mtj.bias!r}; MTJLaw is the quadratic "
                             "one, use TabulatedLaw with currents of the junction")
        if mtj.contact:
            raise ValueError(f"the junction has a contact of {mtj.contact:g} ohm in series, which "
                             "MTJLaw has not; use TabulatedLaw with currents of the junction")
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
