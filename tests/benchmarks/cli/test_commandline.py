"""Bad input ends with status 2 and one line that says what to do; nothing is written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import benchmarks
from benchmarks.__main__ import main
from benchmarks.accuracy import command as accuracy
from benchmarks.cli import Parser, add_hardware, hardware_of
from benchmarks.cli.commands import CommandError

A = ["accuracy"]
BAD = {
    "no command": ([], "COMMAND"),
    "unknown command": (["acuracy"], "did you mean 'accuracy'"),
    "unknown flag": ([*A, "--wires", "1"], "did you mean --wire"),
    "abbreviated flag": ([*A, "--thick", "1.9"], "did you mean --thickness"),
    "unknown dataset": ([*A, "--dataset", "minst"], "did you mean 'mnist'"),
    "unknown data": ([*A, "--data", "nowhere"], "expected 'bundled', 'keras' or a folder"),
    "unknown stack": ([*A, "--stack", "kumar2042"], "did you mean 'kumar2024'"),
    "missing stack": ([*A, "--stack", "none.toml"], "give an existing .toml"),
    "missing model": ([*A, "--model", "none.keras"], "train"),
    "unknown model": ([*A, "--model", "lennet"], "did you mean 'lenet'? known: dense, lenet; or"),
    "a folder as model": ([*A, "--model", "trained/lenet"], "no .keras file"),
    "train: network": (["train", "--network", "lennet"], "did you mean 'lenet'"),
    "model of another kind": ([*A, "--model", "net.h5"], "no .keras file"),
    "thin": ([*A, "--thickness", "1.0"], "--extrapolate"),
    "thickness in metres": ([*A, "--thickness", "1.9e-9"], "expected 1.6 to 2.6 nm"),
    "thickness in words": ([*A, "--thickness", "thick"], "not a finite number"),
    "no cells": ([*A, "--cells", "0"], "whole number of 1 or more"),
    "half a cell": ([*A, "--cells", "1.5"], "whole number of 1 or more"),
    "no TMR": ([*A, "--tmr", "0"], "tmr"),
    "negative resistance": ([*A, "--r-p", "-5"], "r_p"),
    "infinite resistance": ([*A, "--r-p", "inf"], "not a finite number"),
    "negative spread": ([*A, "--spread", "-1"], "spread"),
    "spread of all": ([*A, "--spread", "100"], "spread in per cent; expected 0 or more, below 100"),
    "spread as a fraction": ([*A, "--spread", "0.05"], "is it meant as a fraction? pass 5, or"),
    "TMR as a ratio": ([*A, "--tmr", "2.6"], "is it meant as a ratio? pass 260, or 2.6% if not"),
    "variability": ([*A, "--variability", "sigma_rp=4"], "did you mean 'sigma_r_p'"),
    "faults in all": ([*A, "--variability", "shorted=60:open=50"], "add to more than 1"),
    "two writes": ([*A, "--write", "--write-probability", "90"], "expected one of them"),
    "unknown write": ([*A, "--write", "verfy"], "did you mean 'verify'"),
    "pulses of no write": ([*A, "--pulse-width", "200"], "add --write open or --write verify"),
    "age in months": ([*A, "--age", "3m"], "expected one of s, min, h, d, y"),
    "negative reads": ([*A, "--reads", "-1"], "reads"),
    "unknown end": ([*A, "--row-drive", "lft"], "did you mean 'left'"),
    "two converters": ([*A, "--dac", "8", "--dac-bits", "8"], "expected one of them"),
    "converter of no bits": ([*A, "--adc", "dnl=0.3"], "without bits; expected as 8:dnl=0.3"),
    "no channel of two ends": ([*A, "--no-channel", "--both-ends"], "leave one of them out"),
    "many cells on a channel": ([*A, "--cells", "21"], "add --no-channel"),
    "cold wires": ([*A, "--temperature", "4K"], "temperature"),
    "unknown mapping": ([*A, "--mapping", "diferential"], "did you mean 'differential'"),
    "unknown scale": ([*A, "--scale", "least"], "least-squares"),
    "negative wire": ([*A, "--wire", "-1"], "row resistance"),
    "nan wire": ([*A, "--column", "nan"], "not a finite number"),
    "negative source": ([*A, "--source", "-1"], "source resistance"),
    "tile of words": ([*A, "--tile", "64"], "ROWSxCOLUMNS"),
    "tile of nothing": ([*A, "--tile", "0x64"], "ROWSxCOLUMNS"),
    "narrow tile": ([*A, "--tile", "64x1"], "2 columns or more"),
    "no voltage": ([*A, "--read-voltage", "0"], "read_voltage"),
    "no time": ([*A, "--read-time", "0"], "read_time"),
    "no bits": ([*A, "--adc-bits", "0"], "whole number of 1 or more"),
    "many bits": pytest.param([*A, "--adc-bits", "5000"], "bits"),
    "negative seed": ([*A, "--seed", "-1"], "whole number from 0"),
    "no images": ([*A, "--images", "0"], "whole number of 1 or more"),
    "words for images": ([*A, "--images", "all"], "whole number of 1 or more"),
    "missing value": ([*A, "--cells"], "expected one argument"),
    "speed: size": (["speed", "--sizes", "12"], "ROWSxCOLUMNS"),
    "speed: no rows": (["speed", "--sizes", "0x5"], "ROWSxCOLUMNS"),
    "speed: negative": (["speed", "--sizes", "-3x5"], "at least one argument"),
    "speed: ideal wire": (["speed", "--sizes", "3x5", "--wire", "0"], "more than 0"),
    "speed: negative wire": (["speed", "--sizes", "3x5", "--wire", "-1"], "more than 0"),
    "speed: no repetition": (["speed", "--repeat", "0"], "whole number of 1 or more"),
    "speed: seed": (["speed", "--seed", "5000000000"], "whole number from 0"),
    "speed: flag": (["speed", "--size", "3x5"], "did you mean --sizes"),
}


def end(arguments: list[str]) -> int:
    """Status of a command, however it ends."""
    try:
        return main(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)


def check_refused(code: int, err: str, out: str) -> str:
    """Status 2 and one line of message, perhaps with where to get help; returns the message."""
    assert code == 2
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("try: "))
    assert lines[0].startswith("python -m benchmarks")
    assert "Traceback" not in err
    return lines[0]


@pytest.fixture
def fails_if_computing(monkeypatch: pytest.MonkeyPatch) -> None:
    def compare(*_: object) -> None:
        raise AssertionError("started to compute")

    monkeypatch.setattr(accuracy, "compare", compare)


@pytest.mark.usefixtures("fails_if_computing")
@pytest.mark.parametrize(("arguments", "hint"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_with_a_hint(
    arguments: list[str], hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    out = ["--out", "results"] if arguments[:1] in (["accuracy"], ["speed"]) else []
    code = end([*arguments[:1], *out, *arguments[1:]])
    text = capfd.readouterr()
    assert hint in check_refused(code, text.err, text.out)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not written


@pytest.mark.usefixtures("fails_if_computing")
@pytest.mark.parametrize("command", ["accuracy", "speed"])
@pytest.mark.parametrize("place", ["a file", "below a file", "a device"])
def test_an_out_that_cannot_be_written_is_refused_before_any_work(
    place: str, command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("kept")
    out = {"a file": tmp_path / "file", "below a file": tmp_path / "file" / "results",
           "a device": Path("/proc/results")}[place]
    code = end([command, "--out", str(out)])
    text = capfd.readouterr()
    assert "choose another folder" in check_refused(code, text.err, text.out)
    assert (tmp_path / "file").read_text() == "kept"


def test_a_real_process_ends_the_same_way(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks", "accuracy", "--cells", "0"],
                          cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    check_refused(done.returncode, done.stderr, done.stdout)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("command", ["accuracy", "speed", "train"])
def test_help_explains_every_flag(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert end([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert "--out" in text
    assert "default: None" not in text
    assert "--seed" in text


@pytest.mark.parametrize(("called", "name"), [
    ("/usr/bin/spintronic-crossbar", "spintronic-crossbar"),
    ("spintronic-crossbar.exe", "spintronic-crossbar"),
    ("/somewhere/benchmarks/__main__.py", "python -m benchmarks"),
    ("", "python -m benchmarks"),  # from Python
])
def test_the_name_that_was_called_is_the_one_that_answers(
    called: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [called])

    def said(*arguments: str) -> str:
        end([*arguments])
        text = capsys.readouterr()
        return text.out + text.err

    assert said("--help").startswith(f"usage: {name} [-h] COMMAND")
    assert f"\n  {name} accuracy --out results" in said("--help")
    assert said("accuracy", "--help").startswith(f"usage: {name} accuracy [-h]")
    assert f"\n  {name} accuracy --dataset fashion_mnist" in said("accuracy", "--help")
    assert said("acuracy").startswith(f"{name}: ")
    assert said("accuracy", "--cells", "0").startswith(f"{name} accuracy: ")
    assert said("accuracy", "--stack", "kumar2042").startswith(f"{name} accuracy: ")
    assert f"'{name} train --dataset" in said("accuracy", "--model", "none.keras")


COMMAND = '''"""A command of one's own."""


def add_parser(commands):
    parser = commands.add_parser("hello", help="says hello")
    parser.set_defaults(run=lambda args: print("hello to you") or 0)
'''


def add_folder(place: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder `hello` with a `command.py`, as if it stood in benchmarks/."""
    (place / "hello").mkdir()
    (place / "hello" / "command.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(benchmarks, "__path__", [*benchmarks.__path__, str(place)])
    for module in ("benchmarks.hello", "benchmarks.hello.command"):
        monkeypatch.delitem(sys.modules, module, raising=False)


def test_a_new_folder_is_a_new_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_folder(tmp_path, COMMAND, monkeypatch)
    assert end(["--help"]) == 0
    listed = re.findall(r"^    (\w+) +[\w ]+", capsys.readouterr().out, re.MULTILINE)
    assert {"accuracy", "hello", "train"} <= set(listed)
    assert listed == sorted(listed)
    assert end(["hello"]) == 0
    assert capsys.readouterr().out == "hello to you\n"


@pytest.mark.parametrize(("text", "why"), [
    ("", "AttributeError: .*add_parser"),
    ("def add_parser(commands)", "SyntaxError"),
    ("import nowhere_to_be_found", "ModuleNotFoundError: .*nowhere_to_be_found"),
    ("def add_parser(commands):\n    commands['hello']", "TypeError"),
    ("raise ValueError('of the command')", "ValueError: of the command"),
])
def test_a_broken_command_is_named_with_its_folder(
    text: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_folder(tmp_path, text, monkeypatch)
    with pytest.raises(CommandError, match=rf"hello is no command \({why}.*add_parser\(commands\)"
                       ) as caught:
        main(["accuracy", "--help"])
    assert str(tmp_path / "hello") in str(caught.value)
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("bug", [KeyError("a key"), TypeError("a type"), AttributeError("a name")])
def test_a_bug_is_not_bad_input(bug: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends in its traceback, not in one line and status 2."""
    def broken(_: object) -> None:
        raise bug

    monkeypatch.setattr(accuracy, "hardware_of", broken)
    with pytest.raises(type(bug)):
        main(["accuracy"])


def test_flags_in_per_cent_are_taken_and_asked_about_in_per_cent() -> None:
    parser = Parser(prog="x")
    add_hardware(parser)
    hardware = hardware_of(parser.parse_args(["--tmr", "260", "--spread", "5"]))
    assert (hardware.synapse.mtj.tmr, hardware.spread) == (2.6, 0.05)
    with pytest.warns(UserWarning, match=r"--tmr is 15000 %; expected 1000 or less") as caught:
        assert hardware_of(parser.parse_args(["--tmr", "15000"])).synapse.mtj.tmr == 150
    assert len(caught) == 1
