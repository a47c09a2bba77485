"""A compound synapse: several junctions in parallel on one write channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats, fitting, positive, real_array, whole
from device_models.compound import patterns
from device_models.compound.channel import Channel
from device_models.junction.mtj import MTJ

_CHUNK = 2**20  # cell conductances solved at a time


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
    """n junctions in parallel; equal ones have n + 1 states, state k with k of them parallel.

    Parameters
    ----------
    mtj : MTJ
        The junction.
    cells : int
        Number of junctions, 1 or more.
    channel : Channel, optional
        The write channel the junctions stand on, counted in every conductance and current; a bias
        is then that between the upper electrodes and the channel's end. A state's conductance is
        the mean over the patterns of that state, each as likely as the others: which cells switch
        first is chance. `conductance_range` has the spread. At most 20 cells.
    areas : sequence of float, optional
        Area of each cell in units of the junction's, from the read end on: (cells,) [1]. Patterns
        with the same parallel area are one state: 1, 2 and 4 make eight. At most 20 cells.
    """

    mtj: MTJ
    cells: int = 1
    channel: Channel | None = None
    areas: Sequence[float] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.mtj, MTJ):
            raise TypeError(f"mtj is {self.mtj!r}; expected an MTJ, as stack.mtj(...) returns")
        object.__setattr__(self, "cells", whole("cells", self.cells, 1))
        if self.channel is not None and not isinstance(self.channel, Channel):
            raise TypeError(f"channel is {self.channel!r}; expected a Channel, as "
                            "stack.write_channel() returns, or None")
        if self.areas is not None:
            areas = real_array("areas", self.areas, "1")
            if areas.shape != (self.cells,):
                raise ValueError(f"areas [1] have shape {areas.shape}; expected one for each of "
                                 f"the {self.cells} cells")
            object.__setattr__(self, "areas", tuple(positive("areas", a, "1") for a in areas))
        if self._patterned:
            patterns.all_patterns(self.cells)  # refuses too many cells here and not later

    @property
    def continuous(self) -> bool:
        """False: there are finitely many states."""
        return False

    @property
    def states(self) -> int:
        """Number of states: n + 1 of equal cells, 2^n where no two patterns have equal areas."""
        return len(self.parallel_areas)

    @property
    def parallel_areas(self) -> Floats:
        """Area of the parallel cells in each state, in junction areas: (states,) [1]."""
        if self.areas is None:
            return np.arange(self.cells + 1.0)
        return np.asarray(patterns.states_of(patterns.all_patterns(self.cells), self._areas)[1])

    @property
    def pattern_states(self) -> NDArray[np.intp]:
        """State of each pattern of parallel cells, in binary order (bit i is cell i): (2^n,)."""
        return patterns.states_of(patterns.all_patterns(self.cells), self._areas)[0]

    @property
    def breakdown_voltage(self) -> float | None:
        """Mean bias that breaks the first of the cells [V], where it is known; a channel's share
        is left out. That of all their areas by Weibull's law, or of one cell without a shape."""
        one, shape = self.mtj.breakdown_voltage, self.mtj.breakdown_shape
        if one is None or shape is None:
            return one
        return float(one * self._areas.sum() ** (-1.0 / shape))

    def pattern_conductances(self, v: float = 0.0) -> Floats:
        """Chord conductance of every pattern of parallel cells at bias `v` [V]: (2^n,) [S].

        Exact, the channel's ladder and the junctions' bias laws solved together. In binary order:
        pattern p has cell i parallel where bit i of p is set, cell 0 nearest the read end.
        """
        return np.array(self._kept("_patterns", float(self._bias(v)))[0])

    def channel_shares(self, v: float = 0.0) -> Floats:
        """Share of a read's power that the channel takes, at bias `v` [V], of every pattern as
        `pattern_conductances` numbers them: (2^n,) [1]; zeros without a channel."""
        return np.array(self._kept("_shares", float(self._bias(v)))[0])

    def conductances(self, v: float = 0.0) -> Floats:
        """Chord conductances of the states at bias `v` [V], increasing: (states,) [S]."""
        bias = self._bias(v)
        if self.channel is None:
            return self._chord(np.arange(self.states), bias)
        return np.array(self._kept("_means", float(bias))[0])

    def conductance_range(self, v: float = 0.0) -> Floats:
        """Lowest and highest chord conductance in each state at bias `v` [V]: (states, 2) [S].

        They differ where a channel makes it matter which cells are parallel.
        """
        if not self._patterned:
            return np.repeat(self.conductances(v)[:, None], 2, axis=1)
        g, state = self.pattern_conductances(v), self.pattern_states
        low, high = np.full(self.states, np.inf), np.zeros(self.states)
        np.minimum.at(low, state, g)
        np.maximum.at(high, state, g)
        return np.stack([low, high], axis=1)

    def current(self, state: ArrayLike, v: ArrayLike) -> Floats:
        """Current [A] of devices in `state` (whole numbers) at bias `v` [V]; arrays broadcast."""
        k = real_array("state", state, "1")
        if np.any((k < 0) | (k >= self.states) | (k != np.rint(k))):
            raise ValueError(f"state is {state!r}; expected whole numbers from 0 to "
                             f"{self.states - 1}")
        bias = real_array("bias", v, "V")
        fitting(state=k, bias=bias)
        return bias * self._chord(k.astype(np.intp), bias)

    def program(self, target: ArrayLike, v: float = 0.0) -> Floats:
        """The state conductance nearest to each target [S], any shape; ties go to the lower."""
        g = self.conductances(v)
        return g[np.searchsorted((g[1:] + g[:-1]) / 2, real_array("target", target, "S"))]

    def _kept(self, what: str, v: float) -> Floats:
        """`_patterns` or `_means` at one bias [V], which many devices ask for: found once."""
        try:
            return _found(self, what, v)
        except TypeError:  # a law of bias of someone's own may have no hash
            return np.asarray(getattr(self, what)(np.array([v])))

    @property
    def _patterned(self) -> bool:
        return self.channel is not None or self.areas is not None

    @property
    def _areas(self) -> Floats:
        return np.ones(self.cells) if self.areas is None else np.array(self.areas)

    def _bias(self, v: float) -> Floats:
        bias = real_array("bias", v, "V")
        if bias.ndim:
            raise ValueError(f"bias [V] has shape {bias.shape}; expected one number, or use "
                             "current(state, v) for arrays")
        return bias

    def _patterns(self, v: Floats) -> Floats:
        """(biases, patterns) [S]."""
        parallel = patterns.all_patterns(self.cells)
        return patterns.pattern_conductances(self.mtj, self._areas, parallel, v, self.channel)

    def _shares(self, v: Floats) -> Floats:
        """(biases, patterns) [1]."""
        parallel = patterns.all_patterns(self.cells)
        if self.channel is None:
            return np.zeros((len(v), len(parallel)))
        return np.array([patterns.channel_shares(
            self.mtj, self._areas, parallel, float(each), self.channel) for each in v])

    def _chord(self, state: NDArray[np.intp], v: Floats) -> Floats:
        """Chord conductance [S] of `state` at `v` [V]; they broadcast."""
        if self.channel is None:
            area = self.parallel_areas[state]
            total = float(self._areas.sum())
            g_p, g_ap = self.mtj.conductance(True, v), self.mtj.conductance(False, v)
            return np.asarray(area * g_p + (total - area) * g_ap)
        if not v.size:
            return np.empty(np.broadcast_shapes(state.shape, v.shape))
        biases, which = np.unique(v, return_inverse=True)
        per_chunk = max(1, _CHUNK // (self.cells * 2**self.cells))
        parts = [self._means(biases[i : i + per_chunk])
                 for i in range(0, len(biases), per_chunk)]
        return np.asarray(np.concatenate(parts)[which.reshape(v.shape), state])

    def _means(self, v: Floats) -> Floats:
        """Mean over each state's patterns: (biases, states) [S]."""
        state, g = self.pattern_states, self._patterns(v)
        patterns_of = np.bincount(state)
        means = np.stack([np.bincount(state, row) / patterns_of for row in g])
        if np.any(np.diff(means, axis=1) <= 0):
            raise ValueError("the channel takes so much of the read that a larger parallel area "
                             "no longer conducts more; use pattern_conductances(v), fewer cells, "
                             "or a channel of less resistance")
        return means


@lru_cache(maxsize=16)
def _found(synapse: CompoundMTJ, what: str, v: float) -> Floats:
    found: Floats = getattr(synapse, what)(np.array([v]))
    return found


@dataclass(frozen=True)
class UnlimitedStates:
    """A synapse that can be set anywhere between the extreme states of another.

    The limit of infinitely many cells: what is lost with it is not lost to quantisation.
    """

    synapse: CompoundMTJ

    def __post_init__(self) -> None:
        if not callable(getattr(self.synapse, "conductances", None)):
            raise TypeError(f"synapse is {self.synapse!r}; expected a CompoundMTJ, between whose "
                            "extreme states to set")

    @property
    def continuous(self) -> bool:
        """True."""
        return True

    @property
    def breakdown_voltage(self) -> float | None:
        """As of the synapse."""
        return self.synapse.breakdown_voltage

    def conductances(self, v: float = 0.0) -> Floats:
        """The two extreme conductances at bias `v` [V]: (2,) [S]."""
        return self.synapse.conductances(v)[[0, -1]]

    def program(self, target: ArrayLike, v: float = 0.0) -> Floats:
        """Each target [S], clipped to the range."""
        return np.clip(real_array("target", target, "S"), *self.conductances(v))
