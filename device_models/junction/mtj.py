"""One magnetic tunnel junction, read through its barrier."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import (
    Floats,
    ask_about_tmr,
    fitting,
    nonnegative,
    nonnegative_array,
    positive,
    truths,
)
from device_models.junction import laws
from device_models.junction.bias import BiasLaw, QuadraticBias, bias_array
from device_models.junction.contact import behind_contact

_OPTIONAL = ("breakdown_voltage", "disturb_current", "breakdown_shape")


@dataclass(frozen=True)
class MTJ:
    """A junction with a parallel and an antiparallel state.

    Parameters
    ----------
    r_p : float
        Parallel resistance at low bias, at 300 K unless made for another temperature [ohm].
    tmr : float
        Tunnel magnetoresistance (R_AP - R_P)/R_P at low bias, likewise [1]; above 10, which is
        1000 %, a UserWarning asks.
    v_p : float
        Bias that doubles the parallel conductance [V].
    v_h : float
        Bias that halves the TMR [V].
    area : float
        Junction area [m^2].
    bias : BiasLaw, optional
        Another law of bias, as `BrinkmanBias`; then `v_p` and `v_h` above are not used. If not
        given, `QuadraticBias(v_p, v_h)`.
    breakdown_voltage : float, optional
        Bias that breaks the barrier [V], where it is known.
    stability : (float, float), optional
        Barrier over k_B T of the parallel and of the antiparallel state, in no applied field, at
        `temperature`, where it is known [1].
    temperature : float
        For which the junction is made [K].
    disturb_current : float, optional
        Critical current of spin transfer through the junction, mean of both states, where it is
        known [A]; see `reliability.disturb_current`.
    disturb_exponent : float
        Of the barrier that such a current leaves [1]; see `reliability.read_disturb`: 1 in the
        plane, 2 out of it.
    breakdown_shape : float, optional
        Of the Weibull law whose mean is `breakdown_voltage` [1], where it is known.
    contact : float
        Resistance in series with the junction, of its own upper contact [ohm]; a cell of twice the
        area has half of it. `r_p`, `r_ap`, `tmr` and the laws of bias are those of the barrier
        alone; `conductance` counts the contact in, at its share of the bias.
    """

    r_p: float
    tmr: float
    v_p: float
    v_h: float
    area: float
    bias: BiasLaw | None = None
    breakdown_voltage: float | None = None
    stability: tuple[float, float] | None = None
    temperature: float = 300.0
    disturb_current: float | None = None
    disturb_exponent: float = 1.0
    breakdown_shape: float | None = None
    contact: float = 0.0

    def __post_init__(self) -> None:
        for name, unit in (("r_p", "ohm"), ("tmr", "1"), ("v_p", "V"), ("v_h", "V"),
                           ("area", "m^2"), ("temperature", "K"), ("breakdown_voltage", "V"),
                           ("disturb_current", "A"), ("disturb_exponent", "1"),
                           ("breakdown_shape", "1")):
            if name not in _OPTIONAL or getattr(self, name) is not None:
                object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        object.__setattr__(self, "contact", nonnegative("contact", self.contact, "ohm"))
        ask_about_tmr("tmr", self.tmr, stacklevel=4)  # whoever makes the junction
        if self.stability is not None:
            object.__setattr__(self, "stability", _two_barriers(self.stability))
        if self.bias is not None and not (hasattr(self.bias, "parallel")
                                          and hasattr(self.bias, "ratio")):
            raise TypeError(f"bias is {self.bias!r}; expected a law as QuadraticBias or "
                            "BrinkmanBias, or None")

    @property
    def bias_law(self) -> BiasLaw:
        """The law of bias in use."""
        return QuadraticBias(self.v_p, self.v_h) if self.bias is None else self.bias

    @property
    def r_ap(self) -> float:
        """Antiparallel resistance at low bias [ohm]."""
        return self.r_p * (1.0 + self.tmr)

    @property
    def ra(self) -> float:
        """Resistance-area product of the parallel state [ohm m^2]."""
        return self.r_p * self.area

    def conductance(self, parallel: ArrayLike, v: ArrayLike = 0.0) -> Floats:
        """Chord conductance I/V [S] of junctions that are `parallel` at bias `v` [V], over
        barrier and contact.

        `parallel` bool (or 0 and 1) and `v` finite, of any shapes that broadcast.
        """
        is_parallel, bias = truths("parallel", parallel), bias_array("bias", v)
        fitting(parallel=is_parallel, bias=bias)
        if self.contact:
            return behind_contact(partial(self._chord, is_parallel), bias, self.contact)
        return self._chord(is_parallel, bias)

    def _chord(self, is_parallel: NDArray[np.bool_], bias: Floats) -> Floats:
        """Of the barrier alone [S]."""
        law = self.bias_law
        g_p = law.parallel(bias, 1.0 / self.r_p)
        g_ap = laws.antiparallel_conductance(g_p, law.ratio(bias, self.tmr))
        return np.where(is_parallel, g_p, g_ap)


def _two_barriers(stability: ArrayLike) -> tuple[float, float]:
    """The barriers [1] of the two states, each zero or more."""
    barriers = nonnegative_array("stability", stability, "1")
    if barriers.shape != (2,):
        raise ValueError(f"stability [1] has shape {barriers.shape}; expected two numbers, of the "
                         "parallel and of the antiparallel state")
    return float(barriers[0]), float(barriers[1])
