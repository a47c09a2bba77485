"""The law of bias of a junction as text: one form for each law, one for all others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from circuits.spice.export.curves import Curves
from circuits.spice.export.fitting import curves_of, meaning
from device_models import MTJ, BrinkmanBias, QuadraticBias
from device_models.checks import Floats

Polynomial = Callable[[Curves, int], str]
"""Writes one of the curves."""


@dataclass(frozen=True, eq=False)
class Formula:
    """A law of bias that is written out: G_P(V)/G_P is `rise`, the TMR is halved at `v_h`.

    Parameters
    ----------
    parameters : mapping
        Names and values [SI] that whoever uses the device may set.
    meaning : str
        Of them, for a comment.
    rise : str
        An expression, with `{v}` for the bias.
    """

    parameters: Mapping[str, float]
    meaning: str
    rise: str
    curves: ClassVar[None] = None

    def chord(
        self, v: str, parallel: str, antiparallel: str, polynomial: Polynomial
    ) -> str:
        """Chord conductance of a `parallel` and an `antiparallel` area at the bias `v`."""
        return (f"({self.rise.format(v=v)})/r_p*"
                f"({parallel}+{antiparallel}/(1.0+tmr/(1.0+({v}/v_h)*({v}/v_h))))")


@dataclass(frozen=True, eq=False)
class Sampled:
    """Any other law: a curve of the parallel and one of the antiparallel state."""

    curves: Curves
    name: str
    parameters: ClassVar[Mapping[str, float]] = {}

    @property
    def meaning(self) -> str:
        """For a comment."""
        return f"{self.name}. {meaning(self.curves)}"

    def chord(
        self, v: str, parallel: str, antiparallel: str, polynomial: Polynomial
    ) -> str:
        """As of a formula; `polynomial` writes curve 0, parallel, and 1, antiparallel."""
        parts = [polynomial(self.curves, which) for which in range(2)]
        return f"({parallel}*({parts[0]})+{antiparallel}*({parts[1]}))"


Barrier = Formula | Sampled


def barrier_of(mtj: MTJ, limit: float, tolerance: float) -> Barrier:
    """The barrier of a junction; curves up to `limit` [V] where its law of bias has no formula."""
    law: Any = mtj.bias_law
    form = _FORMULAS.get(type(law))
    if form is not None:
        return form(mtj, law)
    bare = replace(mtj, contact=0.0)

    def chord(v: Floats) -> Floats:
        return np.stack([bare.conductance(True, v), bare.conductance(False, v)], axis=1)

    return Sampled(curves_of(chord, limit, tolerance), type(law).__name__)


def _quadratic(mtj: MTJ, law: QuadraticBias) -> Formula:
    return Formula({"r_p": mtj.r_p, "tmr": mtj.tmr, "v_p": law.v_p, "v_h": law.v_h},
                   "G_P (1 + (V/v_p)^2) with r_p = 1/G_P [ohm], TMR/(1 + (V/v_h)^2); v_p, v_h [V]",
                   "1.0+({v}/v_p)*({v}/v_p)")


def _brinkman(mtj: MTJ, law: BrinkmanBias) -> Formula:
    """The chord has a half and a third of the coefficients of dI/dV."""
    return Formula({"r_p": mtj.r_p, "tmr": mtj.tmr, "v_h": law.v_h,
                    "slope": law.slope, "curvature": law.curvature},
                   "G_P (1 - slope V/2 + curvature V^2/3) with r_p = 1/G_P [ohm], slope [1/V] and "
                   "curvature [1/V^2] those of dI/dV (Brinkman), TMR/(1 + (V/v_h)^2); v_h [V]",
                   "1.0-slope/2.0*{v}+curvature/3.0*{v}*{v}")


# of exactly these classes: one derived from them may have another law
_FORMULAS: dict[type, Callable[[MTJ, Any], Formula]] = {
    QuadraticBias: _quadratic, BrinkmanBias: _brinkman}
