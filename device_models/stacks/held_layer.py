"""What holds a junction's free layer, and what turns it: from the tables of its stack.

None where the file has no [magnetics], or where the layer does not lie as its easy axis says.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from scipy.constants import Boltzmann, mu_0

from device_models.junction.laws import polarisation
from device_models.magnet.anisotropy import state_stability
from device_models.magnet.easy_axis import EasyAxisError
from device_models.magnet.in_plane import Magnet
from device_models.magnet.orbits import thresholds
from device_models.magnet.perpendicular import PerpendicularMagnet
from device_models.reliability.disturb import (
    IN_PLANE_EXPONENT,
    PERPENDICULAR_EXPONENT,
    disturb_current,
)
from device_models.stacks.optional import Tables
from device_models.stacks.tables import MS_AT, MagneticsTable
from device_models.switching.thresholds import stability

_ROUNDING = 1e-12  # of the mean field: the easy axis of a circle in the plane
_ROOM_TEMPERATURE = 300.0  # [K] of a file that has no [temperature]
_NO_CHANNEL: dict[str, Any] = {  # of a layer that nothing is written through
    "spin_hall_angle": 1.0, "channel_width": 1.0, "channel_thickness": 1.0,
    "channel_resistance": 1.0}


class HeldLayer(NamedTuple):
    """A free layer at one temperature: barriers over k_B T of its parallel and antiparallel state
    [1], the current that would turn it were all its spins polarised [A], and the exponent of the
    barrier that a lower one leaves [1]."""

    stability: tuple[float, float]
    polarised_current: float
    disturb_exponent: float

    def disturb_current(self, tmr: float) -> float | None:
        """Critical current of spin transfer [A] in a junction of this `tmr` [1] at low bias; None
        where so small a TMR leaves no polarisation."""
        share = float(polarisation(tmr))
        return self.polarised_current / share if share > 0 else None


def reference_temperature(tables: Tables) -> float:
    """For which the file's numbers stand [K]."""
    return _ROOM_TEMPERATURE if tables.temperature is None else tables.temperature.reference


def held_layer(
    tables: Tables, axes: tuple[float, float], thickness: float, temperature: float
) -> HeldLayer | None:
    """The free layer of `thickness` [m], an ellipse of `axes` (long, short) [m], at `temperature`
    [K]."""
    if tables.magnetics is None or min(axes) <= 0:
        return None
    warm = tables.temperature
    kind, numbers = free_layer(tables.magnetics, axes, thickness)
    if warm is not None:
        numbers |= {"curie_temperature": warm.curie,
                    "magnetisation_exponent": warm.magnetisation_exponent}
    try:
        return _held(kind(**numbers, **_NO_CHANNEL), temperature)
    except EasyAxisError:
        return None


@lru_cache(maxsize=1024)
def _held(layer: Magnet | PerpendicularMagnet, temperature: float) -> HeldLayer | None:
    if temperature >= layer.curie_temperature:
        return None
    low, high = sorted(layer.hard_fields)
    if not low > _ROUNDING * high:
        return None
    with np.errstate(over="ignore"):
        delta = float(stability(layer, temperature))
    if not math.isfinite(delta):  # so cold that nothing moves
        return None
    warmth = float(layer.magnetisation(temperature)) / layer.saturation_magnetisation
    parallel, antiparallel = state_stability(delta, layer.offset_field, warmth * low)
    standing = isinstance(layer, PerpendicularMagnet)
    holding = (low + high) / 2.0 if standing else low * float(thresholds(0.0, high / low).mean)
    return HeldLayer((float(parallel), float(antiparallel)),
                     float(disturb_current(layer.damping, 1.0, warmth * layer.moment, 1.0,
                                           warmth * holding)),
                     PERPENDICULAR_EXPONENT if standing else IN_PLANE_EXPONENT)


def free_layer(
    film: MagneticsTable, axes: tuple[float, float], thickness: float
) -> tuple[type[Magnet] | type[PerpendicularMagnet], dict[str, Any]]:
    """The type of the layer, and what it takes from [magnetics]; `axes`, `thickness` [m].

    What was measured goes before: a resonance's M_eff = M_s - 2 K_s/(mu0 M_s t) of the film stands
    for K_s, and a Delta at 300 K for a barrier.
    """
    ms, k_s = film.saturation_magnetisation, film.interface_anisotropy
    numbers: dict[str, Any] = {
        "saturation_magnetisation": ms, "damping": film.damping, "thickness": thickness,
        "length": axes[0], "width": axes[1], "coercive_field": film.device_coercivity,
        "offset_field": film.device_offset or 0.0}
    if film.effective_magnetisation is not None:
        k_s = mu_0 * ms * thickness * (ms - film.effective_magnetisation(thickness)) / 2.0
    numbers["interface_anisotropy"] = k_s
    if film.anisotropy_field is not None:
        numbers["anisotropy_field"] = film.anisotropy_field(thickness)
    if film.stability is not None:
        numbers["energy_barrier"] = film.stability(thickness) * Boltzmann * MS_AT
    return (PerpendicularMagnet if film.easy_axis == "perpendicular" else Magnet), numbers
