"""What costs how much accuracy, as tables."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from os import PathLike
from typing import TYPE_CHECKING

from crossbar.diagnosis.scores import Score
from device_models.checks import known

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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


@dataclass(frozen=True)
class Explanation:
    """What costs how much; printed as tables.

    Parameters
    ----------
    rows : tuple of Row
        Exact weights, states only, each imperfection that any layer has, everything.
    layers : tuple of LayerError
        In the network's order.
    worst : tuple of TileError
        The tiles with the largest errors, worst first.
    samples : int
        That scores are of.
    looked_at : int
        Of them, those that errors are of.
    metric : str
        What scores are; "accuracy" is a share of samples.
    """

    rows: tuple[Row, ...]
    layers: tuple[LayerError, ...]
    worst: tuple[TileError, ...]
    samples: int
    looked_at: int
    metric: str = "accuracy"

    def row(self, name: str) -> Row:
        """That of an imperfection, of "exact weights", "states only" or "everything"."""
        names = [row.name for row in self.rows]
        return self.rows[names.index(known("row of the table", name, names))]

    def to_plain(self) -> dict[str, object]:
        """Dicts, lists, texts and numbers, for JSON; None is what is not finite or not there."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def draw(self, path: str | PathLike[str] | None = None) -> "Figure":
        """Losses, errors of layers and the tiles of the worst layer in one figure, saved to `path`.
        """
        from crossbar.diagnosis.pictures import draw_explanation  # loads Matplotlib

        return draw_explanation(self, path)

    def __str__(self) -> str:
        return "\n\n".join("\n".join([title, *_table(rows)]) for title, rows in (
            self._scores(), self._layers(), self._tiles()))

    def _scores(self) -> tuple[str, list[Sequence[str]]]:
        share = self.metric == "accuracy"
        factor = 100.0 if share else 1.0

        def shown(score: Score | None) -> str:
            if score is None:
                return ""
            ends = "" if score.low is None or score.high is None else (
                f" ({factor * score.low:.2f} to {factor * score.high:.2f})")
            return (f"{score.value:.4g}" if not share else f"{factor * score.value:.2f}") + ends

        def change(value: float | None) -> str:
            return "" if value is None else f"{factor * value:+.2f}" if share else f"{value:+.4g}"

        rows: list[Sequence[str]] = [("", "alone", "lost", "left out", "regained")]
        rows += [(row.name, shown(row.alone), "" if row.name == EXACT else change(row.lost),
                  shown(row.left_out), change(row.regained)) for row in self.rows]
        what = "accuracy [%], with 95 % intervals, and points" if share else self.metric
        return f"{what}: {self.samples} samples", rows

    def _layers(self) -> tuple[str, list[Sequence[str]]]:
        rows: list[Sequence[str]] = [("layer", "alone", "with those before", "worst tile")]
        rows += [(each.layer, *(f"{100 * error:.3g}" for error in (
            each.local, each.accumulated, each.worst_tile))) for each in self.layers]
        return f"rms error of sums [% of exact ones]: {self.looked_at} samples", rows

    def _tiles(self) -> tuple[str, list[Sequence[str]]]:
        rows: list[Sequence[str]] = [("layer", "matrix", "tile", "adds", "worst output", "adds")]
        rows += [(each.layer, str(each.matrix), str(each.tile), f"{100 * each.error:.3g}",
                  str(each.output), f"{100 * each.output_error:.3g}") for each in self.worst]
        return "worst tiles: rms error that they add [% of exact sums]", rows


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [first.ljust(widths[0]), *(c.rjust(w) for c, w in zip(
            others, widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
