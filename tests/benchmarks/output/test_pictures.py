"""Pictures as files: every format or none, the same bytes every time."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from benchmarks.output import formats_of, replacing_picture, save_picture


def figure() -> Figure:
    drawn = Figure(figsize=(2, 1))
    drawn.subplots().plot([0, 1], [1, 0])
    return drawn


def test_a_picture_is_a_png_and_an_svg_beside_it(tmp_path: Path) -> None:
    with replacing_picture(tmp_path / "a.png") as picture:
        save_picture(figure(), picture)
    assert {path.name for path in tmp_path.iterdir()} == {"a.png", "a.svg"}
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert ElementTree.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")


def test_the_same_figure_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        save_picture(figure(), tmp_path / f"{name}.png")
    for a, b in zip(formats_of(tmp_path / "a"), formats_of(tmp_path / "b"), strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_what_fails_leaves_the_earlier_files(tmp_path: Path) -> None:
    """Though one format was written already."""
    for path in formats_of(tmp_path / "a"):
        path.write_text("of an earlier run")
    with pytest.raises(FileNotFoundError), replacing_picture(tmp_path / "a.png") as picture:
        (picture.with_name("missing") / picture.name).write_text(picture.write_text("new") * "x")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == dict.fromkeys(
        ("a.png", "a.svg"), "of an earlier run")
