"""Shape anisotropy and the barrier it makes: references and limits."""

import math

import pytest

from device_models.magnet import (
    anisotropy_field,
    energy_barrier,
    sharrock_coercivity,
    stability_factor,
)


@pytest.mark.parametrize(("nm", "millitesla", "barrier", "coercivity"),
                         [(1.6, 11.15, 211, 7.7), (2.6, 16.63, 512, 13.3)])
def test_anisotropy_barrier_and_coercivity_are_the_reference(
    nm: float, millitesla: float, barrier: int, coercivity: float
) -> None:
    size = (500e-9, 250e-9, nm * 1e-9)
    field, delta = anisotropy_field(1e6, *size), stability_factor(1e6, *size, 300.0)
    assert round(1e3 * float(field), 2) == millitesla
    assert int(delta) == barrier  # 211.48 and 512.44
    assert round(1e3 * float(sharrock_coercivity(field, delta, 1.0)), 1) == coercivity
    volume = math.pi / 4 * math.prod(size)
    assert float(energy_barrier(1e6, *size)) == pytest.approx(1e6 * float(field) * volume / 2)


def test_a_circle_has_no_easy_axis_and_no_barrier() -> None:
    assert abs(float(anisotropy_field(1e6, 3e-7, 3e-7, 2e-9))) < 1e-14
    assert abs(float(energy_barrier(1e6, 3e-7, 3e-7, 2e-9))) < 1e-30
