"""From devices to transconductances while a network trains: two ways through the wires."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from keras import ops

from crossbar.hardware import Hardware
from crossbar.layers.placing import Placing
from crossbar.layers.untyped import Tensor
from crossbar.tiles.differentiable import PortMerging
from crossbar.tiles.grid import grid
from crossbar.tiles.realised import Realised
from crossbar.tiles.state_table import StateTable
from device_models.checks import Floats


class Columns(NamedTuple):
    """Something of all devices of a product, in the order of its matrices.

    Parameters
    ----------
    own : sequence of (groups, rows, outputs)
        Of those of each role that outputs have.
    fixed : (groups, rows, fixed)
        Of those in columns that are the same for all weights.
    """

    own: Tensor
    fixed: Tensor


class FrozenWires:
    """Transconductance is conductance times an attenuation, which stays what it was when circuits
    were last solved.

    Exact at that moment; a device that changes then changes what it conducts itself, and not what
    others do.

    Parameters
    ----------
    table : StateTable
        Devices of a row of tiles.
    rows : int
        Of each matrix.
    hardware : Hardware
        Its tiles and wires.
    """

    def __init__(self, table: StateTable, rows: int, hardware: Hardware) -> None:
        self.table = table

    def factors(self, realised: Realised) -> Columns:
        """What `transconductances` needs of solved circuits: attenuations [1], and T of fixed
        columns [S]."""
        return _factors(realised.columns, realised, self.table)

    def transconductances(self, devices: Sequence[Tensor], held: Columns, placing: Placing
                          ) -> Columns:
        """T [S] of all devices, for those of outputs [S]."""
        return Columns([g * f for g, f in zip(devices, held.own, strict=True)], held.fixed)


class ExactWires:
    """The circuits of all tiles are solved at every step, and gradients pass through them whole,
    with what each device does to the currents of all others.

    Parameters are those of `FrozenWires`.
    """

    def __init__(self, table: StateTable, rows: int, hardware: Hardware) -> None:
        self.table, self.rows, self.hardware = table, rows, hardware
        self._merging: dict[tuple[int, int], PortMerging] = {}

    def factors(self, realised: Realised) -> Columns:
        """What `transconductances` needs of a chip: by how much devices are off [1], and those in
        fixed columns [S]."""
        return _factors(realised.devices, realised, self.table)

    def transconductances(self, devices: Sequence[Tensor], held: Columns, placing: Placing
                          ) -> Columns:
        """T [S] of all devices, for those of outputs [S]."""
        real = [g * f for g, f in zip(devices, held.own, strict=True)]
        t = self._solved(assembled(Columns(real, held.fixed), self.table, placing))
        return Columns([placing.undone(ops.take(t, column, axis=-1))
                        for column in self.table.column],
                       placing.rows_undone(ops.take(t, self.table.fixed, axis=-1)))

    @cached_property
    def _cuts(self) -> list[tuple[slice, list[slice]]]:
        """Rows of each row of tiles, and columns of each array in it."""
        mapping = self.hardware.mapping
        found: dict[int, tuple[slice, list[slice]]] = {}
        for place in grid((self.rows, self.table.column.shape[1]), self.hardware):
            _, columns = found.setdefault(place.inputs.start, (place.inputs, []))
            first = place.columns.start
            columns += [slice(first + own.start, first + own.stop)
                        for own in mapping.arrays(place.width)]
        return list(found.values())

    def _solved(self, devices: Tensor) -> Tensor:
        """T (groups, rows, columns) [S]: arrays of one shape together."""
        cuts = [(rows, columns) for rows, each in self._cuts for columns in each]
        shapes = [(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in cuts]
        found: dict[int, Tensor] = {}
        for shape in dict.fromkeys(shapes):
            alike = [n for n, each in enumerate(shapes) if each == shape]
            g = ops.stack([devices[:, cuts[n][0], cuts[n][1]] for n in alike])
            if shape not in self._merging:
                array = self.hardware.array
                self._merging[shape] = PortMerging.of(shape, array.wires, array.drive, array.sense)
            t = self._merging[shape](g)
            found |= {n: t[k] for k, n in enumerate(alike)}
        parts = iter(found[n] for n in range(len(cuts)))
        return ops.concatenate([ops.concatenate([next(parts) for _ in each], axis=-1)
                                for _, each in self._cuts], axis=-2)


def assembled(parts: Columns, table: StateTable, placing: Placing) -> Tensor:
    """The same column by column, as they stand in tiles: (groups, rows, columns)."""
    order = np.concatenate([table.column.ravel(), table.fixed])
    every = [*map(placing.placed, parts.own), placing.rows_placed(parts.fixed)]
    return ops.take(ops.concatenate(every, axis=-1), np.argsort(order), axis=-1)


def _factors(found: Floats, realised: Realised, table: StateTable) -> Columns:
    """What is `found` of devices (groups, rows, columns) [S], as they stand in tiles: in shares of
    what those of outputs were to be [1], and as it is of the others [S].

    Of an open device as much as of the others that its output has in the row.
    """
    wanted = realised.wanted
    nominal = table.of_levels(wanted.placed)
    there = nominal > 0
    shares = np.moveaxis(found[:, :, table.column], 2, 0) / np.where(there, nominal, 1.0)
    others = np.where(there, shares, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    own = [wanted.undone(each) for each in np.where(there, shares, others)]
    fixed = found[:, :, table.fixed]
    if wanted.order is not None:
        fixed = np.take_along_axis(fixed, wanted.order.inverse.rows[..., None], axis=1)
    return Columns(np.stack(own), fixed)
