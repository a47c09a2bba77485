"""The devices of an array: a law, its conductances at every cross-point, access transistors."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits.copies import ReadOnly
from circuits.errors import ConvergenceError
from circuits.kernels import elementwise
from circuits.laws import Law
from circuits.laws.compiled import CompiledLaw
from device_models.checks import Floats

_STEPS = 300  # of the scalar iteration behind an access transistor
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Devices(ReadOnly):
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

    @cached_property
    def _in_series(self) -> bool:
        """Whether any access transistor has resistance."""
        return bool(np.any(self.access))

    @cached_property
    def own_conductance(self) -> Floats:
        """Slopes at zero bias of the devices alone, without what is in series: (m, n) [S]."""
        return self._own_slope(np.zeros((*self.access.shape, 1)))[:, :, 0]

    @property
    def compiled(self) -> CompiledLaw | None:
        """The law as machine code, if it has any and nothing stands in series."""
        return None if self._in_series else getattr(self.law, "compiled", None)

    def current(self, v: Floats) -> Floats:
        """Currents (m, n, batch) [A] at voltages `v` (m, n, batch) [V]."""
        return self._own_current(self.own_voltage(v))

    def slope(self, v: Floats) -> Floats:
        """dI/dV (m, n, batch) [S] at `v` (m, n, batch) [V]."""
        g = self._own_slope(self.own_voltage(v))
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

    def own_voltage(self, v: Floats) -> Floats:
        """Voltages x over the devices alone (m, n, batch) [V]: x + access I(x) = v.

        Newton steps kept inside a bracket that bisection shrinks where they stray.
        """
        if not self._in_series:
            return v
        r = self.access[:, :, None]
        with np.errstate(over="ignore", invalid="ignore"):
            low, high = self._bracket(v, r)
            x = low + (high - low) / 2
            for step in range(_STEPS):
                error = x + r * self._own_current(x) - v
                low, high = np.where(error <= 0, x, low), np.where(error >= 0, x, high)
                following = x - error / (1.0 + r * self._own_slope(x))
                strays = ~((following > low) & (following < high)) | (step % 4 == 3)
                following = np.where(strays, low + (high - low) / 2, following)
                reach = 2 * _EPS * np.maximum(np.abs(low), np.abs(high))
                if np.all((np.abs(following - x) <= 2 * _EPS * np.abs(x)) | (high - low <= reach)):
                    return following
                x = following
        raise ConvergenceError(
            f"no voltage was found behind an access transistor in {_STEPS} steps; check that "
            f"{self.law!r} is finite and does not fall with voltage"
        )

    def _bracket(self, v: Floats, r: Floats) -> tuple[Floats, Floats]:
        """Bounds of `own_voltage`: as currents increase, it lies between v and v - r I(v), and on
        the same side of zero as v - r I(0)."""
        other = v - r * self._own_current(v)
        low, high = np.minimum(v, other), np.maximum(v, other)
        rest = r * self._own_current(np.zeros_like(v)) - v
        return np.where(rest <= 0, np.fmax(low, 0.0), low), np.where(rest >= 0, np.fmin(high, 0.0),
                                                                       high)
