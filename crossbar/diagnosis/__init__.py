"""What makes an analog model worse than its weights: imperfections one by one, layers, tiles.
`crossbar.explain` and `crossbar.draw_tile` need Keras: nothing else here does."""

from crossbar.diagnosis.findings import LayerError, Row, TileError
from crossbar.diagnosis.report import Explanation
from crossbar.diagnosis.scores import Score
from crossbar.diagnosis.switches import SWITCHES, Switch, only

__all__ = ["SWITCHES", "Explanation", "LayerError", "Row", "Score", "Switch", "TileError", "only"]
