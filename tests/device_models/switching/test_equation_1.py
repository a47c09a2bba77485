"""Eq. (1) of the paper: as printed, and as the critical current has it."""

import math

import pytest

from device_models.switching import critical_current, equation_1, equation_1_consistent
from device_models.switching.in_plane import effective_magnetisation
from tests.support.magnets import THIN

MU0 = 4e-7 * math.pi


def test_critical_current_is_equation_1_made_consistent() -> None:
    k = 2 * 1.602176634e-19 * 0.019 * MU0 / (1.054571817e-34 * 0.11)
    args = (1e6, 10e-3 / MU0, 1.6e-9, 0.667e-3, 0.9e-6, 14e-9)
    assert float(critical_current(THIN)) == pytest.approx(
        float(equation_1_consistent(k, *args)), rel=1e-8)
    # as printed: K_s [J/m^2] next to M_s t [A], and no half; it is 6 times the consistent form
    assert float(equation_1(k, *args)) == pytest.approx(
        k * 1e6 * (1.6e-9 * (10e-3 / MU0 + 1e6) - 0.667e-3) * 0.9e-6 * 14e-9)
    plane = float(effective_magnetisation(1e6, 0.667e-3, 1.6e-9))
    assert plane == pytest.approx(1e6 - 2 * 0.667e-3 / (MU0 * 1e6 * 1.6e-9), rel=1e-9)
