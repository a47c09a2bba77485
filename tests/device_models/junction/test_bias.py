"""Laws of bias and temperature: limits, Brinkman's coefficients, the T^1.5 law of polarisation."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.constants import Boltzmann, electron_mass, elementary_charge, hbar
from scipy.integrate import trapezoid

from device_models import BrinkmanBias, CompoundMTJ, QuadraticBias, load_stack
from device_models.junction import laws

STACK = load_stack("kumar2024")
MTJ_19 = STACK.mtj(1.9e-9)


def test_quadratic_bias_as_an_object_is_the_default() -> None:
    v = np.linspace(-1, 1, 11)
    other = replace(MTJ_19, bias=QuadraticBias(MTJ_19.v_p, MTJ_19.v_h))
    for parallel in (True, False):
        np.testing.assert_array_equal(other.conductance(parallel, v),
                                      MTJ_19.conductance(parallel, v))


def tunnelling_current(v: float, height: float, width: float, asymmetry: float) -> float:
    """Of a trapezoidal barrier at 0 K, in the WKB approximation, up to a constant factor.

    The integral over the energy `below` the Fermi level of the negative electrode [V] of
    min(below, |V|) exp(-2 integral of kappa dx); the second electrode is at +v.
    """
    if v < 0:
        return -tunnelling_current(-v, height, width, -asymmetry)
    below = np.linspace(0.0, 3.0, 20001)
    first, second = height - asymmetry / 2 + below, height + asymmetry / 2 - v + below
    positions = (np.arange(200) + 0.5) / 200
    root = np.mean([np.sqrt(first + (second - first) * x) for x in positions], axis=0)
    kappa = np.sqrt(2 * electron_mass * elementary_charge) / hbar * root
    return float(trapezoid(np.minimum(below, v) * np.exp(-2 * kappa * width), below))


@pytest.mark.parametrize(("height", "width", "asymmetry"),
                         [(0.4, 1.8e-9, 0.0), (1.0, 1.8e-9, 0.0), (1.0, 1.8e-9, 0.3)])
def test_brinkman_is_the_second_order_of_the_tunnelling_integral(
    height: float, width: float, asymmetry: float
) -> None:
    """Chord and dI/dV at a tenth of a volt, each against its own; the series leaves out V^4."""
    law = BrinkmanBias(height, width, 0.5, asymmetry)
    small, volt, step = 1e-4, 0.1, 1e-3

    def current(v: float) -> float:
        return tunnelling_current(v, height, width, asymmetry)

    at_rest = (current(small) - current(-small)) / (2 * small)
    chords, slopes = (np.array(pair) / at_rest - 1 for pair in (
        [current(s * volt) / (s * volt) for s in (1, -1)],
        [(current(s * volt + step) - current(s * volt - step)) / (2 * step) for s in (1, -1)]))
    for found, expected in ((law.parallel([volt, -volt], 1.0) - 1, chords),
                            (law.differential([volt, -volt], 1.0) - 1, slopes)):
        assert found.sum() == pytest.approx(expected.sum(), rel=0.07)
        assert found[0] - found[1] == pytest.approx(expected[0] - expected[1], rel=0.15, abs=1e-9)


def test_the_usual_barrier_adds_9_percent_to_the_chord_at_a_tenth_of_a_volt() -> None:
    """WKB: 9.1 % of I/V, 28.2 % of dI/dV, whose series gives 26.6 %."""
    law = BrinkmanBias(height=0.4, width=1.8e-9, v_h=0.5)
    assert float(law.parallel(0.1, 1.0)) - 1 == pytest.approx(0.0886, abs=2e-4)
    assert float(law.differential(0.1, 1.0)) - 1 == pytest.approx(0.2657, abs=2e-4)


@given(st.floats(0.1, 5), st.floats(-0.99, 0.99), st.floats(-2, 2))
def test_the_differential_conductance_is_the_slope_of_the_chords_current(
    height: float, share: float, v: float
) -> None:
    law, step = BrinkmanBias(height, 1.5e-9, 0.5, share * height), 1e-4
    above, below = ((v + s) * float(law.parallel(v + s, 1.0)) for s in (step, -step))
    assert (above - below) / (2 * step) == pytest.approx(float(law.differential(v, 1.0)), rel=1e-5)


def test_brinkman_is_even_without_asymmetry_and_tilts_with_it() -> None:
    even, tilted = (BrinkmanBias(0.4, 1.8e-9, 0.5, a) for a in (0.0, 0.1))
    assert even.parallel(0.2, 1.0) == even.parallel(-0.2, 1.0)
    assert tilted.parallel(0.2, 1.0) < even.parallel(0.2, 1.0) < tilted.parallel(-0.2, 1.0)
    odd = (tilted.parallel(-0.2, 1.0) - tilted.parallel(0.2, 1.0)) / 2
    assert odd == pytest.approx(tilted.slope / 2 * 0.2, rel=1e-12)


def test_brinkman_is_quadratic_with_v_p_from_its_curvature() -> None:
    law = BrinkmanBias(1.0, 1.0e-9, 0.5)
    v = np.linspace(-0.3, 0.3, 7)
    same = QuadraticBias((law.curvature / 3) ** -0.5, 0.5)
    np.testing.assert_allclose(law.parallel(v, 3.0), same.parallel(v, 3.0), rtol=1e-14)


@given(height=st.floats(0.1, 5), share=st.floats(-0.99, 0.99), v=st.floats(-5, 5))
def test_brinkman_conductance_stays_positive(height: float, share: float, v: float) -> None:
    assert BrinkmanBias(height, 1.5e-9, 0.5, share * height).parallel(v, 1.0) > 0


def test_a_stack_makes_junctions_with_another_law() -> None:
    law = BrinkmanBias(0.4, 1.8e-9, 0.5)
    mtj = STACK.mtj(1.9e-9, bias=law)
    assert mtj.bias_law is law
    assert mtj.conductance(True, 0.0) == MTJ_19.conductance(True, 0.0)
    assert CompoundMTJ(mtj, 3).conductances(0.1)[-1] > CompoundMTJ(MTJ_19, 3).conductances(0.1)[-1]


@pytest.mark.parametrize(("settings", "word"), [
    ({"height": 0.0}, "height"), ({"width": -1e-9}, "width"), ({"v_h": 0.0}, "v_h"),
    ({"asymmetry": 0.4}, "asymmetry"), ({"asymmetry": -0.5}, "asymmetry")])
def test_barriers_that_do_not_exist_are_refused(settings: dict[str, float], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        BrinkmanBias(**{"height": 0.4, "width": 1.8e-9, "v_h": 0.5, **settings})


def test_a_bias_that_is_no_law_is_refused() -> None:
    with pytest.raises(TypeError, match="bias"):
        replace(MTJ_19, bias="brinkman")


@pytest.mark.parametrize(("cold", "warm"), [(33.0, 28.4), (78.0, 65.4)])
def test_tmr_falls_from_300_to_400_kelvin(cold: float, warm: float) -> None:
    assert round(100 * float(laws.tmr_at_temperature(cold / 100, 400.0)), 1) == warm
    mtj = STACK.mtj(1.9e-9, tmr=cold / 100, temperature=400.0)
    assert round(100 * mtj.tmr, 1) == warm
    assert mtj.r_p == MTJ_19.r_p


def test_the_reference_temperature_changes_nothing() -> None:
    assert STACK.mtj(1.9e-9, temperature=300.0).tmr == pytest.approx(MTJ_19.tmr, rel=1e-14)


@given(tmr=st.floats(1e-3, 5), t=st.floats(0, 1300))
def test_julliere_there_and_back(tmr: float, t: float) -> None:
    there = laws.tmr_at_temperature(tmr, t)
    assert laws.tmr_at_temperature(there, 300.0, reference=t) == pytest.approx(tmr, rel=1e-9)
    assert (there >= tmr * (1 - 1e-12)) == (t <= 300) or there == pytest.approx(tmr)


@pytest.mark.parametrize(("tmr", "t"), [(9.0, 4.0), ([0.3, 9.0], [300.0, 4.0]), (8.17, 4.0)])
def test_a_tmr_that_would_take_a_polarisation_above_1_is_refused(
    tmr: float | list[float], t: float | list[float]
) -> None:
    """Julliere: P^2 = TMR/(2 + TMR) < 1; the largest TMR that holds is in the message."""
    with pytest.raises(ValueError, match=r"tmr \[1\] is [89].*4 K.*polarisation.*below 8\.16"):
        laws.tmr_at_temperature(tmr, t)
    assert float(laws.tmr_at_temperature(8.15, 4.0)) > 1e2


@pytest.mark.parametrize("reference", [1400.0, -5.0])
def test_a_reference_temperature_without_polarisation_is_refused(reference: float) -> None:
    with pytest.raises(ValueError, match=r"reference \[K\].*polarisation law ends"):
        laws.tmr_at_temperature(0.3, 300.0, reference)


def test_a_stack_names_the_tmr_that_was_passed() -> None:
    with pytest.raises(ValueError, match=r"tmr \[1\] is 1000; at 4 K"):
        load_stack("kumar2024").mtj(tmr=1e3, temperature=4)


@pytest.mark.parametrize("t", [-1.0, 1400.0, float("nan")])
def test_temperatures_beyond_the_law_are_refused(t: float) -> None:
    with pytest.raises(ValueError, match="temperature"):
        laws.tmr_at_temperature(0.4, t)


@pytest.mark.parametrize("call", [
    lambda: MTJ_19.bias_law.parallel([0.1, 0.2], [1.0, 1.0, 1.0]),
    lambda: MTJ_19.bias_law.ratio([0.1, 0.2], [1.0, 1.0, 1.0]),
    lambda: BrinkmanBias(0.4, 1.8e-9, 0.5).parallel([0.1, 0.2], [1.0, 1.0, 1.0]),
    lambda: laws.tmr_at_temperature([0.3, 0.4], [300.0, 310.0, 320.0]),
    lambda: laws.exponential([1e-9, 2e-9], [0.3, 0.3, 0.3], 0.1, 1e-9, 1e-9),
    lambda: laws.quadratic(1e-9, [1e-9, 2e-9], [1.0, 2.0]),
    lambda: laws.table(1e-9, [1e-9, 2e-9], [1.0, 2.0, 3.0]),
    lambda: laws.constant([1e-9, 2e-9], [1.0, 2.0, 3.0])])  # type: ignore[arg-type] # refused
def test_shapes_that_do_not_fit_are_refused_in_words(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"(has|have) shape .*(expected|takes)"):
        call()


@given(st.floats(-2, 2), st.floats(0.1, 5), st.floats(0.3, 3), st.floats(0.1, 2))
def test_any_quadratic_junction_keeps_its_two_states_apart_and_its_current_growing(
    v: float, tmr: float, v_p: float, v_h: float
) -> None:
    mtj = replace(MTJ_19, tmr=tmr, v_p=v_p, v_h=v_h)
    parallel, antiparallel = mtj.conductance([True, False], v)
    assert 1 / mtj.r_ap * (1 - 1e-12) <= antiparallel < parallel
    assert parallel / antiparallel - 1 <= tmr * (1 + 1e-12)
    for state in (True, False):
        more = v + 1e-3
        assert more * mtj.conductance(state, more) > v * mtj.conductance(state, v)


def test_brinkman_passes_no_nan_on() -> None:
    law = BrinkmanBias(0.4, 1.8e-9, 0.5)
    with pytest.raises(ValueError, match="finite"):
        law.parallel(np.nan, 1.0)
    with pytest.raises(ValueError, match="finite"):
        law.parallel(0.1, np.nan)


@given(st.floats(1e-6, 1e3))
def test_polarisation_is_the_inverse_of_julliere(tmr: float) -> None:
    share = float(laws.polarisation(tmr))
    assert 0 < share < 1
    assert 2 * share**2 / (1 - share**2) == pytest.approx(tmr, rel=1e-9)


@pytest.mark.parametrize("kelvin", [50.0, 200.0, 300.0, 400.0])
@pytest.mark.parametrize(("height", "width"), [(1.0, 1.5e-9), (3.0, 1.8e-9)])
def test_resistance_falls_as_the_fermi_edge_smears(
    height: float, width: float, kelvin: float
) -> None:
    """Conductance as the integral of -df/dE exp(E/E_0), E_0 from the slope of ln(transmission)."""
    step = 1e-4

    def logarithm(barrier: float) -> float:  # of the transmission, in the WKB approximation
        return -2 * width * np.sqrt(2 * electron_mass * elementary_charge * barrier) / hbar

    slope = (logarithm(height - step) - logarithm(height + step)) / (2 * step)  # [1/V]
    volts = Boltzmann * kelvin / elementary_charge
    energy = np.linspace(-60, 60, 40001)
    edge = 1 / (4 * np.cosh(energy / 2) ** 2)
    growth = float(trapezoid(edge * np.exp(energy * volts * slope), energy))
    c = float(laws.thermal_smearing(height, width))
    cold, warm = laws.resistance_at_temperature(1e4, [0.0, kelvin], smearing=c)
    assert cold / warm == pytest.approx(growth, rel=1e-6)
    there = laws.resistance_at_temperature(warm, 0.0, kelvin, c)
    assert float(there) == pytest.approx(float(cold), rel=1e-12)


def test_without_smearing_the_resistance_stays_and_a_file_may_have_it() -> None:
    assert float(laws.resistance_at_temperature(25e3, 400.0)) == 25e3
    assert STACK.mtj(1.9e-9, temperature=400.0).r_p == MTJ_19.r_p
    warm = replace(STACK.temperature, smearing=0.0014)
    stack = replace(STACK, tables=replace(STACK.tables, temperature=warm))
    assert stack.mtj(1.9e-9).r_p == stack.mtj(1.9e-9, temperature=300.0).r_p == MTJ_19.r_p
    share = np.sin(0.0014 * 400) / np.sin(0.0014 * 300) * 3 / 4
    assert stack.mtj(1.9e-9, temperature=400.0).r_p == pytest.approx(MTJ_19.r_p * share, rel=1e-12)
    with pytest.raises(ValueError, match=r"smearing_per_k is 0\.02"):
        replace(warm, smearing=0.02)


@pytest.mark.parametrize(("temperature", "reference", "word"), [
    (-1.0, 300.0, "temperature"), ([300.0, 800.0], 300.0, "temperature"),
    (300.0, 800.0, "reference"), (float("nan"), 300.0, "temperature")])
def test_temperatures_beyond_the_law_of_resistance_are_refused(
    temperature: float, reference: float, word: str
) -> None:
    with pytest.raises(ValueError, match=rf"{word} \[K\]"):
        laws.resistance_at_temperature(1e4, temperature, reference, 0.004)
