"""Fractions that look like per cent are asked about, wherever they are taken."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from circuits import CrossbarCircuit, MTJLaw, Wires, settling_time
from device_models import MTJ, StackError, Variability, load_stack, readout, reliability
from device_models.checks import MOST_TMR
from device_models.fits import fit_tmr_bias_lorentzian, fit_tmr_exponential
from device_models.switching import cell_factors, resistance_voltage_loop
from device_models.switching.write import tolerated_field

SPREADS = ["sigma_r_p", "sigma_tmr", "sigma_h_c", "sigma_v_c", "sigma_cycle_v_c"]
SHARES = ["shared", "stuck_parallel", "stuck_antiparallel", "shorted", "open_"]
CALLS: dict[str, Callable[[float], object]] = {
    **{name: lambda x, name=name: Variability(**{name: x}) for name in SPREADS},
    "cell_factors": lambda x: cell_factors(3, x, 0),
    "breakdown": lambda x: reliability.breakdown_before_switching(0.7, 1.8, x, 20.0),
    "meter_error": lambda x: readout.resistance_error(25e3, meter_error=x),
    "series_error": lambda x: readout.resistance_error(25e3, series_error=x),
    "accuracy": lambda x: settling_time(
        CrossbarCircuit(np.full((2, 2), 1e-5), Wires(1, 1)), 1e-15, 1e-15, accuracy=x),
}
"""What takes a relative deviation below 1."""
SHARED: dict[str, Callable[[float], object]] = {
    **{name: lambda x, name=name: Variability(**{"shorted": 0.0, name: x}) for name in SHARES},
    "correlation": lambda x: Variability(correlation_r_p_tmr=x),
    "field_free": lambda x: resistance_voltage_loop(
        load_stack("kumar2024").magnet(), [1.0], 1e4, 2e4, pulse=2e-7, assist_field=0.0,
        spread=0.0, field_free=x),
    "tolerated": lambda x: tolerated_field(
        load_stack("kumar2024").magnet(), (6e-3, 1e-2), 2e-7, x),
}
"""What takes a share, of which 1 is all."""


def asked(value: float) -> str:
    return rf"is {value:g}; expected.*: is {value:g} meant as per cent\? pass {value / 100:g}$"


@pytest.mark.parametrize("value", [1.0, 5.0, 60.0])
@pytest.mark.parametrize("name", CALLS)
def test_a_spread_in_per_cent_is_asked_about(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=asked(value)):
        CALLS[name](value)
    CALLS[name](value / 100)


@pytest.mark.parametrize("value", [1.5, 90.0])
@pytest.mark.parametrize("name", SHARED)
def test_a_probability_in_per_cent_is_asked_about(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=asked(value)):
        SHARED[name](value)
    SHARED[name](1.0)


@pytest.mark.parametrize("call", [
    lambda: reliability.breakdown_quantile(5.0, 1.8, 20.0),
    lambda: reliability.tolerated_voltage(5.0, 1.8, 20.0),
    lambda: reliability.required_stability(1.0, 5.0)])
def test_a_share_of_some_in_per_cent_is_asked_about(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=asked(5.0)):
        call()


@pytest.mark.parametrize(("key", "value", "expected"), [
    ("sigma_r_p", 4.0, "0 or more, below 1"), ("sigma_tmr", 1.0, "0 or more, below 1"),
    ("shorted", 50.0, "0 to 1")])
def test_a_stack_file_in_per_cent_is_asked_about(
    key: str, value: float, expected: str, stack_file: Callable[..., Path]
) -> None:
    table = f'[variability]\n{key} = {{ value = {value}, tag = "A" }}\n[bias]'
    with pytest.raises(StackError, match=f"{key} is {value:g}; expected {expected}: is "
                       f"{value:g} meant as per cent"):
        load_stack(stack_file(("[bias]", table)))


VOLTS, METRES = np.array([0.0, 0.2, 0.4, 0.6]), np.array([1.6e-9, 1.8e-9, 2.0e-9, 2.3e-9, 2.6e-9])
TMRS: dict[str, Callable[[float], object]] = {
    "MTJ": lambda x: MTJ(1e4, x, 0.9, 0.5, 1e-13),
    "MTJLaw": lambda x: MTJLaw(0.9, 0.5, x),
    "stack.mtj": lambda x: load_stack("kumar2024").mtj(tmr=x),
    "bias": lambda x: fit_tmr_bias_lorentzian(VOLTS, x / (1 + (VOLTS / 0.5) ** 2)),
    "thickness": lambda x: fit_tmr_exponential(METRES, x * np.exp((METRES - 2.6e-9) / 6e-10)),
}
"""What takes a TMR, here the largest of them where they are many."""


@pytest.mark.parametrize("name", TMRS)
def test_a_tmr_in_per_cent_is_asked_about_and_taken(name: str) -> None:
    with pytest.warns(UserWarning, match=r"tmr is 150, which is 15000 %; .*: is 150 meant as per "
                      r"cent\? pass 1\.5") as caught:
        TMRS[name](150.0)
    if name in ("MTJ", "MTJLaw", "bias", "thickness"):
        assert caught[0].filename == __file__  # where the number was written
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        TMRS[name](MOST_TMR)
        TMRS[name](MOST_TMR * (1 + 1e-12))  # as a quotient of resistances rounds


def test_a_tmr_of_a_stack_file_in_per_cent_is_asked_about(stack_file: Callable[..., Path]) -> None:
    path = stack_file(("tmr = { value = 1.5", "tmr = { value = 100.0"))
    with pytest.warns(UserWarning, match=rf"{path.name}: \[tmr\] TMR is 100.* pass 1$"):
        load_stack(path)
