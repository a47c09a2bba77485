"""What Kumar et al. 2024 state of their devices, beside what the model of a stack gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from device_models import CompoundMTJ, Magnet, Stack, readout
from device_models.magnetics import film_magnetisation, resistance_field_loop
from device_models.switching import (
    breakdown_voltage,
    critical_voltage,
    field_free_probability,
    switching_probability,
)

PAPER = "10.1039/d4nh00097h"
THIN, THICK = 1.6e-9, 2.6e-9
_FIELD = np.round(np.arange(-300.0, 300.05, 0.1), 1) * 1e-3  # [T]


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
        row["deviation"] = round(row["model"] - number.stated, 9)
        met = abs(row["deviation"]) <= number.allowed * (1 + 1e-9)
        yield {**row, "verdict": "met" if met else
               "another device" if stack.doi != PAPER else
               f"contradiction {number.contradiction}" if number.contradiction else "missed"}


def why(error: Exception) -> str:
    """What a stack lacks, in words."""
    return f"the stack has no {error.args[0]}" if isinstance(error, KeyError) else str(error)


def writing_magnet(stack: Stack, thickness: float, cells: int) -> Magnet:
    """The cell as its write pulse sees it: a common series resistance beside the channel.

    Only compounds need it. The damping then falls so that one cell keeps its critical voltage.
    """
    magnet = stack.magnet(thickness, cells)
    series = stack.table("switching").get("common_series", 0.0)
    if cells == 1 or series == 0:
        return magnet
    one = stack.magnet(thickness).channel_resistance
    return magnet.with_changes(channel_resistance=magnet.channel_resistance + series,
                               damping=magnet.damping * one / (one + series))


def breakdown(stack: Stack, thickness: Any, cells: int) -> NDArray[np.float64]:
    """Breakdown voltage [V] of `cells` at `thickness` [m], by the stack's straight line."""
    table = stack.table("breakdown")
    if not {"one_cell", "thickness", "shape"} <= set(table):
        raise ValueError(f"stack {stack.name!r} has no breakdown voltage over thickness")
    (t0, *_, t1), (v0, *_, v1) = table["thickness"], table["one_cell"]
    return breakdown_voltage(thickness, cells, base=v0, slope=(v1 - v0) / (t1 - t0), origin=t0,
                             shape=table["shape"])


def film_branches(stack: Stack, t: float, field: Any) -> tuple[Any, Any]:
    """Reduced moment of the free film at `field` [T], falling and rising."""
    film = stack.table("magnetics")
    if "film_coercivity" not in film:
        raise ValueError(f"stack {stack.name!r} has no film_coercivity_mt")
    falling, rising = (film_magnetisation(
        field, film["film_coercivity"],
        stack.over_thickness("magnetics", "saturation_field", t),
        stack.over_thickness("magnetics", "exchange_field", t), rising=up) for up in (False, True))
    return falling, rising


def major_loop(stack: Stack, t: float, field: Any) -> NDArray[np.float64]:
    """R(H) [ohm] with the reference layer's flip."""
    film, mtj = stack.table("magnetics"), stack.mtj(t)
    if "reference_flip" not in film or "reference_rise" not in film:
        raise ValueError(f"stack {stack.name!r} has no reference_flip_mt and reference_rise_mt")
    return resistance_field_loop(field, mtj.r_p, mtj.r_ap, film["device_coercivity"],
                                 film.get("device_offset", 0.0),
                                 reference_fields=(film["reference_flip"], film["reference_rise"]))


def _film(quantity: str, t: float, stack: Stack) -> float:
    """Coercive, exchange or saturation field [mT], read off the model's M(H) curves."""
    h = np.linspace(-60e-3, 60e-3, 240_001)
    falling, rising = film_branches(stack, t, h)
    down, up = (float(np.interp(0.0, m, h)) for m in (falling, rising))
    if quantity == "coercive":
        return (up - down) / 2 * 1e3
    if quantity == "exchange":
        return (up + down) / 2 * 1e3
    return (float(np.interp(0.99, rising, h)) - (up + down) / 2) * 1e3


def _device_coercivity(t: float, stack: Stack) -> float:
    """Half the width of the minor R(H) loop [mT]."""
    h = np.concatenate([_FIELD[2800:3201][::-1], _FIELD[2800:3201]])
    r = resistance_field_loop(h, 1.0, 2.0, stack.magnet(t).coercive_field)
    steps = h[1:][np.diff(r) != 0]
    return float(np.ptp(steps)) / 2 * 1e3


def _major(quantity: str, stack: Stack) -> float:
    """Where the falling branch of the major loop turns antiparallel and parallel again [mT]."""
    h = _FIELD[::-1]
    antiparallel = np.flatnonzero(major_loop(stack, THIN, h) > stack.mtj(THIN).r_p * 1.001)
    return float(h[antiparallel[0]] if quantity == "AP" else h[antiparallel[-1] + 1]) * 1e3


def _ra(extreme: Any, stack: Stack) -> float:
    """Least or largest resistance-area product over the range [kohm um^2]."""
    return float(extreme([stack.mtj(t).ra for t in np.linspace(*stack.thickness_range, 101)]) * 1e9)


def _smallest_step(stack: Stack) -> float:
    """Between consecutive states of three cells at the largest TMR [%]."""
    g = CompoundMTJ(stack.mtj(THICK), 3).conductances()
    return float(np.min(np.diff(g) / g[:-1])) * 100


def _extra(magnet: Callable[[Stack, float, int], Magnet], stack: Stack) -> float:
    """How much more voltage three cells need than one, at -6 mT [%]."""
    three, one = (critical_voltage(magnet(stack, 1.9e-9, n), -6e-3) for n in (3, 1))
    return (float(three / one) - 1) * 100


def _plain(stack: Stack, thickness: float, cells: int) -> Magnet:
    return stack.magnet(thickness, cells)


def _v_c(t: float, stack: Stack) -> float:
    return float(critical_voltage(stack.magnet(t)))


def _switched(t: float, stack: Stack) -> float:
    """Probability of AP to P by 2 V, 200 ns at -10 mT [%]."""
    return float(switching_probability(stack.magnet(t), -2.0, 200e-9, -10e-3)) * 100


def _field_free(stack: Stack) -> float:
    drive = stack.table("switching")
    return float(field_free_probability(THICK, drive["field_free_middle"],
                                        drive["field_free_width"])) * 100


def _tmr(t: float, stack: Stack) -> float:
    return stack.mtj(t).tmr * 100


def _channel_length(cells: int, stack: Stack) -> float:
    channel = stack.write_channel()
    return (channel.length + (cells - 1) * channel.pitch) * 1e6


def _channel_resistance(cells: int, stack: Stack) -> float:
    return stack.write_channel().resistance(cells)


def _breakdown(t: float, cells: int, stack: Stack) -> float:
    return float(breakdown(stack, t, cells))


def _states(cells: int, stack: Stack) -> float:
    return len(CompoundMTJ(stack.mtj(), cells).conductances())


def _read_voltage(stack: Stack) -> float:
    """Over a parallel junction behind 1 Mohm, from a source of 4.1 V [V]."""
    return float(readout.junction_voltage(partial(stack.mtj(THIN).conductance, True), 4.1))


def _numbers() -> Iterator[Number]:
    """In the order of the paper."""
    for nm, percent, source in ((1.6, 33, "in"), (1.9, 40, "fit"), (2.6, 78, "fit")):
        yield Number(f"TMR, {nm} nm", "C", "%", percent, 0.5, source, partial(_tmr, nm * 1e-9))
    yield Number("R_P, 1.6 nm", "C", "kohm", 25.2, 0.05, "in", lambda s: s.mtj(THIN).r_p / 1e3)
    yield Number("R_AP, 1.6 nm", "C", "kohm", 33.8, 0.05, "out",
                 lambda s: s.mtj(THIN).r_ap / 1e3, 2)
    yield Number("TMR, thick end, in section E", "E", "%", 75, 0.5, "fit", partial(_tmr, THICK), 2)
    yield Number("RA, least", "G", "kohm um2", 2.2, 0.05, "fit", partial(_ra, np.min))
    yield Number("RA, largest", "G", "kohm um2", 3.6, 0.05, "fit", partial(_ra, np.max))
    yield Number("major loop: AP from", "C", "mT", 90, 5, "in", partial(_major, "AP"))
    yield Number("major loop: P by", "C", "mT", -10, 5, "in", partial(_major, "P"))
    for nm, field, saturation in ((1.6, 2.5, 12.7), (2.6, 0.4, 14.8)):
        for quantity, value, allowed in (
                ("exchange", field, 0.05), ("saturation", saturation, 0.05), ("coercive", 5, 0.6)):
            yield Number(f"film {quantity} field, {nm} nm", "C", "mT", value, allowed, "in",
                         partial(_film, quantity, nm * 1e-9))
        yield Number(f"device coercive field, {nm} nm", "C", "mT", 10, 1.5, "in",
                     partial(_device_coercivity, nm * 1e-9))
    for cells, ohm, length in ((1, 300, 0.9), (3, 600, 3.25)):
        yield Number(f"channel, n = {cells}", "D", "ohm", ohm, 50, "fit",
                     partial(_channel_resistance, cells))
        yield Number(f"channel length, n = {cells}", "B", "um", length, 0.005, "in",
                     partial(_channel_length, cells))
    yield Number("distance of cells", "B", "um", 1.2, 0.05, "in",
                 lambda s: s.write_channel().pitch * 1e6)
    for nm, volt in ((1.6, 0.7), (2.6, 2.0)):
        yield Number(f"V_c, n = 1, {nm} nm", "D", "V", volt, 0.05, "fit", partial(_v_c, nm * 1e-9))
    yield Number("field-free switching, 2.6 nm", "D", "%", 0, 10, "fit", _field_free)
    for nm in (1.6, 2.6):
        yield Number(f"switching at -10 mT, 2 V, {nm} nm", "D", "%", 100, 10, "out",
                     partial(_switched, nm * 1e-9))
    yield Number("V of n = 3 over 1, channel alone", "D", "%", 25, 5, "out",
                 partial(_extra, _plain), 4)
    yield Number("V of n = 3 over 1, common series", "D", "%", 25, 5, "fit",
                 partial(_extra, writing_magnet))
    for cells, low, high, source in ((1, 1.8, 2.0, "in"), (3, 1.7, 1.9, "fit")):
        for nm, volt in ((1.6, low), (2.6, high)):
            yield Number(f"V_b, n = {cells}, {nm} nm", "D", "V", volt, 0.05, source,
                         partial(_breakdown, nm * 1e-9, cells))
    for cells in (1, 2, 3):
        yield Number(f"states, n = {cells}", "D", "1", cells + 1, 0, "out", partial(_states, cells))
    yield Number("smallest step, n = 3", "F", "%", 21, 0.5, "out", _smallest_step, 3)
    yield Number("junction behind 1 Mohm, 4.1 V", "B", "V", 0.1, 0.05, "out", _read_voltage)


NUMBERS = tuple(_numbers())
