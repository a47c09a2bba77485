"""From a folder to a stack: what its files were drawn from comes back, or an error says why."""

from pathlib import Path

import numpy as np
import pytest

import device_models
from device_models import MeasuredError, StackError, load_stack, stack_from_measurements
from device_models.magnet import resistance_field_loop
from device_models.stacks import Stack
from device_models.switching import (
    Conditions,
    critical_current,
    resistance_voltage_loop,
    stability,
    switching_probability,
    voltage_of_share,
    voltage_sweep,
)

TRUTH = load_stack("kumar2024")
LAYERS = (1.6, 2.6)  # nm
SOURCE = (Path(device_models.__file__).parent / "stacks" / "kumar2024.toml").read_text("utf-8")
BASE = "\n".join(
    part for part in ("[" + text for text in SOURCE.split("\n[")[1:])
    if part.startswith(("[junction]", "[bias]", "[channel]", "[temperature]")))
MAGNETICS = """
[magnetics]
easy_axis = { value = "in-plane", tag = "design" }
saturation_magnetisation_ka_per_m = { value = 1000.0, tag = "VSM" }
interface_anisotropy_mj_per_m2 = { value = 0.662, tag = "VSM" }
damping = { value = 0.0195, tag = "FMR" }
device_coercivity_mt = { value = 1.0, tag = "to be measured" }

[switching]
spin_hall_angle = { value = 0.11, tag = "harmonic" }
"""


def table(path: Path, header: str, *columns: np.ndarray) -> None:
    rows = [",".join(f"{value:.9g}" for value in row) for row in zip(*columns, strict=True)]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three R(H), one R(V) of a cell and one of three, and breakdown voltages of each layer."""
    place = tmp_path / "mine"
    place.mkdir()
    rng, lines = np.random.default_rng(1), [BASE, MAGNETICS]
    h = np.concatenate([np.linspace(20e-3, -20e-3, 201), np.linspace(-20e-3, 20e-3, 201)])
    for nm in LAYERS:
        mtj = TRUTH.mtj(nm * 1e-9)
        for device in range(3):
            factor = 1 + 0.04 * rng.standard_normal()
            r = resistance_field_loop(h, mtj.r_p * factor, mtj.r_ap * factor, 10e-3, 1e-3)
            name = f"rh_{nm}_{device}.csv"
            table(place / name, "Field (mT),R (kOhm)", h * 1e3, r / 1e3)
            lines.append(f'[[field_loop]]\nfile = "{name}"\nthickness_nm = {nm}')
        for cells in (1, 3):
            v = voltage_sweep(3.4, 401)
            loop = resistance_voltage_loop(
                TRUTH.writing_magnet(nm * 1e-9, cells), v, mtj.r_p, mtj.r_ap, pulse=200e-9,
                assist_field=3e-3, spread=0.1 if cells > 1 else 0.0, cells=cells, rng=4)
            name = f"rv_{nm}_{cells}.csv"
            table(place / name, "V (V),R (Ohm)", v, loop.resistance[0])
            lines.append(f'[[voltage_loop]]\nfile = "{name}"\nthickness_nm = {nm}\n'
                         f"cells = {cells}\npulse_ns = 200\nassist_field_mt = 3")
        table(place / f"vb_{nm}.csv", "V (V)", 1.9 * rng.weibull(20.0, 30))
        lines.append(f'[[breakdown]]\nfile = "vb_{nm}.csv"\nthickness_nm = {nm}')
    (place / "measurements.toml").write_text("\n".join(lines), encoding="utf-8")
    return place


def add(folder: Path, text: str) -> None:
    path = folder / "measurements.toml"
    path.write_text(path.read_text("utf-8") + "\n" + text, encoding="utf-8")


def test_loops_give_resistances_coercivity_and_voltages_back(folder: Path) -> None:
    found = stack_from_measurements(folder)
    assert found.path == folder.with_suffix(".toml")
    assert found.left_out == ()
    stack: Stack = load_stack(found.path)
    for nm in LAYERS:
        ours, truth = stack.mtj(nm * 1e-9), TRUTH.mtj(nm * 1e-9)
        assert ours.r_p == pytest.approx(truth.r_p, rel=0.05)
        assert ours.tmr == pytest.approx(truth.tmr, rel=0.02)
        conditions = [Conditions(magnet=each.magnet(nm * 1e-9), pulse=200e-9, assist_field=3e-3)
                      for each in (stack, TRUTH)]
        even = [float(voltage_of_share(each, 0.5, 0.0)) for each in conditions]
        assert even[0] == pytest.approx(even[1], rel=0.03)
        assert float(stack.breakdown.voltage(nm * 1e-9)) == pytest.approx(1.85, rel=0.03)
    assert stack.magnetics.device_coercivity == pytest.approx(10e-3, rel=0.02)
    assert stack.magnetics.device_offset == pytest.approx(1e-3, abs=0.2e-3)
    assert stack.switching.assist_field == pytest.approx((3e-3, 3e-3))
    assert stack.breakdown.shape == pytest.approx(20.0, rel=0.4)
    assert 0.03 < (stack.variability().sigma_v_c or 0) < 0.3


def test_every_number_says_that_it_is_measured_with_interval_and_devices(folder: Path) -> None:
    tags = stack_from_measurements(folder).stack.tags
    for key in ("resistance.r_p_kohm", "resistance.r_ap_kohm", "breakdown.one_cell_v"):
        assert tags[key].startswith("measured: 1.6 nm: measured (95 %: ")
    assert "n = 5; rh_1.6_0.csv and 4 more" in tags["resistance.r_p_kohm"]
    assert tags["junction.long_axis_nm"] == "P §B"  # what the manifest has is taken as it is


def counts(folder: Path, nm: float, name: str, rng: np.random.Generator, delta: float) -> None:
    """Of a cell of less barrier than the shape's, in pulses of three widths."""
    magnet = TRUTH.magnet(nm * 1e-9).with_changes(
        energy_barrier=delta * 1.380649e-23 * 300, oersted=0.0)
    rows = []
    for pulse in (20e-9, 100e-9, 500e-9):
        middle = float(voltage_of_share(
            Conditions(magnet=magnet, pulse=pulse, assist_field=0.0), 0.5, 0.0))
        for v in middle * np.linspace(0.9, 1.1, 9):
            p = float(switching_probability(magnet, v, pulse))
            rows.append((v, rng.binomial(500, p), 500, pulse * 1e9))
    table(folder / name, "voltage (V),switched,trials,pulse_width (ns)", *np.transpose(rows))
    add(folder, f'[[counts]]\nfile = "{name}"\nthickness_nm = {nm}')


def test_counts_give_barrier_and_intercept_back(folder: Path) -> None:
    """Delta 60, where the macrospin has 211 and 512, and I_c0."""
    rng = np.random.default_rng(2)
    for nm in LAYERS:
        counts(folder, nm, f"counts_{nm}.csv", rng, 60.0)
    found = stack_from_measurements(folder)
    assert any("V_c0 stand in their place" in text for text in found.left_out)
    for nm in LAYERS:
        magnet = found.stack.magnet(nm * 1e-9)
        assert float(stability(magnet)) == pytest.approx(60.0, rel=0.12)
        truth = TRUTH.magnet(nm * 1e-9).with_changes(oersted=0.0)
        assert float(critical_current(magnet, magnet.offset_field)) == pytest.approx(
            float(critical_current(truth)), rel=0.02)


def test_counts_beside_a_current_s_own_field_are_left_out(folder: Path) -> None:
    """It lowers the barrier with the voltage, which the fit would take for a lower Delta."""
    counts(folder, 1.6, "counts.csv", np.random.default_rng(3), 60.0)
    path = folder / "measurements.toml"
    angle = 'spin_hall_angle = { value = 0.11, tag = "harmonic" }'
    path.write_text(path.read_text("utf-8").replace(
        angle, angle + '\noersted = { value = 1.0, tag = "A" }'), encoding="utf-8")
    with pytest.warns(UserWarning, match="off the counts"):
        found = stack_from_measurements(folder)
    assert any("oersted" in text for text in found.left_out)


def test_a_folder_with_resistances_alone_is_a_stack(tmp_path: Path, folder: Path) -> None:
    (folder / "measurements.toml").write_text(
        '[[field_loop]]\nfile = "rh_1.6_0.csv"\nthickness_nm = 1.6\n', encoding="utf-8")
    found = stack_from_measurements(folder, tmp_path / "other.toml")
    assert found.stack.mtj().r_p > 0
    assert found.left_out == ("coercivity: the manifest has no [magnetics] to stand in",)


def test_a_file_that_is_there_is_not_replaced_unasked(folder: Path) -> None:
    first = stack_from_measurements(folder).path.read_bytes()
    with pytest.raises(MeasuredError, match="there already"):
        stack_from_measurements(folder)
    assert stack_from_measurements(folder, overwrite=True).path.read_bytes() == first


@pytest.mark.parametrize(("text", "words"), [
    ('[[field_loop]]\nfile = "../x.csv"\nthickness_nm = 1', "outside the folder"),
    ('[[field_loop]]\nfile = "rh_1.6_0.csv"', "no thickness_nm"),
    ('[[field_loop]]\nthickness_nm = 1.6', 'no file = "NAME"'),
    ('[[voltage_loop]]\nfile = "rv_1.6_1.csv"\nthickness_nm = 1.6\ncells = 0', "expected 1, 2"),
    ('[[voltage_loop]]\nfile = "rv_1.6_3.csv"\nthickness_nm = 1.6\ncells = 2', "cells=3"),
    ('[[field_loop]]\nfile = "rh_1.6_0.csv"\nthicknes_nm = 1.6', "did you mean 'thickness_nm'"),
    ('[[voltage_loop]]\nfile = "rh_1.6_0.csv"\nthickness_nm = 1.6', "over field"),
    ('[[counts]]\nfile = "vb_1.6.csv"\nthickness_nm = 1.6', "switched"),
    ('[resistance]\nlaw = "constant"', "expected neither"),
])
def test_what_cannot_be_used_is_refused_by_name(folder: Path, text: str, words: str) -> None:
    add(folder, text)
    with pytest.raises((MeasuredError, StackError), match=words):
        stack_from_measurements(folder)
    assert not folder.with_suffix(".toml").exists()
    assert not list(folder.parent.glob(".*"))


def test_a_folder_without_manifest_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(MeasuredError, match=r"\[\[field_loop\]\]"):
        stack_from_measurements(tmp_path)
