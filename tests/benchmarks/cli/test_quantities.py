"""Numbers in the command line's units: SI to the last bit; what looks like SI is asked about."""

import argparse

import pytest

from benchmarks.cli import quantities as q
from benchmarks.cli.quantities import Quantity, duration, kelvin, numbers

ALL = {name: each for name, each in vars(q).items() if isinstance(each, Quantity)}


@pytest.mark.parametrize("quantity", ALL.values(), ids=ALL)
def test_texts_give_the_numbers_that_python_reads(quantity: Quantity) -> None:
    """30 ns is 30e-9 s, 5 % is 0.05 and 0.3 pJ is 0.3e-12 J, without a rounding of their own."""
    for digits in ("30", "5", "0.3", "0.1", "7"):
        written = digits + quantity.unit
        if float(digits) <= quantity.most:
            value = quantity(written)
            assert value == float(digits)
            assert quantity.to_si(value) == float(f"{digits}e{quantity.exponent}")
            assert quantity.of_si(quantity.to_si(value)) == value


@pytest.mark.parametrize(("quantity", "text", "asked"), [
    (q.SPREAD, "0.05", r"'0.05' is taken in %; is it meant as a fraction\? pass 5, or 0.05% if"),
    (q.TMR, "2.6", "is it meant as a ratio. pass 260, or 2.6%"),
    (q.WRITES, "1", "is it meant as a fraction. pass 100, or 1%"),
    (q.SHARE, "0.5", "pass 50, or 0.5%"), (q.ERROR, "-0.005", "pass -0.5, or -0.005%"),
    (q.NANOSECONDS, "30e-9", "is it meant in seconds. pass 30, or 30e-9ns"),
    (q.MILLITESLA, "0.008", "is it meant in tesla. pass 8, or"),
    (q.KILOHM, "25200", "is it meant in ohm. pass 25.2, or"),
    (q.MEGAHERTZ, "2e7", "is it meant in hertz. pass 20, or"),
    (q.PICOAMPERE, "1e-12", "pass 1, or"), (q.SQUARE_MICRONS, "1e-21", "pass 1e-09, or"),
    (q.FEMTOJOULE, "32e-15", "pass 32, or"), (q.PICOJOULE, "3e-13", "pass 0.3, or"),
])
def test_what_looks_like_the_other_unit_is_asked_about_unless_the_unit_is_written(
    quantity: Quantity, text: str, asked: str
) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=asked):
        quantity(text)
    assert quantity(text + quantity.unit) == float(text)
    assert quantity("0") == 0


@pytest.mark.parametrize(("quantity", "text", "expected"), [
    (q.SPREAD, "100", "no spread in per cent; expected 0 or more, below 100"),
    (q.SPREAD, "-1", "no spread in per cent"), (q.PROBABILITY, "101", "100 or less"),
    (q.ERROR, "-101", "expected -100 or more, below 100"), (q.LSB, "-1", "expected 0 or more"),
    (q.CORRELATION, "50", "no correlation; expected -1 or more, 1 or less"),
    (q.OHM, "many", "not a finite number"), (q.OHM, "nan", "not a finite number"),
])
def test_what_no_such_number_can_be_is_refused(
    quantity: Quantity, text: str, expected: str
) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=expected):
        quantity(text)


def test_times_have_units_and_are_seconds_without() -> None:
    assert duration("90") == duration("90s") == duration("1.5min") == 90
    assert (duration("1h"), duration("30 d"), duration("1e3")) == (3600, 30 * 86400, 1000)
    assert duration("10y") == 10 * 365.25 * 86400
    for text, expected in {"10years": "expected one of s, min, h, d, y", "-1h": "0 or more",
                           "h": "not a finite", "inf": "not a finite", "1m": "has the unit 'm'",
                           "": "not a finite"}.items():
        with pytest.raises(argparse.ArgumentTypeError, match=expected):
            duration(text)


def test_numbers_have_commas_between() -> None:
    assert numbers("1,2,4") == (1, 2, 4)
    with pytest.raises(argparse.ArgumentTypeError, match="'' is not a finite number"):
        numbers("1,,4")


@pytest.mark.parametrize(("text", "value"), [("350", 350.0), ("77K", 77.0), ("77 K", 77.0)])
def test_temperatures_are_in_kelvin(text: str, value: float) -> None:
    assert kelvin(text) == value


@pytest.mark.parametrize(("text", "meant"), [("85", "358.15"), ("-40", "233.15"), ("0", "273.15")])
def test_what_looks_like_celsius_is_asked_about(text: str, meant: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=rf"in Celsius\? pass {meant}, or {text}K"):
        kelvin(text)
