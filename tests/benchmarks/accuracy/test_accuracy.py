"""The main job, run as a user does: what it writes, the ranges of physics, the same twice."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.image
import pytest

from benchmarks.__main__ import main
from benchmarks.accuracy import command as accuracy
from benchmarks.accuracy import figure as accuracy_figure
from benchmarks.cli import Parser, add_hardware, describe, hardware_of
from benchmarks.inputs.weights import BUNDLED_FOLDER
from crossbar import Differential, Periphery
from crossbar.cost.parts import ARRAY, EVERY
from crossbar.mapping import MAPPINGS
from crossbar.stored import from_plain

FILES = ("accuracy.json", "accuracy.png", "accuracy.svg")
KEYS = {"network", "software_accuracy", "ideal_accuracy", "analog_accuracy",
        "energy_per_inference_j", "energy_array_j", "energy_periphery_j", "energy_split_j",
        "seconds", "configuration"}
SEEDED = ["accuracy", "--images", "200", "--spread", "5", "--seed", "3", "--adc-bits", "7",
          "--source", "50", "--sense", "20"]


class Run:
    """A finished command in an empty folder of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        done = subprocess.run([sys.executable, "-m", "benchmarks", *arguments], cwd=folder,
                              capture_output=True, text=True, timeout=300, check=False)
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def result(self) -> dict[str, Any]:
        return json.loads((self.folder / "results" / "accuracy.json").read_text())


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("short"), *SEEDED)


def check_outcome(run: Run, images: int) -> None:
    """What every run of the main job leaves behind."""
    assert run.code == 0
    assert run.err == ""
    assert "\x1b" not in run.out
    assert "\r" not in run.out
    assert {p.name for p in run.folder.iterdir()} == {"results"}
    assert {p.name for p in (run.folder / "results").iterdir()} == set(FILES)
    result = run.result
    assert set(result) >= KEYS
    assert result["images"] == images
    assert set(result["energy_split_j"]) == set(EVERY)
    assert sum(result["energy_split_j"][part] for part in ARRAY) == pytest.approx(
        result["energy_array_j"], rel=1e-12)
    assert result["energy_array_j"] + result["energy_periphery_j"] == pytest.approx(
        result["energy_per_inference_j"], rel=1e-12)
    assert all(energy >= 0 for energy in result["energy_split_j"].values())
    assert sum(result["energy_split_j"].values()) == pytest.approx(
        result["energy_per_inference_j"], rel=1e-12)
    assert 0 < result["seconds"] < 300
    versions = result["configuration"]["versions"]
    assert set(versions) >= {"python", "numpy", "numba", "scipy", "tensorflow", "keras"}
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))


def test_short_run_writes_its_result_and_nothing_else(short: Run) -> None:
    check_outcome(short, 200)
    result = short.result
    assert result["configuration"]["seed"] == 3
    assert result["configuration"]["spread"] == 5.0
    assert result["network"] == "dense: hidden 128, output 10"
    assert result["configuration"]["training"]["network"] == "dense"
    for name in ("software", "ideal", "analog"):
        right = result[f"{name}_accuracy"] * 200
        assert right == pytest.approx(round(right), abs=1e-9)
        assert (0.7 if name == "analog" else 0.9) < result[f"{name}_accuracy"] <= 1
    nothing = {part for part, joule in result["energy_split_j"].items() if joule == 0}
    assert nothing == {"access"}


def test_converter_energy_is_conversions_times_their_energy(short: Run) -> None:
    """784 x 128 in 13 x 4 tiles, 128 x 10 in 2 x 1: columns, at 7 bits."""
    conversions = 13 * 256 + 2 * 20
    assert short.result["energy_split_j"]["adc"] == pytest.approx(
        conversions * Periphery().adc.energy(7, 1e8))


def test_printed_numbers_are_those_written(short: Run) -> None:
    for name in ("software", "ideal", "analog"):
        assert re.search(rf"{name} accuracy +{short.result[f'{name}_accuracy']:.2%}", short.out)
    assert f"{short.result['network']}; MNIST digits, 200 test images\n" in short.out
    arrays, all_of_it = (1e12 * short.result[f"energy_{name}_j"] for name in (
        "array", "per_inference"))
    assert re.search(rf"array energy +{arrays:.1f} pJ .*solved", short.out)
    assert re.search(rf"with periphery +{all_of_it:.0f} pJ +estimated.*\n +45 nm, ADC median",
                     short.out)


def test_picture_shows_something(short: Run) -> None:
    picture = matplotlib.image.imread(short.folder / "results" / "accuracy.png")
    assert picture.shape[0] > 300
    assert picture.shape[1] > 900
    third = picture.shape[1] // 3
    for i in range(3):  # each of the three panels
        assert picture[:, i * third:(i + 1) * third, :3].std() > 0.03


@pytest.mark.slow
def test_lenet_goes_through_the_circuit_layer_by_layer(tmp_path: Path) -> None:
    """Seven levels a weight and 1 ohm a segment cost a few points of the 90 %."""
    run = Run(tmp_path, "accuracy", "--model", "lenet", "--dataset", "fashion_mnist",
              "--images", "200")
    check_outcome(run, 200)
    result = run.result
    assert result["network"] == (
        "lenet: conv1 5x5x6, conv2 5x5x16, hidden1 120, hidden2 84, output 10")
    assert f"{result['network']}; Fashion-MNIST, 200 test images\n" in run.out
    assert result["configuration"]["model"] == "lenet"
    assert result["configuration"]["training"]["network"] == "lenet"
    assert result["software_accuracy"] > 0.85
    for name in ("ideal", "analog"):
        assert 0.78 < result[f"{name}_accuracy"] < 0.92
    assert list(result["energy_layers_j"]) == ["conv1", "conv2", "hidden1", "hidden2", "output"]
    assert all(layer["devices"] > 0 for layer in result["energy_layers_j"].values())


@pytest.mark.slow
def test_same_seed_gives_the_same_numbers_and_another_seed_others(
    short: Run, tmp_path: Path
) -> None:
    assert main([*SEEDED, "--out", str(tmp_path / "again")]) == 0
    again = json.loads((tmp_path / "again" / "accuracy.json").read_text())
    numbers = [key for key in short.result if not key.startswith(("seconds", "configuration"))]
    assert {key: again[key] for key in numbers} == {key: short.result[key] for key in numbers}
    assert main([*SEEDED, "--seed", "4", "--out", str(tmp_path / "other")]) == 0
    other = json.loads((tmp_path / "other" / "accuracy.json").read_text())
    assert other["energy_per_inference_j"] != again["energy_per_inference_j"]
    assert other["software_accuracy"] == again["software_accuracy"]


@pytest.mark.slow
def test_main_job_on_all_images(tmp_path: Path) -> None:
    run = Run(tmp_path, "accuracy")
    check_outcome(run, 10_000)
    result = run.result
    assert (result["software_accuracy"] > result["ideal_accuracy"] > result["analog_accuracy"]
            > 0.9)
    assert result["software_accuracy"] == result["configuration"]["training"]["test_accuracy"]
    # 102,912 pairs at 2 x 62 to 86 uS, 0.1 V, 30 ns, each input at full voltage: 4.3 to 5.3 nJ
    assert 0 < result["energy_array_j"] < 5.3e-9


def test_the_whole_hardware_is_written_and_read_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--write-probability", "99", "--adc", "7:offset_spread=0.2", "--age", "1h", "--seed",
             "5", "--variability", "default:shorted=0", "--wire", "0"]
    assert main(["accuracy", "--images", "20", *flags, "--out", str(tmp_path)]) == 0
    result = json.loads((tmp_path / "accuracy.json").read_text())
    parser = Parser(prog="x")
    add_hardware(parser)
    hardware = hardware_of(parser.parse_args(flags))
    assert from_plain(result["configuration"]["hardware"]) == hardware
    out = capsys.readouterr().out
    for name, text in describe(hardware):
        assert f"{name:<10}{text}\n" in out
    assert "chip      seed 5, spread 0 %\n" in out
    assert "since     1 h since the write\n" in out


def test_a_mapping_that_could_not_be_read_again_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    @dataclass(frozen=True)
    class Mine(Differential):
        """Someone's own, in no registry of stored classes."""

    monkeypatch.setitem(MAPPINGS, "mine", Mine)
    monkeypatch.setattr(accuracy, "compare", interrupt)
    assert main(["accuracy", "--mapping", "mine", "--out", str(tmp_path / "out")]) == 2
    assert "crossbar.register" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def old_results(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text("of an earlier run")
    return folder


def untouched(folder: Path) -> bool:
    return {p.name: p.read_bytes() for p in folder.iterdir()} == dict.fromkeys(
        FILES, b"of an earlier run")


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_interrupt_while_computing_leaves_old_results(
    old_results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "compare", interrupt)
    assert main(["accuracy", "--images", "20", "--out", str(old_results)]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert untouched(old_results)


def test_interrupt_while_drawing_leaves_old_results(
    old_results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(path: Path, *_: object) -> None:
        path.write_text("half a picture")
        raise KeyboardInterrupt

    monkeypatch.setattr(accuracy_figure, "draw", half)
    assert main(["accuracy", "--images", "20", "--out", str(old_results)]) == 130
    assert untouched(old_results)


@pytest.mark.slow
def test_interrupt_between_the_files_says_the_truth(
    old_results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "write_json", interrupt)
    assert main(["accuracy", "--images", "20", "--out", str(old_results)]) == 130
    assert untouched(old_results) or "nothing was written" not in capsys.readouterr().err


def test_a_network_that_cannot_be_converted_is_refused_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import keras

    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10, name="coded")])
    model.layers[0].quantize("int8")
    model.save(tmp_path / "net.keras")
    (tmp_path / "net.json").write_text((BUNDLED_FOLDER / "mnist_seed0.json").read_text())
    assert main(["accuracy", "--images", "20", "--model", str(tmp_path / "net.keras"),
                 "--out", str(tmp_path / "results")]) == 2
    assert "'coded' (Dense) is quantised (int8)" in capfd.readouterr().err


def test_a_file_of_ones_own_is_described_by_its_layers_and_a_bundled_one_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same weights from a file: another name, the same numbers."""
    for ending in ("keras", "json"):
        shutil.copy(BUNDLED_FOLDER / f"mnist_seed0.{ending}", tmp_path / f"mine.{ending}")
    results = []
    for model in ("dense", str(tmp_path / "mine.keras")):
        assert main(["accuracy", "--images", "20", "--model", model, "--out", str(tmp_path)]) == 0
        results.append(json.loads((tmp_path / "accuracy.json").read_text()))
        assert results[-1]["configuration"]["model"] == model
    named, file = results
    assert named["network"] == "dense: hidden 128, output 10"
    assert file["network"] == "mine.keras: hidden 128, output 10"
    assert named["energy_split_j"] == file["energy_split_j"]
    assert file["network"] in capsys.readouterr().out
