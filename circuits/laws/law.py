"""What a circuit needs to know of a device's current-voltage law.

To add a law, write one new file in this folder and one line in `circuits/laws/__init__.py`; outside
this package, one class. Where the law is a formula, derive from `FormulaLaw` and write the formula:
slopes, machine code and netlists come from it. Anything else derives from `Law` and writes `shape`
and `slope`, and `expression` if it is to go into netlists.
"""

from typing import NoReturn

import numpy as np

from circuits.laws.compiled import CompiledLaw
from device_models.checks import Floats

_HERE = f"{__name__.rpartition('.')[0]}."
_NEEDED = ("branches", "limits", "shape", "slope", "expression")


class Law:
    """I(V) = sum over branches of G_b f_b(V): monotone, with f_b(0) = 0 unless it is measured.

    A law's methods are pure functions of the voltage; the circuit has the conductances.
    """

    branches: int = 1
    """Number of branches; one conductance per cross-point and branch."""

    limits: tuple[float, float] = (-np.inf, np.inf)
    """Voltages [V] between which the law is known; beyond them a solution warns."""

    linear: bool = False
    """Whether currents are proportional to voltages, so that an array is one matrix."""

    @property
    def compiled(self) -> CompiledLaw | None:
        """`shape` as machine code, which makes solutions faster; None if there is none."""
        return None

    def shape(self, v: Floats) -> Floats:
        """f_b(v) of all branches: (branches, *v.shape) [V]."""
        self._lacks("shape(v)", "circuits need it for currents")

    def slope(self, v: Floats) -> Floats:
        """df_b/dv of all branches: (branches, *v.shape) [1]."""
        if self.linear:
            return self.shape(np.ones_like(v))
        self._lacks("slope(v)", "circuits need it to begin, and for Newton's method")

    def expression(self, branch: int, v: str) -> str:
        """f_b as an ngspice expression of the voltage expression `v`."""
        self._lacks("expression(branch, v)", "netlists need it")

    def _lacks(self, method: str, why: str) -> NoReturn:
        raise NotImplementedError(f"{self!r} has no {method}, and {why}: write it, or derive the "
                                  "law from circuits.FormulaLaw, which makes it from a formula")


def check_law(law: Law) -> None:
    """Refuse what is neither a `Law` nor has the same methods, and a false claim to be linear."""
    if isinstance(law, type) or not hasattr(law, "shape"):
        raise TypeError(f"law is {law!r}; expected an object, as circuits.CubicLaw(0.5)")
    missing = [name for name in _NEEDED if not hasattr(law, name)]
    if missing:
        raise TypeError(f"law is {law!r}, which lacks {' and '.join(missing)}; derive it from "
                        "circuits.Law, which has the rest, or write all of "
                        f"{', '.join(_NEEDED)}")
    _check_sizes(law)
    if is_linear(law):
        _check_linear(law)


def is_linear(law: Law) -> bool:
    """Whether a law says that it is linear; one that does not derive from `Law` may say nothing."""
    return bool(getattr(law, "linear", False))


def _check_sizes(law: Law) -> None:
    """Refuse values that are not one for each branch and voltage."""
    v = np.clip([-1e-3, 1e-3], *law.limits)
    expected = (law.branches, *v.shape)
    for name in ("shape", "slope"):
        written = getattr(type(law), name, None)
        if getattr(written, "__module__", "").startswith(_HERE):
            continue  # this package's own keep to it, and would be compiled for nothing
        found = np.shape(getattr(law, name)(v.copy()))
        if found != expected:
            raise ValueError(f"{name}(v) of {law!r} has shape {found} for voltages of shape "
                             f"{v.shape}; expected (branches, *v.shape), which is {expected}: for "
                             "one branch return f[None]")


def _check_linear(law: Law) -> None:
    """Refuse a linear law whose f(v) is not proportional to v, or whose slope is not constant."""
    v = np.array([0.0, -1.0, -0.3, 1e-3, 0.5, 2.0])
    slope = law.slope(v)
    for found, expected in ((law.shape(v), slope[:, :1] * v), (slope, slope[:, :1] + 0.0 * v)):
        wrong = ~(np.abs(found - expected) <= 1e-12 * np.abs(expected))
        if wrong.any():
            b, k = np.argwhere(wrong)[0]
            raise ValueError(
                f"{law!r} says that it is linear, but at {v[k]:g} V branch {b} has "
                f"f = {law.shape(v)[b, k]:g} V and the slope {slope[b, k]:g}, where the slope at "
                f"0 V is {slope[b, 0]:g}; expected f(v) = slope v: leave `linear` out")
