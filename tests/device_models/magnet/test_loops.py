"""Loops of a free layer: as stated, closed, mirrored, many at once."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models.magnet import film_magnetisation, hysteron, resistance_field_loop


def sweep(highest: float, points: int = 801) -> np.ndarray:
    down = np.linspace(highest, -highest, points)
    return np.concatenate([down, down[-2::-1]])


def test_minor_loop_switches_at_offset_plus_and_minus_coercivity() -> None:
    field = sweep(20e-3)
    r = resistance_field_loop(field, 25.2e3, 33.8e3, 10e-3, 2.5e-3)
    down, up = r[:801], r[800:]
    assert set(np.unique(r)) == {25.2e3, 33.8e3}
    assert field[:801][np.argmax(down == 25.2e3)] == pytest.approx(-7.5e-3, abs=6e-5)
    assert field[800:][np.argmax(up == 33.8e3)] == pytest.approx(12.5e-3, abs=6e-5)
    assert r[0] == r[-1] == 33.8e3  # closed; AP to P on the down sweep


def test_major_loop_is_the_stated_one() -> None:
    """P at +300 mT, AP (33.8 kohm) from +90 mT, P (25.2 kohm) by -10 mT."""
    field = sweep(300e-3, 6001)
    r = resistance_field_loop(field, 25.2e3, 33.8e3, 10e-3, 0.0, reference_fields=(0.09, 0.11))
    down = {round(1e3 * h, 1): value for h, value in zip(field[:6001], r[:6001], strict=True)}
    assert down[300.0] == down[90.1] == 25.2e3
    assert down[90.0] == down[0.0] == down[-9.9] == 33.8e3
    assert down[-10.0] == down[-300.0] == 25.2e3
    up = {round(1e3 * h, 1): value for h, value in zip(field[6000:], r[6000:], strict=True)}
    assert up[9.9] == 25.2e3
    assert up[10.0] == up[109.9] == 33.8e3
    assert up[110.0] == 25.2e3


def test_many_devices_are_swept_at_once() -> None:
    offset = np.random.default_rng(1).normal(0, 1e-3, 50)
    r = resistance_field_loop(sweep(20e-3), np.full(50, 1e4), np.full(50, 2e4), np.full(50, 1e-2),
                              offset)
    assert r.shape == (50, 1601)
    for i in (0, 17):
        alone = resistance_field_loop(sweep(20e-3), 1e4, 2e4, 1e-2, offset[i])
        np.testing.assert_array_equal(r[i], alone)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), st.booleans())
def test_hysteron_is_the_loop_written_out(field: list[float], initial: bool) -> None:
    state, expected = initial, []
    for h in field:
        state = True if h >= 0.4 else False if h <= -0.3 else state
        expected.append(state)
    assert hysteron(field, 0.4, -0.3, initial).tolist() == expected


@given(st.floats(-0.1, 0.1))
def test_film_branches_mirror_each_other_and_saturate_where_stated(h: float) -> None:
    h_c, h_s, off = 5e-3, 12.7e-3, 2.5e-3
    rising = film_magnetisation(off + h, h_c, h_s, off)
    falling = film_magnetisation(off - h, h_c, h_s, off, rising=False)
    assert float(rising) == pytest.approx(-float(falling), abs=1e-12)
    assert float(film_magnetisation(off + h_c, h_c, h_s, off)) == pytest.approx(0, abs=1e-12)
    assert float(film_magnetisation(off + h_s, h_c, h_s, off)) == pytest.approx(0.99)
    assert rising <= film_magnetisation(off + h, h_c, h_s, off, rising=False)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: resistance_field_loop(0.0, 1.0, 2.0, 0.01), "sweep"),
    (lambda: resistance_field_loop([0.0], 1.0, 2.0, 0.0), "coercive"),
    (lambda: resistance_field_loop([math.nan], 1.0, 2.0, 0.01), "field"),
    (lambda: film_magnetisation(0.0, 0.01, 0.01), "saturation_field"),
    (lambda: resistance_field_loop(np.zeros((2, 5)), [1, 2, 3], 4, .01), "sweeps has .* r_p has"),
    (lambda: resistance_field_loop([], 1, 2, .01), "expected a sweep"),
    (lambda: resistance_field_loop([-1, 1], 3.0, 2.0, .01), "below r_p"),
    (lambda: resistance_field_loop([-1, 1], 1, 2, .01, reference_fields=(.15,)),  # type: ignore[arg-type] # bad on purpose
     "expected .lower, upper"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
