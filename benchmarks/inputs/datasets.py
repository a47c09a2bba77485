"""Image sets of the benchmarks: where they come from, and the checks before they are used.

A source is "bundled" (the 10,000 test images that come with the project), "keras" (downloaded by
Keras) or a folder with `<dataset>.npz` files in the layout of Keras' own. Licences: data/NOTICE.md.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.inputs.quiet import load_keras
from device_models.checks import known

Split = Literal["train", "test"]
Raw = NDArray[np.generic]  # as it was read: of any type and shape
RawImages = tuple[Raw, Raw]  # images (n, 28, 28), labels (n,)

BUNDLED_FOLDER = Path(__file__).parent / "data"
IMAGE_SHAPE = (28, 28)
PIXELS = 28 * 28
CLASSES = 10
CALIBRATION = 512  # test images that set ranges of inputs and converters, if no others do
MAX_PIXEL = 255  # uint8, white

# how np.load answers a damaged npz file; TypeError: a bare array; RuntimeError: encrypted
NPZ_ERRORS = (
    OSError,
    ValueError,
    EOFError,
    TypeError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


class DataError(ValueError):
    """Images or weights that are missing, damaged or must not be used; its text is one line."""


@dataclass(frozen=True)
class Dataset:
    """A known image set.

    Args:
        name: key in `DATASETS`, stem of the npz files, name of the module in `keras.datasets`.
        title: for reports.
        classes: what the labels 0..9 mean.
        bundled_digest: `ImageSet.digest` of the bundled test images.
        bundled_split: which split the bundled test images belong to.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    bundled_digest: str
    bundled_split: str


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "mnist",
            "MNIST digits",
            tuple("0123456789"),
            "c3f9adf9c66efb572b1f9326c3a511b45910c7173b97be66ceceeeeaef6b802b",
            "official split",
        ),
        Dataset(
            "fashion_mnist",
            "Fashion-MNIST",
            (
                "T-shirt/top",
                "trouser",
                "pullover",
                "dress",
                "coat",
                "sandal",
                "shirt",
                "sneaker",
                "bag",
                "ankle boot",
            ),
            "617ed52d41f5aea7aeca0620ed7db42e7298f2628f58c979be4d16f31f732a37",
            "random split, seed 2024, of all 70,000",
        ),
    )
}


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images with labels, read-only.

    Args:
        name: key in `DATASETS`.
        source: "bundled", "keras" or the folder, as it was asked for.
        split: "train" or "test".
        x: brightness, 0 (black) to 1, float32 (images, 784) [1].
        y: labels 0..9, int64 (images,).
    """

    name: str
    source: str
    split: Split
    x: NDArray[np.float32] = field(repr=False)
    y: NDArray[np.int64] = field(repr=False)

    def __post_init__(self) -> None:
        self.x.setflags(write=False)
        self.y.setflags(write=False)

    def __len__(self) -> int:
        return len(self.y)

    def part(self, which: slice | NDArray[np.bool_]) -> ImageSet:
        """Some of the images, in their order."""
        return replace(self, x=self.x[which], y=self.y[which])

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the uint8 pixels, then the uint8 labels; equal for equal images."""
        pixels = np.rint(self.x * MAX_PIXEL).astype(np.uint8)
        return hashlib.sha256(pixels.tobytes() + self.y.astype(np.uint8).tobytes()).hexdigest()


def find_dataset(name: str) -> Dataset:
    """The known image set called `name`; another name raises ValueError with the nearest match."""
    return DATASETS[known("dataset", name, DATASETS)]


def load_test(name: str, source: str = "bundled") -> ImageSet:
    """The test images of dataset `name`; `source` is "bundled", "keras" or a folder."""
    return _load(name, source, "test")


def load_train(name: str, source: str) -> ImageSet:
    """The training images that belong to `load_test(name, source)`: "keras" or a folder."""
    return _load(name, source, "train")


def split_in_words(test: ImageSet) -> str:
    """Which split of its dataset the test images belong to, as far as it can be known."""
    dataset = find_dataset(test.name)
    if test.digest == dataset.bundled_digest:
        return dataset.bundled_split
    return "official split" if test.source == "keras" else "a split of the user's own"


def _load(name: str, source: str, split: Split) -> ImageSet:
    find_dataset(name)
    images, labels = _READERS.get(source, _read_folder)(name, source, split)
    where = f"{split} images of {name} from {source!r}"
    _check_images(images, labels, where)
    x = images.reshape(len(images), PIXELS).astype(np.float32) / np.float32(MAX_PIXEL)
    return ImageSet(name, source, split, x, labels.astype(np.int64))


def _read_bundled(name: str, source: str, split: Split) -> RawImages:
    if split == "train":
        raise DataError(
            f"no training images are bundled: give --data keras (downloads {name}) or --data "
            f"FOLDER holding {name}.npz in Keras' layout (x_train, y_train, x_test, y_test)."
        )
    return _read_npz(BUNDLED_FOLDER / f"{name}_test.npz", "x", "y")


def _read_keras(name: str, source: str, split: Split) -> RawImages:
    load_keras()
    from keras import datasets

    try:
        parts: tuple[RawImages, RawImages] = getattr(datasets, name).load_data()
    except Exception as error:  # Keras raises a bare Exception for a failed download
        raise DataError(
            f"Keras could not download {name} ({' '.join(str(error).split())}): check the network, "
            f"or give --data FOLDER holding {name}.npz (x_train, y_train, x_test, y_test)."
        ) from error
    return parts[0] if split == "train" else parts[1]


def _read_folder(name: str, source: str, split: Split) -> RawImages:
    folder = Path(source).expanduser()
    if not folder.is_dir():
        problem = "is a file" if folder.is_file() else "does not exist"
        raise DataError(
            f"data source {source!r} {problem}; expected 'bundled', 'keras' or a folder "
            f"holding {name}.npz."
        )
    return _read_npz(folder / f"{name}.npz", f"x_{split}", f"y_{split}")


_READERS: dict[str, Callable[[str, str, Split], RawImages]] = {
    "bundled": _read_bundled,
    "keras": _read_keras,
}


def _read_npz(path: Path, images_key: str, labels_key: str) -> RawImages:
    if not path.is_file():
        raise DataError(
            f"{path} is missing; expected an npz file with the arrays {images_key} and "
            f"{labels_key}: put it there or choose another --data."
        )
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            missing = [key for key in (images_key, labels_key) if key not in archive.files]
            if not missing:
                return archive[images_key], archive[labels_key]
            found = ", ".join(archive.files) or "nothing"
    except NPZ_ERRORS as error:
        raise DataError(
            f"{path} cannot be read as an npz file ({error}): copy or download it again."
        ) from error
    raise DataError(
        f"{path} holds {found}; expected also {' and '.join(missing)}: "
        "add them or choose another --data."
    )


def _check_images(images: Raw, labels: Raw, where: str) -> None:
    if images.shape[1:] != IMAGE_SHAPE or images.shape[0] == 0:
        raise DataError(f"{where}: shape {images.shape}; expected (images, 28, 28), one or more.")
    if images.dtype != np.uint8:
        raise DataError(
            f"{where}: dtype {images.dtype}; expected uint8, 0 (black) to 255: "
            "convert the array before saving it."
        )
    if labels.shape != (len(images),):
        raise DataError(
            f"{where}: labels of shape {labels.shape}; expected ({len(images)},), one per image."
        )
    if not np.issubdtype(labels.dtype, np.integer):
        raise DataError(
            f"{where}: labels of dtype {labels.dtype}; expected integers 0..{CLASSES - 1}: "
            "save class numbers, not one-hot rows or names."
        )
    if labels.min() < 0 or labels.max() >= CLASSES:
        raise DataError(
            f"{where}: labels from {labels.min()} to {labels.max()}; expected 0..{CLASSES - 1}: "
            "correct or leave out the others."
        )
