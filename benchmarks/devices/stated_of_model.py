"""The stated numbers that are read off the model, in the order of the paper.

Each says what it is worth as evidence, strictly: what follows from given numbers by definition, as
n + 1 states of n cells do, counts as an input too.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.devices import model
from benchmarks.devices.model import THICK, THIN
from benchmarks.devices.number import FIT, INPUT, PREDICTION, Number
from device_models import Stack


def _resistance() -> Iterator[Number]:
    """R and TMR over thickness."""
    for nm, percent, source in ((1.6, 33, INPUT), (1.9, 40, FIT), (2.6, 78, FIT)):
        yield Number(f"TMR, {nm} nm", "C", "%", percent, 0.5, source,
                     partial(model.tmr, nm * 1e-9))
    for low, high, growth in ((1.6, 1.9, 7), (1.9, 2.6, 38)):
        yield Number(f"TMR, growth {low} to {high} nm", "C", "%", growth, 1, FIT,
                     partial(model.tmr_growth, low * 1e-9, high * 1e-9))
    yield Number("R_P, 1.6 nm", "C", "kohm", 25.2, 0.05, INPUT, lambda s: s.mtj(THIN).r_p / 1e3)
    yield Number("R_AP, 1.6 nm", "C", "kohm", 33.8, 0.05, PREDICTION,
                 lambda s: s.mtj(THIN).r_ap / 1e3, 2)
    for letters, source in (("r_p", FIT), ("r_ap", PREDICTION)):
        yield Number(f"{letters.upper()} dome: maximum inside", "C", "1 is yes", 1, 0, source,
                     partial(model.dome, letters))
    yield Number("TMR, thick end, in section E", "E", "%", 75, 0.5, PREDICTION,
                 partial(model.tmr, THICK), 2)
    yield Number("RA, least", "G", "kohm um2", 2.2, 0.05, FIT, partial(model.ra, np.min))
    yield Number("RA, largest", "G", "kohm um2", 3.6, 0.05, FIT, partial(model.ra, np.max))


def _magnetics() -> Iterator[Number]:
    """Loops of film and device."""
    yield Number("major loop: R at +300 mT", "C", "kohm", 25.2, 0.05, INPUT, model.saturated)
    yield Number("major loop: AP from", "C", "mT", 90, 5, INPUT, partial(model.major, "AP"))
    yield Number("major loop: P by", "C", "mT", -10, 5, INPUT, partial(model.major, "P"))
    for nm, field, saturation in ((1.6, 2.5, 12.7), (2.6, 0.4, 14.8)):
        for quantity, value, allowed in (
                ("exchange", field, 0.05), ("saturation", saturation, 0.05), ("coercive", 5, 0.6)):
            yield Number(f"film {quantity} field, {nm} nm", "C", "mT", value, allowed, INPUT,
                         partial(model.film, quantity, nm * 1e-9))
        yield Number(f"device coercive field, {nm} nm", "C", "mT", 10, 1.5, INPUT,
                     partial(model.device_coercivity, nm * 1e-9))
    for nm in (1.6, 2.6):
        yield Number(f"device by the macrospin, {nm} nm", "C", "mT", 10, 1.5, PREDICTION,
                     partial(model.macrospin_coercivity, nm * 1e-9))
    yield Number("device over film coercivity", "C", "1", 2, 0.3, INPUT, model.coercivity_ratio)
    yield Number("film coercivity, change over t", "C", "%", 0, 12, INPUT,
                 model.coercivity_change)


def _channel() -> Iterator[Number]:
    """Lengths and resistances of the write channel."""
    for cells, ohm, length, source in ((1, 300, 0.9, INPUT), (3, 600, 3.25, FIT)):
        yield Number(f"channel, n = {cells}", "D", "ohm", ohm, 50, FIT,
                     partial(model.channel_resistance, cells))
        yield Number(f"channel length, n = {cells}", "B", "um", length, 0.005, source,
                     partial(model.channel_length, cells))
    yield Number("distance of cells", "B", "um", 1.2, 0.05, FIT,
                 lambda s: s.channel.pitch * 1e6)


def _switching() -> Iterator[Number]:
    """Critical and breakdown voltages, and what a pulse does."""
    for nm, volt in ((1.6, 0.7), (2.6, 2.0)):
        yield Number(f"V_c, n = 1, {nm} nm", "D", "V", volt, 0.05, FIT,
                     partial(model.v_c, nm * 1e-9))
    yield Number("field-free switching, 2.6 nm", "D", "%", 0, 10, FIT, model.field_free)
    for nm in (1.6, 2.6):
        for sign in (-1, 1):
            yield Number(f"switching at {10 * sign} mT, 2 V, {nm} nm", "D", "%", 100, 10,
                         PREDICTION, partial(model.switched, nm * 1e-9, sign))
    yield Number("V of n = 3 over 1, channel alone", "D", "%", 25, 5, PREDICTION,
                 partial(model.extra, model.plain), 4)
    yield Number("V of n = 3 over 1, common series", "D", "%", 25, 5, FIT,
                 partial(model.extra, Stack.writing_magnet))
    for cells, low, high, source in ((1, 1.8, 2.0, INPUT), (3, 1.7, 1.9, FIT)):
        for nm, volt in ((1.6, low), (2.6, high)):
            yield Number(f"V_b, n = {cells}, {nm} nm", "D", "V", volt, 0.05, source,
                         partial(model.mean_breakdown, nm * 1e-9, cells))
    yield Number("V of n = 3, -8.5 mT, 2.6 nm: V_b", "D", "V", 1.9, 0.05, PREDICTION,
                 model.full_switching, 9)
    yield Number("write energy of SOT in general", "A", "pJ", 0.1, 0.05, PREDICTION,
                 model.write_energy, 6)


def _reading() -> Iterator[Number]:
    """States, and reading them."""
    for tmr, ohm in ((0.6, 16), (2.6, 36)):
        yield Number(f"R_AP at R_P 10 kohm, TMR {tmr:.0%}", "E", "kohm", ohm, 0.5, INPUT,
                     partial(model.contour_r_ap, tmr))
    for cells in (1, 2, 3, 6):
        yield Number(f"states, n = {cells}", "D" if cells < 4 else "E", "1", cells + 1, 0, INPUT,
                     partial(model.states, cells))
    yield Number("smallest step, n = 3", "F", "%", 21, 0.5, PREDICTION, model.smallest_step, 3)
    yield Number("junction behind 1 Mohm, 4.1 V", "B", "V", 0.1, 0.05, FIT, model.read_voltage)


OF_MODEL = (*_resistance(), *_magnetics(), *_channel(), *_switching(), *_reading())
