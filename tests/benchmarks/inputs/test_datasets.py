"""Laws of the image sets: the bundled ones are whole, equal images have equal digests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.inputs.datasets import (
    DATASETS,
    DataError,
    ImageSet,
    load_test,
    load_train,
    split_in_words,
)

MNIST_TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]  # official split


def arrays(split: str, images: int = 30, seed: int = 0) -> dict[str, Any]:
    """Random images (images, 28, 28) and the labels 0..9 in turn."""
    x = np.random.default_rng(seed).integers(0, 256, (images, 28, 28), dtype=np.uint8)
    return {f"x_{split}": x, f"y_{split}": np.arange(images, dtype=np.uint8) % 10}


def write(folder: Path, content: dict[str, Any], name: str = "mnist") -> str:
    np.savez(folder / f"{name}.npz", **content)
    return str(folder)


@pytest.mark.parametrize("name", DATASETS)
def test_bundled_test_set_is_whole(name: str) -> None:
    test = load_test(name)
    assert (test.name, test.source, test.split, len(test)) == (name, "bundled", "test", 10_000)
    assert test.x.shape == (10_000, 784)
    assert test.x.dtype == np.float32
    assert test.y.dtype == np.int64
    assert (test.x.min(), test.x.max()) == (0.0, 1.0)
    assert test.digest == DATASETS[name].bundled_digest
    assert len(DATASETS[name].classes) == 10
    assert split_in_words(test) == DATASETS[name].bundled_split


def test_bundled_class_counts() -> None:
    assert np.bincount(load_test("mnist").y).tolist() == MNIST_TEST_COUNTS
    assert np.bincount(load_test("fashion_mnist").y).tolist() == [1000] * 10


def test_bundled_images_are_upright_pictures_of_their_class() -> None:
    """A mean image recognises most of the others: labels belong to images, pixels to places."""
    for name, at_least in (("mnist", 0.8), ("fashion_mnist", 0.65)):
        test = load_test(name)
        means = np.stack(
            [test.x[:5000][test.y[:5000] == label].mean(axis=0) for label in range(10)]
        )
        distance = (means**2).sum(axis=1) - 2 * test.x[5000:] @ means.T
        assert np.mean(distance.argmin(axis=1) == test.y[5000:]) > at_least


@pytest.mark.parametrize("name", DATASETS)
def test_licences_are_bundled_with_the_images(name: str) -> None:
    notice = Path(__file__).parents[3] / "benchmarks" / "inputs" / "data" / "NOTICE.md"
    assert f"{name}_test.npz" in notice.read_text(encoding="utf-8")


def test_images_cannot_be_changed_after_their_digest_is_taken() -> None:
    test = load_test("mnist")
    with pytest.raises(ValueError, match="read-only"):
        test.x[0, 0] = 1.0


def test_pixels_scale_from_bytes_to_one_and_digest_round_trips(tmp_path: Path) -> None:
    x = np.zeros((1, 28, 28), np.uint8)
    x.flat[:256] = np.arange(256)
    test = load_test("mnist", write(tmp_path, {"x_test": x, "y_test": np.array([7])}))
    np.testing.assert_array_equal(test.x[0, :256], np.arange(256, dtype=np.float32) / 255)
    np.testing.assert_array_equal(np.rint(test.x * 255), x.reshape(1, 784))


def test_digest_depends_on_images_labels_and_order_but_not_on_source(tmp_path: Path) -> None:
    bundled = load_test("mnist")
    raw = np.rint(bundled.x * 255).astype(np.uint8).reshape(-1, 28, 28)
    copy = load_test("mnist", write(tmp_path, {"x_test": raw, "y_test": bundled.y}))
    assert copy.digest == bundled.digest
    assert split_in_words(copy) == "official split"

    def digest(x: Any, y: Any) -> str:
        return ImageSet("mnist", "bundled", "test", x.copy(), y.copy()).digest

    assert digest(bundled.x[::-1], bundled.y[::-1]) != bundled.digest
    assert digest(bundled.x, bundled.y[::-1]) != bundled.digest


def test_folder_gives_its_train_and_test_parts(tmp_path: Path) -> None:
    content = {**arrays("train", 50, seed=1), **arrays("test", 20, seed=2)}
    folder = write(tmp_path, content, "fashion_mnist")
    train, test = load_train("fashion_mnist", folder), load_test("fashion_mnist", folder)
    np.testing.assert_array_equal(np.rint(train.x * 255).reshape(-1, 28, 28), content["x_train"])
    np.testing.assert_array_equal(test.y, content["y_test"])
    assert (train.split, train.source) == ("train", folder)
    assert split_in_words(test) == "a split of the user's own"


def test_folder_with_the_test_part_only_serves_for_testing(tmp_path: Path) -> None:
    folder = write(tmp_path, arrays("test"))
    assert len(load_test("mnist", folder)) == 30
    with pytest.raises(DataError, match=r"holds x_test, y_test; expected also x_train and y_train"):
        load_train("mnist", folder)


def test_keras_source_takes_both_parts_from_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    keras = pytest.importorskip("keras")
    train, test = arrays("train", 40, seed=1), arrays("test", 10, seed=2)
    parts = ((train["x_train"], train["y_train"]), (test["x_test"], test["y_test"]))
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: parts)
    assert len(load_train("mnist", "keras")) == 40
    assert len(load_test("mnist", "keras")) == 10
    assert split_in_words(load_test("mnist", "keras")) == "official split"


def test_failed_download_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    keras = pytest.importorskip("keras")

    def fail() -> None:
        raise Exception("URL fetch failure on https://x:\nNone")  # the type that Keras raises

    monkeypatch.setattr(keras.datasets.mnist, "load_data", fail)
    with pytest.raises(
        DataError, match=r"could not download mnist .*or give --data FOLDER"
    ) as info:
        load_train("mnist", "keras")
    assert "\n" not in str(info.value)


def test_bundled_training_images_are_refused_in_one_sentence() -> None:
    with pytest.raises(DataError, match=r"^no training .* --data keras .* --data FOLDER .*x_train"):
        load_train("fashion_mnist", "bundled")


def test_unknown_dataset_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"'fashion-mnist'; did you mean 'fashion_mnist'\?"):
        load_test("fashion-mnist")
    with pytest.raises(ValueError, match=r"'cifar100'; known: fashion_mnist, mnist"):
        load_test("cifar100")


GOOD = arrays("test")
BAD_ARRAYS = {
    "flat images": ({**GOOD, "x_test": np.zeros((30, 784), np.uint8)}, r"shape \(30, 784\)"),
    "no images": ({**GOOD, "x_test": np.zeros((0, 28, 28), np.uint8)}, "one or more"),
    "scalar images": ({**GOOD, "x_test": np.uint8(3)}, r"shape \(\)"),
    "float images": ({**GOOD, "x_test": np.zeros((30, 28, 28))}, "dtype float64; expected uint8"),
    "too few labels": ({**GOOD, "y_test": np.zeros(29, np.uint8)}, r"\(29,\); expected \(30,\)"),
    "one-hot labels": ({**GOOD, "y_test": np.eye(30, 10)}, r"shape \(30, 10\)"),
    "float labels": ({**GOOD, "y_test": np.zeros(30)}, "labels of dtype float64"),
    "label 10": ({**GOOD, "y_test": np.arange(30) % 11}, "labels from 0 to 10; expected 0..9"),
    "label -1": ({**GOOD, "y_test": np.arange(30) % 11 - 1}, "labels from -1 to 9"),
    "no labels": ({"x_test": GOOD["x_test"]}, "holds x_test; expected also y_test"),
    "nothing": ({}, "holds nothing; expected also x_test and y_test"),
    "objects": ({**GOOD, "x_test": np.array([None])}, "cannot be read"),
}


@pytest.mark.parametrize("case", BAD_ARRAYS)
def test_bad_arrays_are_named(case: str, tmp_path: Path) -> None:
    content, message = BAD_ARRAYS[case]
    folder = write(tmp_path, content)
    with pytest.raises(DataError, match=message):
        load_test("mnist", folder)


def test_missing_places_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mnist\.npz is missing; expected .* x_test and y_test"):
        load_test("mnist", str(tmp_path))
    with pytest.raises(DataError, match="does not exist; expected 'bundled', 'keras' or a folder"):
        load_test("mnist", str(tmp_path / "nowhere"))
    file = Path(write(tmp_path, GOOD)) / "mnist.npz"
    with pytest.raises(DataError, match="is a file; expected"):
        load_test("mnist", str(file))


def test_damaged_files_are_named(tmp_path: Path) -> None:
    path = Path(write(tmp_path, GOOD)) / "mnist.npz"
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    for content in (whole[: len(whole) // 2], bytes(flipped), b"", b"no archive"):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"mnist\.npz cannot be read as an npz file"):
            load_test("mnist", str(tmp_path))
    with path.open("wb") as file:
        np.save(file, GOOD["x_test"])  # an npy file under the name of an npz
    with pytest.raises(DataError, match="cannot be read as an npz file"):
        load_test("mnist", str(tmp_path))
