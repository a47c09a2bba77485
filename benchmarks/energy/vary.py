"""What can be varied: the flag that each name sets, and the values that are tried by default."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from benchmarks.cli.parser import count, number
from benchmarks.cli.quantities import KILOHM, NANOMETRES
from device_models import load_stack
from device_models.checks import known

Set = Callable[[argparse.Namespace, float], None]


@dataclass(frozen=True)
class Varied:
    """One parameter.

    Parameters
    ----------
    title : str
        What it is, with its unit on the command line.
    values : sequence of float
        Tried if none are given [that unit].
    read : callable
        Of one value's text.
    set : callable
        Puts a value into the flags.
    instead_of : sequence of str
        Flags that it takes the place of, so that they are not given with it.
    """

    title: str
    values: Sequence[float]
    read: Callable[[str], float]
    set: Set
    instead_of: Sequence[str]

    def flags(self, args: argparse.Namespace, value: float) -> argparse.Namespace:
        """The flags with the parameter at `value`."""
        changed = copy(args)
        self.set(changed, value)
        return changed


def _named(name: str) -> Set:
    def put(args: argparse.Namespace, value: float) -> None:
        setattr(args, name, value)

    return put


def _tile(args: argparse.Namespace, side: float) -> None:
    args.tile = (int(side), int(side))


def _ra(args: argparse.Namespace, kilohm: float) -> None:
    """Of the junction's own area, whatever its thickness."""
    args.r_p = KILOHM.of_si(KILOHM.to_si(kilohm) * 1e-12 / load_stack(args.stack).area)


VARIED: Mapping[str, Varied] = {
    "read_voltage": Varied("read voltage [V]", (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3), number,
                           _named("read_voltage"), ("read_voltage",)),
    "cells": Varied("cells", (1, 2, 3, 4, 6), count, _named("cells"), ("cells", "areas")),
    "tile": Varied("rows and columns of a tile", (16, 32, 64, 128, 256), count, _tile, ("tile",)),
    "adc_bits": Varied("bits of a current converter", (3, 4, 5, 6, 7, 8, 10), count,
                       _named("adc_bits"), ("adc_bits", "adc")),
    "ra": Varied("RA [kohm um2]", (0.3, 1.0, 3.0, 10.0, 30.0, 100.0), number, _ra, ("r_p",)),
    "thickness": Varied("free layer [nm]", (1.6, 1.9, 2.2, 2.6), NANOMETRES, _named("thickness"),
                        ("thickness",)),
    "wire": Varied("wire segment [ohm]", (0.0, 0.3, 1.0, 3.0, 10.0), number, _named("wire"),
                   ("wire", "row", "column")),
}
"""By the names of `--vary`."""


def varied(text: str) -> tuple[str, tuple[float, ...]]:
    """NAME or NAME=VALUE,VALUE,..: the name, and the values to try, none of them twice."""
    name, given, values = text.partition("=")
    try:
        one = VARIED[known("parameter", name, VARIED)]
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not given:
        return name, tuple(one.values)
    found = tuple(one.read(part.strip()) for part in values.split(","))
    if len(set(found)) < len(found):
        raise argparse.ArgumentTypeError(f"{text!r} has a value twice; expected each once")
    return name, found


def listed() -> str:
    """All of them, for a help text."""
    return "; ".join(f"{name}: {one.title}, {','.join(f'{v:g}' for v in one.values)}"
                     for name, one in VARIED.items())
