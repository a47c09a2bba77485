"""Damping and anisotropy from critical voltages: the stack's own numbers come back."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from device_models import critical_voltage, load_stack
from device_models.fits import Fit, FitError, fit_critical_voltage_macrospin
from tests.support.intervals import check_best, check_coverage, drawn

MAGNET = load_stack("kumar2024").magnet(1.6e-9)
T = np.linspace(1.6e-9, 2.6e-9, 11)
V_C = np.array([float(critical_voltage(MAGNET.with_changes(thickness=t))) for t in T])
TRUTH = {"damping": MAGNET.damping, "interface_anisotropy": MAGNET.interface_anisotropy}


def test_intervals_hold_the_truth_at_the_stated_rate() -> None:
    found = drawn(lambda rng: fit_critical_voltage_macrospin(
        T, V_C + 0.03 * rng.standard_normal(11), MAGNET), 200)
    check_coverage(found, TRUTH)
    check_best(found, TRUTH)


@pytest.mark.parametrize("field", [0.0, 5e-3])
@pytest.mark.parametrize("oersted", [0.0, 1.0, -1.0])
def test_critical_voltages_without_noise_give_damping_and_anisotropy_back(
    oersted: float, field: float
) -> None:
    magnet = replace(MAGNET, oersted=oersted, field_like=0.3, damping=0.03,
                     interface_anisotropy=0.5e-3)
    v = [float(critical_voltage(magnet.with_changes(thickness=t), field)) for t in T]
    found = fit_critical_voltage_macrospin(T, v,
                                           MAGNET.with_changes(oersted=oersted, field_like=0.3),
                                           field)
    assert found["damping"] == pytest.approx(0.03, rel=1e-6)
    assert found["interface_anisotropy"] == pytest.approx(0.5e-3, rel=1e-6)


def test_the_papers_two_voltages_and_their_middle_give_the_stacks_numbers() -> None:
    """alpha 0.0195 and K_s 0.662 mJ/m^2 were found from 0.7 to 2.0 V over the wedge."""
    found = fit_critical_voltage_macrospin([1.6e-9, 2.1e-9, 2.6e-9], [0.7, 1.35, 2.0], MAGNET,
                                           spread=0.05)
    for name in ("damping", "interface_anisotropy"):
        assert found[name] == pytest.approx(getattr(MAGNET, name), rel=0.05)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_critical_voltage_macrospin(T, V_C[::-1], MAGNET), "grow with thickness"),
    (lambda: fit_critical_voltage_macrospin(T, V_C[:3], MAGNET), "one length"),
    (lambda: fit_critical_voltage_macrospin(T, V_C, MAGNET, [0.0, 1e-3]), "one number"),
])
def test_measurements_that_determine_nothing_are_refused(
    call: Callable[[], Fit], word: str
) -> None:
    with pytest.raises(ValueError, match=word) as caught:
        call()
    assert isinstance(caught.value, FitError) or word == "trials"


def test_a_stack_in_place_of_a_magnet_is_refused() -> None:
    with pytest.raises(TypeError, match="in-plane Magnet"):
        fit_critical_voltage_macrospin(T, V_C, load_stack("kumar2024"))  # type: ignore[arg-type]
