"""Laws of the picture: every layer has a colour of its own, and the weights say whose they are."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from benchmarks.accuracy.figure import draw
from benchmarks.accuracy.run import Outcome
from crossbar import Periphery
from crossbar.cost.parts import EVERY
from crossbar.cost.report import EnergyReport

NAMES = ("conv1", "conv2", "hidden1", "hidden2", "output")


def outcome(names: tuple[str, ...]) -> Outcome:
    """Of layers of which each takes a different energy; 3 x 2 weights in the first."""
    energies = {name: {**dict.fromkeys(EVERY, (index + 1) * 1e-10), "channels": 0.0}
                for index, name in enumerate(names)}
    weights = np.linspace(-1, 1, 6).reshape(3, 2)
    return Outcome(0.9, 0.8, 0.7, EnergyReport(energies, 1, {}, (), Periphery()),
                   names[0], weights, 0.9 * weights)


@pytest.fixture
def panels(monkeypatch: pytest.MonkeyPatch) -> list[Axes]:
    """The panels that were drawn."""
    drawn: list[Axes] = []
    save = Figure.savefig

    def keep(figure: Figure, *arguments: Any, **settings: Any) -> None:
        drawn.extend(figure.axes)
        save(figure, *arguments, **settings)

    monkeypatch.setattr(Figure, "savefig", keep)
    return drawn


@pytest.mark.parametrize("calibrated", [None, 0.75])
def test_there_is_a_bar_for_each_accuracy_that_was_found(
    calibrated: float | None, panels: list[Axes], tmp_path: Path
) -> None:
    draw(tmp_path / "picture.png", replace(outcome(NAMES), calibrated=calibrated), 100, "images")
    names = [label.get_text() for label in panels[0].get_xticklabels()]
    assert names == ["software", "ideal", "analog", *(["calibrated"] if calibrated else [])]


def test_parts_have_a_bar_each_and_two_colours(panels: list[Axes], tmp_path: Path) -> None:
    """Those of the arrays, and those around them; what takes nothing has none."""
    many = outcome(NAMES)
    draw(tmp_path / "picture.png", many, 100, "images")
    legend = panels[1].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["arrays, solved",
                                                                "periphery, estimated"]
    arrays, around = panels[1].containers
    assert [bar.get_width() for bar in (*arrays, *around)] == pytest.approx(
        [1e12 * joule for joule in many.energy.split.values() if joule > 0])
    colours = np.array([to_rgb(bars[0].get_facecolor()) for bars in (arrays, around)])
    assert np.abs(colours[0] - colours[1]).max() > 0.15
    assert {text.get_text().strip() for text in panels[1].texts} == {"1500"}  # 15 x 100 pJ
    assert panels[1].get_title() == f"{1500 * len(arrays)} pJ in the arrays, " \
                                    f"{1500 * (len(arrays) + len(around))} pJ in all"
    assert "channels" not in [text.get_text() for text in panels[1].get_yticklabels()]


def test_the_weights_are_titled_by_their_layer(panels: list[Axes], tmp_path: Path) -> None:
    draw(tmp_path / "picture.png", outcome(NAMES), 100, "images")
    assert panels[2].get_title() == "weights of conv1, the first layer"
    assert matplotlib.image.imread(tmp_path / "picture.png").std() > 0.03
