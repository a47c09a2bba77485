"""The gallery and its table: every stated number is met, or the text contradicts itself."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import devices
from benchmarks.commandline import Parser
from benchmarks.devices_notes import notes
from benchmarks.devices_numbers import NUMBERS, THICK, THIN, rows, writing_magnet
from device_models import load_stack
from device_models.switching import critical_voltage

STACK = load_stack("kumar2024")
TABLE = list(rows(STACK))


@pytest.mark.parametrize("row", TABLE, ids=[row["name"] for row in TABLE])
def test_a_stated_number_is_met_within_its_spread_or_last_digit(row: dict[str, Any]) -> None:
    assert row["model"] is not None, row["verdict"]
    if row["contradiction"] is None:
        assert abs(row["deviation"]) <= row["allowed"] * (1 + 1e-9)


@pytest.mark.parametrize("row", [row for row in TABLE if row["contradiction"]],
                         ids=lambda row: row["name"])
def test_what_is_called_a_contradiction_is_missed_and_explained(row: dict[str, Any]) -> None:
    """Else it would be no contradiction, and an excuse for a model that drifts."""
    assert abs(row["deviation"]) > row["allowed"]
    assert row["contradiction"] in dict(notes(STACK))


def test_every_item_where_the_paper_does_not_fit_itself_is_reported() -> None:
    found = dict(notes(STACK))
    assert sorted(found) == list(range(1, 10))
    for item, words in {1: "2.47", 2: "34.1", 3: "26.0/20.6/17.1", 4: "+100%", 6: "0.33",
                        7: "4.1 V"}.items():
        assert words in found[item]


def test_the_table_misses_a_number_that_another_file_gets_wrong() -> None:
    wrong = replace(STACK, tmr=lambda t: STACK.tmr(t) + 0.02)
    missed = {row["name"] for row in rows(wrong) if row["verdict"] == "missed"}
    assert missed == {f"TMR, {nm} nm" for nm in (1.6, 1.9, 2.6)}


@pytest.mark.parametrize("thickness", [THIN, THICK])
def test_the_common_series_resistance_keeps_one_cell_as_it_is(thickness: float) -> None:
    one = writing_magnet(STACK, thickness, 1)
    assert one == STACK.magnet(thickness)
    ratio = critical_voltage(writing_magnet(STACK, thickness, 3)) / critical_voltage(one)
    assert ratio == pytest.approx((600.28 + 900) / (300 + 900), rel=1e-3)


def run(folder: Path, *flags: str) -> tuple[int, dict[str, Any]]:
    parser = Parser(prog="python -m benchmarks")
    devices.add_parser(parser.add_subparsers(dest="command", metavar="COMMAND"))
    args = parser.parse_args(["devices", "--out", str(folder), *flags])
    assert isinstance(args, argparse.Namespace)
    status = int(args.run(args))
    return status, json.loads((folder / "devices.json").read_text(encoding="utf-8"))


def test_the_reference_stack_fills_every_panel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, result = run(tmp_path)
    assert status == 0
    assert result["panels_left_out"] == {}
    assert len(result["numbers"]) == len(NUMBERS)
    assert len(result["contradictions"]) == 9
    for name in ("devices_magnetics.png", "devices_switching.png"):
        assert (tmp_path / name).read_bytes()[:4] == b"\x89PNG"
    printed = capsys.readouterr().out
    for word in ("paper", "model", "deviation", "V_c, n = 1, 2.6 nm", "contradiction 4"):
        assert word in printed


def test_another_stack_draws_what_it_has_and_says_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, result = run(tmp_path, "--stack", "perpendicular_cofeb")
    assert status == 0
    assert "3f" not in result["panels_left_out"]
    assert "4a" not in result["panels_left_out"]
    assert result["contradictions"] == {}
    assert {row["verdict"] for row in result["numbers"] if row["model"] is not None} == {
        "met", "another device"}
    assert "wrote devices.json" in capsys.readouterr().out


def test_an_unknown_stack_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="did you mean 'kumar2024'"):
        run(tmp_path / "new", "--stack", "kumar2023")
    assert not (tmp_path / "new").exists()
