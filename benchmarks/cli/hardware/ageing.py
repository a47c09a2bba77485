"""The flags of what has happened since the write, and the fields of `Hardware` that they set."""

import argparse
from typing import Any

from benchmarks.cli.parser import number
from benchmarks.cli.quantities import DURATIONS, duration


def add_flags(group: argparse._ArgumentGroup) -> None:
    """What takes states away."""
    add = group.add_argument
    add("--age", type=duration, default=0.0, metavar="TIME",
        help="since the write, by the retention of each cell's own barrier [s], or with a unit, as "
             f"10y: {', '.join(DURATIONS)}")
    add("--reads", type=number, default=0.0, metavar="N",
        help="full reads since the write, which disturb cells, as 1e9")


def fields(args: argparse.Namespace) -> dict[str, Any]:
    """By name."""
    return {"age": args.age, "reads": args.reads}
