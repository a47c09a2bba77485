"""Loops: levels and thresholds come back out, and a loop that has none is refused."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_models import Loop, MeasuredError, read_loop
from device_models.magnet import resistance_field_loop
from device_models.measured.loop import branches

R_P, R_AP = 25.2e3, 33.8e3


def written(folder: Path, text: str) -> Path:
    path = folder / "loop.csv"
    path.write_text(text, encoding="utf-8")
    return path


def minor(offset: float = 1e-3, reach: float = 20e-3, points: int = 401) -> Loop:
    down = np.linspace(reach, -reach, points)
    field = np.concatenate([down, down[::-1]])
    return Loop(field, resistance_field_loop(field, R_P, R_AP, 10e-3, offset), "T")


def test_a_loop_there_and_back_has_its_thresholds_and_levels(tmp_path: Path) -> None:
    made = minor(1.5e-3)
    rows = "\n".join(f"{h * 1e3},{r / 1e3}" for h, r in zip(made.swept, made.resistance,
                                                            strict=True))
    loop = read_loop(written(tmp_path, f"field_mt,resistance_kohm\n{rows}\n"))
    assert loop.unit == "T"
    assert loop.levels == (pytest.approx(R_P), pytest.approx(R_AP))
    assert loop.tmr == pytest.approx(33.8 / 25.2 - 1)
    assert loop.coercivity == pytest.approx(10e-3, abs=1e-4)
    assert loop.offset == pytest.approx(1.5e-3, abs=1e-4)


def test_a_voltage_loop_is_in_volts(tmp_path: Path) -> None:
    path = written(tmp_path, "voltage_v,resistance_kohm\n1,30\n0,30\n-1,20\n0,20\n1,30\n")
    loop = read_loop(path)
    assert (loop.unit, loop.thresholds) == ("V", (pytest.approx(-0.5), pytest.approx(0.5)))


def test_a_major_loop_is_refused_with_the_crossings_of_each_branch() -> None:
    """Free and reference layer switch both: an average of the two is no coercivity."""
    down = np.linspace(0.3, -0.3, 601)
    field = np.concatenate([down, down[::-1]])
    loop = Loop(field, resistance_field_loop(field, R_P, R_AP, 10e-3,
                                             reference_fields=(0.09, 0.15)), "T")
    for name in ("thresholds", "coercivity", "offset"):
        with pytest.raises(ValueError, match=r"0\.3 to -0\.3 T: 2; .*: 2; .*cut out the minor"):
            getattr(loop, name)
    assert loop.levels == (pytest.approx(R_P), pytest.approx(R_AP))


def test_the_minor_loop_cut_out_of_a_major_one_has_its_coercivity() -> None:
    down = np.linspace(0.05, -0.3, 701)
    field = np.concatenate([down, down[::-1]])
    loop = Loop(field, resistance_field_loop(field, R_P, R_AP, 10e-3,
                                             reference_fields=(0.09, 0.15)), "T")
    assert loop.coercivity == pytest.approx(10e-3, abs=6e-4)
    assert loop.offset == pytest.approx(0.0, abs=6e-4)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), noise=st.sampled_from([0.05, 0.1, 0.3, 0.6]))
def test_noise_leaves_the_thresholds_or_is_refused(seed: int, noise: float) -> None:
    clean = minor()
    noisy = clean.resistance + noise * (R_AP - R_P) * np.random.default_rng(
        seed).standard_normal(clean.resistance.shape)
    loop = Loop(clean.swept, noisy, "T")
    found = (10e-3, 1e-3)
    with contextlib.suppress(ValueError) if noise >= 0.3 else contextlib.nullcontext():
        found = loop.coercivity, loop.offset  # only much noise is a reason to refuse
    assert found == (pytest.approx(10e-3, abs=6e-4), pytest.approx(1e-3, abs=6e-4))


@pytest.mark.parametrize("points", [21, 401])
@pytest.mark.parametrize("place", [0.1, 0.4, 0.7])
def test_one_reading_that_stands_out_moves_no_level(points: int, place: float) -> None:
    clean = minor(points=points)
    spoilt = clean.resistance.copy()
    spoilt[int(place * len(spoilt))] = 500e3
    loop = Loop(clean.swept, spoilt, "T")
    assert loop.levels == (pytest.approx(R_P), pytest.approx(R_AP))
    step = abs(clean.swept[1] - clean.swept[0])  # where it stands beside the flip itself
    assert loop.thresholds == pytest.approx(clean.thresholds, abs=1.001 * step)


def test_a_flip_at_a_repeated_field_has_the_direction_of_the_sweep() -> None:
    field = np.array([20.0, 10, -10, -10, -20, -10, 10, 10, 20])
    ohms = np.array([33.0, 33, 33, 25, 25, 25, 25, 33, 33])
    assert Loop(field, ohms, "T").thresholds == (pytest.approx(-10), pytest.approx(10))


def test_a_field_that_jitters_has_not_turned() -> None:
    clean = minor()
    jitter = 0.2e-3 * np.random.default_rng(1).standard_normal(clean.swept.shape)
    loop = Loop(clean.swept + jitter, clean.resistance, "T")
    assert len(branches(loop.swept)) == 2
    assert loop.coercivity == pytest.approx(10e-3, abs=4e-4)


def test_repeated_loops_give_the_mean() -> None:
    one = minor()
    loop = Loop(np.tile(one.swept, 5), np.tile(one.resistance, 5), "T")
    assert loop.thresholds == pytest.approx(one.thresholds)


def test_a_constant_resistance_has_no_levels() -> None:
    with pytest.raises(ValueError, match="one resistance only"):
        _ = Loop(np.array([1.0, 0, -1, 0, 1]), np.full(5, 30.0), "T").levels


@pytest.mark.parametrize(("text", "word"), [
    ("field_mt,voltage_v,resistance_kohm\n1,1,1\n", "2 of the columns"),
    ("resistance_kohm\n1\n", "0 of the columns"),
    ("field_mt,resistance_kohm\n1,1\n2,1\n", "4 or more"),
    ("field_mt,resistance_kohm\n1,1\n2,-1\n3,1\n4,1\n", "line 3")])
def test_a_loop_that_cannot_be_used_is_refused(tmp_path: Path, text: str, word: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(MeasuredError, match=word):
        read_loop(path)


def test_half_a_loop_has_no_coercivity(tmp_path: Path) -> None:
    loop = read_loop(written(tmp_path, "voltage_v,resistance_kohm\n1,30\n0,30\n-1,20\n-2,20\n"))
    with pytest.raises(ValueError, match="full loop"):
        _ = loop.coercivity
