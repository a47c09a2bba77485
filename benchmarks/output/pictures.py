"""Pictures as files: of every one a PNG for the screen, and an SVG for papers and talks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.output.files import replacing_all

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg")


def formats_of(path: Path) -> list[Path]:
    """The files of the picture `path`, one for each format, whatever its own ending."""
    return [path.with_suffix(ending) for ending in FORMATS]


def save_picture(figure: "Figure", path: Path, dpi: int = 150) -> None:
    """Write `figure` as `path` in every format, at `dpi` dots per inch where there are dots.

    The same figure gives the same bytes.
    """
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "picture"}):
        for each in formats_of(path):
            undated = {"Date": None} if each.suffix == ".svg" else None
            figure.savefig(each, dpi=dpi, metadata=undated)


@contextmanager
def replacing_picture(path: Path) -> Iterator[Path]:
    """A temporary path for `save_picture`; all formats take their places on success, else none."""
    with replacing_all(formats_of(path)) as temporary:
        yield temporary[0]
