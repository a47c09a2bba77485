"""A block of an array by its ports, and how it falls into halves."""

from dataclasses import dataclass, replace

_LEFT, _BOTTOM = 1, 2  # the array's own ends

Piece = tuple[int, int, int, int]
"""Ports of a merged block: from which half, the first among its other ports, how many, own ends."""


@dataclass(frozen=True)
class Block:
    """The rows `top` to `bottom` and columns `left` to `right` of an array, by their ports.

    `above`, `on_right`: whether it has ports there. `first`, `last`: whether its left and its
    lower ones are the array's own ends.
    """

    top: int
    bottom: int
    left: int
    right: int
    above: bool
    on_right: bool
    first: bool = True
    last: bool = True

    @property
    def rows(self) -> int:
        """Its number of rows."""
        return self.bottom - self.top

    @property
    def columns(self) -> int:
        """Its number of columns."""
        return self.right - self.left

    @property
    def ports(self) -> dict[str, int]:
        """How many ports it has of each kind, in order."""
        t, r = self.above * self.columns, self.on_right * self.rows
        if self.first:
            return {"T": t, "B": self.columns, "R": r, "L": self.rows}
        return {"T": t, "L": self.rows, "B": self.columns, "R": r}

    @property
    def size(self) -> int:
        """Its number of ports: the rows of its matrix."""
        return sum(self.ports.values())

    @property
    def width(self) -> int:
        """The columns of its matrix."""
        return self.size - (self.rows if self.first else 0)

    def start(self, kind: str) -> int:
        """The first port of a kind."""
        kinds = list(self.ports)
        return sum(list(self.ports.values())[: kinds.index(kind)])

    def ports_of(self, kind: str) -> slice:
        """The ports of a kind."""
        start = self.start(kind)
        return slice(start, start + self.ports[kind])

    def at_corner(self) -> "Block":
        """A block like it whose top left cell is the array's first."""
        return replace(self, top=0, bottom=self.rows, left=0, right=self.columns)

    @property
    def wide(self) -> bool:
        """Whether its halves lie side by side."""
        return self.columns > self.rows

    def halves(self) -> "tuple[Block, Block]":
        """The left or lower half, and the other one; they share the former's R or T."""
        t, b, left, r = self.top, self.bottom, self.left, self.right
        if self.wide:
            cut = (left + r) // 2
            return (Block(t, b, left, cut, self.above, True, self.first, self.last),
                    Block(t, b, cut, r, self.above, self.on_right, False, self.last))
        cut = (t + b) // 2
        return (Block(cut, b, left, r, True, self.on_right, self.first, self.last),
                Block(t, cut, left, r, self.above, self.on_right, self.first, False))

    @property
    def leaf_places(self) -> list[int]:
        """Its ports in the order in which `ports.leaf` meets them."""
        p, q = self.rows, self.columns
        met = {"T": range(q), "B": range(q, 2 * q),
               "L": range(2 * (p + q) - 2, 2 * q - 2, -2), "R": range(2 * (p + q) - 1, 2 * q, -2)}
        return [place for kind, count in self.ports.items() for place in list(met[kind])[:count]]


def pieces(block: Block, one: Block, two: Block, joints: tuple[str, str]) -> list[Piece]:
    """Where the ports of two merged blocks come from; neighbours that stay so are one piece."""
    pieces: list[Piece] = []
    for kind in block.ports:
        own = {"L": _LEFT * block.first, "B": _BOTTOM * block.last}.get(kind, 0)
        for index, part in ((0, one), (1, two)) if block.wide else ((1, two), (0, one)):
            joined, count = joints[index], part.ports.get(kind, 0)
            if kind == joined or count == 0:
                continue
            start = part.start(kind)
            start -= part.ports[joined] if start > part.start(joined) else 0
            before = pieces[-1] if pieces else (-1, 0, 0, 0)
            if before[0] == index and before[3] == own and before[1] + before[2] == start:
                pieces[-1] = (index, before[1], before[2] + count, own)
            else:
                pieces.append((index, start, count, own))
    return pieces
