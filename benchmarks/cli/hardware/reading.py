"""The flags of a read, and the fields of `Hardware` that they set."""

import argparse
from dataclasses import replace
from typing import Any

from benchmarks.cli import settings
from benchmarks.cli.parser import number
from benchmarks.cli.quantities import HERTZ, MEGAHERTZ, NANOSECONDS, PICOAMPERE, SQUARE_MICRONS
from crossbar.imperfections import ReadNoise
from device_models.stacks.stack import Stack

STARTS = ("stack", "default")
NOISE = {"bandwidth": MEGAHERTZ, "amplifier": PICOAMPERE, "alpha": SQUARE_MICRONS,
         "lowest_frequency": HERTZ}
"""Settings of a `ReadNoise`."""


def add_flags(group: argparse._ArgumentGroup) -> None:
    """One read of an array."""
    add = group.add_argument
    add("--read-voltage", type=number, default=0.1, metavar="V", help="of a full input [V]")
    add("--read-time", type=NANOSECONDS, default=30.0, metavar="NS", help="pulse length [ns]")
    add("--nonlinear", action="store_true",
        help="devices follow their own I(V) within a tile, instead of the conductance at the read "
             "voltage; slower: try --images 200 first")
    add("--read-noise", nargs="?", const="stack", metavar="stack|default[:KEY=VALUE..]",
        help="noise drawn anew for every read: shot, thermal, 1/f with the stack's flicker_um2, "
             "which is meant without a name, or as crossbar.ReadNoise() has it; then settings, as "
             f"stack:amplifier=1, of {settings.listed(NOISE)}")


def fields(args: argparse.Namespace, stack: Stack) -> dict[str, Any]:
    """By name."""
    return {"read_voltage": args.read_voltage, "read_time": NANOSECONDS.to_si(args.read_time),
            "nonlinear": args.nonlinear, "read_noise": _noise(args, stack)}


def _noise(args: argparse.Namespace, stack: Stack) -> ReadNoise | bool:
    if args.read_noise is None:
        return False
    start, given = settings.split("--read-noise", args.read_noise, STARTS)
    table = stack.tables.variability
    flicker = None if table is None else table.flicker
    plain = ReadNoise() if start == "default" or flicker is None else ReadNoise(alpha=flicker)
    return replace(plain, **settings.read("--read-noise", given, NOISE))
