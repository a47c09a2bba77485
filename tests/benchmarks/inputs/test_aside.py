"""Laws of a calibration in the main job: what it is fitted to is tested by no figure."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.accuracy import command
from benchmarks.inputs.aside import aside_of
from benchmarks.inputs.datasets import DataError, load_test

LONG = ["accuracy", "--no-channel", "--tile", "128x128", "--wire", "3", "--images", "300"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Random images in Keras' layout."""
    rng = np.random.default_rng(0)
    parts: dict[str, Any] = {}
    for split, count in (("train", 12), ("test", 8)):
        parts[f"x_{split}"] = rng.integers(0, 256, (count, 28, 28), np.uint8)
        parts[f"y_{split}"] = np.arange(count, dtype=np.uint8) % 10
    np.savez(tmp_path / "mnist.npz", **parts)
    return tmp_path


def test_without_the_flag_nothing_is_set_aside() -> None:
    aside = aside_of(load_test("mnist"), None)
    assert (aside.x, aside.count, aside.of_test) == (None, 0, 0)


def test_of_the_bundled_images_it_is_the_last_ones() -> None:
    test = load_test("mnist")
    aside = aside_of(test, 40)
    np.testing.assert_array_equal(aside.x, test.x[-40:])
    assert (aside.count, aside.of_test) == (40, 40)
    assert "last 40 test images" in aside.which


def test_of_a_folder_it_is_training_images(folder: Path) -> None:
    aside = aside_of(load_test("mnist", str(folder)), 5)
    with np.load(folder / "mnist.npz") as held:
        np.testing.assert_allclose(aside.x, held["x_train"][:5].reshape(5, 784) / 255)
    assert aside.of_test == 0
    assert "first 5 training images" in aside.which


@pytest.mark.parametrize(("source", "wanted", "message"), [
    ("bundled", 2, "3 images at least"), ("bundled", 10_000, "9999 of the bundled test images"),
    ("folder", 13, "12 training images; ask for fewer")])
def test_too_few_and_too_many_are_refused(
    source: str, wanted: int, message: str, folder: Path
) -> None:
    test = load_test("mnist", source if source == "bundled" else str(folder))
    with pytest.raises(DataError, match=message):
        aside_of(test, wanted)


def test_a_fourth_figure_is_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """128 x 128 tiles of 3 ohm lose a third of the digits; gains win nearly all of it back."""
    assert main([*LONG, "--calibrate", "128", "--out", str(tmp_path)]) == 0
    result, out = json.loads((tmp_path / "accuracy.json").read_text()), capsys.readouterr().out
    assert result["calibrated_accuracy"] > result["analog_accuracy"] + 0.2
    assert result["calibrated_accuracy"] > 0.9
    assert result["calibration"] == {
        "images": 128, "which": "the last 128 test images, which no figure counts"}
    assert re.search(rf"calibrated accuracy +{result['calibrated_accuracy']:.2%}   .*last 128", out)
    assert result["images"] == 300


def test_images_set_aside_are_never_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []

    def stop(model: object, hardware: object, test: Any, images: int, aside: Any,
             periphery: object) -> None:
        seen.append((images, len(aside)))
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "compare", stop)
    for images in ([], ["--images", "9999"], ["--images", "50"]):
        main(["accuracy", "--calibrate", "400", *images, "--out", str(tmp_path)])
    assert seen == [(9600, 400), (9600, 400), (50, 400)]


def test_too_many_are_refused_in_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]
                                          ) -> None:
    assert main(["accuracy", "--calibrate", "10000", "--out", str(tmp_path)]) == 2
    assert "--calibrate 10000: there are 9999" in capfd.readouterr().err
