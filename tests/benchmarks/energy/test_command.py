"""The command, run as a user does: what it prints is what it writes, and what it writes adds up."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.cli.hardware import add_hardware, hardware_of
from benchmarks.cli.parser import Parser
from benchmarks.energy.vary import VARIED, varied
from crossbar import Hardware
from crossbar.cost.parts import ARRAY, EVERY, PERIPHERY
from device_models import load_stack

SPLIT = ["energy", "--images", "60", "--adc-bits", "7"]
VARY = ["energy", "--images", "40", "--seeds", "2"]


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("split")
    assert main([*SPLIT, "--out", str(folder)]) == 0
    return json.loads((folder / "energy.json").read_text(encoding="utf-8")), folder


def test_parts_add_up_to_layers_images_and_tiles(split: tuple[dict[str, Any], Path]) -> None:
    found, _ = split
    assert list(found["energy_split_j"]) == list(EVERY)
    assert sum(found["energy_split_j"][part] for part in ARRAY) == pytest.approx(
        found["energy_array_j"], rel=1e-12)
    assert sum(found["energy_split_j"][part] for part in PERIPHERY) == pytest.approx(
        found["energy_periphery_j"], rel=1e-12)
    assert found["energy_array_j"] + found["energy_periphery_j"] == pytest.approx(
        found["energy_per_inference_j"], rel=1e-12)
    assert len(found["energy_images_j"]) == 60
    assert np.mean(found["energy_images_j"]) == pytest.approx(found["energy_array_j"], rel=1e-9)
    tiles = [parts for layer in found["energy_tiles_j"].values() for *_, parts in layer]
    assert len(tiles) == 13 * 4 + 2
    assert sum(parts["adc"] for parts in tiles) == pytest.approx(
        found["energy_split_j"]["adc"], rel=1e-12)


def test_figures_of_merit_follow_from_energy_time_and_area(split: tuple[dict[str, Any], Path]
                                                           ) -> None:
    found, _ = split
    operations = 2 * (784 * 128 + 128 * 10)
    assert sum(found["operations"].values()) == operations
    assert found["tops_per_watt"] == pytest.approx(
        operations / found["energy_per_inference_j"] / 1e12, rel=1e-12)
    assert found["tops_per_mm2"] == pytest.approx(
        operations / found["interval_s"] / sum(found["area_m2"].values()) / 1e18, rel=1e-12)
    assert found["energy_delay_j_s"] == pytest.approx(
        found["energy_per_inference_j"] * found["latency_s"], rel=1e-12)
    assert found["configuration"]["periphery"]["class"].endswith("Periphery")
    assert found["interval_s"] < found["latency_s"] < 1e-6


def test_its_picture_shows_something(split: tuple[dict[str, Any], Path]) -> None:
    picture = matplotlib.image.imread(split[1] / "energy.png")
    third = picture.shape[1] // 3
    assert all(picture[:, i * third:(i + 1) * third, :3].std() > 0.03 for i in range(3))


def test_what_it_prints_is_what_it_writes(split: tuple[dict[str, Any], Path], tmp_path: Path,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SPLIT, "--periphery", "best", "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    best = json.loads((tmp_path / "energy.json").read_text(encoding="utf-8"))
    assert f"{1e12 * best['energy_split_j']['adc']:.4g}" in out
    assert f"{best['tops_per_watt']:.4g}" in out
    assert "7 levels, 7 bits" in out
    for chip in ("Myung 2024", "341", "18.3", "digital 8-bit MAC"):
        assert chip in out
    assert best["energy_array_j"] == pytest.approx(split[0]["energy_array_j"], rel=1e-12)
    assert 10 < split[0]["energy_split_j"]["adc"] / best["energy_split_j"]["adc"] < 25


def test_a_parameter_is_varied_drawn_and_not_computed_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.energy import run

    command = [*VARY, "--vary", "adc_bits=3,6", "--out", str(tmp_path)]
    assert main(command) == 0
    found = json.loads((tmp_path / "energy_adc_bits.json").read_text(encoding="utf-8"))
    few, many = found["points"]
    assert [few["value"], many["value"]] == [3.0, 6.0]
    assert len(few["accuracy"]) == found["images"] // 20 == 2
    assert np.mean(few["total"]) < np.mean(many["total"])
    assert np.mean(few["accuracy"]) < np.mean(many["accuracy"])
    assert found["front"] == [0, 1]
    assert few["array"] != many["array"]  # the hidden layer's outputs drive the second one
    assert matplotlib.image.imread(tmp_path / "energy_adc_bits.png").std() > 0.03
    first = capsys.readouterr().out

    def never(*_: object) -> None:
        raise AssertionError("a point was computed again")

    monkeypatch.setattr(run.Point, "_measured", never)
    assert main(command) == 0
    assert capsys.readouterr().out == first


def hardware(name: str, text: str) -> Hardware:
    """What a value of a parameter describes."""
    parser = Parser(prog="x")
    add_hardware(parser)
    chosen, (value,) = varied(f"{name}={text}")
    return hardware_of(VARIED[chosen].flags(parser.parse_args([]), value))


@pytest.mark.parametrize(("name", "text", "found"), [
    ("read_voltage", "0.05", lambda h: h.read_voltage == 0.05),
    ("cells", "6", lambda h: h.synapse.cells == 6), ("tile", "32", lambda h: h.tile == (32, 32)),
    ("adc_bits", "5", lambda h: h.converters.adc_bits == 5),
    ("thickness", "2.6", lambda h: h.synapse.mtj == load_stack("kumar2024").mtj(2.6e-9)),
    ("wire", "3", lambda h: h.wires.row == h.wires.column == 3.0),
    ("ra", "2.5", lambda h: h.synapse.mtj.r_p * h.synapse.mtj.area == pytest.approx(2.5e-9))])
def test_each_parameter_sets_what_it_says_and_nothing_else(
    name: str, text: str, found: Callable[[Hardware], bool]
) -> None:
    assert set(VARIED) == {"read_voltage", "cells", "tile", "adc_bits", "thickness", "wire", "ra"}
    made = hardware(name, text)
    assert found(made)
    default = hardware("cells", "3")
    assert not found(default)
    same = {"read_voltage": made.read_voltage, "synapse": made.synapse, "tile": made.tile,
            "adc_bits": made.adc_bits, "wires": made.wires, "mapping": made.mapping}
    assert replace(default, **same) == made


def test_energy_goes_with_the_inverse_of_ra(tmp_path: Path) -> None:
    """Without wires and channel, for the same states."""
    assert main(["energy", "--images", "20", "--seeds", "1", "--vary", "ra=3,30", "--wire", "0",
                 "--no-channel", "--out", str(tmp_path)]) == 0
    low, high = json.loads((tmp_path / "energy_ra.json").read_text(encoding="utf-8"))["points"]
    assert low["array"][0] == pytest.approx(10 * high["array"][0], rel=1e-6)
    assert low["accuracy"] == high["accuracy"]


def status(arguments: list[str]) -> int | str | None:
    """With which a command ends, at once or later."""
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code


@pytest.mark.parametrize(("flags", "match"), [
    (["--vary", "colour"], "parameter"), (["--vary", "cells=1,1"], "twice"),
    (["--vary", "cells=0"], "1 or more"), (["--vary", "read_voltage", "--read-voltage", "0.2"],
                                           "is what --vary"),
    (["--vary", "adc_bits", "--adc", "8:dnl=0.1"], "is what --vary"),
    (["--vary", "tile", "--tile", "32x32"], "--tile is what --vary"),
    (["--seeds", "2"], "--vary"), (["--vary", "wire", "--seeds", "9"], "5 or fewer"),
    (["--images", "20000"], "10000 or fewer"), (["--periphery", "mediam"], "median"),
    (["--node", "3"], "node"), (["--assumed-bits", "0"], "1 or more"),
    (["--vary", "read_voltage=0"], "read_voltage"), (["--vary", "thickness=9"], "thickness")])
def test_what_makes_no_sense_is_refused_before_any_work(
    flags: list[str], match: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["energy", *flags, "--out", str(tmp_path / "out")])
    assert match in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_names_are_those_of_their_flags() -> None:
    """Values by default are among those that their flag takes."""
    for name, one in VARIED.items():
        assert varied(name) == (name, tuple(one.values))
        text = f"{name}={','.join(f'{value:g}' for value in one.values)}"
        assert varied(text) == (name, tuple(one.values))
