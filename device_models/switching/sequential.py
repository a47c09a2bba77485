"""How the cells of a compound switch one after another: R(V) loops on a shared channel."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import (
    Floats,
    fraction,
    nonnegative,
    positive,
    positive_array,
    real_array,
    truths,
    whole,
)
from device_models.magnet.free_layer import FreeLayer
from device_models.magnet.loops import check_order
from device_models.switching.probability import pulse_probabilities
from device_models.switching.pulse import written_by
from device_models.switching.thresholds import pulse_field

Bools = NDArray[np.bool_]
_CHUNK = 2**18  # pulses times cells whose chances are found at a time


@dataclass(frozen=True)
class VoltageLoop:
    """What a train of write pulses leaves behind.

    Parameters
    ----------
    voltage : array (pulses,)
        Amplitudes of the pulses [V].
    parallel : bool array (devices, pulses, cells)
        Which cells are parallel after each pulse.
    resistance : array (devices, pulses)
        Of the cells in parallel, at low bias, after each pulse [ohm].
    """

    voltage: Floats
    parallel: Bools
    resistance: Floats

    @property
    def state(self) -> NDArray[np.int64]:
        """Number of parallel cells after each pulse: (devices, pulses)."""
        return np.asarray(np.count_nonzero(self.parallel, axis=-1))


def voltage_sweep(maximum: float, points: int = 41) -> Floats:
    """Amplitudes [V] 0 -> +max -> 0 -> -max -> 0, `points` (2 or more) to each quarter."""
    up = np.linspace(0.0, positive("maximum", maximum, "V"), whole("points", points, 2))
    half = np.concatenate([up, up[-2::-1]])
    return np.concatenate([half, -half[1:]])


def cell_factors(
    cells: int, spread: float, rng: np.random.Generator | int, devices: int = 1,
    areas: ArrayLike = 1.0,
) -> Floats:
    """Critical current of each cell over the nominal one [1]: (devices, cells), median 1.

    Log-normal, so never negative; `spread` [1] is standard deviation over mean. Cells of a compound
    share the channel's current, so only this tells them apart. `areas` [1], one or (cells,), are
    those of the cells over that of which `spread` is: it falls with their square root, as in
    `Variability`.
    """
    sigma = np.sqrt(np.log1p(fraction("spread", spread, one=False) ** 2))
    shape = (whole("devices", devices, 1), whole("cells", cells, 1))
    sizes = positive_array("areas", areas, "1")
    if sizes.shape not in ((), shape[1:]):
        raise ValueError(f"areas [1] have shape {sizes.shape}; expected one number, or one for "
                         f"each of the {cells} cells")
    sigma = sigma / np.sqrt(sizes)
    return np.asarray(np.exp(sigma * np.random.default_rng(rng).standard_normal(shape)))


def pulse_once(
    magnet: FreeLayer, parallel: Bools, voltage: float, factors: Floats,
    rng: np.random.Generator, *, pulse: float, field: float, temperature: float = 300.0,
) -> Bools:
    """Which cells (devices, cells) are parallel after one pulse of `voltage` [V], `pulse` [s].

    A negative voltage switches antiparallel cells to parallel, a positive one parallel cells to
    antiparallel [P §D], each with `switching_probability` at applied `field` [T] and
    `temperature` [K], its critical current times its entry of `factors` [1]; the others it may
    turn back, with `return_probability`. 0 V does nothing.
    """
    if voltage == 0:
        return parallel.copy()
    chances = pulse_probabilities(magnet, voltage, pulse, field, temperature, factors)
    return turned(parallel, voltage, chances, rng.random(parallel.shape))


def turned(
    parallel: Bools, written: ArrayLike, chances: tuple[Floats, Floats], draws: Floats
) -> Bools:
    """Which cells are parallel after pulses that write `written` (+1 AP, -1 P), by the `draws`.

    Of the cells that are not where their pulse leads, those turn whose draw, even from 0 to 1, is
    below the first of the `chances` [1]; of those that are, below the second. All broadcast.
    """
    there = parallel == (np.asarray(written) < 0)
    return parallel ^ (draws < np.where(there, chances[1], chances[0]))


def resistance_voltage_loop(
    magnet: FreeLayer,
    voltage: ArrayLike,
    r_p: ArrayLike,
    r_ap: ArrayLike,
    *,
    pulse: float,
    assist_field: float,
    spread: float,
    cells: int = 1,
    devices: int = 1,
    temperature: float = 300.0,
    field_free: float = 1.0,
    initial_parallel: bool = True,
    rng: np.random.Generator | int = 0,
) -> VoltageLoop:
    """The R(V) loops of compounds whose cells share a channel and switch one after another.

    Parameters
    ----------
    magnet : Magnet or PerpendicularMagnet
        Each cell; its channel_resistance [ohm] is that of the compound's whole channel.
    voltage : (pulses,)
        Amplitudes [V], in order, e.g. of `voltage_sweep`.
    r_p, r_ap : scalars, (cells,) or (devices, cells)
        Resistances of the junctions at low bias [ohm].
    pulse : float
        Width [s].
    assist_field : float
        Magnitude [T]. In the plane it takes the sign of each pulse, out of it it stays positive,
        along the current (`switching.pulse_field`).
    spread : float
        Of the cells' critical currents [1]; see `cell_factors`.
    cells, devices : int
        Junctions of one compound, and compounds, each with cells of its own.
    temperature : float
        [K].
    field_free : float
        Share of devices that switch at all when `assist_field` is 0 [1]; e.g. of
        `switching.field_free_probability` [A].
    initial_parallel : bool
        State of all cells before the first pulse.
    rng : Generator or int
        Cells, then pulses.
    """
    v = real_array("voltage", voltage, "V")
    if v.ndim != 1 or not v.size:
        raise ValueError(f"voltage [V] has shape {v.shape}; expected the amplitudes of a train of "
                         "pulses, (pulses,)")
    share = fraction("field_free", field_free, one=True)
    assist = nonnegative("assist_field", assist_field, "T")
    duration, kelvin = nonnegative("pulse", pulse, "s"), positive("temperature", temperature, "K")
    start = truths("initial_parallel", initial_parallel)
    if start.ndim:
        raise ValueError(f"initial_parallel has shape {start.shape}; expected one truth for all "
                         "cells")
    _check_resistances(r_p, r_ap, whole("devices", devices, 1), whole("cells", cells, 1))
    generator = np.random.default_rng(rng)
    factors = cell_factors(cells, spread, generator, devices)
    able = np.ones((devices, 1), bool)
    if assist == 0:
        able = generator.random((devices, 1)) < share
    states = np.empty((v.size, devices, cells), bool)
    now = np.full((devices, cells), bool(start))
    train = _chances(magnet, v, factors, pulse=duration, assist=assist, temperature=kelvin)
    for i, (amplitude, chances) in enumerate(zip(v, train, strict=True)):
        if amplitude != 0:
            after = turned(now, written_by(magnet, amplitude), chances, generator.random(now.shape))
            now = np.where(able, after, now)
        states[i] = now
    parallel = np.moveaxis(states, 0, 1)
    return VoltageLoop(v, parallel, compound_resistance(parallel, r_p, r_ap))


def _chances(
    magnet: FreeLayer, voltage: Floats, factors: Floats, *, pulse: float, assist: float,
    temperature: float,
) -> Iterator[tuple[Floats, Floats]]:
    """For each pulse of `voltage` (pulses,) [V] the chances of `turned`, (devices, cells) [1]."""
    field = np.array([_assist(magnet, amplitude, assist) for amplitude in voltage])
    at_once = max(1, _CHUNK // factors.size)
    for start in range(0, len(voltage), at_once):
        some = slice(start, start + at_once)
        yield from zip(*pulse_probabilities(
            magnet, voltage[some, None, None], pulse, field[some, None, None], temperature,
            factors), strict=True)


def _assist(magnet: FreeLayer, amplitude: float, assist: float) -> float:
    """The field [T] during a pulse of `amplitude` [V]; at 0 V it does not matter."""
    return pulse_field(magnet, float(written_by(magnet, amplitude)), assist) if amplitude else 0.0


def compound_resistance(parallel: Bools, r_p: ArrayLike, r_ap: ArrayLike) -> Floats:
    """Resistance (devices, pulses) [ohm] of cells (devices, pulses, cells) side by side [P §D].

    `r_p`, `r_ap` [ohm]: scalars, (cells,) or (devices, cells).
    """
    low, high = (_each_cell(name, value) for name, value in (("r_p", r_p), ("r_ap", r_ap)))
    return np.asarray(1.0 / np.sum(1.0 / np.where(parallel, low, high), axis=-1))


def _check_resistances(r_p: ArrayLike, r_ap: ArrayLike, devices: int, cells: int) -> None:
    """Refuse resistances [ohm] that do not fit (devices, cells), or whose order is wrong."""
    for name, value in (("r_p", r_p), ("r_ap", r_ap)):
        shape = np.shape(_each_cell(name, value))
        if shape not in ((), (1,), (cells,), (devices, 1, cells)):
            raise ValueError(f"{name} [ohm] has shape {np.shape(value)}; expected one number, "
                             f"(cells,) = ({cells},) or (devices, cells) = ({devices}, {cells})")
    check_order(_each_cell("r_p", r_p), _each_cell("r_ap", r_ap))


def _each_cell(name: str, value: ArrayLike) -> Floats:
    """Resistances that broadcast with (devices, pulses, cells)."""
    r = positive_array(name, value, "ohm")
    return r[:, None, :] if r.ndim == 2 else r
