"""One contract for every current-voltage law: sizes, slopes, monotonicity, limits, expressions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CrossbarCircuit, CubicLaw, LinearLaw, MTJLaw, TabulatedLaw, Wires
from device_models import MTJ, CompoundMTJ
from tests.support.laws import (
    LAWS,
    ODD,
    SinhLaw,
    every_law,
    junctions,
    knots,
)
from tests.support.reference import EPS, Floats
from tests.support.strategies import few


@every_law
@pytest.mark.parametrize("v", [
    np.array(0.1), np.zeros(0), np.zeros((2, 0, 3)), np.linspace(-1, 1, 5),
    np.linspace(-1, 1, 24).reshape(2, 3, 4), np.linspace(-1, 1, 24).reshape(4, 6)[::2, ::-2],
    np.asfortranarray(np.linspace(-1, 1, 24).reshape(2, 3, 4)),
    np.broadcast_to(np.array([0.1, -0.2]), (3, 2)),
], ids=["point", "empty", "empty batch", "line", "array", "strided", "Fortran", "broadcast"])
def test_values_have_the_shape_of_the_voltages_whatever_their_layout(
    name: str, v: Floats
) -> None:
    law, kept = LAWS[name], v.copy()
    for function in (law.shape, law.slope):
        found = function(v)
        assert found.shape == (law.branches, *v.shape)
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, function(np.array(v, order="C")))
        one_by_one = [function(np.full(1, x))[:, 0] for x in v.ravel()]
        if one_by_one:  # vectorised loops may fuse a product with a sum
            np.testing.assert_allclose(found.reshape(law.branches, -1), np.transpose(one_by_one),
                                       rtol=4 * EPS, atol=1e-300)
    np.testing.assert_array_equal(v, kept)


@every_law
def test_inputs_may_be_read_only(name: str) -> None:
    v = np.linspace(-0.5, 0.5, 6)
    v.flags.writeable = False
    LAWS[name].shape(v), LAWS[name].slope(v)


@every_law
@few
@given(st.floats(-1.2, 1.2))
def test_slope_is_the_derivative_of_shape(name: str, at: float) -> None:
    """Richardson's central differences: error h^4 times the fifth derivative, plus rounding / h."""
    law, h = LAWS[name], 1e-3
    near = np.abs(at - knots(law)).min(initial=1.0)
    if near <= h:  # the second derivative jumps there
        at += 2 * h

    def central(step: float) -> Floats:
        ends = law.shape(np.array([at - step, at + step]))
        return np.asarray((ends[:, 1] - ends[:, 0]) / (2 * step))

    expected = (4 * central(h / 2) - central(h)) / 3
    slope = law.slope(np.array([at]))[:, 0]
    largest = np.abs(law.shape(np.array([-1.3, 1.3]))).max(axis=1)
    # fifth derivatives relative to the slope: at most 1/v0^4 = 625 /V^4, and rounding 2 EPS / h
    assert np.all(np.abs(slope - expected) <= h**4 * 1e4 * slope + 8 * EPS / h * largest)


@every_law
def test_slope_is_continuous_at_knots_and_ends(name: str) -> None:
    """To first order in the distance; PCHIP's second derivative is finite."""
    law = LAWS[name]
    for knot in knots(law):
        jumps = []
        for h in (1e-5, 1e-7):
            slope = law.slope(np.array([knot - h, knot + h]))
            jumps.append(np.abs(slope[:, 1] - slope[:, 0]).max())
        largest = np.abs(law.slope(np.linspace(-1, 1, 99))).max()
        assert jumps[1] <= jumps[0] * 0.02 + 1e-11 * largest


@every_law
def test_shape_is_monotone_and_slope_is_not_negative(name: str) -> None:
    v = np.linspace(-3, 3, 6001)
    f = LAWS[name].shape(v)
    assert np.all(np.diff(f, axis=1) >= -2 * EPS * np.abs(f[:, :-1]))
    assert np.all(LAWS[name].slope(v) >= 0)


@every_law
def test_limit_of_small_signals_is_the_slope_at_zero(name: str) -> None:
    law, zero = LAWS[name], np.zeros(1)
    errors = []
    for v in (1e-3, 1e-4):
        chord = (law.shape(np.array([v])) - law.shape(zero)) / v
        errors.append(np.abs(chord - law.slope(zero)).max())
    assert errors[1] <= 0.11 * errors[0] + 1e-11 * law.slope(zero).max()
    if name in ODD:
        np.testing.assert_allclose(law.shape(zero), 0.0, atol=1e-20)


@pytest.mark.parametrize("name", ["linear", "cubic", "mtj"])
def test_branch_conductances_are_those_at_zero_bias(name: str) -> None:
    np.testing.assert_array_equal(LAWS[name].slope(np.zeros(1)), 1.0)


@pytest.mark.parametrize("name", ODD)
def test_symmetric_laws_are_odd(name: str) -> None:
    v = np.linspace(0, 1.2, 101)
    f = LAWS[name].shape(v)
    np.testing.assert_allclose(LAWS[name].shape(-v), -f, rtol=1e-12,
                               atol=16 * EPS * np.abs(f).max())


@every_law
def test_limits_are_voltages_between_which_the_law_is_known(name: str) -> None:
    law = LAWS[name]
    low, high = law.limits
    assert low < 0 < high
    most = getattr(law, "limit", np.inf)  # of polynomials
    known = getattr(law, "voltages", [-most, most])
    assert (low, high) == (known[0], known[-1])


@every_law
def test_continuation_beyond_the_ends_is_continuous_and_straight(name: str) -> None:
    law = LAWS[name]
    for end, sign in zip(law.limits, (-1, 1), strict=True):
        if np.isfinite(end):
            f = law.shape(end + sign * np.array([0.0, 1e-9, 1.0, 2.0]))
            slope = law.slope(end + sign * np.array([0.0, 1e-9, 1.0]))
            np.testing.assert_array_equal(slope[:, 0], slope[:, 1])
            np.testing.assert_array_equal(slope[:, 0], slope[:, 2])
            tiny = 4 * EPS * np.abs(f).max()
            np.testing.assert_allclose(f[:, 1] - f[:, 0], sign * 1e-9 * slope[:, 0], atol=tiny)
            np.testing.assert_allclose(f[:, 2] - f[:, 0], f[:, 3] - f[:, 2], atol=2 * tiny)


@every_law
def test_expression_is_the_shape_in_text(name: str) -> None:
    """Sums, products, min and max are the same in Python and in ngspice."""
    law = LAWS[name]
    for branch in range(law.branches):
        text = law.expression(branch, "v")
        assert isinstance(text, str)
        for v in (-1.1, -0.5, -0.01, 0.0, 0.3, 0.65, 1.2):
            found = eval(text, {"min": min, "max": max, "sinh": np.sinh}, {"v": v})
            assert found == pytest.approx(law.shape(np.array([v]))[branch, 0], rel=1e-12, abs=1e-17)


@pytest.mark.parametrize("name", LAWS)
def test_expression_takes_the_voltage_as_an_expression(name: str) -> None:
    law = LAWS[name]
    found = eval(law.expression(0, "a-b"), {"min": min, "max": max, "sinh": np.sinh},
                 {"a": 0.4, "b": 0.3})
    assert found == pytest.approx(law.shape(np.array([0.1]))[0, 0], rel=1e-9, abs=1e-15)


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf, None, 1j, [1.0], "1"], ids=repr)
@pytest.mark.parametrize("name", ["v0", "v_p", "v_h", "tmr"])
def test_what_is_not_positive_is_refused_by_name(name: str, value: object) -> None:
    right = {"v0": 1.0} if name == "v0" else {"v_p": 1.0, "v_h": 1.0, "tmr": 1.0}
    law = CubicLaw if name == "v0" else MTJLaw
    with pytest.raises((ValueError, TypeError), match=rf"{name} \[(V|1)\]"):
        law(**(right | {name: value}))


@pytest.mark.parametrize(("voltages", "currents", "message"), [
    ([0, 1, 1], [0, 1, 2], "voltages .*increasing"), ([1, 0], [0, 1], "voltages .*increasing"),
    ([0], [0], "voltages .*two or more"), ([[0, 1]], [0, 1], "voltages has shape"),
    ([0, np.nan], [0, 1], r"voltages \[V\] is nan"),
    ([0, 1], [0, np.inf], r"currents \[A\] is inf"),
    ([0, 1], [1, 0], "currents decrease"), ([0, 1], [[0, 1], [1, 0]], "currents decrease"),
    ([0, 1], [0, 1, 2], "currents has shape"), ([0, 1], [[[0, 1]]], "currents has shape"),
    ([0, 1], [0, 1j], r"currents \[A\] is complex"), ([0, 1], [[0], [0, 1]], "different lengths"),
])
def test_tables_that_are_no_curves_are_refused(
    voltages: object, currents: object, message: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        TabulatedLaw(voltages, currents)


@pytest.mark.parametrize("state", [-1, 2, 0.5, np.nan, 1j, "0"], ids=repr)
def test_states_that_do_not_exist_are_refused(state: object) -> None:
    synapse = CompoundMTJ(MTJ(8e3, 1.5, 1.1, 0.6, 1e-15), cells=1)
    for conductance in (LAWS["flat-tables"].conductance,
                        lambda states: MTJLaw.conductance(synapse, states)):
        with pytest.raises((ValueError, TypeError), match="states"):
            conductance([[state]])


def test_conductances_must_fit_the_branches() -> None:
    for law, shape in ((LAWS["mtj"], (2, 2)), (LAWS["mtj"], (3, 2, 2)), (LAWS["cubic"], (2, 2, 2))):
        with pytest.raises(ValueError, match=r"conductance has shape .*expected \("):
            CrossbarCircuit(np.ones(shape), law=law)


@pytest.mark.parametrize("law", [None, CubicLaw, "cubic", 0.4], ids=repr)
def test_what_is_no_law_is_refused(law: object) -> None:
    with pytest.raises(TypeError, match=r"law is .*expected an object"):
        CrossbarCircuit(np.ones((2, 2)), law=law)


# --- MTJLaw and device_models -------------------------------------------------------------------


@few
@given(junctions, st.floats(-2, 2))
def test_equivalence_of_the_law_and_the_junction(mtj: MTJ, v: float) -> None:
    f = MTJLaw.of(mtj).shape(np.array([v]))[:, 0]
    parallel, antiparallel = (float(mtj.conductance(p, v)) * v for p in (True, False))
    assert f[0] / mtj.r_p == pytest.approx(parallel, rel=16 * EPS, abs=0)
    assert f[1] / mtj.r_ap == pytest.approx(antiparallel, rel=16 * EPS, abs=0)


@few
@given(junctions, st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_equivalence_of_a_circuit_on_ideal_wires_and_compounds(
    mtj: MTJ, cells: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    synapse = CompoundMTJ(mtj, cells)
    states, v = rng.integers(0, cells + 1, (3, 4)), rng.uniform(-1, 1, (2, 3))
    circuit = CrossbarCircuit(MTJLaw.conductance(synapse, states), law=MTJLaw.of(mtj))
    expected = synapse.current(states, v[:, :, None])
    op = circuit.solve(v)
    # the chord method returns g v + e(v), which carries the rounding of g v
    limit = 64 * EPS * np.abs(expected).max()
    np.testing.assert_allclose(op.device_currents, expected, rtol=0, atol=limit)
    np.testing.assert_allclose(op.column_currents, expected.sum(axis=1), rtol=0, atol=limit)


# --- TabulatedLaw -------------------------------------------------------------------------------


@st.composite
def tables(draw: st.DrawFn) -> TabulatedLaw:
    points, states = draw(st.integers(2, 8)), draw(st.integers(1, 3))
    steps = st.floats(1e-3, 1.0)
    rises = st.one_of(st.just(0.0), st.floats(-9, -3).map(lambda x: 10**x))
    v = np.cumsum(draw(st.lists(steps, min_size=points, max_size=points))) - 1.0
    i = [np.cumsum(draw(st.lists(rises, min_size=points, max_size=points))) - 1e-5
         for _ in range(states)]
    return TabulatedLaw(v, i)


@few
@given(tables())
def test_a_table_passes_through_its_points(law: TabulatedLaw) -> None:
    largest = np.abs(law.currents).max()
    np.testing.assert_allclose(law.shape(law.voltages), law.currents, rtol=0,
                               atol=8 * EPS * largest)


@few
@given(tables())
def test_a_table_does_not_overshoot(law: TabulatedLaw) -> None:
    parts = np.linspace(law.voltages[:-1], law.voltages[1:], 33, axis=1)
    found = law.shape(parts)
    rounding = 8 * EPS * np.abs(law.currents).max()
    assert np.all(found >= law.currents[:, :-1, None] - rounding)
    assert np.all(found <= law.currents[:, 1:, None] + rounding)
    assert np.all(np.diff(found, axis=2) >= -rounding)
    assert np.all(law.slope(parts) >= -rounding / np.diff(law.voltages).min())


def test_a_straight_table_is_a_resistor() -> None:
    law = TabulatedLaw([-0.5, -0.1, 0.2, 1.0], 1e-4 * np.array([-0.5, -0.1, 0.2, 1.0]))
    v, wires = np.array([0.3, -0.2]), Wires(100.0, 200.0)
    table = CrossbarCircuit(np.ones((2, 3)), wires, law).solve(v)
    ohmic = CrossbarCircuit(np.full((2, 3), 1e-4), wires).solve(v)
    np.testing.assert_allclose(table.column_currents, ohmic.column_currents, rtol=1e-11)


def test_a_solution_beyond_the_table_warns() -> None:
    law = TabulatedLaw([-0.5, 0.5], [-1e-5, 1e-5])
    circuit = CrossbarCircuit(np.ones((2, 2)), Wires(1.0, 1.0), law)
    assert np.all(circuit.solve([0.49, -0.49]).device_currents != 0)
    for v in ([0.6, 0.1], [0.1, -0.6]):
        with pytest.warns(UserWarning, match=r"leave the range of the law, -0.5 to 0.5 V"):
            circuit.solve(v)


def test_a_solution_beyond_the_table_is_on_its_straight_lines() -> None:
    circuit = CrossbarCircuit(np.ones((1, 1)), law=TabulatedLaw([-0.5, 0.5], [-1e-5, 1e-5]))
    with pytest.warns(UserWarning, match="leave the range"):
        assert circuit.solve([2.0]).column_currents[0] == pytest.approx(4e-5, rel=1e-14)


def test_a_device_behind_a_transistor_warns_of_its_own_voltage() -> None:
    """1 V over 100 kohm and 1 kohm: the device is at 10 mV."""
    law = TabulatedLaw([-0.5, 0.5], [-5e-4, 5e-4])
    CrossbarCircuit([[1.0]], Wires(access=1e5), law).solve([1.0])


def test_an_open_cell_does_not_warn() -> None:
    law = TabulatedLaw([-0.5, 0.5], [-5e-4, 5e-4])
    CrossbarCircuit([[1.0], [0.0]], law=law).solve([0.1, 1.0])


# --- a user's own law ---------------------------------------------------------------------------


def test_a_law_of_the_users_own_is_solved() -> None:
    """One device in series with its wires, by bisection of v0 sinh(x/v0) g = (V - x)/R."""
    g, r, law = 1e-4, 5e3, SinhLaw(0.1)
    found = CrossbarCircuit([[g]], Wires(2e3, 3e3), law).solve([0.8]).column_currents[0]
    low, high = 0.0, 0.8
    for _ in range(60):
        x = (low + high) / 2
        low, high = (x, high) if g * 0.1 * np.sinh(x / 0.1) < (0.8 - x) / r else (low, x)
    assert found == pytest.approx((0.8 - x) / r, rel=1e-12)


def test_a_law_of_the_users_own_that_is_linear_equals_ohms() -> None:
    class Ohm(SinhLaw):
        def shape(self, v: Floats) -> Floats:
            return np.asarray(v)[None]

        def slope(self, v: Floats) -> Floats:
            return np.ones((1, *v.shape))

    g, v, wires = np.array([[1e-4, 2e-5], [3e-6, 4e-4]]), [0.3, -0.2], Wires(100.0, 1e3, 50.0, 1.0)
    own, ohms = (CrossbarCircuit(g, wires, law).solve(v) for law in (Ohm(1.0), LinearLaw()))
    np.testing.assert_allclose(own.column_currents, ohms.column_currents, rtol=1e-11)
    assert not CrossbarCircuit(g, wires, Ohm(1.0)).is_linear
