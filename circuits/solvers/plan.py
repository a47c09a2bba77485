"""In which order the blocks of an array are merged, and where in memory.

The longer side is halved until a block is a leaf. A plan depends on nothing but the array's shape
and on whether its far ends are open; one serves all arrays of that kind.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from circuits.kernels import ports
from circuits.solvers.block import Block, pieces

LEAF_SIDE = 8  # cells, measured: half of it and twice as much are slower
KEPT_SIDE = 4  # the same where leaves keep what node voltages follow from, which grows with it
_SHARED = 2  # levels of halves that threads may share

Steps = NDArray[np.int64]
R = TypeVar("R")


@dataclass(frozen=True)
class Room:
    """Elements of memory that steps use: meshes, what is kept, scratch, ports, merged nodes."""

    arena: int = 0
    panels: int = 0
    work: int = 0
    vectors: int = 0
    joints: int = 0


@dataclass(frozen=True)
class Tree:
    """Steps `first` to `last` of a plan; `halves` may be carried out side by side before them."""

    first: int
    last: int
    halves: "tuple[Tree, Tree] | None" = None


@dataclass(frozen=True, eq=False)
class Plan:
    """Steps of `ports.run` for a block, and the room they need.

    Parameters
    ----------
    whole : Block
        The block.
    steps : (steps, columns) array
        Leaves before what they are merged into; the mesh of the whole is written at the front, its
        ports' vector lies last.
    places : (ports,) array
        Ports of leaves.
    tree : Tree
        Which of the steps may be carried out side by side.
    room : Room
        The memory.
    """

    whole: Block
    steps: Steps
    places: Steps
    tree: Tree
    room: Room


@lru_cache(maxsize=16)
def plan_of(shape: tuple[int, int], above: bool, on_right: bool, keep: bool = False) -> Plan:
    """The plan for arrays of `shape` whose columns have ends above or whose rows on the right.

    With `keep` every step keeps what node voltages follow from.
    """
    whole = Block(0, shape[0], 0, shape[1], above, on_right)
    return _Planner(keep).plan(whole, _SHARED)


@lru_cache(maxsize=256)
def room_of(shape: tuple[int, int], above: bool, on_right: bool, keep: bool = False) -> Room:
    """What the plan of `plan_of` takes, without making it: it may be large itself."""
    return _Planner(keep).room(Block(0, shape[0], 0, shape[1], above, on_right), _SHARED)


class _Planner:
    """Plans of blocks at the array's corner; blocks that differ in their place only share one."""

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self._side = KEPT_SIDE if keep else LEAF_SIDE
        self._plans: dict[tuple[Block, int], Plan] = {}
        self._rooms: dict[tuple[Block, int], Room] = {}

    def plan(self, block: Block, depth: int) -> Plan:
        """The plan of `block`, its first `depth` levels for several threads."""
        return self._once(self._plans, self._leaf, self._merge, block, depth)

    def room(self, block: Block, depth: int) -> Room:
        """What the plan of `block` takes."""
        return self._once(self._rooms, self._room_of_leaf, self._room_of_merge, block, depth)

    def _once(self, known: dict[tuple[Block, int], R], leaf: Callable[[Block, int], R],
              merge: Callable[[Block, int], R], block: Block, depth: int) -> R:
        """What is `known` of a block like `block`, or made of it as a leaf or a merge."""
        home, depth = block.at_corner(), max(depth, 0)
        if (home, depth) not in known:
            is_leaf = max(home.rows, home.columns) <= self._side
            known[home, depth] = (leaf if is_leaf else merge)(home, depth)
        return known[home, depth]

    def _room_of_leaf(self, block: Block, _: int) -> Room:
        p, q = block.rows, block.columns
        kept = 2 * p * q * (1 + 2 * (p + q)) if self._keep else 0
        return Room(block.size * block.width, kept, 0, block.size, 0)

    def _room_of_merge(self, block: Block, depth: int) -> Room:
        one, two = block.halves()
        a, b = self.room(one, depth - 1), self.room(two, depth - 1)
        p = (one.size + two.size - block.size) // 2
        n, own = block.size, block.size * block.width
        room = Room(max(own + a.arena, self._second_at(block, depth) + b.arena),
                    a.panels + b.panels + p * (n + p), max(a.work, b.work, p * (n + 1 + p)),
                    a.vectors + b.vectors + n, a.joints + b.joints + p)
        return room if self._keep else replace(room, panels=max(a.panels, b.panels, p * (n + p)))

    def _second_at(self, block: Block, depth: int) -> int:
        """Where in the arena the second half is: what threads work on side by side is apart."""
        one, _ = block.halves()
        first = self.room(one, depth - 1).arena if depth > 0 else one.size * one.width
        return block.size * block.width + first

    def _leaf(self, block: Block, depth: int) -> Plan:
        p, q, room = block.rows, block.columns, self.room(block, depth)
        steps = np.zeros((1, ports.COLUMNS), np.int64)
        steps[0, :11] = [ports.LEAF, 0, block.size, block.width, 0, p, 0, q, 0, 0, room.panels]
        return Plan(block, steps, np.array(block.leaf_places), Tree(0, 1), room)

    def _merge(self, block: Block, depth: int) -> Plan:
        one, two = block.halves()
        first, second = self.plan(one, depth - 1), self.plan(two, depth - 1)
        joints = ("R", "L") if block.wide else ("T", "B")
        p, own = two.ports[joints[1]], block.size * block.width
        at, room = self._second_at(block, depth), self.room(block, depth)
        a, b = first.room, second.room
        panels = a.panels + b.panels if self._keep else 0
        last = [ports.MERGE, 0, block.size, block.width, own, one.size, one.width,
                one.start(joints[0]), at, two.size, two.width, two.start(joints[1]), p, panels]
        last += [number for piece in pieces(block, one, two, joints) for number in piece]
        last += [0] * (ports.VECTORS - len(last))
        last += [a.vectors + b.vectors, a.vectors - one.size, a.vectors + b.vectors - two.size,
                 a.joints + b.joints]
        places = len(first.places)
        steps = np.concatenate([
            _moved(first.steps, one, block, Room(arena=own), 0),
            _moved(second.steps, two, block,
                   Room(at, a.panels if self._keep else 0, 0, a.vectors, a.joints), places),
            np.array([last], np.int64)])
        count = len(first.steps)
        tree = Tree(0, len(steps))
        if depth > 0:
            tree = Tree(len(steps) - 1, len(steps), (first.tree, _later(second.tree, count)))
        return Plan(block, steps, np.concatenate([first.places, second.places]), tree, room)


def _later(tree: Tree, count: int) -> Tree:
    """A tree whose steps come `count` steps later."""
    halves = tree.halves and (_later(tree.halves[0], count), _later(tree.halves[1], count))
    return Tree(tree.first + count, tree.last + count, halves or None)


def _moved(steps: Steps, part: Block, block: Block, room: Room, places: int) -> Steps:
    """Steps of a corner block for `part` of `block`, further on in memory and in the places."""
    down, right = part.top - block.top, part.left - block.left
    leaf, merge = np.zeros((2, ports.COLUMNS), np.int64)
    leaf[[1, 4, 5, 6, 7, 8, 9]] = [room.arena, down, down, right, right, places, room.panels]
    leaf[ports.VECTORS] = room.vectors
    merge[[1, 4, 8, 13]] = [room.arena, room.arena, room.arena, room.panels]
    merge[ports.VECTORS :] = [room.vectors, room.vectors, room.vectors, room.joints]
    moved, leaves = steps.copy(), steps[:, 0] == ports.LEAF
    for column in np.flatnonzero(leaf | merge):
        moved[:, column] += np.where(leaves, leaf[column], merge[column])
    return moved
