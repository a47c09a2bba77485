"""What was found of a model: its scores, the errors of its layers and of its tiles."""

from dataclasses import dataclass

from crossbar.diagnosis.scores import Score

EXACT, STATES, ALL = "exact weights", "states only", "everything"
"""Rows of the table that are no single imperfection."""


@dataclass(frozen=True)
class Row:
    """One imperfection; or exact weights, states only, everything.

    Parameters
    ----------
    name : str
    alone : Score
        With states and this only. "everything" is the model as it is.
    lost : float
        What is lost against "states only" [of the score]; of that row itself, against "exact
        weights"; of that, nothing.
    left_out : Score, optional
        With everything but this.
    regained : float, optional
        What leaving it out gains against "everything" [of the score].
    """

    name: str
    alone: Score
    lost: float = 0.0
    left_out: Score | None = None
    regained: float | None = None


@dataclass(frozen=True)
class LayerError:
    """Error of a layer's sums, before its activation.

    Parameters
    ----------
    layer : str
        As `conversion_report` calls it, and the product in it if it has several.
    local : float
        Rms over that of the exact ones, for the inputs that exact layers before give [1].
    accumulated : float
        The same, for those that the analog layers before give [1].
    tiles : tuple
        Rms of what each tile adds wrongly to its outputs, over the rms of exact sums [1]: matrix by
        matrix, rows of tiles, columns of tiles.
    """

    layer: str
    local: float
    accumulated: float
    tiles: tuple[tuple[tuple[float, ...], ...], ...] = ()

    @property
    def worst_tile(self) -> float:
        """The largest of `tiles`."""
        return max((error for matrix in self.tiles for row in matrix for error in row), default=0.0)


@dataclass(frozen=True)
class TileError:
    """A tile and its worst output.

    Parameters
    ----------
    layer : str
        As in `LayerError`.
    matrix : int
        Which of the matrices side by side.
    tile : (int, int)
        Row and column of tiles.
    error : float
        Rms over its outputs of what it adds wrongly to them, over the rms of exact sums [1].
    output : int
        Column of the layer's matrix to which it adds most wrongly.
    output_error : float
        What it adds there, likewise [1].
    """

    layer: str
    matrix: int
    tile: tuple[int, int]
    error: float
    output: int
    output_error: float
