"""Progress of long work: told to whoever asks, else shown on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Progress = Callable[[int], object]
"""Called with 1 after each tile."""


def unseen(done: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def told(progress: Progress | None, total: int, doing: str, unit: str = "tile"
         ) -> Iterator[Progress]:
    """`progress`, or without it a bar of `total` steps, on a terminal only, that goes when done."""
    if progress is not None and not callable(progress):
        raise TypeError(f"progress is {progress!r}; expected what is called with the number of "
                        "steps that are done, or None; everything else goes by its name, as in "
                        "periphery=crossbar.Periphery()")
    if progress is not None:
        yield progress
        return
    with tqdm(total=total, desc=doing, unit=unit, disable=None, leave=False) as bar:
        yield bar.update
