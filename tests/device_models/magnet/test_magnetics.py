"""Laws of the free layer's magnetics: references, limits, monotonicity; loops as stated."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models.magnet.in_plane import Magnet
from device_models.magnet.magnetics import (
    anisotropy_field,
    energy_barrier,
    film_magnetisation,
    hysteron,
    resistance_field_loop,
    saturation_magnetisation,
    sharrock_coercivity,
    stability_factor,
)

MAGNET = Magnet(
    saturation_magnetisation=1e6, interface_anisotropy=0.667e-3, damping=0.019,
    spin_hall_angle=0.11, thickness=1.6e-9, length=500e-9, width=250e-9, coercive_field=10e-3,
    channel_width=0.9e-6, channel_thickness=14e-9, channel_resistance=300.0)


@pytest.mark.parametrize(("nm", "millitesla", "barrier", "coercivity"),
                         [(1.6, 11.15, 211, 7.7), (2.6, 16.63, 512, 13.3)])
def test_anisotropy_barrier_and_coercivity_are_the_reference(
    nm: float, millitesla: float, barrier: int, coercivity: float
) -> None:
    size = (500e-9, 250e-9, nm * 1e-9)
    field, delta = anisotropy_field(1e6, *size), stability_factor(1e6, *size, 300.0)
    assert round(1e3 * float(field), 2) == millitesla
    assert int(delta) == barrier  # 211.48 and 512.44
    assert round(1e3 * float(sharrock_coercivity(field, delta)), 1) == coercivity
    volume = math.pi / 4 * math.prod(size)
    assert float(energy_barrier(1e6, *size)) == pytest.approx(1e6 * float(field) * volume / 2)


def test_a_circle_has_no_easy_axis_and_no_barrier() -> None:
    assert abs(float(anisotropy_field(1e6, 3e-7, 3e-7, 2e-9))) < 1e-14
    assert abs(float(energy_barrier(1e6, 3e-7, 3e-7, 2e-9))) < 1e-30


@given(st.floats(1.0, 1400.0), st.floats(1.0, 1400.0))
def test_magnetisation_falls_with_temperature_from_its_value_at_300_k(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert saturation_magnetisation(1e6, high) <= saturation_magnetisation(1e6, low)
    assert float(saturation_magnetisation(1e6, 300.0)) == pytest.approx(1e6, rel=1e-15)
    expected = 1e6 * ((1 - a / 1420) / (1 - 300 / 1420)) ** 0.4
    assert float(saturation_magnetisation(1e6, a)) == pytest.approx(expected, rel=1e-12)


@given(st.floats(1e-3, 0.1), st.floats(0.0, 1e4), st.floats(1e-9, 1e9))
def test_coercivity_lies_between_zero_and_the_anisotropy_field(
    field: float, delta: float, time: float
) -> None:
    coercivity = float(sharrock_coercivity(field, delta, time))
    assert 0 <= coercivity <= field
    assert float(sharrock_coercivity(field, 1e300, time)) == pytest.approx(field)
    assert float(sharrock_coercivity(field, delta, 1e-9)) == field  # no time for heat to help
    assert coercivity >= float(sharrock_coercivity(field, delta, 10 * time))


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
    (lambda: saturation_magnetisation(1e6, 1420.0), "Curie"),
    (lambda: saturation_magnetisation(1e6, -1.0), "temperature"),
    (lambda: saturation_magnetisation(1e6, 300.0, 200.0), "curie_temperature"),
    (lambda: sharrock_coercivity(0.01, 50.0, 1e-12), "measurement_time"),
    (lambda: sharrock_coercivity(0.01, -50.0), "stability"),
    (lambda: resistance_field_loop(0.0, 1.0, 2.0, 0.01), "sweep"),
    (lambda: resistance_field_loop([0.0], 1.0, 2.0, 0.0), "coercive"),
    (lambda: resistance_field_loop([math.nan], 1.0, 2.0, 0.01), "field"),
    (lambda: film_magnetisation(0.0, 0.01, 0.01), "saturation_field"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above


@pytest.mark.parametrize(("name", "value"), [
    ("damping", 0.0), ("thickness", math.nan), ("interface_anisotropy", -1.0), ("width", 1e-6),
    ("oersted", 2.0), ("offset_field", math.inf), ("length", [1.0, 2.0]), ("damping", "low"),
])
def test_a_bad_magnet_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises((ValueError, TypeError), match=name):
        replace(MAGNET, **{name: value})


def test_magnet_knows_its_area_and_volume() -> None:
    assert MAGNET.area == pytest.approx(math.pi * 250e-9 * 125e-9)
    assert MAGNET.volume == pytest.approx(MAGNET.area * 1.6e-9)
    assert MAGNET.with_changes(damping=0.1).damping == 0.1
