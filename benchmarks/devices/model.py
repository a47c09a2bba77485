"""What a stack gives for each number that Kumar et al. 2024 state: one function for each.

The last argument is the stack, the result in the unit that the paper prints. Each raises
NotGivenError where the stack lacks what it needs.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.devices.pulse_loop import critical
from device_models import CompoundMTJ, Magnet, PerpendicularMagnet, Stack, switching
from device_models.junction import readout
from device_models.magnet import resistance_field_loop
from device_models.stacks import film_branches, major_loop, slow_coercivity
from device_models.stacks.errors import given

THIN, THICK = 1.6e-9, 2.6e-9
_FIELD = np.round(np.arange(-300.0, 300.05, 0.1), 1) * 1e-3  # [T]


def film(quantity: str, t: float, stack: Stack) -> float:
    """Coercive, exchange or saturation field [mT], read off the model's M(H) curves."""
    h = np.linspace(-60e-3, 60e-3, 240_001)
    falling, rising = film_branches(stack, stack.inside(t), h)
    down, up = (float(np.interp(0.0, m, h)) for m in (falling, rising))
    if quantity == "coercive":
        return (up - down) / 2 * 1e3
    if quantity == "exchange":
        return (up + down) / 2 * 1e3
    return (float(np.interp(0.99, rising, h)) - (up + down) / 2) * 1e3


def device_coercivity(t: float, stack: Stack) -> float:
    """Half the width of the minor R(H) loop [mT]."""
    h = np.concatenate([_FIELD[2800:3201][::-1], _FIELD[2800:3201]])
    r = resistance_field_loop(h, 1.0, 2.0, stack.magnet(t).coercive_field)
    steps = h[1:][np.diff(r) != 0]
    return float(np.ptp(steps)) / 2 * 1e3


def macrospin_coercivity(t: float, stack: Stack) -> float:
    """What shape anisotropy and heat leave of the coercive field by Sharrock's law [mT]."""
    return slow_coercivity(stack, stack.inside(t)) * 1e3


def major(quantity: str, stack: Stack) -> float:
    """Where the falling branch of the major loop turns antiparallel and parallel again [mT]."""
    h = _FIELD[::-1]
    antiparallel = np.flatnonzero(major_loop(stack, THIN, h) > stack.mtj(THIN).r_p * 1.001)
    return float(h[antiparallel[0]] if quantity == "AP" else h[antiparallel[-1] + 1]) * 1e3


def ra(extreme: Callable[[list[float]], float], stack: Stack) -> float:
    """Least or largest resistance-area product over the range [kohm um^2]."""
    stack.require("junction")
    return float(extreme([stack.mtj(t).ra for t in np.linspace(*stack.thickness_range, 101)]) * 1e9)


def smallest_step(stack: Stack) -> float:
    """Between consecutive states of three cells at the largest TMR [%]."""
    g = CompoundMTJ(stack.mtj(THICK), 3).conductances()
    return float(np.min(np.diff(g) / g[:-1])) * 100


def extra(
    magnet: Callable[[Stack, float, int], Magnet | PerpendicularMagnet], stack: Stack
) -> float:
    """How much more voltage three cells need than one, at -6 mT [%]."""
    three, one = (critical(magnet(stack, 1.9e-9, n), 6e-3) for n in (3, 1))
    return (three / one - 1) * 100


def plain(stack: Stack, thickness: float, cells: int) -> Magnet | PerpendicularMagnet:
    """The cell over a channel with nothing beside it."""
    return stack.magnet(thickness, cells)


def v_c(t: float, stack: Stack) -> float:
    """Critical voltage of one cell [V]."""
    return critical(stack.magnet(t))


def full_switching(stack: Stack) -> float:
    """Voltage that three cells need at 2.6 nm and -8.5 mT, the series resistance included [V]."""
    return critical(stack.writing_magnet(THICK, 3), 8.5e-3)


def write_energy(stack: Stack) -> float:
    """Of a pulse of 200 ns at the critical voltage of one cell, 1.6 nm [pJ]."""
    ohm = stack.write_channel().resistance(1)
    return float(switching.write_energy(v_c(THIN, stack), 200e-9, ohm)) * 1e12


def switched(t: float, sign: int, stack: Stack) -> float:
    """Probability of AP to P (sign -1) or P to AP (+1) by 2 V, 200 ns and 10 mT of it [%]."""
    magnet = stack.magnet(t)
    return float(switching.switching_probability(
        magnet, magnet.spin_sign * sign * 2.0, 200e-9,
        switching.pulse_field(magnet, sign, 10e-3))) * 100


def field_free(stack: Stack) -> float:
    """Share of devices that switch without a field at 2.6 nm [%]."""
    drive, t = stack.switching, stack.inside(THICK)
    return float(switching.field_free_probability(
        t, given(drive.field_free_middle, "field_free_middle"),
        given(drive.field_free_width, "field_free_width"))) * 100


def tmr(t: float, stack: Stack) -> float:
    """[%]."""
    return stack.mtj(t).tmr * 100


def tmr_growth(start: float, end: float, stack: Stack) -> float:
    """Between two thicknesses [points of %]."""
    stack.require("thickness")
    return tmr(end, stack) - tmr(start, stack)


def dome(resistance: str, stack: Stack) -> float:
    """1 where a resistance over thickness has its maximum inside the range, else 0."""
    stack.require("thickness")
    r = [getattr(stack.mtj(t), resistance) for t in np.linspace(*stack.thickness_range, 101)]
    return float(0 < np.argmax(r) < 100)


def saturated(stack: Stack) -> float:
    """Resistance at +300 mT, where the major loop starts [kohm]."""
    return float(major_loop(stack, THIN, _FIELD[::-1])[0]) / 1e3


def coercivity_ratio(stack: Stack) -> float:
    """Of device and film at 1.6 nm, both read off loops [1]."""
    return device_coercivity(THIN, stack) / film("coercive", THIN, stack)


def coercivity_change(stack: Stack) -> float:
    """Of the film between the ends of the wedge [%]."""
    return abs(film("coercive", THICK, stack) / film("coercive", THIN, stack) - 1) * 100


def contour_r_ap(tmr: float, stack: Stack) -> float:
    """Of a junction of R_P = 10 kohm [kohm]."""
    return stack.mtj(r_p=10e3, tmr=tmr).r_ap / 1e3


def channel_length(cells: int, stack: Stack) -> float:
    """Under a number of cells [um]."""
    channel = stack.write_channel()
    return (channel.length + (cells - 1) * channel.pitch) * 1e6


def channel_resistance(cells: int, stack: Stack) -> float:
    """From end to end [ohm]."""
    return stack.write_channel().resistance(cells)


def mean_breakdown(t: float, cells: int, stack: Stack) -> float:
    """[V]."""
    return float(stack.breakdown.voltage(stack.inside(t), cells))


def states(cells: int, stack: Stack) -> float:
    """Number of conductances of a compound [1]."""
    return len(CompoundMTJ(stack.mtj(), cells).conductances())


def read_voltage(stack: Stack) -> float:
    """Over a parallel junction behind 1 Mohm, from a source of 4.1 V [V]."""
    return float(readout.junction_voltage(partial(stack.mtj(THIN).conductance, True), 4.1))
