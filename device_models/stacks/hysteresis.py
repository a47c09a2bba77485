"""Loops of a stack's film and devices over the field, and how wide they are; by its file's numbers.

Fields are flux densities mu0 H along the easy axis [T]. What needs an entry that the file has not
raises MissingEntryError.
"""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats
from device_models.magnet import (
    ATTEMPT_TIME,
    film_magnetisation,
    hysteron,
    resistance_field_loop,
    sharrock_coercivity,
)
from device_models.stacks.errors import given
from device_models.stacks.stack import Stack
from device_models.switching import easy_axis_field, stability


def film_branches(stack: Stack, thickness: float, field: ArrayLike) -> tuple[Floats, Floats]:
    """M/M_s [1] of the free film of `thickness` [m] at `field` [T], falling and rising branch."""
    film = stack.magnetics
    coercive = given(film.film_coercivity, "film_coercivity")
    saturation = given(film.saturation_field, "saturation_field")(thickness)
    exchange = given(film.exchange_field, "exchange_field")(thickness)
    falling, rising = (film_magnetisation(field, coercive, saturation, exchange, rising=up)
                       for up in (False, True))
    return falling, rising


def reference_fields(stack: Stack) -> tuple[float, float]:
    """Fields [T] at which the reference layer turns down, and up again."""
    film = stack.magnetics
    return (given(film.reference_flip, "reference_flip"),
            given(film.reference_rise, "reference_rise"))


def film_major_loop(stack: Stack, thickness: float, field: Floats) -> Floats:
    """Moment [1] of free film and reference layer over their saturation, along a sweep.

    `field` (2 n,) [T] falls in its first half and rises in its second. Of equal M_s; the reference
    layer, with what lies on it, is a hysteron; the pinned layer's own reversal is left out [A].
    """
    half = len(field) // 2
    falling, rising = film_branches(stack, thickness, field)
    free = np.concatenate([falling[:half], rising[half:]])
    flip, rise = reference_fields(stack)
    layers = stack.process
    reference = given(layers.reference, "reference") + (layers.saf or (0.0,))[0]
    up = np.where(hysteron(field, rise, flip, True), 1.0, -1.0)
    return np.asarray((thickness * free + reference * up) / (thickness + reference))


def major_loop(stack: Stack, thickness: float, field: ArrayLike) -> Floats:
    """R(H) [ohm] of one junction along a sweep `field` [T], with the reference layer's flip."""
    mtj, film = stack.mtj(thickness), stack.magnetics
    return resistance_field_loop(field, mtj.r_p, mtj.r_ap, film.device_coercivity,
                                 film.device_offset or 0.0,
                                 reference_fields=reference_fields(stack))


def slow_coercivity(stack: Stack, thickness: float) -> float:
    """Coercive field [T] that heat leaves the macrospin within the file's measuring time.

    Sharrock's law; 1 s and attempts every 1 ns where the file has no times.
    """
    magnet, drive = stack.magnet(thickness), stack.switching
    return float(sharrock_coercivity(
        easy_axis_field(magnet), stability(magnet), drive.measuring_time or 1.0,
        drive.attempt_time or ATTEMPT_TIME))
