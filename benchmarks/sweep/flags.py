"""The flags of a point: those of `accuracy` that say what is computed, and two of recovery."""

import argparse
from collections.abc import Mapping
from functools import lru_cache
from typing import NoReturn

from benchmarks.cli.hardware import add_hardware
from benchmarks.cli.networks import add_images, network
from benchmarks.cli.parser import Parser, count
from benchmarks.cli.periphery import add_periphery
from benchmarks.inputs.weights import BUNDLED_SEEDS, DENSE

OWN = ("seed",)  # which the study chooses itself


class FlagError(ValueError):
    """A flag that no point takes."""


class _PointParser(Parser):
    def error(self, message: str) -> NoReturn:
        raise FlagError(message)


@lru_cache(maxsize=1)
def point_parser() -> Parser:
    """The parser of one point's flags; it raises FlagError."""
    parser = _PointParser(prog="point")
    group = parser.add_argument_group("network")
    add_images(group)
    point = group.add_argument
    point("--model", type=network, default=DENSE, metavar="NAME", help=" or ".join(BUNDLED_SEEDS))
    point("--images", type=count, metavar="N", help="use the first N test images only")
    point("--calibrate", type=count, metavar="N",
          help="calibrate on N training images of --data, or the last N of the bundled ones")
    point("--wire-aware", action="store_true", help="states chosen for their wires")
    add_hardware(parser)
    add_periphery(parser)
    return parser


def as_flags(settings: Mapping[str, object]) -> tuple[str, ...]:
    """Command-line words of `settings`: true is a flag alone, false none; in order of names."""
    words: list[str] = []
    for name, value in sorted(settings.items()):
        if name in OWN:
            raise FlagError(f"{name} is what a study chooses for every point; expected chips = N "
                            "in [study]")
        if value is False:
            continue
        words.append(f"--{name}" if value is True else f"--{name}={value}")
    return tuple(words)


def parsed(flags: tuple[str, ...]) -> argparse.Namespace:
    """What the `flags` of a point say."""
    return point_parser().parse_args(list(flags))
