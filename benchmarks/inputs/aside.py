"""Images that a network is calibrated on, and never tested."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.inputs.datasets import DataError, ImageSet, load_train

FEWEST = 3  # that a gain and an offset take


@dataclass(frozen=True, eq=False)
class Aside:
    """Images set aside.

    Parameters
    ----------
    x : (images, 784) array, optional
        None if there are none.
    which : str
        In words.
    of_test : int
        How many of the test images they are: the last ones.
    """

    x: NDArray[np.float32] | None = None
    which: str = ""
    of_test: int = 0

    @property
    def count(self) -> int:
        """Of all images set aside."""
        return 0 if self.x is None else len(self.x)


def aside_of(test: ImageSet, wanted: int | None) -> Aside:
    """So many training images that belong to `test`; where none do, its own last ones.

    Raises DataError if there are too few, or too few are wanted.
    """
    if wanted is None:
        return Aside()
    if wanted < FEWEST:
        raise DataError(f"--calibrate {wanted}: a gain and an offset take {FEWEST} images at "
                        "least, and some tens are better.")
    if test.source != "bundled":
        train = load_train(test.name, test.source)
        _check(wanted, len(train), "training images")
        return Aside(train.x[:wanted], f"the first {wanted} training images of {test.source!r}")
    _check(wanted, len(test) - 1, "of the bundled test images that leave one to test")
    return Aside(test.x[-wanted:], f"the last {wanted} test images, which no figure counts",
                 wanted)


def _check(wanted: int, there: int, what: str) -> None:
    if wanted > there:
        raise DataError(f"--calibrate {wanted}: there are {there} {what}; ask for fewer.")
