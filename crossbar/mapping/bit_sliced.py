"""A weight over several compounds, each of which is a digit of it."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from crossbar.mapping.differential import Differential
from crossbar.mapping.levels import Levels
from crossbar.mapping.mapping import Mapping
from device_models import Synapse
from device_models.checks import Floats, whole

MOST_LEVELS = 2**20
"""Combinations of digits that are listed."""
_EQUAL = 1e-9  # of the outermost level: sums that differ by less are one level


@dataclass(frozen=True)
class BitSliced(Mapping):
    """A weight is a number of several digits, each a weight of another mapping.

    The difference of an output is the sum over slices s of base^s times the level of slice s, added
    up in numbers behind the converters; levels are in siemens of the lowest slice, s = 0. Where
    several combinations make the same level, the one that conducts least is written.

    The other mapping sees each slice as an output of its own, the slices of an output next to each
    other, lowest first: its placement, its groups and its arrays are of slices.

    Parameters
    ----------
    mapping : Mapping
        Of each slice.
    slices : int
        Digits of a weight.
    base : int, optional
        What a digit counts of the one below, 2 or more. If not given, the number of levels that
        `mapping` has. Where these are at equal distances, as for equal cells, so are all sums, with
        none made twice. Less is redundancy, and fills the gaps that uneven levels leave: those of
        `SignedLevel` are far from zero, so that it gains little from slices unless the base is 2.
    """

    mapping: Mapping = field(default_factory=Differential)
    slices: int = 2
    base: int | None = None
    _levels: int | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.mapping, Mapping):
            raise TypeError(f"mapping is {self.mapping!r}; expected the mapping of a slice, as "
                            "crossbar.Differential()")
        whole("slices", self.slices, 1)
        if self.base is not None:
            whole("base", self.base, 2)

    def fitted(self, synapse: Synapse, v: float) -> "BitSliced":
        made = replace(self, mapping=self.mapping.fitted(synapse, v))
        object.__setattr__(made, "_levels", len(made._digits(synapse, v).values))
        return made

    def outputs_per_tile(self, columns: int) -> int:
        return self.mapping.outputs_per_tile(columns) // self.slices

    def columns(self, outputs: int) -> int:
        return self.mapping.columns(outputs * self.slices)

    def arrays(self, outputs: int) -> list[slice]:
        return self.mapping.arrays(outputs * self.slices)

    def trimmed(self, outputs: int) -> NDArray[np.bool_]:
        return self.mapping.trimmed(outputs * self.slices)

    def sensed(self, outputs: int) -> Floats | None:
        return self.mapping.sensed(outputs * self.slices)

    def decoder(self, outputs: int) -> Floats:
        levels = self.base or self._levels
        if levels is None:
            raise ValueError(f"{self} has no base yet, which is the number of levels of a synapse; "
                             "expected mapping.fitted(synapse, v), or a base")
        digits = np.kron(np.eye(outputs), self._factors(levels)[:, None])
        return np.asarray(self.mapping.decoder(outputs * self.slices) @ digits)

    def levels(self, synapse: Synapse, v: float) -> Levels:
        return self._combinations(synapse, v)[0]

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        digits = self._written(difference, synapse, v)
        return self.mapping.conductances(digits, synapse, v)

    def moved(self, difference: Floats, alone: Synapse, series: Synapse, v: float) -> Floats:
        return self.mapping.moved(self._written(difference, alone, v), alone, series, v)

    def _written(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        """The level of each slice (rows, outputs * slices) [S] for differences (rows, outputs)."""
        levels, digits = self._combinations(synapse, v)
        return digits[levels.number(difference)].reshape(len(difference), -1)

    def _combinations(self, synapse: Synapse, v: float) -> tuple[Levels, Floats]:
        """All levels, and of each the levels of its slices: (levels, slices) [S]."""
        values = self._digits(synapse, v).values
        conducts = self.mapping.conductances(values[:, None], synapse, v).sum(axis=1)
        digits = np.indices((len(values),) * self.slices).reshape(self.slices, -1)
        sums = self._factors(self.base or len(values)) @ values[digits]
        chosen = _least(sums, conducts[digits].sum(axis=0))
        return Levels(sums[chosen], continuous=False), values[digits[:, chosen]].T

    def _digits(self, synapse: Synapse, v: float) -> Levels:
        """What one slice can hold."""
        levels = self.mapping.levels(synapse, v)
        if levels.continuous:
            raise ValueError("a synapse that can be set to any conductance has no levels to make "
                             f"digits of; expected one with states, or {self.mapping} unsliced")
        count = len(levels.values) ** self.slices
        if count > MOST_LEVELS:
            raise ValueError(f"{self.slices} slices of {len(levels.values)} levels each make "
                             f"{count:.3g} combinations; expected {MOST_LEVELS} or fewer: take "
                             "fewer slices, or fewer cells")
        return levels

    def _factors(self, base: int) -> Floats:
        """What each slice counts: (slices,) [1]."""
        return np.asarray(float(base) ** np.arange(self.slices), np.float64)


def _least(sums: Floats, conducts: Floats) -> NDArray[np.intp]:
    """Of combinations in any order, one to each sum, by increasing sum: that which conducts least.
    """
    order = np.argsort(sums, kind="stable")
    apart = np.diff(sums[order], prepend=-np.inf) > _EQUAL * np.abs(sums).max()
    level = np.cumsum(apart)
    return np.asarray(order[np.lexsort((conducts[order], level))][apart])
