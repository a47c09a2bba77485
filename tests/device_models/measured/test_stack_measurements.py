"""Measurements in a folder become a stack that says what they said."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy.constants import Boltzmann

import device_models
from device_models import MeasuredError, load_stack, stack_from_measurements
from device_models.measured.evidence import pooled
from device_models.measured.misfit import misfits
from device_models.measured.stack_measurements import measurements
from device_models.measured.stack_text import stack_text
from device_models.measured.step import Estimate
from device_models.switching import (
    Conditions,
    critical_voltage,
    switching_probability,
    voltage_of_share,
)
from device_models.switching.activation import log_survival
from device_models.switching.sequential import voltage_sweep

GIVEN = """
[given.junction]
long_axis_nm = { value = 100.0, tag = "microscope" }
short_axis_nm = { value = 60.0, tag = "microscope" }
[given.magnetics]
easy_axis = { value = "in-plane", tag = "measured" }
saturation_magnetisation_ka_per_m = { value = 1000.0, tag = "film" }
interface_anisotropy_mj_per_m2 = { value = 0.4, tag = "film" }
damping = { value = 0.02, tag = "resonance" }
[given.switching]
spin_hall_angle = { value = 0.1, tag = "film" }
"""


def field_loop(path, r_p, tmr, coercivity=10.0, seed=0):
    h = np.concatenate([np.linspace(30, -30, 121), np.linspace(-30, 30, 121)])
    down = np.arange(242) < 121
    high = np.where(down, h > -coercivity, h > coercivity)
    r = r_p * (1 + tmr * high) * (1 + 0.002 * np.random.default_rng(seed).standard_normal(242))
    path.write_text("field_mt,resistance_ohm\n" + "".join(
        f"{a:.4f},{b:.6g}\n" for a, b in zip(h, r, strict=True)))


def voltage_loop(path, r_p, tmr, at, areas=1.0, maximum=1.5):
    v, k, lines = voltage_sweep(maximum, 151), np.ones(len(at), bool), ["voltage_v,resistance_ohm"]
    for each in v:
        k = np.where(np.abs(each) >= at, each < 0, k)
        lines.append(f"{each:.4f},{1 / np.sum(areas / np.where(k, r_p, r_p * (1 + tmr))):.8g}")
    path.write_text("\n".join(lines))


@pytest.fixture
def folder(tmp_path):
    rng, devices = np.random.default_rng(3), []
    for nm, r_p, critical in ((1.6, 25e3, 0.9), (2.0, 35e3, 1.3)):
        field_loop(tmp_path / f"h{nm}.csv", r_p, 0.5)
        voltage_loop(tmp_path / f"v{nm}.csv", r_p, 0.5, np.array([0.7, 0.8, 0.95]))
        v = np.linspace(0.55, 0.95, 9) * critical
        p = -np.expm1(log_survival(v / critical, 45.0, 1e-9, 200e-9, 1e-9))
        k = rng.binomial(300, p)
        (tmp_path / f"c{nm}.csv").write_text("voltage_v;pulse_ns;trials;switched\n" + "".join(
            f"{a:.5f};200;300;{b}\n" for a, b in zip(v, k, strict=True)))
        (tmp_path / f"b{nm}.csv").write_text("voltage_v\n" + "".join(
            f"{x:.4f}\n" for x in (1 + nm / 2) * rng.weibull(20.0, 30)))
        devices.append(f'[[devices]]\nthickness_nm = {nm}\nfield_loops = ["h{nm}.csv"]\n'
                       f'counts = "c{nm}.csv"\nbreakdown = "b{nm}.csv"\ndamping_time_ns = 1.0\n'
                       f'[[devices]]\nthickness_nm = {nm}\ncells = 3\n'
                       f'voltage_loops = ["v{nm}.csv"]\n')
    (tmp_path / "measurements.toml").write_text("\n".join(devices) + GIVEN)
    return tmp_path


def test_the_stack_says_what_was_measured(folder):
    stack = stack_from_measurements(folder, name="mine")
    again = load_stack(folder / "mine.toml")
    assert stack.name == again.name == "mine"
    for t, r_p, critical, broken in ((1.6e-9, 25e3, 0.9, 1.8), (2.0e-9, 35e3, 1.3, 2.0)):
        assert again.r_p(t) == pytest.approx(r_p, rel=2e-3)
        assert again.tmr(t) == pytest.approx(0.5, rel=0.01)
        assert again.switching.critical_voltage(t) == pytest.approx(critical, rel=0.1)
        assert again.magnetics.stability(t) == pytest.approx(45.0, rel=0.25)
        assert again.breakdown.voltage(t) == pytest.approx(broken * 0.974, rel=0.02)
    assert again.switching.critical_voltage_of == "0 K"
    assert again.magnetics.device_coercivity == pytest.approx(10e-3, abs=3e-4)
    assert 0.05 < again.tables.variability.sigma_v_c < 0.4
    assert again.tags["resistance.r_p_kohm"].startswith("measured (95 %: 2")
    found, _ = measurements(folder)
    assert max(abs(each.relative) for each in misfits(again, found)) < 0.05


def test_intervals_in_the_tags_hold_the_truth(folder):
    stack_from_measurements(folder, name="mine")
    found, _ = measurements(folder)
    for each in found:
        truth = {"stability": 45.0, "shape": 20.0}.get(each.quantity)
        if truth is not None:
            assert each.estimate.low <= truth <= each.estimate.high, each


@pytest.mark.slow
def test_intervals_of_drawn_folders_hold_the_truth(tmp_path):
    truth = {"stability": 45.0, "critical_voltage_0k": 0.9, "shape": 20.0, "breakdown": 0.9735 * 2}
    loops = ", ".join(f'"{i}.csv"' for i in range(4))
    (tmp_path / "measurements.toml").write_text(
        f'[[devices]]\nfield_loops = [{loops}]\ncounts = "c.csv"\nbreakdown = "b.csv"\n'
        "damping_time_ns = 1.0\n")
    v, held = np.linspace(0.55, 0.95, 9) * 0.9, []
    p = -np.expm1(log_survival(v / 0.9, 45.0, 1e-9, 200e-9, 1e-9))
    for seed in range(60):
        rng = np.random.default_rng(seed)
        for i in range(4):
            field_loop(tmp_path / f"{i}.csv", 10e3 * (1 + 0.04 * rng.standard_normal()), 1.0)
        (tmp_path / "c.csv").write_text("V (mV)\tpulse_ns\ttrials\tswitched\n" + "".join(
            f"{1e3 * a:.3f}\t200\t300\t{b}\n"
            for a, b in zip(v, rng.binomial(300, p), strict=True)))
        (tmp_path / "b.csv").write_text("voltage_v\n" + "".join(
            f"{x:.4f}\n" for x in 2 * rng.weibull(20.0, 30)))
        found, _ = measurements(tmp_path)
        mean = pooled([each.estimate for each in found if each.quantity == "r_p"])
        held.append([mean.low <= 10e3 <= mean.high] + [
            each.estimate.low <= truth[each.quantity] <= each.estimate.high
            for each in found if each.quantity in truth])
    assert np.shape(held) == (60, 5)
    assert np.all(np.abs(np.mean(held, axis=0) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 60))


def test_compounds_are_compared_with_the_single_cells_beside_them(tmp_path):
    field_loop(tmp_path / "h.csv", 10e3, 1.0)
    voltage_loop(tmp_path / "v.csv", 10e3, 1.0, np.array([0.7, 0.9, 5.0]))  # the third never turns
    (tmp_path / "measurements.toml").write_text(
        '[[devices]]\nfield_loops = ["h.csv"]\n[[devices]]\ncells = 2\n'
        'voltage_loops = ["v.csv"]\n')
    with pytest.raises(MeasuredError, match=r"v\.csv.*(are there 3 cells|did all cells switch)"):
        stack_from_measurements(tmp_path, name="x")


def test_columns_and_areas_are_said_in_the_manifest_and_all_errors_at_once(tmp_path):
    voltage_loop(tmp_path / "v.csv", 10e3, 1.0, np.array([0.7, 0.9]), areas=np.array([1.2, 0.8]))
    text = (tmp_path / "v.csv").read_text().replace("voltage_v,resistance_ohm", "ch1,ch2")
    (tmp_path / "v.csv").write_text(text)
    manifest = tmp_path / "measurements.toml"
    bare = '[[devices]]\ncells = 2\nareas = [1.2, 0.8]\nvoltage_loops = ["v.csv"]\n'
    manifest.write_text(bare + "[[devices]]\nfield_loops = ['v.csv']\n")
    with pytest.raises(MeasuredError) as said:
        stack_from_measurements(tmp_path, name="x")
    assert str(said.value).count("v.csv: line") == 2
    manifest.write_text(
        bare + 'columns = { voltage = ["ch1", "V"], resistance = ["ch2", "ohm"] }\n')
    assert stack_from_measurements(tmp_path).mtj().r_p == pytest.approx(10e3, rel=1e-4)


def test_pooled_intervals_hold_the_truth_and_are_no_surer_than_their_parts():
    same = pooled([Estimate(2.0, 1.8, 2.3, 5)] * 4)
    assert (same.low, same.high) == pytest.approx((1.9, 2.15))
    rng, held = np.random.default_rng(0), []
    for _ in range(400):
        got = pooled([Estimate(x, x, x, 1) for x in rng.normal(5.0, 0.3, 4)])
        held.append(got.low <= 5.0 <= got.high)
    assert abs(np.mean(held) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 400)


def test_spreads_are_those_of_single_cells(tmp_path):
    values = (9e3, 10e3, 11e3)
    for i, r_p in enumerate(values):
        field_loop(tmp_path / f"{i}.csv", r_p, 1.0)
    voltage_loop(tmp_path / "v.csv", 10e3, 1.0, np.array([0.7, 0.9]))
    (tmp_path / "measurements.toml").write_text(
        '[[devices]]\nfield_loops = ["0.csv", "1.csv", "2.csv"]\n[[devices]]\ncells = 2\n'
        'voltage_loops = ["v.csv"]\n' + GIVEN)
    with pytest.warns(UserWarning, match="devices differ|left out"):
        stack = stack_from_measurements(tmp_path)
    assert stack.tables.variability.sigma_r_p == pytest.approx(0.1, rel=0.02)


def test_a_device_with_loops_of_both_kinds_counts_once(tmp_path):
    """Its R(V) loop is held against the stack, which has R_P and R_AP of R(H) loops."""
    voltage_loop(tmp_path / "v.csv", 26e3, 0.5, np.array([0.7]))
    only = '[[devices]]\nthickness_nm = 1.6\nvoltage_loops = ["v.csv"]\n'
    (tmp_path / "measurements.toml").write_text(only)
    with pytest.warns(UserWarning, match="left out"):  # [switching]
        alone = stack_from_measurements(tmp_path)
    assert alone.mtj().r_p == pytest.approx(26e3, rel=1e-3)
    for i in range(2):
        field_loop(tmp_path / f"h{i}.csv", 25e3, 0.5, seed=i)
    (tmp_path / "measurements.toml").write_text(
        only + 'field_loops = ["h0.csv", "h1.csv"]\n' + GIVEN)
    stack = stack_from_measurements(tmp_path)
    assert stack.mtj().r_p == pytest.approx(25e3, rel=1e-3)
    for key in ("r_p_kohm", "r_ap_kohm"):
        assert "n = 2)" in stack.tags[f"resistance.{key}"]
    off = {each.measured.file.name: each.relative for each in misfits(
        stack, measurements(tmp_path)[0]) if each.measured.quantity == "r_p"}
    assert off["v.csv"] == pytest.approx(25 / 26 - 1, abs=1e-3)


def test_loops_alone_are_a_stack(tmp_path):
    field_loop(tmp_path / "h.csv", 10e3, 1.0)
    (tmp_path / "measurements.toml").write_text('[[devices]]\nfield_loops = ["h.csv"]\n')
    with pytest.warns(UserWarning, match=r"\[magnetics\] is left out.*given.magnetics"):
        stack = stack_from_measurements(tmp_path, name="plain")
    assert stack.mtj().tmr == pytest.approx(1.0, rel=0.01)
    assert stack.tables.magnetics is None


def test_devices_that_differ_are_said_and_other_devices_refused(tmp_path):
    text = '[[devices]]\nfield_loops = ["a.csv", "b.csv"]\n' + GIVEN
    (tmp_path / "measurements.toml").write_text(text)
    field_loop(tmp_path / "a.csv", 10e3, 1.0)
    field_loop(tmp_path / "b.csv", 13e3, 1.0)
    with pytest.warns(UserWarning, match="devices differ") as said:
        stack_from_measurements(tmp_path)
    assert any("a.csv" in str(each.message) for each in said)
    field_loop(tmp_path / "b.csv", 50e3, 1.0)
    with pytest.raises(MeasuredError, match="is the file of this thickness"):
        stack_from_measurements(tmp_path, name="x")
    assert not (tmp_path / "x.toml").exists()


@pytest.mark.parametrize(("text", "match"), [
    ("", "no \\[\\[devices\\]\\]"), ('[[devices]]\nfield_loop = ["h.csv"]', "field_loops"),
    ('[[devices]]\nfield_loops = ["none.csv"]', "there is no file"),
    ("[[devices]]\ncells = 0", "above zero"), ("[[devices]]\ncells = 2", "names no loop"),
    ("[[devices]]\nthickness_nm = 1.0\n[[devices]]", "of all, or of none"),
])
def test_what_is_wrong_with_a_manifest_is_said(tmp_path, text, match):
    (tmp_path / "measurements.toml").write_text(text)
    with pytest.raises(MeasuredError, match=match):
        stack_from_measurements(tmp_path)


def test_a_file_of_ones_own_is_not_overwritten(tmp_path):
    field_loop(tmp_path / "h.csv", 10e3, 1.0)
    (tmp_path / "measurements.toml").write_text('[[devices]]\nfield_loops = ["h.csv"]\n' + GIVEN)
    (tmp_path / "mine.toml").write_text("[stack]\n")
    with pytest.raises(MeasuredError, match="another name"):
        stack_from_measurements(tmp_path, name="mine")


def test_counts_of_perpendicular_cells_are_fitted_with_the_magnet_of_the_folder(tmp_path):
    file = Path(device_models.__file__).parent / "stacks" / "perpendicular_cofeb.toml"
    tables = tomllib.loads(file.read_text())
    given = {name: tables[name] for name in ("junction", "magnetics", "switching", "channel")}
    t, field = 1.2e-9, 30e-3
    layer = load_stack("perpendicular_cofeb").magnet(t)
    layer = layer.with_changes(energy_barrier=50 * Boltzmann * 300)
    one = float(critical_voltage(layer, field, polarity=-1))
    v = -one * np.linspace(0.5, 0.95, 10)
    rng, pulse = np.random.default_rng(1), 100e-9
    k = rng.binomial(400, switching_probability(layer, v, pulse, field))
    (tmp_path / "c.csv").write_text("voltage_v,pulse_ns,trials,switched\n" + "".join(
        f"{a:.5f},100,400,{b}\n" for a, b in zip(v, k, strict=True)))
    field_loop(tmp_path / "h.csv", 6e3, 1.0)
    text = stack_text({f"given.{name}": table for name, table in given.items()}, "x")
    text = text.split('title = "as measured"')[1]
    bare = f'[[devices]]\nthickness_nm = {t * 1e9}\nfield_loops = ["h.csv"]\ncounts = "c.csv"\n'
    (tmp_path / "measurements.toml").write_text(bare + text)
    with pytest.raises(MeasuredError, match="say assist_field_mt"):
        stack_from_measurements(tmp_path, name="x")
    (tmp_path / "measurements.toml").write_text(bare + "assist_field_mt = 30.0\n" + text)
    stack = stack_from_measurements(tmp_path, name="x")
    found = {each.quantity: each.estimate for each in measurements(tmp_path)[0]}
    assert found["stability"].low <= 50 <= found["stability"].high
    assert found["critical_voltage_0k"].value == pytest.approx(
        float(critical_voltage(layer)), rel=0.03)
    p = switching_probability(stack.magnet(t), v, pulse, field)
    np.testing.assert_allclose(p, k / 400, atol=0.08)  # what was counted, by the new stack


WRITTEN = """
pulse_ns = { value = 200.0, tag = "here" }
assist_field_mt = { value = [5.0, 5.0], tag = "here" }
[given.channel]
width_um = { value = 0.3, tag = "mask" }
thickness_nm = { value = 5.0, tag = "film" }
length_um = { value = 1.0, tag = "mask" }
pitch_um = { value = 0.3, tag = "mask" }
fixed_ohm = { value = 100.0, tag = "here" }
resistivity_uohm_cm = { value = 150.0, tag = "film" }
"""


@pytest.mark.parametrize("assist", [0.0, 5e-3])
def test_compounds_are_compared_with_what_the_law_of_their_cells_predicts(folder, assist):
    """Loops made by the law of the stack, on the channel of three cells, agree with it."""
    manifest = folder / "measurements.toml"
    manifest.write_text(manifest.read_text() + WRITTEN)
    with pytest.warns(UserWarning, match="its laws predict that"):  # steps that are too low
        stack = stack_from_measurements(folder, name="mine")
    for t, name in ((1.6e-9, "v1.6.csv"), (2.0e-9, "v2.0.csv")):
        way = Conditions(magnet=stack.writing_magnet(t, 3), pulse=200e-9, assist_field=assist)
        odds = float(voltage_of_share(way, 0.5, 0.0))
        voltage_loop(folder / name, stack.r_p(t), 0.5, odds * np.array([0.98, 1.0, 1.02]),
                     maximum=1.5 * odds)
    manifest.write_text(manifest.read_text().replace(
        "cells = 3", f"cells = 3\nassist_field_mt = {assist * 1e3}"))
    found = misfits(stack, measurements(folder)[0])
    assert [each.measured.cells for each in found if each.predicted] == [3, 3]
    assert max(abs(each.relative) for each in found if each.predicted) < 0.02
