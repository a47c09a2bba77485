"""How conductance and TMR depend on bias: one law per class, passed to a junction as an object."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import electron_mass, elementary_charge, hbar

from device_models.checks import Floats, first, fitting, positive, real_array
from device_models.junction import laws

MOST_BIAS = 1e6
"""Size of the largest bias taken [V]: far beyond any barrier, and squares stay finite [A]."""


def bias_array(name: str, v: ArrayLike) -> Floats:
    """Finite biases [V] of any shape, none beyond `MOST_BIAS`."""
    array = real_array(name, v, "V")
    if np.any(np.abs(array) > MOST_BIAS):
        where, found = first(array, np.abs(array) > MOST_BIAS)
        raise ValueError(f"{name} [V] is {found:g}{where}; expected {MOST_BIAS:g} or less in size: "
                         "is it in volts?")
    return array


class BiasLaw(Protocol):
    """What a junction needs to know of its barrier; both methods broadcast."""

    def parallel(self, v: ArrayLike, g_p: ArrayLike) -> Floats:
        """Chord conductance [S] of the parallel state at bias `v` [V]; `g_p` [S] at no bias."""

    def ratio(self, v: ArrayLike, tmr: ArrayLike) -> Floats:
        """TMR [1] at bias `v` [V]; `tmr` [1] at no bias."""


@dataclass(frozen=True)
class QuadraticBias:
    """G_P(V) = G_P (1 + (V/v_p)^2) and TMR(V) = TMR/(1 + (V/v_h)^2); the default.

    Parameters
    ----------
    v_p : float
        Bias that doubles the parallel conductance [V]; 0.8 to 1.0 is assumed for 1.8 nm of MgO.
    v_h : float
        Bias that halves the TMR [V]; 0.5 in Zhang et al., IEEE Access 8, 50792 (2020).
    """

    v_p: float
    v_h: float

    def __post_init__(self) -> None:
        for name in ("v_p", "v_h"):
            object.__setattr__(self, name, positive(name, getattr(self, name), "V"))

    def parallel(self, v: ArrayLike, g_p: ArrayLike) -> Floats:
        """G_P (1 + (V/v_p)^2) [S]; `v` [V], `g_p` [S], any shapes that broadcast."""
        fitting(v=v, g_p=g_p)
        return laws.parallel_conductance(np.asarray(v, float), np.asarray(g_p), self.v_p)

    def ratio(self, v: ArrayLike, tmr: ArrayLike) -> Floats:
        """TMR/(1 + (V/v_h)^2) [1]; `v` [V], `tmr` [1], any shapes that broadcast."""
        return _halved(v, tmr, self.v_h)


@dataclass(frozen=True)
class BrinkmanBias:
    """Tunnelling through a trapezoidal barrier, to second order in the bias.

        dI/dV = G_P (1 - s V + c V^2),   s = A d_phi/(16 phi^(3/2)),   c = 9 A^2/(128 phi),

    with A = 4 sqrt(2 m e) d/(3 hbar) and barrier heights in volts (W. F. Brinkman, R. C. Dynes and
    J. M. Rowell, J. Appl. Phys. 41, 1915 (1970)). What a circuit sees is the chord of its integral,

        G_P(V) = I/V = G_P (1 - s V/2 + c V^2/3).

    With 0.4 V and 1.8 nm the chord grows by 9 % at 0.1 V, dI/dV by 27 %; seven times what is
    assumed of MgO by default. TMR(V) = TMR/(1 + (V/v_h)^2) as in `QuadraticBias`, of the chords.

    Parameters
    ----------
    height : float
        Mean barrier height phi [V]; 0.4 is usual in compact models of MgO.
    width : float
        Barrier thickness d [m].
    v_h : float
        Bias that halves the TMR [V].
    asymmetry : float
        Difference of the heights at the two electrodes, below `height` in size [V]. It makes the
        conductance differ between the two signs of the bias.
    """

    height: float
    width: float
    v_h: float
    asymmetry: float = 0.0

    def __post_init__(self) -> None:
        for name, unit in (("height", "V"), ("width", "m"), ("v_h", "V")):
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        difference = real_array("asymmetry", self.asymmetry, "V")
        if difference.ndim or abs(difference) >= self.height:
            raise ValueError(f"asymmetry [V] is {self.asymmetry!r}; expected one number smaller "
                             f"than the barrier height of {self.height:g} V")
        object.__setattr__(self, "asymmetry", float(difference))

    @property
    def slope(self) -> float:
        """s, the coefficient of -V in dI/dV [1/V]; the chord's is half of it."""
        return float(self._a * self.asymmetry / (16 * self.height**1.5))

    @property
    def curvature(self) -> float:
        """c, the coefficient of V^2 in dI/dV [1/V^2]; the chord's is a third of it."""
        return 9 * self._a**2 / (128 * self.height)

    @property
    def _a(self) -> float:
        momentum = math.sqrt(2 * electron_mass * elementary_charge)
        return float(4 * momentum * self.width / (3 * hbar))

    def parallel(self, v: ArrayLike, g_p: ArrayLike) -> Floats:
        """Chord conductance [S] of the parallel state; `v` [V], `g_p` [S] broadcast."""
        return self._series(v, g_p, self.slope / 2, self.curvature / 3)

    def differential(self, v: ArrayLike, g_p: ArrayLike) -> Floats:
        """dI/dV [S] of the parallel state, as a lock-in amplifier has it; arguments as above."""
        return self._series(v, g_p, self.slope, self.curvature)

    @staticmethod
    def _series(v: ArrayLike, g_p: ArrayLike, slope: float, curvature: float) -> Floats:
        fitting(v=v, g_p=g_p)
        bias = bias_array("v", v)
        return real_array("g_p", g_p, "S") * (1.0 - slope * bias + curvature * bias**2)

    def ratio(self, v: ArrayLike, tmr: ArrayLike) -> Floats:
        """TMR/(1 + (V/v_h)^2) [1]; `v` [V], `tmr` [1], any shapes that broadcast."""
        return _halved(v, tmr, self.v_h)


def _halved(v: ArrayLike, tmr: ArrayLike, v_h: float) -> Floats:
    """TMR/(1 + (V/v_h)^2) [1], of shapes that fit."""
    fitting(v=v, tmr=tmr)
    return laws.biased_tmr(np.asarray(v, float), np.asarray(tmr), v_h)
