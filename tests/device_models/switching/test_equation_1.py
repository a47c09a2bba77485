"""Eq. (1) of the paper: as printed, and as the critical current has it."""

import math
from dataclasses import replace

import pytest

from device_models.switching import (
    critical_current,
    critical_currents,
    equation_1,
    equation_1_consistent,
)
from device_models.switching.in_plane import effective_magnetisation
from tests.support.magnets import THIN

MU0 = 4e-7 * math.pi


def test_critical_current_is_equation_1_made_consistent() -> None:
    """With H_k for H_c, and within what N_z and the mean over the orbits make: -6 and +8 %."""
    magnet = replace(THIN, damping=0.019, interface_anisotropy=0.667e-3)
    k = 2 * 1.602176634e-19 * 0.019 * MU0 / (1.054571817e-34 * 0.11)
    args = (1e6, 10e-3 / MU0, 1.6e-9, 0.667e-3, 0.9e-6, 14e-9)
    assert float(critical_current(magnet)) == pytest.approx(
        float(equation_1_consistent(k, *args)), rel=0.03)
    wide = replace(magnet, length=2.0, width=1.0)  # a thin film: both are exact there
    no_shape = (1e6, 0.0, 1.6e-9, 0.667e-3, 0.9e-6, 14e-9)
    assert float(critical_currents(wide).bottom) == pytest.approx(
        float(equation_1_consistent(k, *no_shape)), rel=1e-6)
    # as printed: K_s [J/m^2] next to M_s t [A], and no half; it is 6 times the consistent form
    assert float(equation_1(k, *args)) == pytest.approx(
        k * 1e6 * (1.6e-9 * (10e-3 / MU0 + 1e6) - 0.667e-3) * 0.9e-6 * 14e-9)
    plane = float(effective_magnetisation(1e6, 0.667e-3, 1.6e-9))
    assert plane == pytest.approx(1e6 - 2 * 0.667e-3 / (MU0 * 1e6 * 1.6e-9), rel=1e-9)
