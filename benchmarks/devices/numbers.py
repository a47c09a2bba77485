"""What Kumar et al. 2024 state of their devices, beside what the model of a stack gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.devices import readings
from benchmarks.devices.readings import THICK, THIN, breakdown, film_branches, major_loop
from benchmarks.devices.stated import STATED
from device_models import Stack

__all__ = ["NUMBERS", "PAPER", "THICK", "THIN", "Number", "breakdown", "film_branches",
           "major_loop", "rows", "why"]

PAPER = "10.1039/d4nh00097h"


@dataclass(frozen=True)
class Number:
    """A stated number, its allowed deviation, and the model's way to it.

    `allowed` is the spread the paper states, else half of its last printed digit. `source` is "in"
    where the number itself stands in the stack file and only has to come out again, "fit" where
    parameters of a law were fitted to it, "out" where a law gives it by itself. `contradiction` is
    the item of `devices_notes` that says why it cannot be met.
    """

    name: str
    section: str
    unit: str
    stated: float
    allowed: float
    source: str
    model: Callable[[Stack], float]
    contradiction: int = 0


def rows(stack: Stack) -> Iterator[dict[str, Any]]:
    """Every number as a row for table and JSON; one that the stack cannot give says why."""
    for number in NUMBERS:
        row: dict[str, Any] = {
            "name": number.name, "section": number.section, "unit": number.unit,
            "paper": number.stated, "allowed": number.allowed, "source": number.source,
            "contradiction": number.contradiction or None}
        try:
            row["model"] = float(number.model(stack))
        except (ValueError, KeyError) as error:
            yield {**row, "model": None, "deviation": None, "verdict": why(error)}
            continue
        row["deviation"] = round(row["model"] - number.stated, 9) + 0.0  # no -0
        met = abs(row["deviation"]) <= number.allowed * (1 + 1e-9)
        yield {**row, "verdict": "met" if met else
               "another device" if stack.doi != PAPER else
               f"contradiction {number.contradiction}" if number.contradiction else "missed"}


def why(error: Exception) -> str:
    """What a stack lacks, in words."""
    return f"the stack has no {error.args[0]}" if isinstance(error, KeyError) else str(error)


def _resistance() -> Iterator[Number]:
    """R and TMR over thickness."""
    for nm, percent, source in ((1.6, 33, "in"), (1.9, 40, "fit"), (2.6, 78, "fit")):
        yield Number(f"TMR, {nm} nm", "C", "%", percent, 0.5, source,
                     partial(readings.tmr, nm * 1e-9))
    for low, high, growth in ((1.6, 1.9, 7), (1.9, 2.6, 38)):
        yield Number(f"TMR, growth {low} to {high} nm", "C", "%", growth, 1, "fit",
                     partial(readings.tmr_growth, low * 1e-9, high * 1e-9))
    yield Number("R_P, 1.6 nm", "C", "kohm", 25.2, 0.05, "in", lambda s: s.mtj(THIN).r_p / 1e3)
    yield Number("R_AP, 1.6 nm", "C", "kohm", 33.8, 0.05, "out",
                 lambda s: s.mtj(THIN).r_ap / 1e3, 2)
    for letters in ("r_p", "r_ap"):
        yield Number(f"{letters.upper()} dome: maximum inside", "C", "1 is yes", 1, 0, "fit",
                     partial(readings.dome, letters))
    yield Number("TMR, thick end, in section E", "E", "%", 75, 0.5, "fit",
                 partial(readings.tmr, THICK), 2)
    yield Number("RA, least", "G", "kohm um2", 2.2, 0.05, "fit", partial(readings.ra, np.min))
    yield Number("RA, largest", "G", "kohm um2", 3.6, 0.05, "fit", partial(readings.ra, np.max))


def _magnetics() -> Iterator[Number]:
    """Loops of film and device."""
    yield Number("major loop: R at +300 mT", "C", "kohm", 25.2, 0.05, "out", readings.saturated)
    yield Number("major loop: AP from", "C", "mT", 90, 5, "in", partial(readings.major, "AP"))
    yield Number("major loop: P by", "C", "mT", -10, 5, "in", partial(readings.major, "P"))
    for nm, field, saturation in ((1.6, 2.5, 12.7), (2.6, 0.4, 14.8)):
        for quantity, value, allowed in (
                ("exchange", field, 0.05), ("saturation", saturation, 0.05), ("coercive", 5, 0.6)):
            yield Number(f"film {quantity} field, {nm} nm", "C", "mT", value, allowed, "in",
                         partial(readings.film, quantity, nm * 1e-9))
        yield Number(f"device coercive field, {nm} nm", "C", "mT", 10, 1.5, "in",
                     partial(readings.device_coercivity, nm * 1e-9))
    yield Number("device over film coercivity", "C", "1", 2, 0.3, "in", readings.coercivity_ratio)
    yield Number("film coercivity, change over t", "C", "%", 0, 12, "in",
                 readings.coercivity_change)


def _channel() -> Iterator[Number]:
    """Lengths and resistances of the write channel."""
    for cells, ohm, length in ((1, 300, 0.9), (3, 600, 3.25)):
        yield Number(f"channel, n = {cells}", "D", "ohm", ohm, 50, "fit",
                     partial(readings.channel_resistance, cells))
        yield Number(f"channel length, n = {cells}", "B", "um", length, 0.005, "in",
                     partial(readings.channel_length, cells))
    yield Number("distance of cells", "B", "um", 1.2, 0.05, "in",
                 lambda s: s.write_channel().pitch * 1e6)


def _switching() -> Iterator[Number]:
    """Critical and breakdown voltages, and what a pulse does."""
    for nm, volt in ((1.6, 0.7), (2.6, 2.0)):
        yield Number(f"V_c, n = 1, {nm} nm", "D", "V", volt, 0.05, "fit",
                     partial(readings.v_c, nm * 1e-9))
    yield Number("field-free switching, 2.6 nm", "D", "%", 0, 10, "fit", readings.field_free)
    for nm in (1.6, 2.6):
        for sign in (-1, 1):
            yield Number(f"switching at {10 * sign} mT, 2 V, {nm} nm", "D", "%", 100, 10, "out",
                         partial(readings.switched, nm * 1e-9, sign))
    yield Number("V of n = 3 over 1, channel alone", "D", "%", 25, 5, "out",
                 partial(readings.extra, readings.plain), 4)
    yield Number("V of n = 3 over 1, common series", "D", "%", 25, 5, "fit",
                 partial(readings.extra, Stack.writing_magnet))
    for cells, low, high, source in ((1, 1.8, 2.0, "in"), (3, 1.7, 1.9, "fit")):
        for nm, volt in ((1.6, low), (2.6, high)):
            yield Number(f"V_b, n = {cells}, {nm} nm", "D", "V", volt, 0.05, source,
                         partial(readings.mean_breakdown, nm * 1e-9, cells))
    yield Number("V of n = 3, -8.5 mT, 2.6 nm: V_b", "D", "V", 1.9, 0.05, "fit",
                 readings.full_switching, 9)
    yield Number("write energy of SOT in general", "A", "pJ", 0.1, 0.05, "out",
                 readings.write_energy, 6)


def _reading() -> Iterator[Number]:
    """States, and reading them."""
    for tmr, ohm in ((0.6, 16), (2.6, 36)):
        yield Number(f"R_AP at R_P 10 kohm, TMR {tmr:.0%}", "E", "kohm", ohm, 0.5, "out",
                     partial(readings.contour_r_ap, tmr))
    for cells in (1, 2, 3, 6):
        yield Number(f"states, n = {cells}", "D" if cells < 4 else "E", "1", cells + 1, 0, "out",
                     partial(readings.states, cells))
    yield Number("smallest step, n = 3", "F", "%", 21, 0.5, "out", readings.smallest_step, 3)
    yield Number("junction behind 1 Mohm, 4.1 V", "B", "V", 0.1, 0.05, "out", readings.read_voltage)


NUMBERS = (
    *(Number(entry.name, entry.section, entry.unit, entry.value, entry.allowed, "in", entry.of)
      for entry in STATED),
    *_resistance(), *_magnetics(), *_channel(), *_switching(), *_reading())
"""What stands in the stack file first, then in the order of the paper."""
