"""The devices of an array: a law, its conductances at every cross-point, access transistors."""

from dataclasses import dataclass

import numpy as np

from circuits.kernels import elementwise
from circuits.laws import Law
from circuits.laws.compiled import CompiledLaw
from device_models.checks import Floats

_STEPS = 100  # of the scalar Newton iteration behind an access transistor


@dataclass(frozen=True, eq=False)
class Devices:
    """Devices with an access transistor in series.

    Parameters
    ----------
    conductance : (branches, m, n) array
        Branch conductances [S].
    law : Law
        Shapes of the branches.
    access : (m, n) array
        On-resistance in series with each device [ohm].
    """

    conductance: Floats
    law: Law
    access: Floats

    @property
    def compiled(self) -> CompiledLaw | None:
        """The law as machine code, if it has any and nothing stands in series."""
        return None if np.any(self.access) else getattr(self.law, "compiled", None)

    def current(self, v: Floats) -> Floats:
        """Currents (m, n, batch) [A] at voltages `v` (m, n, batch) [V]."""
        return self._own_current(self._behind_access(v))

    def slope(self, v: Floats) -> Floats:
        """dI/dV (m, n, batch) [S] at `v` (m, n, batch) [V]."""
        g = self._own_slope(self._behind_access(v))
        return g / (1.0 + self.access[:, :, None] * g)

    def _own_current(self, v: Floats) -> Floats:
        return self._sum(self.law.shape(v))

    def _own_slope(self, v: Floats) -> Floats:
        return self._sum(self.law.slope(v))

    def _sum(self, branches: Floats) -> Floats:
        total = np.empty(branches.shape[1:])
        for index, (g, f) in enumerate(zip(self.conductance, branches, strict=True)):
            elementwise.add_branch(g, f, index == 0, total)
        return total

    def _behind_access(self, v: Floats) -> Floats:
        """Voltages x over the devices alone: x + access I(x) = v, by bracketed Newton steps."""
        r = self.access[:, :, None]
        if not np.any(r):
            return v
        other = v - r * self._own_current(v)  # currents increase: x lies between this and v
        low, high = np.minimum(v, other), np.maximum(v, other)
        x = v - (v - other) / (1.0 + r * self._own_slope(v))
        before, reach = np.full_like(v, np.inf), float(np.abs(v).max() + np.abs(other).max())
        for _ in range(_STEPS):
            error = x + r * self._own_current(x) - v
            low, high = np.where(error <= 0, x, low), np.where(error >= 0, x, high)
            step = error / (1.0 + r * self._own_slope(x))
            following = x - step
            outside = (following < low) | (following > high)
            following = np.where(outside, (low + high) / 2, following)
            moved = np.abs(following - x)
            stalled = (moved >= before / 2) & (moved <= 1e-13 * reach)  # rounding of the law
            if np.all((moved <= 4e-16 * np.maximum(np.abs(x), np.abs(v))) | stalled):
                return following
            x, before = following, moved
        raise ArithmeticError("the law is not monotone: no voltage found behind the access "
                              "transistor; check the law's currents")
