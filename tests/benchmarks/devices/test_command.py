"""The command: every panel or a reason, and no fault that passes for a reason."""

import argparse
import json
import re
from pathlib import Path
from typing import Any

import pytest

import device_models
from benchmarks.cli.parser import Parser
from benchmarks.devices import command as devices
from benchmarks.devices.comparison import NUMBERS

STACKS = Path(device_models.__file__).parent / "stacks"


def run(folder: Path, *flags: str) -> tuple[int, dict[str, Any]]:
    parser = Parser(prog="python -m benchmarks")
    devices.add_parser(parser.add_subparsers(dest="command", metavar="COMMAND"))
    args = parser.parse_args(["devices", "--out", str(folder), *flags])
    assert isinstance(args, argparse.Namespace)
    status = int(args.run(args))
    return status, json.loads((folder / "devices.json").read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_reference_stack_fills_every_panel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, result = run(tmp_path)
    assert status == 0
    assert result["panels_left_out"] == {}
    assert len(result["numbers"]) == len(NUMBERS)
    assert len(result["contradictions"]) == 9
    for name in ("devices_magnetics", "devices_switching"):
        assert (tmp_path / f"{name}.png").read_bytes()[:4] == b"\x89PNG"
        assert "<svg" in (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
        assert (tmp_path / f"{name}.csv").read_text(encoding="utf-8").startswith("panel,curve,")
    printed = capsys.readouterr().out
    for word in ("paper", "model", "deviation", "V_c, n = 1, 2.6 nm", "contradiction 4",
                 result["summary"]["text"]):
        assert word in printed


@pytest.mark.slow
def test_a_perpendicular_stack_fills_every_panel_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, result = run(tmp_path, "--stack", "perpendicular_cofeb")
    assert status == 0
    assert result["panels_left_out"] == {}
    assert result["contradictions"] == {}
    assert result["numbers"] == []  # they are of the paper's device
    assert result["summary"] is None
    assert {row["free_layer_nm"] for row in result["model"]} == {1.1, 1.2, 1.3}
    printed = capsys.readouterr().out
    assert "wrote devices.json" in printed
    assert "Kumar" not in printed


BARE = '''
[stack]
name = "bare"
title = "no optional table"
citation = "a test"
doi = ""
caveat = "none"

[junction]
long_axis_nm = { value = 200.0, tag = "A" }
short_axis_nm = { value = 100.0, tag = "A" }
area_convention = { value = "ellipse", tag = "A" }

[thickness]
range_nm = { value = [1.0, 1.3], tag = "A" }

[resistance]
law = "constant"
r_p_kohm = { value = 10.0, tag = "SEM: ours" }

[tmr]
law = "constant"
tmr = { value = 1.5, tag = "A" }

[bias]
v_p_v = { value = 0.9, tag = "A" }
v_h_v = { value = 0.5, tag = "A" }
'''


def test_a_stack_without_optional_tables_runs_to_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bare.toml"
    path.write_text(BARE, encoding="utf-8")
    for ending in ("png", "svg", "csv"):
        (tmp_path / f"devices_switching.{ending}").write_bytes(b"of an earlier run")
    status, result = run(tmp_path, "--stack", str(path))
    assert status == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "bare.toml", "devices.json", "devices_magnetics.csv", "devices_magnetics.png",
        "devices_magnetics.svg"]  # no page of empty frames
    assert sorted(result["panels_left_out"]) == [f"3{x}" for x in "abcde"] + [
        f"4{x}" for x in "abcdefghi"]
    assert all("has no table [" in reason for reason in result["panels_left_out"].values())
    assert "panel 4h left out: stack 'bare' has no table [" in capsys.readouterr().out


@pytest.mark.parametrize(("table", "left_out"), [
    ("switching", "4b 4c 4d 4f 4g 4h 4i"),
    pytest.param("variability", "4e 4f 4g", marks=pytest.mark.slow),
    pytest.param("process", "3a", marks=pytest.mark.slow)])
def test_without_one_table_only_its_panels_are_left_out(
    tmp_path: Path, table: str, left_out: str
) -> None:
    text = (STACKS / "perpendicular_cofeb.toml").read_text(encoding="utf-8")
    path = tmp_path / "cut.toml"
    path.write_text(re.sub(rf"(?ms)^\[{table}\]\n.*?(?=^\[|\Z)", "", text), encoding="utf-8")
    status, result = run(tmp_path, "--stack", str(path))
    assert status == 0
    assert sorted(result["panels_left_out"]) == left_out.split()


@pytest.mark.parametrize("fault", [ValueError, *(
    pytest.param(fault, marks=pytest.mark.slow) for fault in (KeyError, ZeroDivisionError))])
@pytest.mark.parametrize("place", [
    "magnetics_figure.resistance_field_loop", "loops_figure.resistance_field_loop",
    "model.critical", "contradictions.critical"])
def test_a_fault_in_a_panel_a_number_or_an_item_fails_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, fault: type[Exception]
) -> None:
    """Only what a stack does not give is left out with its reason; all else is a bug."""
    def broken(*args: object, **kwargs: object) -> None:
        raise fault("injected")

    monkeypatch.setattr(f"benchmarks.devices.{place}", broken)
    if "figure" in place:  # the numbers are right, and take their time
        for part in ("rows", "contradictions"):
            monkeypatch.setattr(devices, part, lambda stack: [])
    with pytest.raises(fault, match="injected"):
        run(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_fault_in_writing_leaves_every_earlier_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages, tables and JSON are of one run."""
    path = tmp_path / "least.toml"
    path.write_text('[resistance]\nlaw = "constant"\nr_p_kohm = { value = 10.0, tag = "ours" }\n'
                    'r_ap_kohm = { value = 22.0, tag = "ours" }\n', encoding="utf-8")
    old = tmp_path / "out"
    run(old, "--stack", str(path))
    before = {file.name: file.read_bytes() for file in old.iterdir()}
    assert sorted(before) == ["devices.json", *(
        f"devices_magnetics.{ending}" for ending in ("csv", "png", "svg"))]
    path.write_text(path.read_text(encoding="utf-8").replace("22.0", "30.0"), encoding="utf-8")

    def full(*args: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("benchmarks.devices.written.write_json", full)
    with pytest.raises(OSError, match="no space left"):
        run(old, "--stack", str(path))
    assert {file.name: file.read_bytes() for file in old.iterdir()} == before


@pytest.mark.slow
def test_a_free_layer_of_the_other_easy_axis_leaves_out_what_needs_the_other_laws(
    tmp_path: Path
) -> None:
    """Of so much interface anisotropy the thinnest in-plane layer would stand."""
    text = (STACKS / "kumar2024.toml").read_text(encoding="utf-8")
    key = "interface_anisotropy_mj_per_m2 = { value = "
    assert text.count(f"{key}0.662") == 1
    path = tmp_path / "standing.toml"
    path.write_text(text.replace(f"{key}0.662", f"{key}1.1"), encoding="utf-8")
    status, result = run(tmp_path, "--stack", str(path))
    assert status == 0
    assert sorted(result["panels_left_out"]) == ["3e", "4b", "4c", "4f", "4g", "4h", "4i"]
    assert all("stands out of the plane" in why for why in result["panels_left_out"].values())
    verdicts = {row["name"]: row["verdict"] for row in result["numbers"]}
    assert "stands out of the plane" in verdicts["V_c, n = 1, 1.6 nm"]


def test_an_unknown_stack_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="did you mean 'kumar2024'"):
        run(tmp_path / "new", "--stack", "kumar2023")
    assert not (tmp_path / "new").exists()
