"""The arrays that a network is tried on."""

import argparse
from dataclasses import dataclass, replace

from benchmarks.cli.parser import number, size
from circuits import Wires
from crossbar import Hardware

DEFAULT = "64x64:1,128x128:3,784x256:0.5,784x256:1"


@dataclass(frozen=True)
class ArrayCase:
    """One size of array, and the wires in it.

    Parameters
    ----------
    tile : (int, int)
        Physical rows and columns.
    wire : float
        Resistance of a segment of a row, and of a column [ohm].
    """

    tile: tuple[int, int]
    wire: float

    def __str__(self) -> str:
        return f"{self.tile[0]} x {self.tile[1]}, {self.wire:g} ohm"

    @property
    def stem(self) -> str:
        """For names of files."""
        return f"{self.tile[0]}x{self.tile[1]}_{self.wire:g}ohm"

    def of(self, hardware: Hardware) -> Hardware:
        """`hardware` with such arrays; drivers, amplifiers and transistors stay what they are."""
        wires: Wires = replace(hardware.wires, row=self.wire, column=self.wire)
        return replace(hardware, tile=self.tile, wires=wires)


def arrays(text: str) -> tuple[ArrayCase, ...]:
    """ROWSxCOLUMNS:OHM, several with commas between."""
    found = []
    for part in text.split(","):
        tile, colon, wire = part.strip().partition(":")
        if not colon:
            raise argparse.ArgumentTypeError(f"{part!r} is not ROWSxCOLUMNS:OHM, as 64x64:1")
        ohm = number(wire)
        if ohm < 0:
            raise argparse.ArgumentTypeError(f"{part!r} has a resistance below zero")
        found.append(ArrayCase(size(tile), ohm))
    if len(set(found)) < len(found):
        raise argparse.ArgumentTypeError(f"{text!r} names an array twice")
    return tuple(found)
