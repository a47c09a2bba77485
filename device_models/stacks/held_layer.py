"""What holds a junction's free layer, and what turns it: from the tables of its stack.

None where the file has no [magnetics], or where the layer does not lie as its easy axis says.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.constants import mu_0

from device_models.junction.laws import polarisation
from device_models.magnet.anisotropy import anisotropy_field, barrier_factor, state_stability
from device_models.magnet.free_layer import CURIE_TEMPERATURE, MAGNETISATION_EXPONENT
from device_models.magnet.magnetisation import saturation_magnetisation
from device_models.magnet.perpendicular import perpendicular_anisotropy_fields
from device_models.reliability.disturb import (
    IN_PLANE_EXPONENT,
    PERPENDICULAR_EXPONENT,
    disturb_current,
)
from device_models.stacks.optional import Tables
from device_models.switching.in_plane import effective_magnetisation

_ROUNDING = 1e-12  # of the mean field: the easy axis of a circle in the plane
_ROOM_TEMPERATURE = 300.0  # [K] of a file that has no [temperature]


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


class _Film(NamedTuple):
    """The numbers of a free layer's file that its barrier takes, in SI."""

    perpendicular: bool
    saturation_magnetisation: float
    interface_anisotropy: float
    damping: float
    offset_field: float
    curie_temperature: float
    magnetisation_exponent: float


def reference_temperature(tables: Tables) -> float:
    """For which the file's numbers stand [K]."""
    return _ROOM_TEMPERATURE if tables.temperature is None else tables.temperature.reference


def held_layer(
    tables: Tables, axes: tuple[float, float], thickness: float, temperature: float
) -> HeldLayer | None:
    """The free layer of `thickness` [m], an ellipse of `axes` (long, short) [m], at `temperature`
    [K]."""
    film, warm = tables.magnetics, tables.temperature
    if film is None or min(axes) <= 0:
        return None
    curie, exponent = ((CURIE_TEMPERATURE, MAGNETISATION_EXPONENT) if warm is None else
                       (warm.curie, warm.magnetisation_exponent))
    return _held(_Film(film.easy_axis == "perpendicular", film.saturation_magnetisation,
                       film.interface_anisotropy, film.damping, film.device_offset or 0.0, curie,
                       exponent), axes, thickness, temperature)


@lru_cache(maxsize=1024)
def _held(
    film: _Film, axes: tuple[float, float], thickness: float, temperature: float
) -> HeldLayer | None:
    if temperature >= film.curie_temperature:
        return None
    ms = float(saturation_magnetisation(film.saturation_magnetisation, temperature,
                                        film.curie_temperature, film.magnetisation_exponent))
    easy, mean = _fields(film, axes, thickness, ms)
    if not (mean > 0 and easy > _ROUNDING * mean):
        return None
    volume = math.pi / 4 * axes[0] * axes[1] * thickness
    with np.errstate(over="ignore"):
        delta = float(barrier_factor(ms, easy, volume, temperature))
    if not math.isfinite(delta):  # so cold that nothing moves
        return None
    parallel, antiparallel = state_stability(delta, film.offset_field, easy)
    return HeldLayer((float(parallel), float(antiparallel)),
                     float(disturb_current(film.damping, 1.0, ms, volume, mean)),
                     PERPENDICULAR_EXPONENT if film.perpendicular else IN_PLANE_EXPONENT)


def _fields(
    film: _Film, axes: tuple[float, float], thickness: float, ms: float
) -> tuple[float, float]:
    """mu0 H_k [T] over the lowest way to the other state, and the mean over both hard axes; zero or
    less of a layer that lies the other way. `ms` [A/m] is the heated one: fields fall with it, as
    in the laws of `switching`."""
    at_300, k_s = film.saturation_magnetisation, film.interface_anisotropy
    if film.perpendicular:
        short, long = perpendicular_anisotropy_fields(at_300, k_s, *axes, thickness)
        return float(ms / at_300 * long), float(ms / at_300 * (short + long) / 2.0)
    plane = mu_0 * float(effective_magnetisation(at_300, k_s, thickness)) * ms / at_300
    shape = float(anisotropy_field(ms, *axes, thickness))
    return shape, shape + plane / 2.0 if plane > 0 else 0.0
