"""What stands at the cross-points of a tile, with all imperfections of its devices."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from circuits import MTJLaw
from crossbar.imperfections.cells import ALIKE, Bools, Cells, check_compound, varies
from crossbar.imperfections.chance import Chance
from crossbar.imperfections.imperfection import Imperfection, OfCells, OfConductance
from crossbar.imperfections.pulsed_writes import PulsedWrites
from device_models import CompoundMTJ, Synapse, Variability
from device_models.checks import Floats

_CELLS = 2  # stream of the spread from cell to cell


@dataclass(frozen=True, eq=False)
class TileDevices:
    """Cross-points of a tile.

    Parameters
    ----------
    synapse : Synapse
        The device, as it should be.
    bias : float
        Read voltage at which states were chosen [V].
    wanted : (rows, columns) array
        Conductances that were to be written, at that bias [S].
    written : (rows, columns) array of bool
        Which of them are devices; the others are open or trimmed resistors.
    cells : Cells, optional
        The devices cell by cell, row by row, if they differ from what they should be.
    factor : (rows, columns) array or float
        What everything is off by [1].
    """

    synapse: Synapse
    bias: float
    wanted: Floats
    written: Bools
    cells: Cells | None = None
    factor: Floats | float = 1.0

    def conductances(self, v: float) -> Floats:
        """Chord conductances (rows, columns) at bias `v` [V] over each device [S]."""
        if self.cells is not None:
            real = self.cells.conductances(v)
        elif v == self.bias:
            return self.wanted if isinstance(self.factor, float) else self.wanted * self.factor
        else:
            real = self._undisturbed(v)
        g = self.wanted.copy()
        g[self.written] = real
        return g if isinstance(self.factor, float) else g * self.factor

    @property
    def branches(self) -> tuple[MTJLaw, Floats] | None:
        """Law and branch conductances (2, rows, columns) [S] of devices that are nothing but equal
        junctions, parallel or antiparallel; None of others."""
        synapse = self.synapse
        if not isinstance(synapse, CompoundMTJ) or synapse.channel or (
                synapse.mtj.bias or synapse.mtj.contact):
            return None
        if np.any(self.wanted[~self.written]) or (self.cells is not None and self.cells.varied):
            return None  # resistors, or junctions that differ
        states = self.states if self.cells is None else self.cells.states
        conductance = np.zeros((2, *self.wanted.shape))
        conductance[:, self.written] = MTJLaw.conductance(synapse, states)
        return MTJLaw.of(synapse.mtj), conductance * self.factor

    @property
    def noise_areas(self) -> Floats:
        """Area of one junction with the 1/f noise of each cross-point (rows, columns) [m^2].

        Where no device is there is next to none: an area of 1 m^2.
        """
        areas = np.ones(self.wanted.shape)
        if self.written.any():
            areas[self.written] = self._known_cells.noise_areas(self.bias)
        return areas

    @property
    def _known_cells(self) -> Cells:
        """The devices cell by cell, also where they are just what they should be."""
        if self.cells is not None:
            return self.cells
        compound = check_compound(self.synapse, "sources of 1/f noise")
        return Cells.of(compound, self.states, None, np.random.default_rng(0))

    @cached_property
    def states(self) -> NDArray[np.intp]:
        """State that each device (devices,) was to have."""
        g = self.synapse.conductances(self.bias)
        return np.searchsorted((g[1:] + g[:-1]) / 2, self.wanted[self.written])

    def _undisturbed(self, v: float) -> Floats:
        """Devices (devices,) [S] that are what they should be, at another bias."""
        then, now = self.synapse.conductances(self.bias), self.synapse.conductances(v)
        if self.synapse.continuous:
            return np.interp(self.wanted[self.written], then, now)
        return np.asarray(now[self.states])


@dataclass(frozen=True)
class Imperfections:
    """What comes between wanted and real conductances on a chip.

    Parameters
    ----------
    variability : Variability, optional
        Spreads and faults from cell to cell.
    effects : tuple of Imperfection
        On cells, in the order in which they happen, and on conductances.
    by_pattern : bool
        Whether devices in one state, on a channel, conduct as the pattern of their cells does;
        else each as the mean of them, unless `variability` makes cells differ.
    """

    variability: Variability | None = None
    effects: tuple[Imperfection, ...] = ()
    by_pattern: bool = True

    def check(self, synapse: Synapse) -> None:
        """Refuse, with ValueError, a synapse that they cannot befall."""
        if self.variability is not None:
            check_compound(synapse, "spreads from cell to cell (variability)")
        for effect in self.effects:
            effect.check(synapse)

    def devices(self, wanted: Floats, trimmed: Bools, synapse: Synapse, bias: float,
                chance: Chance) -> TileDevices:
        """The cross-points of a tile that were to be `wanted` (rows, columns) [S] at `bias` [V].

        `trimmed` (columns,) tells columns of resistors from those of devices.
        """
        written = (wanted > 0) & ~trimmed
        ideal = TileDevices(synapse, bias, wanted, written)
        factor: Floats | float = 1.0
        for effect in self.effects:
            if isinstance(effect, OfConductance):
                factor = factor * effect.factor(wanted.shape, chance.of(effect.stream))
        cells = self._cells(ideal, chance) if written.any() else None
        return TileDevices(synapse, bias, wanted, written, cells, factor)

    def _cells(self, ideal: TileDevices, chance: Chance) -> Cells | None:
        """The devices cell by cell, if anything befalls cells."""
        synapse = ideal.synapse
        effects = [effect for effect in self.effects if isinstance(effect, OfCells)]
        patterned = self.by_pattern and getattr(synapse, "channel", None) is not None
        if not (effects or patterned or varies(self.variability)):
            return None
        compound = check_compound(synapse, "effects on cells")
        law = self.variability
        if law is None and any(isinstance(effect, PulsedWrites) for effect in effects):
            law = ALIKE  # pulses find out which cells switch, and nobody asked for a spread
        cells = replace(Cells.of(compound, ideal.states, law, chance.of(_CELLS)),
                        by_pattern=self.by_pattern)
        for effect in effects:
            cells = effect.after(cells, chance.of(effect.stream))
        return cells
