"""Numbers with units on the command line: in the unit that is usual there, SI inside.

A flag in per cent or nanoseconds that gets what looks like a fraction or like seconds asks. Who
means it writes the unit: `--spread 0.05%`.
"""

import argparse
import math
import re
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.cli.parser import number

DURATIONS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "y": 365.25 * 86400.0}  # [s]


_CELSIUS = 200.0  # numbers below are rather degrees of a hot chip than kelvin of a cold one


@dataclass(frozen=True)
class Quantity:
    """A number in a unit of the command line; called with its text.

    Parameters
    ----------
    unit : str
        That of the command line.
    exponent : int
        One of it is 10^exponent of the SI unit.
    si : str
        What a number of SI is called, in the question.
    usual : (float, float)
        Magnitudes that are taken as they are [unit]. What is outside, and inside if read in SI, is
        refused with that question, unless the unit is written. Zero is never asked about.
    name : str
        What it is, for the error of a number outside of `least` to `most`, or not below `below`.
    """

    unit: str
    exponent: int = 0
    si: str = ""
    usual: tuple[float, float] = (0.0, math.inf)
    name: str = "number"
    least: float = -math.inf
    most: float = math.inf
    below: float = math.inf

    def __call__(self, text: str) -> float:
        """The number [unit]; argparse.ArgumentTypeError for what is none."""
        bare = text.removesuffix(self.unit).rstrip() if self.unit else text
        value = number(bare)
        if bare == text:
            self._ask(text, value)
        if not (self.least <= value <= self.most and value < self.below):
            raise argparse.ArgumentTypeError(
                f"{text!r} is no {self.name}; expected {self._expected()}")
        return value

    def to_si(self, value: float) -> float:
        """`value` [unit] in the SI unit, rounded once: 5 % is 0.05 as Python reads it."""
        return float(Decimal(repr(float(value))).scaleb(self.exponent))

    def of_si(self, value: float) -> float:
        """A `value` in the SI unit in this one."""
        return float(Decimal(repr(float(value))).scaleb(-self.exponent))

    def _ask(self, text: str, value: float) -> None:
        meant = self.of_si(value)
        low, high = self.usual
        if value and not low <= abs(value) <= high and low <= abs(meant) <= high:
            raise argparse.ArgumentTypeError(
                f"{text!r} is taken in {self.unit}; is it meant {self.si}? pass {meant:g}, or "
                f"{text}{self.unit} if not")

    def _expected(self) -> str:
        from_ = f"{self.least:g} or more" if math.isfinite(self.least) else ""
        to = (f"below {self.below:g}" if math.isfinite(self.below) else
              f"{self.most:g} or less" if math.isfinite(self.most) else "")
        return ", ".join(filter(None, (from_, to)))


def _per_cent(name: str, usual: float, **limits: float) -> Quantity:
    """A share of something in per cent, of which `usual` is the least that is not asked about."""
    return Quantity("%", -2, "as a fraction", (usual, 100.0), f"{name} in per cent",
                    **{"least": 0.0, **limits})


SPREAD = _per_cent("spread", 0.5, below=100.0)
SHARE = _per_cent("share", 2.0, most=100.0)  # a half is rather 0.5 than 0.5 %
PROBABILITY = _per_cent("probability", 0.0, most=100.0)  # of rare faults: 0.01 is as likely 0.01 %
WRITES = _per_cent("probability", 2.0, most=100.0)
ERROR = _per_cent("error", 0.01, least=-100.0, below=100.0)
TMR = Quantity("%", -2, "as a ratio", (5.0, 1000.0))
NANOMETRES = Quantity("nm", -9)
NANOSECONDS = Quantity("ns", -9, "in seconds", (1e-3, 1e6))
MILLITESLA = Quantity("mT", -3, "in tesla", (0.5, 1000.0))
KILOHM = Quantity("kohm", 3, "in ohm", (0.0, 2000.0))
MEGAHERTZ = Quantity("MHz", 6, "in hertz", (0.0, 1e5))
PICOAMPERE = Quantity("pA/sqrtHz", -12, "in A/sqrt(Hz)", (1e-4, 1e6))
SQUARE_MICRONS = Quantity("um2", -12, "in m^2", (1e-13, 1.0))
FEMTOJOULE = Quantity("fJ", -15, "in joule", (1e-6, 1e9))
PICOJOULE = Quantity("pJ", -12, "in joule", (1e-6, 1e6))
OHM = Quantity("ohm")
HERTZ = Quantity("Hz")
LSB = Quantity("LSB", name="nonlinearity in LSB", least=0.0)
CORRELATION = Quantity("", name="correlation", least=-1.0, most=1.0)


def duration(text: str) -> float:
    """A time [s]: a number of seconds, or with a unit, as 30d or 10y."""
    parts = re.fullmatch(r"(.*?[\d.])\s*([a-z]*)", text)
    value, unit = number(parts[1] if parts else text), parts[2] if parts else ""
    if unit and unit not in DURATIONS:
        raise argparse.ArgumentTypeError(f"{text!r} has the unit {unit!r}; expected one of "
                                         f"{', '.join(DURATIONS)}, as in 10y, or seconds")
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no time since; expected 0 or more")
    return value * DURATIONS[unit or "s"]


def kelvin(text: str) -> float:
    """A temperature [K]; what looks like degrees Celsius asks, unless the unit is written."""
    bare = text.removesuffix("K").rstrip()
    value = number(bare)
    if bare == text and value < _CELSIUS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is taken in K; is it meant in Celsius? pass {value + 273.15:g}, or {text}K "
            "if not")
    return value


def numbers(text: str) -> tuple[float, ...]:
    """Numbers with commas between, as 1,2,4."""
    return tuple(number(part) for part in text.split(","))
