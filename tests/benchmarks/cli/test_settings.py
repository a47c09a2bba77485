"""Settings of objects with units: read, refused, and written as they are read."""

from dataclasses import replace

import pytest

from benchmarks.cli import settings
from benchmarks.cli.hardware.cells import VARIABILITY
from benchmarks.cli.hardware.converters import CONVERTER
from circuits import ADC
from device_models import Variability

STARTS = ("stack", "default")


def read(text: str, first: str = "") -> dict[str, float]:
    return settings.read("--flag", text.split(":"), CONVERTER if first else VARIABILITY, first)


def test_settings_are_si_and_the_first_needs_no_name() -> None:
    assert read("sigma_r_p=5:short_resistance=50:correlation_r_p_tmr=-0.5") == {
        "sigma_r_p": 0.05, "short_resistance": 50, "correlation_r_p_tmr": -0.5}
    assert read("8:offset=-0.5:dnl=0.3", "bits") == {"bits": 8, "offset": -0.005, "dnl": 0.3}
    assert read("offset=1:bits=8", "bits") == read("8:offset=1%", "bits")
    assert read("open=0.1") == {"open_": 0.001}  # named as it is written elsewhere


def test_a_start_may_be_left_out() -> None:
    for text, found in {"stack": ("stack", []), "default:a=1": ("default", ["a=1"]),
                        "a=1:b=2": ("stack", ["a=1", "b=2"])}.items():
        assert settings.split("--flag", text, STARTS) == found
    with pytest.raises(ValueError, match=r"start of --flag .* 'stak'; did you mean 'stack'"):
        settings.split("--flag", "stak:a=1", STARTS)


@pytest.mark.parametrize("values", [{}, {"sigma_r_p": 0.07}, {"open_": 0.001, "shared": 0.25},
                                    dict.fromkeys(VARIABILITY, 0.25)])
def test_what_is_written_is_read_again(values: dict[str, float]) -> None:
    changed = Variability(**values)
    text = settings.written(changed, Variability(), VARIABILITY)
    again = read(text) if text else {}
    assert replace(Variability(), **again) == changed


def test_only_what_differs_is_written() -> None:
    ideal = ADC(8, 0.0, 1.0)
    assert settings.written(ideal, ideal, CONVERTER) == ""
    assert settings.written(replace(ideal, offset=0.005, dnl=0.3, seed=0), ideal, CONVERTER) == (
        "offset=0.5%:dnl=0.3LSB")


@pytest.mark.parametrize(("text", "message"), [
    ("sigma_r_p=0.04", "--flag: sigma_r_p '0.04' is taken in %; is it meant as a fraction. pass 4"),
    ("sigma_rp=4", "unknown setting of --flag 'sigma_rp'; did you mean 'sigma_r_p'"),
    ("open_=1", "unknown setting of --flag 'open_'; did you mean 'open'"),
    ("sigma_r_p=4,shorted=1", "not a finite number; --flag takes settings as .* with ':' between"),
    ("sigma_r_p=4:sigma_r_p=5", "--flag sets sigma_r_p twice"),
    ("sigma_r_p", "--flag takes settings as sigma_r_p=VALUE:sigma_tmr=VALUE; got 'sigma_r_p'"),
    ("sigma_r_p=", "'' is not a finite number"),
])
def test_settings_that_mean_nothing_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(text)
