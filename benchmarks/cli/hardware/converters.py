"""The flags of converters, and the fields of `Hardware` that they set."""

import argparse
from collections.abc import Callable
from typing import Any, TypeVar

from benchmarks.cli import settings
from benchmarks.cli.parser import count
from benchmarks.cli.quantities import ERROR, LSB, Quantity
from circuits import ADC, DAC, BitSerial

CONVERTER = {"bits": Quantity(""), "offset": ERROR, "offset_spread": ERROR, "gain_error": ERROR,
             "gain_spread": ERROR, "dnl": LSB}
"""Settings of a `DAC` or `ADC` over 0 to 1."""
Made = TypeVar("Made", DAC, ADC)


def add_flags(group: argparse._ArgumentGroup) -> None:
    """What makes voltages of numbers, and numbers of currents."""
    add = group.add_argument
    errors = (f"settings: {settings.listed(CONVERTER)}; offsets are parts of the span, and every "
              "converter of the chip draws its own")
    add("--dac-bits", type=count, metavar="BITS", help="input resolution; ideal if not given")
    add("--dac", metavar="BITS[:KEY=VALUE..]",
        help=f"input converters that err, as 8:offset_spread=0.5:dnl=0.3; {errors}")
    add("--bit-serial", type=count, metavar="BITS",
        help="inputs bit after bit without a converter, one read each")
    add("--adc-bits", type=count, metavar="BITS", help="current resolution; ideal if not given")
    add("--adc", metavar="BITS[:KEY=VALUE..]", help="current converters that err, likewise")
    add("--columns-per-adc", type=count, default=1, metavar="N",
        help="neighbouring columns that take turns at one converter")


def fields(args: argparse.Namespace) -> dict[str, Any]:
    """By name."""
    _only_one(args, "dac", "dac_bits", "bit_serial")
    _only_one(args, "adc", "adc_bits")
    dac = BitSerial(args.bit_serial) if args.bit_serial else _made("--dac", args.dac, DAC)
    return {
        "dac_bits": args.dac_bits, "adc_bits": args.adc_bits,
        "dac": dac, "adc": _made("--adc", args.adc, ADC),
        "columns_per_adc": args.columns_per_adc,
    }


def _only_one(args: argparse.Namespace, *names: str) -> None:
    given = [f"--{name.replace('_', '-')}" for name in names if getattr(args, name) is not None]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} describe the same converter; expected one of them")


def _made(flag: str, text: str | None, kind: Callable[..., Made]) -> Made | None:
    """A converter over 0 to 1, which a layer puts over its own range."""
    if text is None:
        return None
    given: dict[str, Any] = settings.read(flag, text.split(":"), CONVERTER, "bits")
    if "bits" not in given:
        raise ValueError(f"{flag} is {text!r}, without bits; expected as 8:{text}")
    if given["bits"].is_integer():
        given["bits"] = int(given["bits"])
    return kind(low=0.0, high=1.0, seed=0, **given)
