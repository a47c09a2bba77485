"""Laws of the command: nothing that was tested was fitted to, what is known is not done again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.inputs.datasets import load_test
from benchmarks.recover.kept import BUNDLED
from benchmarks.recover.recipe import Recipe
from benchmarks.recover.run import Study
from crossbar import Hardware
from crossbar.recovery.kept_states import KeptStates
from device_models import CompoundMTJ, load_stack

TARGETS = {"mnist": (0.978, 0.978, 0.973, 0.965), "fashion_mnist": (0.886, 0.886, 0.876, 0.866)}


def images(folder: Path, train: int = 5600) -> Path:
    """A folder of digits: half of the bundled test images to train on, the others to test."""
    test = load_test("mnist")
    x = np.rint(test.x * 255).astype(np.uint8).reshape(-1, 28, 28)
    y = test.y.astype(np.uint8)
    np.savez(folder / "mnist.npz", x_train=x[:train], y_train=y[:train], x_test=x, y_test=y)
    return folder


def result(folder: Path) -> Any:
    return json.loads((folder / "recover.json").read_text(encoding="utf-8"))


def test_bundled_states_give_the_table_without_training_images(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--arrays", "64x64:1", "--seeds", "1", "--out", str(tmp_path)]
    assert main(["recover", *arguments]) == 0
    (row,) = result(tmp_path)["arrays"]
    found = {step["step"]: step for step in row["steps"]}
    assert [each["source"] for each in found.values()] == ["bundled"] * 4
    values = [each["accuracies"][0] for each in found.values()]
    assert values[0] < values[1] < values[2]
    assert values[3] >= TARGETS["mnist"][0]
    assert (tmp_path / "recover.png").stat().st_size > 10_000
    assert f"{100 * values[3]:.2f}" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("dataset", TARGETS)
def test_all_that_is_bundled_reaches_what_it_is_to_reach(dataset: str, tmp_path: Path) -> None:
    assert main(["recover", "--dataset", dataset, "--steps", "train", "--out", str(tmp_path)]) == 0
    for row, target in zip(result(tmp_path)["arrays"], TARGETS[dataset], strict=True):
        assert np.mean(row["steps"][-1]["accuracies"]) >= target, row["array"]


@pytest.mark.parametrize("path", sorted(BUNDLED.glob("*.npz")), ids=lambda path: path.stem)
def test_what_is_bundled_has_seen_no_test_image(path: Path) -> None:
    """The images it was found on are other ones, as its record says."""
    record = KeptStates.load(path).record
    dataset = record["identity"]["dataset"]
    assert record["identity"]["test_digest"] == load_test(dataset).digest
    assert record["train_digest"] != load_test(dataset).digest


def test_images_that_are_tested_are_left_out_of_those_that_train(tmp_path: Path) -> None:
    """Pixel by pixel, wherever they come from: here all of them."""
    test = load_test("mnist", str(images(tmp_path)))
    hardware = Hardware(CompoundMTJ(load_stack("kumar2024").mtj(thickness=1.9e-9), 3))
    study = Study("dense", replace(test, x=test.x[:100].copy(), y=test.y[:100].copy()),
                  str(tmp_path), hardware, (), Recipe(), 16, False, tmp_path)
    assert len(study.images) == 5600 - 100
    assert not {x.tobytes() for x in study.images.x} & {x.tobytes() for x in study.test.x}


@pytest.mark.parametrize(("arguments", "words"), [
    (["--arrays", "32x32:7", "--steps", "calibrate"], "--data keras"),
    (["--tile", "64x64"], "--arrays"),
    (["--row", "2"], "--row is of all arrays here"),
    (["--seeds", "9"], "--seeds is 9; expected 5"),
    (["--analog-bias"], "--analog-bias"),
])
def test_what_cannot_be_done_says_what_to_do(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recover", *arguments, "--out", str(tmp_path)]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--steps", "calibrated"], ["--arrays", "64"],
                                       ["--shift", "-1"], ["--model", "lenett"]])
def test_flags_that_say_nothing_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["recover", *arguments])
    assert stopped.value.code == 2
