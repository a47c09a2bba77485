"""Laws of devices behind access transistors: x + r I(x) = v, for every law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CrossbarCircuit, CubicLaw, Law, TabulatedLaw, Wires
from circuits.array.devices import Devices
from tests.support.laws import FLAT, FLAT_POINTS, LAWS, SinhLaw
from tests.support.reference import EPS, Floats
from tests.support.strategies import few

every_law = pytest.mark.parametrize("name", LAWS)
exponents = st.floats(0, 7)  # access resistances 10^0 .. 10^7 ohm


def devices_of(law: Law, r: Floats, seed: int) -> Devices:
    """One device of random conductance or state behind each of `r` (m, n) [ohm]."""
    rng = np.random.default_rng(seed)
    if isinstance(law, TabulatedLaw):
        return Devices(law.conductance(rng.integers(0, law.branches, r.shape)), law, r)
    return Devices(10 ** rng.uniform(-7, -3, (law.branches, *r.shape)), law, r)


def behind(devices: Devices, v: Floats) -> Floats:
    """The voltages over the devices alone."""
    return np.asarray(v - devices.access[..., None] * devices.current(v))


def own(devices: Devices) -> Devices:
    """The devices without their transistors."""
    return Devices(devices.conductance, devices.law, np.zeros_like(devices.access))


@every_law
@few
@given(exponent=exponents, seed=st.integers(0, 2**32 - 1))
def test_transistor_and_device_share_the_voltage(name: str, exponent: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    r = 10**exponent * 10 ** rng.uniform(-1, 0, (2, 3)) * (rng.random((2, 3)) < 0.8)
    devices = devices_of(LAWS[name], r, seed)
    v = rng.uniform(-0.7, 0.7, (2, 3, 4))
    current = devices.current(v)
    x = v - r[..., None] * current
    slope = own(devices).slope(x)
    # x carries the rounding of v, and 1e-13 of the reach of the bracket; I that of x times slope
    reach = np.abs(v).max() + np.abs(v - r[..., None] * own(devices).current(v)).max()
    error = np.abs(own(devices).current(x) - current)
    assert np.all(error <= (slope + 1e-9) * 1e-13 * reach + 64 * EPS * np.abs(current))


@every_law
def test_slope_is_the_derivative_of_the_current(name: str) -> None:
    """Central differences, away from the knots of tables."""
    for k, r in enumerate((0.0, 1e3, 1e5)):
        devices = devices_of(LAWS[name], np.full((2, 2), r), seed=k)
        v, h = np.random.default_rng(k).uniform(-0.6, 0.6, (2, 2, 5)), 1e-5
        found = (devices.current(v + h) - devices.current(v - h)) / (2 * h)
        slope = devices.slope(v)
        largest = max(np.abs(slope).max(), np.abs(devices.current(v)).max())
        np.testing.assert_allclose(found, slope, rtol=1e-3, atol=1e-4 * largest)


@every_law
def test_current_is_monotone_behind_a_transistor(name: str) -> None:
    devices = devices_of(LAWS[name], np.array([[0.0, 1e2, 1e4, 1e6]]), seed=1)
    v = np.broadcast_to(np.linspace(-0.7, 0.7, 141), (1, 4, 141))
    current = devices.current(v)
    assert np.all(np.diff(current, axis=2) >= -1e-12 * np.abs(current).max())


@every_law
def test_limit_of_no_transistor_is_the_law(name: str) -> None:
    law = LAWS[name]
    devices = devices_of(law, np.zeros((2, 3)), seed=2)
    v = np.linspace(-0.7, 0.7, 24).reshape(2, 3, 4)
    expected = (devices.conductance[..., None] * law.shape(v)).sum(axis=0)
    np.testing.assert_allclose(devices.current(v), expected, rtol=1e-14, atol=1e-22)
    some = Devices(devices.conductance, law, np.array([[0.0, 0, 0], [0, 0, 1e3]]))
    np.testing.assert_allclose(some.current(v)[0], expected[0], rtol=1e-14, atol=1e-22)


def test_limit_of_a_large_transistor_is_ohms_law() -> None:
    devices = Devices(np.full((1, 1, 1), 1e-3), CubicLaw(0.3), np.full((1, 1), 1e12))
    v = np.array([[[-0.5, 0.0, 1e-12, 0.5]]])
    np.testing.assert_allclose(devices.current(v), v / 1e12, rtol=1e-8)
    np.testing.assert_allclose(devices.slope(v), 1e-12, rtol=1e-8)


def test_closed_form_of_a_linear_device() -> None:
    g, r = np.array([[1e-4, 0.0], [1e-9, 1.0]]), np.array([[1e3, 1e5], [0.0, 1e9]])
    devices = Devices(g[None], LAWS["linear"], r)
    v = np.random.default_rng(3).uniform(-1, 1, (2, 2, 5))
    np.testing.assert_allclose(devices.slope(v), (g / (1 + g * r))[..., None] + 0 * v, rtol=1e-14)
    # behind the bad transistor the current is that of a voltage 1e9 times smaller than v
    np.testing.assert_allclose(devices.current(v)[0], (g / (1 + g * r))[0, :, None] * v[0],
                               rtol=1e-13)
    np.testing.assert_allclose(devices.current(v)[1, 1], v[1, 1] / 1e9, rtol=1e-6)


def test_open_cells_carry_nothing() -> None:
    devices = Devices(np.zeros((1, 2, 2)), CubicLaw(0.3), np.full((2, 2), 1e4))
    v = np.linspace(-1, 1, 12).reshape(2, 2, 3)
    assert not devices.current(v).any()
    assert not devices.slope(v).any()


@every_law
def test_equivalence_of_a_batch_and_its_inputs(name: str) -> None:
    rng = np.random.default_rng(4)
    devices = devices_of(LAWS[name], 10 ** rng.uniform(0, 6, (3, 2)), seed=4)
    v = rng.uniform(-0.7, 0.7, (3, 2, 6)) * 10 ** rng.uniform(-6, 0, 6)
    batch = devices.current(v)
    for b in range(6):
        one = devices.current(v[..., [b]])
        # a table keeps 16 digits of its largest current, some 1e-5 A
        atol = 1e-13 * np.abs(one).max() + 1e-20
        np.testing.assert_allclose(batch[..., [b]], one, rtol=0, atol=atol)


def test_a_transistor_for_each_device_equals_the_circuit_of_one() -> None:
    r = np.array([[0.0, 1e3], [1e5, 1e2]])
    circuit = CrossbarCircuit(np.full((2, 2), 1e-4), Wires(access=r), CubicLaw(0.2))
    op = circuit.solve([0.3, -0.4])
    for i, v in enumerate((0.3, -0.4)):
        for j in range(2):
            one = CrossbarCircuit([[1e-4]], Wires(access=r[i, j]), CubicLaw(0.2)).solve([v])
            assert op.device_currents[i, j] == pytest.approx(one.column_currents[0], rel=1e-13)


def test_currents_that_are_no_numbers_are_noticed_behind_a_transistor() -> None:
    class Wrong(CubicLaw):
        def shape(self, v: Floats) -> Floats:
            return np.full((1, *v.shape), np.nan)

    devices = Devices(np.ones((1, 1, 1)), Wrong(1.0), np.full((1, 1), 1e3))
    with pytest.raises(ArithmeticError, match=r"check that .* is finite and does not fall"):
        devices.current(np.full((1, 1, 1), 0.5))


def test_a_saturated_table_is_solved_behind_a_transistor() -> None:
    devices = Devices(np.array([[[0.0]], [[1.0]]]), TabulatedLaw(FLAT_POINTS, FLAT),
                      np.array([[61274.88136611401]]))
    v = np.array([[[0.4294766442341773]]])
    x = behind(devices, v)
    assert own(devices).current(x) == pytest.approx(devices.current(v), rel=1e-12)


def test_a_high_voltage_over_a_large_transistor_is_ohms_law() -> None:
    devices = Devices(np.full((1, 1, 1), 1e-4), CubicLaw(0.3), np.full((1, 1), 1e9))
    assert devices.current(np.full((1, 1, 1), 1e3))[0, 0, 0] == pytest.approx(1e-6, rel=1e-3)


def test_a_steep_law_is_solved_behind_a_transistor() -> None:
    """As I(0) = 0, x lies between 0 and v: no law need be asked beyond."""
    devices = Devices(np.full((1, 1, 1), 3e-5), SinhLaw(0.02), np.full((1, 1), 1e6))
    v = np.full((1, 1, 1), 0.9)
    x = behind(devices, v)
    assert own(devices).current(x) == pytest.approx(devices.current(v), rel=1e-9)
