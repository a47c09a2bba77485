"""Laws of training: it learns, the seed decides all, an interruption changes nothing."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.inputs.datasets import DataError, load_test, load_train  # after the skip
from benchmarks.inputs.weights import (
    accuracy_on,
    load_trained,  # after the skip
)
from benchmarks.output.files import OutputError
from benchmarks.train import command as train_command  # after the skip
from benchmarks.train import training  # after the skip
from benchmarks.train.networks import NETWORKS  # after the skip
from benchmarks.train.training import Settings, train  # after the skip

# Keras 3.15 with NumPy 2.4: Keras' own conversion of a variable to an array, harmless
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")

SHORT = Settings(seed=3, epochs=3, batch_size=32, learning_rate=1e-2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten noisy patterns, one per class: 210 training images (no multiple of 32), 50 to test."""
    rng = np.random.default_rng(0)
    patterns = rng.integers(0, 200, (10, 28, 28))
    content: dict[str, Any] = {}
    for split, count in (("train", 210), ("test", 50)):
        y = np.arange(count) % 10
        x = patterns[y] + rng.integers(0, 56, (count, 28, 28))
        content |= {f"x_{split}": x.astype(np.uint8), f"y_{split}": y.astype(np.uint8)}
    path = tmp_path_factory.mktemp("data")
    np.savez(path / "mnist.npz", **content)
    return path


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    train_command.add_parser(parser.add_subparsers())
    return parser.parse_args(["train", *arguments])


def command(folder: Path, out: Path, *arguments: str) -> int:
    short = ("--seed", "3", "--epochs", "3", "--batch-size", "32", "--learning-rate", "1e-2")
    args = parse("--data", str(folder), "--out", str(out), *short, *arguments)
    code: int = args.run(args)
    return code


def assert_same_weights(one: Any, other: Any) -> None:
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def interrupt_in_epoch(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Ctrl-C after the weights of epoch `number` have changed and before they are saved."""
    whole = training._train_epoch

    def interrupted(model: Any, data: Any, settings: Settings, epoch: int) -> float:
        loss = whole(model, data, settings, epoch)
        if epoch == number:
            raise KeyboardInterrupt
        return loss

    monkeypatch.setattr(training, "_train_epoch", interrupted)


def test_command_learns_and_writes_a_network_with_its_record(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "out"
    assert command(folder, out) == 0
    test = load_test("mnist", str(folder))
    trained = load_trained("mnist", test, out / "mnist_seed3.keras")
    accuracy = accuracy_on(trained.model, test)
    assert accuracy > 0.8  # the patterns are easy; chance is 0.1
    record = trained.metadata
    assert record.test_accuracy == accuracy
    assert record.train_digest == load_train("mnist", str(folder)).digest
    assert (record.seed, record.epochs, record.batch_size) == (3, 3, 32)
    assert (record.learning_rate, record.optimizer) == (1e-2, "Adam")
    assert f"{accuracy:.2%} on 50 images" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == ["mnist_seed3.json", "mnist_seed3.keras"]
    assert record.network == "dense"


def test_a_network_by_name_learns_and_its_files_and_record_name_it(
    folder: Path, tmp_path: Path
) -> None:
    assert command(folder, tmp_path, "--network", "lenet") == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "mnist_lenet_seed3.json", "mnist_lenet_seed3.keras"]
    test = load_test("mnist", str(folder))
    trained = load_trained("mnist", test, tmp_path / "mnist_lenet_seed3.keras", network="lenet")
    assert trained.model.get_layer("conv2").filters == 16
    assert trained.metadata.network == "lenet"
    assert trained.metadata.test_accuracy == accuracy_on(trained.model, test) > 0.8


@pytest.mark.parametrize("network", NETWORKS)
def test_epochs_are_those_that_suit_the_network(
    network: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(_: object, settings: Settings, checkpoint: Path) -> None:
        assert settings.network == network
        assert settings.epochs == NETWORKS[network].epochs
        raise KeyboardInterrupt

    monkeypatch.setattr(train_command, "train", check)
    args = parse("--network", network, "--data", str(folder), "--out", str(tmp_path))
    assert args.run(args) == 130


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
def test_seed_decides_all_weights(network: str, folder: Path, tmp_path: Path) -> None:
    data = load_train("mnist", str(folder))
    settings = replace(SHORT, network=network)
    first = train(data, settings, tmp_path / "1.npz")
    again = train(data, settings, tmp_path / "2.npz")
    assert_same_weights(first, again)
    other = train(data, replace(settings, seed=4), tmp_path / "3.npz")
    assert not np.array_equal(first.get_weights()[0], other.get_weights()[0])


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("epoch", [0, 2])
def test_interrupted_and_resumed_equals_uninterrupted(
    epoch: int, network: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = load_test("mnist", str(folder))
    with monkeypatch.context() as patch:
        interrupt_in_epoch(patch, epoch)
        assert command(folder, tmp_path, "--network", network, "--name", "a") == 130
    assert (tmp_path / "a.checkpoint.npz").exists() == (epoch > 0)
    epochs_run = []
    whole = training._train_epoch

    def count(model: Any, data: Any, settings: Settings, number: int) -> float:
        epochs_run.append(number)
        return whole(model, data, settings, number)

    monkeypatch.setattr(training, "_train_epoch", count)
    assert command(folder, tmp_path, "--network", network, "--name", "a") == 0
    assert epochs_run == list(range(epoch, 3))
    assert command(folder, tmp_path, "--network", network, "--name", "b") == 0
    resumed, straight = (load_trained("mnist", test, tmp_path / f"{name}.keras", network=network)
                         for name in "ab")
    assert_same_weights(resumed.model, straight.model)
    assert not list(tmp_path.glob("*checkpoint*"))


def test_checkpoint_of_another_training_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_in_epoch(patch, 1)
        command(folder, tmp_path)
    with pytest.raises(DataError, match=r"mnist_seed3\.checkpoint\.npz is from another training"):
        command(folder, tmp_path, "--epochs", "9")
    with pytest.raises(DataError, match=r"mnist_seed3\.checkpoint\.npz is from another training"):
        command(folder, tmp_path, "--network", "lenet", "--name", "mnist_seed3")
    checkpoint = tmp_path / "mnist_seed3.checkpoint.npz"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(DataError, match=r"mnist_seed3\.checkpoint\.npz is damaged"):
        command(folder, tmp_path)


def test_unwritable_out_is_found_before_training(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_command, "train", lambda *_: pytest.fail("it trained"))
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(OutputError, match=r"cannot write to --out .*file"):
        command(folder, blocked)


def test_unfit_sources_are_found_before_training(tmp_path: Path) -> None:
    args = parse("--data", "bundled", "--out", str(tmp_path / "out"))
    with pytest.raises(DataError, match="no training images are bundled"):
        args.run(args)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--epochs", "0"),
        ("--epochs", "1.5"),
        ("--batch-size", "-1"),
        ("--seed", "-1"),
        ("--seed", "4294967296"),
        ("--learning-rate", "0"),
        ("--learning-rate", "nan"),
        ("--learning-rate", "fast"),
        ("--name", "../mnist"),
        ("--name", ""),
    ],
)
def test_bad_options_are_named(option: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse("--data", "keras", f"{option}={text}")
    error = capsys.readouterr().err
    assert f"argument {option}: {text!r} is not" in error


def test_help_teaches_and_needs_no_tensorflow() -> None:
    code = (
        "import sys; from benchmarks.train import command;"
        "from benchmarks.cli.parser import Parser;"
        "p = Parser('python -m benchmarks'); command.add_parser(p.add_subparsers());"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules;"
        "p.parse_args(['train', '--help'])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert "python -m benchmarks train --dataset fashion_mnist" in done.stdout
    assert "40 for dense, 20 for lenet if not given" in " ".join(done.stdout.split())
    assert "(default: dense)" in done.stdout
    assert "(default: None)" not in done.stdout
