"""Measurements of one's own stand beside the model, the paper's numbers do not."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.devices.measured_figure import draw_measured
from benchmarks.devices.measurements import marks_of, read_measurements
from device_models import load_stack
from device_models.reliability import breakdown_quantile, mean_breakdown
from device_models.switching import switching_probability, voltage_sweep

T = 1.7e-9


def write(path, header, *columns):
    path.write_text(f"{header}\n" + "".join(
        ",".join(f"{x:.6g}" for x in row) + "\n" for row in zip(*columns, strict=True)))


@pytest.fixture
def folder(tmp_path):
    """Of a junction alone, whose file is off by 2 %."""
    h = np.concatenate([np.arange(30.0, -31, -1), np.arange(-30.0, 31)])
    high = np.where(np.arange(122) < 61, h > -10, h > 10)
    write(tmp_path / "h.csv", "field_mt,resistance_ohm", h, np.where(high, 20600.0, 9800.0))
    (tmp_path / "measurements.toml").write_text('[[devices]]\nfield_loops = ["h.csv"]\n')
    (tmp_path / "mine.toml").write_text(
        '[resistance]\nlaw = "constant"\nr_p_kohm = { value = 10.0, tag = "here" }\n'
        'r_ap_kohm = { value = 20.0, tag = "here" }\n')
    return tmp_path


@pytest.fixture
def of_reference(tmp_path):
    """What the reference stack's own laws give at 1.7 nm, as if measured."""
    stack = load_stack("kumar2024")
    mtj, magnet = stack.mtj(T), stack.magnet(T)
    h = np.concatenate([np.linspace(20, -20, 81), np.linspace(-20, 20, 81)])
    high = np.where(np.arange(162) < 81, h > -10, h > 10)
    write(tmp_path / "h.csv", "field_mt,resistance_ohm", h, np.where(high, mtj.r_ap, mtj.r_p))
    v, k, r = voltage_sweep(1.6, 81), np.ones(3, bool), []
    for each in v:
        k = np.where(np.abs(each) >= np.array([0.8, 0.9, 1.0]), each < 0, k)
        r.append(1 / np.sum(1 / np.where(k, mtj.r_p, mtj.r_ap)))
    write(tmp_path / "v.csv", "voltage_v,resistance_ohm", v, r)
    at = np.linspace(0.7, 0.85, 7)
    p = switching_probability(magnet, at, 200e-9)
    write(tmp_path / "c.csv", "voltage_v,pulse_ns,trials,switched", at, np.full(7, 200.0),
          np.full(7, 400.0), np.round(400 * p))
    mean, shape = float(stack.breakdown.voltage(T)), stack.breakdown.shape
    share = (np.arange(20) + 0.5) / 20
    write(tmp_path / "b.csv", "voltage_v",
          breakdown_quantile(share, mean / mean_breakdown(1.0, shape), shape))
    (tmp_path / "measurements.toml").write_text(
        '[[devices]]\nthickness_nm = 1.7\nfield_loops = ["h.csv"]\ncounts = "c.csv"\n'
        'damping_time_ns = 1.0\nbreakdown = "b.csv"\n'
        '[[devices]]\nthickness_nm = 1.7\ncells = 3\nvoltage_loops = ["v.csv"]\n')
    return tmp_path, stack


def test_misfits_are_printed_drawn_and_saved(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "out"
    assert main(["devices", "--stack", str(folder / "mine.toml"), "--data", str(folder),
                 "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "R_P of a cell" in said
    assert "+2.0%" in said
    assert "Kumar" not in said
    assert (out / "devices_measured.png").stat().st_size > 1000
    assert "<svg" in (out / "devices_measured.svg").read_text()
    saved = json.loads((out / "devices.json").read_text())
    first = saved["measured"][0]
    assert first["quantity"] == "r_p"
    assert first["relative_misfit"] == pytest.approx(10000 / 9800 - 1)
    rows = csv.DictReader((out / "devices_magnetics.csv").read_text().splitlines())
    points = [row for row in rows if row["source"].startswith("measured")]
    assert [float(row["y: R (kohm)"]) for row in points] == [9.8, 20.6]
    main(["devices", "--stack", str(folder / "mine.toml"), "--out", str(out)])
    assert not (out / "devices_measured.png").exists()


def test_of_the_reference_stack_the_measurements_take_the_place_of_the_papers_numbers(
    of_reference: tuple[Path, object]
) -> None:
    folder, stack = of_reference
    marks = marks_of(read_measurements(folder, stack), stack)
    assert {each.panel for each in marks} == {"3d", "3e", "3f", "4a", "4f", "4h"}
    assert {each.source for each in marks} == {f"measured, {folder.name}"}
    (tmr,) = (each for each in marks if each.curve == "TMR")
    np.testing.assert_allclose(tmr.y, 100 * stack.mtj(T).tmr, rtol=1e-4)


def test_model_and_measurement_agree_where_one_made_the_other(
    of_reference: tuple[Path, object]
) -> None:
    folder, stack = of_reference
    found = read_measurements(folder, stack)
    known = {each.measured.quantity: each for each in found.misfits}
    assert abs(known["r_p"].relative) < 1e-3
    assert abs(known["breakdown"].relative) < 0.01
    assert known["critical_voltage"].predicted
    page = draw_measured(stack, found)
    assert page.left_out == {}
    curves = {(each.panel, each.source): each for each in page.curves}
    loop, points = curves["5a", "model"], curves["5a", found.source]
    assert np.mean(np.isclose(loop.y, points.y, rtol=1e-3)) > 0.97  # but beside the steps
    for panel in ("5c", "5d"):  # counts, breakdown [%]
        model, points = curves[panel, "model"], curves[panel, found.source]
        np.testing.assert_allclose(np.interp(points.x, model.x, model.y), points.y, atol=4.0)


def test_a_stack_that_cannot_be_written_shows_its_states_beside_the_loop(folder: Path) -> None:
    v = voltage_sweep(1.0, 21)
    write(folder / "v.csv", "voltage_v,resistance_ohm", v, np.where(
        np.arange(len(v)) < 15, 1e4, np.where(np.arange(len(v)) < 55, 2e4, 1e4)))
    (folder / "measurements.toml").write_text('[[devices]]\nvoltage_loops = ["v.csv"]\n')
    stack = load_stack(folder / "mine.toml")
    page = draw_measured(stack, read_measurements(folder, stack))
    states = [each for each in page.curves if each.name.startswith("model, state")]
    np.testing.assert_allclose(sorted(each.y[0] for each in states), [10.0, 20.0])
