"""One magnetic tunnel junction, read through its barrier."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from device_models import laws
from device_models.checks import Floats, positive


@dataclass(frozen=True)
class MTJ:
    """A junction with a parallel and an antiparallel state.

    Parameters
    ----------
    r_p : float
        Parallel resistance at low bias, 300 K [ohm].
    tmr : float
        Tunnel magnetoresistance (R_AP - R_P)/R_P at low bias, 300 K [1].
    v_p : float
        Bias that doubles the parallel conductance [V].
    v_h : float
        Bias that halves the TMR [V].
    area : float
        Junction area [m^2].
    """

    r_p: float
    tmr: float
    v_p: float
    v_h: float
    area: float

    def __post_init__(self) -> None:
        for name, unit in (("r_p", "ohm"), ("tmr", "1"), ("v_p", "V"), ("v_h", "V"),
                           ("area", "m^2")):
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))

    @property
    def r_ap(self) -> float:
        """Antiparallel resistance at low bias [ohm]."""
        return self.r_p * (1.0 + self.tmr)

    @property
    def ra(self) -> float:
        """Resistance-area product of the parallel state [ohm m^2]."""
        return self.r_p * self.area

    def conductance(self, parallel: ArrayLike, v: ArrayLike = 0.0) -> Floats:
        """Chord conductance I/V [S] of junctions that are `parallel` (bool) at bias `v` [V]."""
        g_p = laws.parallel_conductance(v, 1.0 / self.r_p, self.v_p)
        g_ap = g_p / (1.0 + laws.biased_tmr(v, self.tmr, self.v_h))
        return np.where(np.asarray(parallel, bool), g_p, g_ap)
