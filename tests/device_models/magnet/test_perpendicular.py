"""Laws of the perpendicular layer: thin-film limit, barrier, and the edge to the plane."""

import math
from dataclasses import replace

import numpy as np
import pytest

from device_models.magnet.perpendicular import perpendicular_anisotropy_fields
from device_models.switching import easy_axis_field, stability
from device_models.switching.llg import macrospin
from tests.support.magnets import STANDING

MU0 = 4e-7 * math.pi


def test_a_wide_film_has_the_field_of_surface_and_demagnetisation() -> None:
    """N_z - N_x tends to 1: mu0 H_k = 2 K_s/(M_s t) - mu0 M_s."""
    for field in perpendicular_anisotropy_fields(1.2e6, 1.3e-3, 1e-3, 1e-3, 1e-9):
        assert float(field) == pytest.approx(2 * 1.3e-3 / (1.2e6 * 1e-9) - MU0 * 1.2e6, rel=1e-4)


def test_a_circle_has_one_field_and_an_ellipse_its_lower_one_along_the_long_axis() -> None:
    short, long = STANDING.anisotropy_fields
    assert short == long
    short, long = replace(STANDING, length=90e-9).anisotropy_fields
    assert long < short
    assert easy_axis_field(replace(STANDING, length=90e-9)) == pytest.approx(long)


def test_the_barrier_is_half_the_moment_times_the_anisotropy_field() -> None:
    energy = 1.257e6 * STANDING.anisotropy_fields[0] * STANDING.volume / 2
    assert float(stability(STANDING)) == pytest.approx(energy / (1.380649e-23 * 300.0), rel=1e-9)


@pytest.mark.parametrize("kelvin", [250.0, 300.0, 400.0])
def test_the_macrospin_has_the_same_anisotropy_at_every_temperature(kelvin: float) -> None:
    """K_s falls as M_s^2 in both, so that H_k falls as M_s."""
    spin = macrospin(STANDING, kelvin)
    assert spin.easy_axis == 2
    assert spin.anisotropy[0] - spin.anisotropy[2] == pytest.approx(
        float(easy_axis_field(STANDING, kelvin)), rel=1e-9)


def test_a_thinner_layer_stands_more_firmly() -> None:
    fields = [replace(STANDING, thickness=t).anisotropy_fields[0]
              for t in np.linspace(1.0e-9, 1.4e-9, 5)]
    assert np.all(np.diff(fields) < 0)


def test_a_layer_in_the_plane_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match=r"lies in the plane; .* thinner layer"):
        replace(STANDING, thickness=1.6e-9)


@pytest.mark.parametrize(("changes", "message"), [
    ({"damping": 0.0}, "damping"), ({"offset_field": math.nan}, "offset_field"),
    ({"interface_anisotropy": -1.0}, "interface_anisotropy"), ({"width": 61e-9}, "swap them")])
def test_bad_input_is_refused_by_name(changes: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        STANDING.with_changes(**changes)
