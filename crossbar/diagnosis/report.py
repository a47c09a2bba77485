"""What costs how much accuracy, as tables."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from os import PathLike
from typing import TYPE_CHECKING

from crossbar.diagnosis.findings import EXACT, LayerError, Row, TileError
from crossbar.diagnosis.pictures import draw_findings
from crossbar.diagnosis.scores import Score
from crossbar.tables import aligned
from device_models.checks import known

if TYPE_CHECKING:
    from crossbar.diagnosis.pictures import Figure


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
        return draw_findings(self.rows, self.layers, self.worst, self.metric, path)

    def __str__(self) -> str:
        return "\n\n".join("\n".join([title, *aligned(rows)]) for title, rows in (
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


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
