"""Where the two columns of a weight stand."""

from enum import Enum, auto


class Placement(Enum):
    """How plus and minus columns share arrays.

    INTERLEAVED: each weight's two columns are neighbours, which wires treat nearly alike.
    HALVES: all plus columns, then all minus ones, in one array.
    ARRAYS: plus columns in one array, minus ones at the same places of another.
    """

    INTERLEAVED = auto()
    HALVES = auto()
    ARRAYS = auto()
