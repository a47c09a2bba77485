"""The transconductance of linear crossbars by merging blocks: exact, in O(n^3).

`circuits.kernels.ports` says how two blocks become one, `circuits.solvers.plan` in which order. The
same steps are carried out for any number of threads, so all give the same bits.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits.array.network import Network
from circuits.copies import read_only
from circuits.kernels import ports
from circuits.solvers.layout import Layout, conductances, ends, without_open
from circuits.solvers.memory import check_memory
from circuits.solvers.plan import Plan, Tree, plan_of, room_of
from circuits.threads import keep_blas_on_one_thread
from device_models.checks import Floats

_MOST = 1e40  # S of a device, beside which a short is still one
_REMNANT = 1e-80  # of the largest value, that shorts leave where devices conduct less than 1 kS
_AT_ONCE = 8  # networks that a thread solves before it reports


@dataclass(frozen=True, eq=False)
class Meshes:
    """Networks of one `kind`, as the merging takes them.

    Parameters
    ----------
    layout : Layout
        How each of them is laid out.
    plan : Plan
        The steps for each of them.
    g, row_y, column_y : (networks, rows, columns [+ 1]) arrays
        Conductances of devices and of segments [S].
    """

    layout: Layout
    plan: Plan
    g: Floats
    row_y: Floats
    column_y: Floats

    @classmethod
    def of(cls, networks: Sequence[Network], keep: bool = False) -> "Meshes":
        """The meshes of networks; with `keep`, merges keep what node voltages follow from."""
        layout, shape, above, on_right = kind(networks[0])
        laid = [layout.apply(network) for network in networks]
        row_y = conductances(np.stack([network.row_z for network in laid]))
        column_y = conductances(np.stack([network.column_z for network in laid]))
        g = without_open(np.stack([network.g for network in laid]))
        if not g.max() < _MOST:
            raise ArithmeticError(f"a device conducts {g.max():g} S, as well as a wire without "
                                  "resistance; check the unit of the conductances [S]")
        return cls(layout, plan_of(shape, above, on_right, keep), g, row_y, column_y)

    def whole(self, arena: Floats) -> Floats:
        """The mesh of the whole network, at the front of `arena`."""
        block = self.plan.whole
        return arena[: block.size * block.width].reshape(block.size, block.width)

    @cached_property
    def shorted(self) -> bool:
        """Whether any segment has no resistance."""
        return bool((self.row_y == ports.SHORT).any() or (self.column_y == ports.SHORT).any())

    def drop_remnants(self, *arrays: Floats) -> None:
        """Set to zero what shorts leave of voltages over them, which are no perfect conductors.

        `arrays` (rows, columns, ...): what is small beside its own input's largest.
        """
        if not self.shorted:
            return
        share = self.g.size * self.g.max() / (ports.SHORT * np.finfo(float).eps)
        most = np.max([np.abs(array).max(axis=(0, 1)) for array in arrays], axis=0)
        for array in arrays:
            array[np.abs(array) < max(_REMNANT, share) * most] = 0.0

    @cached_property
    def ends(self) -> tuple[slice, slice, slice, slice]:
        """The whole's ports that are driven, left and right, and sensed, at the bottom and top."""
        whole = self.plan.whole
        return whole.ports_of("L"), whole.ports_of("R"), whole.ports_of("B"), whole.ports_of("T")


def kind(network: Network) -> tuple[Layout, tuple[int, int], bool, bool]:
    """What networks have in common that are solved together.

    Their layout, and in it their shape and whether there are ends above and on the right.
    """
    layout, (m, n) = Layout.of(network), network.g.shape
    rows, columns = all(ends(network.row_z)), all(ends(network.column_z.T))
    if layout.turned:
        return layout, (n, m), rows, columns
    return layout, (m, n), columns, rows


def transconductance(network: Network, threads: int = 1) -> Floats:
    """Currents [A] into all sensed column ends per volt on each row: (m, n) array [S].

    With more than one thread, halves of the array are worked out side by side.

    Raises
    ------
    MemoryError
        If the array does not fit into memory.
    """
    if _ideal(network):
        return read_only(network.g.copy())
    keep_blas_on_one_thread()
    room = room_of(*kind(network)[1:])
    _check_memory(room.arena + threads * (room.panels + room.work),
                  f"the transconductance of {_size(network)} devices")
    meshes = Meshes.of([network])
    arena = np.empty(meshes.plan.room.arena)
    carry_out(meshes, meshes.plan.tree, arena, threads)
    matrix = np.empty(meshes.g.shape[1:])
    ports.transfer(meshes.whole(arena), *meshes.ends, matrix)
    return _handed_out(meshes, matrix)


def carry_out(meshes: Meshes, tree: Tree, arena: Floats, threads: int,
              kept: Floats | None = None) -> None:
    """The steps of `tree` on the first network, its halves side by side where threads are left.

    `kept` gets what a plan keeps that keeps anything.
    """
    plan = meshes.plan
    if tree.halves is not None:
        with ThreadPoolExecutor(1) if threads > 1 else nullcontext() as pool:
            first, second = tree.halves
            share = max(1, threads // 2)
            if pool is None:
                carry_out(meshes, second, arena, 1, kept)
                carry_out(meshes, first, arena, 1, kept)
            else:
                other = pool.submit(carry_out, meshes, second, arena, share, kept)
                carry_out(meshes, first, arena, threads - share, kept)
                other.result()
    ports.run(plan.steps[tree.first : tree.last], plan.places, meshes.g[0], meshes.row_y[0],
              meshes.column_y[0], arena, np.empty(plan.room.panels) if kept is None else kept,
              np.empty(plan.room.work))


def transconductances(networks: Sequence[Network], threads: int = 1
                      ) -> Iterator[tuple[int, Floats]]:
    """The number and the transconductance (rows, columns) [S] of each network, as they are done.

    Networks of one kind are solved together, without Python in between.

    Raises
    ------
    MemoryError
        If what all threads work on at once does not fit into memory.
    """
    keep_blas_on_one_thread()
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, network in enumerate(networks):
        if _ideal(network):
            yield number, read_only(network.g.copy())
            continue
        groups.setdefault(kind(network), []).append(number)
    parts = [group[start : start + _AT_ONCE] for group in groups.values()
             for start in range(0, len(group), _AT_ONCE)]

    def solve(numbers: list[int]) -> list[tuple[int, Floats]]:
        meshes = Meshes.of([networks[number] for number in numbers])
        plan = meshes.plan
        found = np.empty_like(meshes.g)
        ports.run_each(plan.steps, plan.places, plan.whole.size, plan.whole.width, *meshes.ends,
                       meshes.g, meshes.row_y, meshes.column_y, np.empty(plan.room.arena),
                       np.empty(plan.room.panels), np.empty(plan.room.work), found)
        return [(number, _handed_out(meshes, matrix))
                for number, matrix in zip(numbers, found, strict=True)]

    for group in groups.values():
        network, workers = networks[group[0]], min(threads, -(-len(group) // _AT_ONCE))
        room = room_of(*kind(network)[1:])
        held = 4 * min(_AT_ONCE, len(group)) * network.g.size  # devices, wires and the matrices
        _check_memory(workers * (room.arena + room.panels + room.work + held),
                      f"the transconductance of {_size(network)} devices, {workers} at a time,")
    with ThreadPoolExecutor(threads) as pool:
        for part in pool.map(solve, parts):
            yield from part


def _size(network: Network) -> str:
    return " x ".join(map(str, network.g.shape))


def _check_memory(room: float, what: str) -> None:
    """Whether `room` numbers fit."""
    check_memory(8.0 * room, what, "cut the array into tiles, or solve for a few inputs instead")


def _handed_out(meshes: Meshes, matrix: Floats) -> Floats:
    """A matrix of the laid out network as the network's, read-only."""
    meshes.drop_remnants(matrix)
    return read_only(meshes.layout.undo(matrix))


def _ideal(network: Network) -> bool:
    """Whether no line has any resistance, so that the conductances are the transconductance."""
    lines = (network.row_z, network.column_z.T)
    return all((z[:, 1:-1] == 0.0).all() and (z.min(axis=1) == 0.0).all()
               and np.isin(z[:, [0, -1]], (0.0, np.inf)).all()
               and np.isfinite(z[:, [0, -1]]).any(axis=1).all() for z in lines)
