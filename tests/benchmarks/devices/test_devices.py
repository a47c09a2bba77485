"""The gallery and its table: every stated number is met, or the text contradicts itself."""

import argparse
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

import device_models
from benchmarks.cli.parser import Parser
from benchmarks.devices import command as devices
from benchmarks.devices.captions import sources
from benchmarks.devices.magnetics_figure import draw_magnetics, slow_coercivity
from benchmarks.devices.notes import notes
from benchmarks.devices.numbers import NUMBERS, THICK, THIN, rows
from benchmarks.devices.switching_figure import draw_switching
from device_models import Stack, load_stack
from device_models.switching.pulses import critical_voltage

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
    one = STACK.writing_magnet(thickness, 1)
    assert one == STACK.magnet(thickness)
    ratio = critical_voltage(STACK.writing_magnet(thickness, 3)) / critical_voltage(one)
    assert ratio == pytest.approx((600.28 + 900) / (300 + 900), rel=1e-3)


def test_a_common_series_resistance_keeps_one_perpendicular_cell_too() -> None:
    """Its threshold has no damping, so the torque makes up for the resistance."""
    stack = load_stack("perpendicular_cofeb")
    drive = {**stack.table("switching"), "common_series": 900.0}
    with_series = replace(stack, tables={**stack.tables, "switching": drive})
    one, three = (with_series.writing_magnet(1.2e-9, cells) for cells in (1, 3))
    channels = [stack.magnet(1.2e-9, cells).channel_resistance for cells in (1, 3)]
    expected = (channels[1] + 900) / (channels[0] + 900)
    assert critical_voltage(three) / critical_voltage(one) == pytest.approx(expected, rel=1e-12)


def test_the_dashed_coercivity_takes_the_files_times() -> None:
    """Sharrock: more time, or a shorter attempt, leaves less field."""
    def with_times(**times: float) -> float:
        drive = {**STACK.table("switching"), **times}
        return slow_coercivity(replace(STACK, tables={**STACK.tables, "switching": drive}), THIN)

    assert with_times() == slow_coercivity(STACK, THIN)
    assert with_times(measuring_time=100.0) < with_times() < with_times(attempt_time=1e-7)
    ratios = with_times(measuring_time=100.0), with_times(attempt_time=1e-11)
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-12)


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


def test_a_perpendicular_stack_fills_every_panel_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, result = run(tmp_path, "--stack", "perpendicular_cofeb")
    assert status == 0
    assert result["panels_left_out"] == {}
    assert result["contradictions"] == {}
    assert {row["verdict"] for row in result["numbers"] if row["model"] is not None} == {
        "met", "another device"}
    assert "wrote devices.json" in capsys.readouterr().out


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
    (tmp_path / "devices_switching.png").write_bytes(b"of an earlier run")
    status, result = run(tmp_path, "--stack", str(path))
    assert status == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "bare.toml", "devices.json", "devices_magnetics.png"]  # no page of empty frames
    assert sorted(result["panels_left_out"]) == [f"3{x}" for x in "abcde"] + [
        f"4{x}" for x in "abcdefgh"]
    assert all("has no table [" in reason for reason in result["panels_left_out"].values())
    assert "panel 4h left out: stack 'bare' has no table [" in capsys.readouterr().out


@pytest.mark.parametrize(("table", "left_out"), [
    ("switching", "4b 4c 4d 4f 4g 4h"), ("variability", "4e 4f 4g"), ("process", "3a")])
def test_without_one_table_only_its_panels_are_left_out(
    tmp_path: Path, table: str, left_out: str
) -> None:
    text = (Path(device_models.__file__).parent / "stacks/perpendicular_cofeb.toml").read_text(
        encoding="utf-8")
    path = tmp_path / "cut.toml"
    path.write_text(re.sub(rf"(?ms)^\[{table}\]\n.*?(?=^\[|\Z)", "", text), encoding="utf-8")
    status, result = run(tmp_path, "--stack", str(path))
    assert status == 0
    assert sorted(result["panels_left_out"]) == left_out.split()


def texts_of(draw: Callable[..., Any], stack: Stack, path: Path,
             monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Every text of a page, and how many lines of open circles it has."""
    pages: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *args, **kwargs: pages.append(self))
    draw(path, stack)
    monkeypatch.undo()
    texts = "\n".join(str(text.get_text()) for axes in pages[0].axes for text in axes.texts)
    titles = "\n".join(axes.get_title(loc="left") for axes in pages[0].axes)
    marks = sum(line.get_marker() == "o" for axes in pages[0].axes for line in axes.lines)
    return texts + titles, marks


@pytest.mark.parametrize("draw", [draw_magnetics, draw_switching])
def test_another_device_claims_no_number_of_the_paper(
    draw: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, circles = texts_of(draw, STACK, tmp_path / "a.png", monkeypatch)
    assert circles > 0
    assert "stated:" in ours
    other, circles = texts_of(draw, load_stack("perpendicular_cofeb"), tmp_path / "b.png",
                              monkeypatch)
    assert circles == 0
    assert "stated" not in other
    assert "1.7 nm" not in other
    assert "Numbers: " in other


@pytest.mark.parametrize("draw", [draw_magnetics, draw_switching])
def test_no_axis_is_stretched_for_a_legend(
    draw: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Curves take 80 % of every axis (the bars of 4d stand out a little)."""
    pages: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *args, **kwargs: pages.append(self))
    draw(tmp_path / "a.png", STACK)
    for axes in pages[0].axes:
        x = [value for line in axes.lines for value in line.get_xdata()]
        low, high = axes.get_xlim()
        assert max(x) - min(x) > 0.8 * (high - low), axes.get_title(loc="left")


def test_a_stack_of_one_thickness_draws_one_curve_and_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line through one point shows nothing, and five equal curves are one."""
    pages: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *args, **kwargs: pages.append(self))
    one = replace(STACK, thickness_range=(1.9e-9, 1.9e-9))
    assert draw_magnetics(tmp_path / "a.png", one) == {}
    draw_switching(tmp_path / "b.png", one)
    for axes in (axes for page in pages for axes in page.axes):
        for line in axes.lines:
            assert len(line.get_xdata()) > 1 or line.get_marker() not in ("None", "", None)
            assert line.get_marker() != "o"  # circles are of the paper's thicknesses
        names = axes.get_legend_handles_labels()[1]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("draw", [draw_magnetics, draw_switching])
def test_a_copy_of_the_papers_file_with_another_number_is_another_device(
    draw: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """"no offset" is a fact of device_offset_mt = 0, not of the doi."""
    film = {**STACK.table("magnetics"), "device_offset": 15e-3}
    shifted = replace(STACK, tables={**STACK.tables, "magnetics": film})
    words, circles = texts_of(draw, shifted, tmp_path / "a.png", monkeypatch)
    assert circles == 0
    assert not re.search("stated|no offset|symmetric in sign", words)


def test_a_caption_names_keys_as_the_file_does() -> None:
    assert sources(STACK, ["variability.sigma_r_p"]) == "A: sigma_r_p"
    assert sources(load_stack("perpendicular_cofeb"), ["resistance.ra_ohm_um2"]).endswith("RA")


def test_a_caption_groups_keys_by_the_head_of_their_tags() -> None:
    stack = load_stack("perpendicular_cofeb")
    assert sources(stack, ["switching.pulse_ns", "magnetics.damping", "switching.oersted",
                           "channel.width_um"]) == "A: pulse, width; S, unchecked: damping"
    assert sources(stack, []) == "none"


def test_an_unknown_stack_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="did you mean 'kumar2024'"):
        run(tmp_path / "new", "--stack", "kumar2023")
    assert not (tmp_path / "new").exists()
