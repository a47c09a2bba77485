"""Laws of demagnetising factors: sum, limits, symmetry, two independent integrals, references."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.special import ellipe, ellipk, j1

from device_models.magnet.demagnetisation import demagnetising_factors, disc_factors

SIZES = st.floats(1e-10, 1e-5)


@pytest.mark.parametrize(("nm", "n_long", "n_short"),
                         [(1.6, 0.00526, 0.01413), (2.6, 0.00790, 0.02113)])
def test_factors_of_the_published_ellipse(nm: float, n_long: float, n_short: float) -> None:
    long, short, _ = demagnetising_factors(500e-9, 250e-9, nm * 1e-9)
    assert round(float(long), 5) == n_long
    assert round(float(short), 5) == n_short


@given(SIZES, SIZES, SIZES)
def test_factors_are_shares_of_one_and_the_shorter_the_larger(
    length: float, width: float, thickness: float
) -> None:
    long, short, thick = (float(n) for n in demagnetising_factors(length, width, thickness))
    assert long + short + thick == pytest.approx(1.0, abs=1e-14)
    assert min(long, short) > 0
    assert thick > -1e-13
    assert (long <= short * (1 + 1e-9)) == (length >= width) or math.isclose(
        length, width, rel_tol=1e-6)


@given(SIZES, SIZES, SIZES, st.floats(1e-3, 1e3))
def test_factors_know_shape_and_neither_size_nor_order(
    length: float, width: float, thickness: float, scale: float
) -> None:
    long, short, thick = demagnetising_factors(length, width, thickness)
    assert_allclose(demagnetising_factors(width, length, thickness), (short, long, thick),
                    rtol=0, atol=1e-14)
    assert_allclose(demagnetising_factors(scale * length, scale * width, scale * thickness),
                    (long, short, thick), rtol=0, atol=1e-12)


@pytest.mark.parametrize("aspect", [1e-6, 1e-3, 0.0199, 0.0201, 0.3, 1.0, 2.0, 30.0, 1e4])
def test_circle_is_lorenz_inductance_of_a_current_sheet(aspect: float) -> None:
    _, axis = disc_factors(aspect)
    kp = aspect / math.hypot(aspect, 2.0)
    k2 = 1 - kp**2
    nagaoka = 4 / (3 * math.pi * kp) * (
        kp**2 / k2 * (ellipk(k2) - ellipe(k2)) + ellipe(k2) - math.sqrt(k2))
    assert float(axis) == pytest.approx(1 - nagaoka, abs=max(1e-15 / kp, 1e-11, 1e-15 / k2))
    long, short, thick = demagnetising_factors(2.0, 2.0, aspect)
    assert float(long) == pytest.approx(float(short), rel=1e-13)
    assert float(thick) == pytest.approx(float(axis), abs=1e-14)


@pytest.mark.parametrize(("aspect", "axis"), [(2.0, 0.3116), (1.0, 0.4745)])
def test_circle_is_the_tabulated_one(aspect: float, axis: float) -> None:
    # D.-X. Chen, J. A. Brug, R. B. Goldfarb, IEEE Trans. Magn. 27 (1991) 3601: chi = 0, N_m
    assert float(disc_factors(aspect)[1]) == pytest.approx(axis, abs=1e-4)


@pytest.mark.parametrize("size", [(2.0, 1.0, 0.5), (3.0, 1.0, 4.0), (1.2, 1.0, 0.05)])
def test_factors_are_the_fourier_integral_of_the_shape(size: tuple[float, float, float]) -> None:
    """(1/pi) int dphi c^2 int dq/q J_1(q)^2 (1 - (1 - exp(-q s))/(q s)), both integrals numeric."""
    a, b, t = size[0] / 2, size[1] / 2, size[2]
    q = (np.arange(400000) + 0.5) * 1e-3  # beyond 400, J_1^2 is 1/(pi q) on average
    radial = 1e-3 * j1(q) ** 2 / q
    phi = (np.arange(24) + 0.5) * math.pi / 48
    p = np.hypot(np.cos(phi) / a, np.sin(phi) / b)
    g = [np.sum(radial * (1 + np.expm1(-q * t * s) / (q * t * s)))
         + (1 - 1 / (2 * 400 * t * s)) / (400 * math.pi) for s in p]
    cosine = (np.cos(phi) / (a * p)) ** 2
    expected = (2 * np.mean(cosine * g), 2 * np.mean((1 - cosine) * g))
    assert_allclose(demagnetising_factors(*size)[:2], expected, rtol=1e-5)


def test_long_prism_is_the_infinite_elliptic_cylinder() -> None:
    for a, b in ((1.0, 1.0), (3.0, 1.0), (1.0, 0.01)):
        long, short, thick = demagnetising_factors(a, b, 1e9)
        assert_allclose((long, short, thick), (b / (a + b), a / (a + b), 0), atol=1e-8)


def test_film_is_the_infinite_plane_and_approaches_it_as_its_edge_does() -> None:
    """N_in = (t/(2 pi R)) (ln(8 R/t) - 1/2) for a thin disc: energy of its edge's charge ribbon."""
    for t in (1e-3, 1e-5):
        long, _, thick = demagnetising_factors(2.0, 2.0, t)
        assert float(long) == pytest.approx(t / (2 * math.pi) * (math.log(8 / t) - 0.5), rel=t)
        assert float(thick) == pytest.approx(1 - 2 * float(long), abs=1e-15)


@pytest.mark.parametrize("size", [(500.0, 250.0, 1.6), (1.0, 0.01, 1e-3), (1.0, 0.7, 3.0)])
def test_quadrature_in_the_elliptic_variable_is_that_over_the_angle(
    size: tuple[float, float, float]
) -> None:
    a, b = size[0] / 2, size[1] / 2

    def integrand(phi: float) -> float:
        p = math.hypot(math.cos(phi) / a, math.sin(phi) / b)
        return (math.cos(phi) / (a * p)) ** 2 * float(disc_factors(size[2] * p)[0])

    expected = 4 / math.pi * quad(integrand, 0, math.pi / 2, epsabs=0, epsrel=1e-11, limit=400)[0]
    assert float(demagnetising_factors(*size)[0]) == pytest.approx(expected, rel=1e-10)


def test_arrays_broadcast() -> None:
    t = np.array([[1.0], [2.0], [3.0]]) * 1e-9
    together = demagnetising_factors(500e-9, np.array([100e-9, 250e-9]), t)
    assert all(n.shape == (3, 2) for n in together)
    for i, n in enumerate(together):
        single = demagnetising_factors(500e-9, 250e-9, 2e-9)[i]
        assert float(n[1, 1]) == pytest.approx(float(single), rel=1e-12)


@pytest.mark.parametrize("name", ["length", "width", "thickness"])
@pytest.mark.parametrize("value", [0.0, -1e-9, math.nan, math.inf, "wide", 1j])
def test_a_bad_size_is_refused_by_name(name: str, value: object) -> None:
    sizes = {"length": 1.0, "width": 1.0, "thickness": 1.0, name: value}
    with pytest.raises((ValueError, TypeError), match=name):
        demagnetising_factors(**sizes)  # type: ignore[arg-type] # bad on purpose


@pytest.mark.parametrize(("sizes", "message"), [
    (([1, 2], [1, 2, 3], 1), "length has .* width has"),
    ((1, 1e-200, 1e-200), "largest over smallest")])
def test_sizes_of_no_shape_are_refused(sizes: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        demagnetising_factors(*sizes)  # type: ignore[arg-type] # bad on purpose


def test_a_bad_aspect_is_refused() -> None:
    with pytest.raises(ValueError, match="aspect"):
        disc_factors(0.0)
