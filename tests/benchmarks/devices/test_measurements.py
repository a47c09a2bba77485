"""Own measurements beside the model: compared with it, and drawn where they were measured."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.devices.measurements import Measurements
from device_models import load_stack, stack_from_measurements
from device_models.magnet import resistance_field_loop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """R(H) of two devices of each of two layers, 10 and 12 kohm in the mean."""
    place, lines = tmp_path / "mine", []
    place.mkdir()
    h = np.concatenate([np.linspace(30, -30, 121), np.linspace(-30, 30, 121)])
    for nm, r_p in ((1.1, 10e3), (1.3, 12e3)):
        for device, factor in enumerate((0.98, 1.02)):
            r = resistance_field_loop(h * 1e-3, r_p * factor, 2 * r_p * factor, 8e-3)
            rows = "\n".join(f"{x},{y}" for x, y in zip(h, r, strict=True))
            (place / f"{nm}_{device}.csv").write_text(f"H (mT),R (Ohm)\n{rows}\n", "utf-8")
            lines.append(f'[[field_loop]]\nfile = "{nm}_{device}.csv"\nthickness_nm = {nm}')
    (place / "measurements.toml").write_text("\n".join(lines), "utf-8")
    return place


def test_a_stack_of_the_measurements_is_inside_their_intervals(folder: Path) -> None:
    rows = Measurements.of(folder).rows(stack_from_measurements(folder).stack)
    for row in rows:
        if row["name"] in ("r_p", "r_ap"):
            assert row["deviation"] == pytest.approx(0.0, abs=1e-9)
            assert row["count"] == 2
    assert {row["name"] for row in rows} == {"r_p", "r_ap", "coercivity"}
    assert [row["model"] for row in rows if row["name"] == "coercivity"] == [None, None]


def test_another_stack_is_off_by_what_it_is_off(folder: Path) -> None:
    rows = Measurements.of(folder).rows(load_stack("perpendicular_cofeb"))
    measured = {(row["name"], row["thickness_nm"]): row for row in rows}
    assert measured["coercivity", 1.1]["deviation"] == pytest.approx(50 / 8 - 1, rel=0.05)


def test_the_command_draws_and_prints_them_and_not_the_paper(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stack_from_measurements(folder).path
    out = folder.parent / "out"
    assert main(["devices", "--stack", str(path), "--data", str(folder), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "r_p, 1.1 nm [kohm]" in printed
    assert "4 of 4 within their 95 % intervals" in printed
    assert "stated by Kumar" not in printed
    with (out / "devices_magnetics.csv").open(encoding="utf-8") as file:
        marks = [row for row in csv.DictReader(file) if row["curve"] == "measured r_p"]
    assert [float(row["x"]) for row in marks] == pytest.approx([1.1, 1.3])
    assert [float(row["y"]) for row in marks] == pytest.approx([10.0, 12.0])
    assert len(json.loads((out / "devices.json").read_text("utf-8"))["measured"]) == 6
