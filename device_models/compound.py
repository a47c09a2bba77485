"""A compound synapse: several junctions in parallel on one write channel."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, real_array, whole
from device_models.mtj import MTJ


class Synapse(Protocol):
    """What an array needs to know of its cross-points."""

    @property
    def continuous(self) -> bool:
        """Whether every conductance between the first and the last state can be set."""

    def conductances(self, v: float = 0.0) -> Floats:
        """Conductances of the states at bias `v` [V], increasing: (states,) [S]."""

    def program(self, target: ArrayLike, v: float = 0.0) -> Floats:
        """The nearest conductance that can be set, for each target [S]."""


@dataclass(frozen=True)
class CompoundMTJ:
    """n equal junctions in parallel; state k has k of them parallel, so there are n + 1 states.

    Parameters
    ----------
    mtj : MTJ
        The junction.
    cells : int
        Number of junctions, 1 or more.
    """

    mtj: MTJ
    cells: int = 1

    def __post_init__(self) -> None:
        if not isinstance(self.mtj, MTJ):
            raise TypeError(f"mtj is {self.mtj!r}; expected an MTJ, as stack.mtj(...) returns")
        object.__setattr__(self, "cells", whole("cells", self.cells, 1))

    @property
    def continuous(self) -> bool:
        """False: there are n + 1 states."""
        return False

    def conductances(self, v: float = 0.0) -> Floats:
        """Chord conductances of the states 0..n at bias `v` [V]: (cells + 1,) [S]."""
        bias = real_array("bias", v, "V")
        if bias.ndim:
            raise ValueError(f"bias [V] has shape {bias.shape}; expected one number, or use "
                             "current(state, v) for arrays")
        return self._chord(np.arange(self.cells + 1.0), bias)

    def current(self, state: ArrayLike, v: ArrayLike) -> Floats:
        """Current [A] of devices in `state` (whole numbers) at bias `v` [V]; arrays broadcast."""
        k = real_array("state", state, "1")
        if np.any((k < 0) | (k > self.cells) | (k != np.rint(k))):
            raise ValueError(f"state is {state!r}; expected whole numbers from 0 to {self.cells}")
        bias = real_array("bias", v, "V")
        return bias * self._chord(k, bias)

    def program(self, target: ArrayLike, v: float = 0.0) -> Floats:
        """The state conductance nearest to each target [S], any shape; ties go to the lower."""
        g = self.conductances(v)
        return g[np.searchsorted((g[1:] + g[:-1]) / 2, real_array("target", target, "S"))]

    def _chord(self, k: Floats, v: Floats) -> Floats:
        return k * self.mtj.conductance(True, v) + (self.cells - k) * self.mtj.conductance(False, v)


@dataclass(frozen=True)
class UnlimitedStates:
    """A synapse that can be set anywhere between the extreme states of another.

    The limit of infinitely many cells: what is lost with it is not lost to quantisation.
    """

    synapse: CompoundMTJ

    @property
    def continuous(self) -> bool:
        """True."""
        return True

    def conductances(self, v: float = 0.0) -> Floats:
        """The two extreme conductances at bias `v` [V]: (2,) [S]."""
        return self.synapse.conductances(v)[[0, -1]]

    def program(self, target: ArrayLike, v: float = 0.0) -> Floats:
        """Each target [S], clipped to the range."""
        return np.clip(real_array("target", target, "S"), *self.conductances(v))
