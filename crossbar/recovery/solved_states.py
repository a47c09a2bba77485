"""States of devices, solved: what they are read as, and what changes if one of them does."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from crossbar.hardware import Hardware
from crossbar.mapping import Levels
from crossbar.recovery.target import Target
from crossbar.tiles.access import wanted_devices
from crossbar.tiles.matrix import Tile, Wanted
from crossbar.tiles.progress import Progress
from crossbar.tiles.realised import solved
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class Moves:
    """What it does to move each weight by one level.

    Parameters
    ----------
    difference : (groups, rows, outputs) array
        The levels they come to [S].
    error : (groups, rows, outputs) array
        By how much the error grows for each alone, to first order, through all wires; zero unless
        asked for.
    read : (groups, rows, outputs) array
        By how much the weight itself is read to grow [S], if nothing else is.
    """

    difference: Floats
    error: Floats
    read: Floats


@dataclass(frozen=True, eq=False)
class SolvedStates:
    """Tiles of nominal devices and what they are read as.

    Parameters
    ----------
    target : Target
        What is wanted of them.
    hardware : Hardware
        Wires and devices as they should be.
    difference : (groups, rows, outputs) array
        Levels [S].
    tiles : list of (int, Tile)
        Solved, each with its group.
    gain : (groups, outputs) array
        With which they come nearest to what is wanted [1/S].
    """

    target: Target
    hardware: Hardware
    difference: Floats
    tiles: list[tuple[int, Tile]]
    gain: Floats

    @classmethod
    def of(cls, target: Target, hardware: Hardware, difference: Floats, gain: Floats,
           progress: Progress) -> "SolvedStates":
        """Solve tiles of these levels; `gain` is that of outputs for which no other is better."""
        tiles = []
        for each in solved(Wanted(difference, 1.0).write(hardware)):
            tiles.append(each)
            progress(1)
        made = cls(target, hardware, difference, tiles, gain)
        return replace(made, gain=target.gain(made.read, gain))

    def changed(self, difference: Floats, progress: Progress) -> "SolvedStates":
        """The same devices in other states, solved."""
        return self.of(self.target, self.hardware, difference, self.gain, progress)

    @cached_property
    def read(self) -> Floats:
        """The differences that the circuits realise: (groups, rows, outputs) [S]."""
        read = np.zeros(self.difference.shape)
        for group, tile in self.tiles:
            read[group, tile.inputs, tile.outputs] += (
                tile.circuit.transconductance() @ tile.decoder)
        return read

    @cached_property
    def error(self) -> float:
        """Mean square of what is computed wrongly, summed over outputs."""
        return self.target.error(self.read, self.gain)

    @property
    def relative(self) -> float:
        """Root mean square of what is computed wrongly, over that of what is wanted [1]; zero if
        nothing is."""
        size = float(self.target.size.sum())
        return float(np.sqrt(max(self.error, 0.0) / size)) if size else 0.0

    @property
    def levels(self) -> Levels:
        """That weights can stand on."""
        return self.hardware.levels

    @cached_property
    def _gradients(self) -> list[Floats]:
        """Of the error by the conductances of each array, at this gain: (rows, columns) [1/S]."""
        missed = self.target.missed(self.read, self.gain)
        by_read = -2.0 * self.gain[:, None] * self.target.weighed(missed)
        return [tile.circuit.transconductance_gradient(
            by_read[group, tile.inputs, tile.outputs] @ tile.decoder.T)
            for group, tile in self.tiles]

    def moves(self, to: Floats, gradient: bool = False) -> Moves:
        """What it does to move each weight to the level `to` (groups, rows, outputs) [S]: what it
        is read as then, and with `gradient` what becomes of the error."""
        error, read = np.zeros((2, *to.shape))
        gradients = self._gradients if gradient else None
        for number, (group, tile) in enumerate(self.tiles):
            at = group, tile.inputs, tile.outputs
            changed = wanted_devices(to[at], self.hardware)[:, tile.own] - tile.circuit.conductance
            attenuation = _attenuation(tile)
            read[at] += (attenuation * changed) @ tile.decoder
            if gradients is not None:
                error[at] += (gradients[number] * changed) @ (tile.decoder != 0)
        return Moves(to, error, read)


def _attenuation(tile: Tile) -> Floats:
    """What is left of each device, T/G (rows, columns) [1]. Of open ones, where there is nothing,
    the mean of their row times that of their column, over that of the array."""
    t, g = tile.circuit.transconductance(), tile.circuit.conductance
    known = g > 0
    left = np.divide(t, g, out=np.zeros_like(g), where=known)
    if known.all():
        return left
    by_row, by_column, of_all = (np.sum(left, axis, keepdims=True) / np.maximum(
        1, np.sum(known, axis, keepdims=True)) for axis in (1, 0, None))
    return np.where(known, left, by_row * by_column / np.where(of_all > 0, of_all, 1.0))


def next_levels(levels: Levels, difference: Floats, step: float) -> Iterator[Floats]:
    """One level up and one level down from each difference [S]; `step` [S] of continuous ones."""
    for sign in (1, -1):
        if levels.continuous:
            yield levels.nearest(difference + sign * step)
        else:
            number = levels.number(difference) + sign
            yield levels.values[np.clip(number, 0, len(levels.values) - 1)]
