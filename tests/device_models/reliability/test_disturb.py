"""Read disturb: retention over the barrier that a current leaves."""

import math

import numpy as np
import pytest
from scipy.constants import Boltzmann, elementary_charge, hbar, mu_0

from device_models.reliability import YEAR, disturb_current, read_disturb, retention_failure


def test_reading_hardly_disturbs() -> None:
    """4 uA of read against 2.3 mA: the barrier falls by 0.2 %."""
    year = float(read_disturb(211.0, 4e-6, 2.343e-3, YEAR))
    assert year == pytest.approx(YEAR / 1e-9 * math.exp(-211 * (1 - 4e-6 / 2.343e-3)), rel=1e-9)
    assert year < 1e-60
    currents = np.linspace(0, 3e-3, 50)
    assert np.all(np.diff(read_disturb(60.0, currents, 2.343e-3, 1.0)) >= 0)
    assert float(read_disturb(60.0, 5e-3, 2.343e-3, 1.0)) == 1.0
    assert read_disturb(60.0, 0.0, 1e-3, 1.0) == retention_failure(1.0, 60.0)


def test_a_perpendicular_layer_takes_its_barrier_times_4_e_alpha_over_hbar_p() -> None:
    """The usual form I_c0 = (4 e/hbar) (alpha/P) E_b, with E_b = M_s mu0 H_k V/2."""
    ms, volume, field = 1e6, 2e-24, 0.3
    barrier = ms * field * volume / 2
    assert float(disturb_current(0.01, 0.6, ms, volume, field)) == pytest.approx(
        4 * elementary_charge / hbar * 0.01 / 0.6 * barrier, rel=1e-14)
    per_barrier = 4 * elementary_charge / hbar * 0.01 / 0.6 * Boltzmann * 300
    assert per_barrier * 60 == pytest.approx(25e-6, rel=0.05)  # as of 60 k_B T: tens of uA


def test_torque_and_damping_balance_at_the_critical_current() -> None:
    """Each electron gives P hbar/2 to the moment M_s V/gamma, which damping alpha gamma B takes."""
    gamma, alpha, share, ms, volume = 1.76e11, 0.019, 0.4, 1e6, 1.9e-22
    field = 0.01 + mu_0 * 5e5 / 2
    current = disturb_current(alpha, share, ms, volume, field)
    given = share * hbar / 2 * current / elementary_charge
    assert given / (ms * volume / gamma) == pytest.approx(alpha * gamma * field, rel=1e-12)


def test_critical_currents_are_proportional_to_what_they_are_of() -> None:
    base = disturb_current(0.01, 0.5, 1e6, 1e-24, 0.3)
    for i in (0, 2, 3, 4):
        values = [0.01, 0.5, 1e6, 1e-24, 0.3]
        values[i] *= 3
        assert disturb_current(*values) == pytest.approx(3 * base, rel=1e-12)
    assert disturb_current(0.01, [0.25, 1.0], 1e6, 1e-24, 0.3) == pytest.approx(
        [2 * base, base / 2], rel=1e-12)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: disturb_current(0.01, 0.0, 1e6, 1e-24, 0.3), "polarisation"),
    (lambda: disturb_current(0.01, 0.5, 1e6, -1e-24, 0.3), "volume"),
    (lambda: disturb_current([0.1, 0.2], 0.5, [1, 2, 3], 1.0, 1.0), r"damping has shape \(2,\)"),
    (lambda: read_disturb(50.0, [1, 2], [1, 2, 3], 1.0), "current has shape"),
    (lambda: read_disturb(50.0, 1e-6, 0.0, 1.0), "critical_current"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
