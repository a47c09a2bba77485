"""R(H) and M(H) loops of a free layer. Fields are flux densities mu0 H [T]."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats, first, fitting, nonnegative_array, real_array

Bools = NDArray[np.bool_]


def hysteron(
    field: ArrayLike, up: ArrayLike, down: ArrayLike, initial: ArrayLike
) -> Bools:
    """Whether a two-state magnet points up after each `field` (..., sweep) [T] of a sweep.

    It turns up at fields of `up` or more and down at `down` or less [T] (both (...,)), and keeps
    its state in between; `initial` (bool, (...,)) is the state before the sweep.
    """
    h = real_array("field", field, "T")
    if h.ndim < 1 or h.shape[-1] == 0:
        raise ValueError(f"field [T] has shape {h.shape}; expected a sweep along the last axis")
    high, low = real_array("up", up, "T"), real_array("down", down, "T")
    if np.any(low >= high):
        raise ValueError(f"down is {np.max(low):g} T and up {np.min(high):g} T; expected every "
                         "down below its up: a coercive field above zero")
    rises, falls = h >= high[..., None], h <= low[..., None]
    step = np.where(rises | falls, np.arange(1, h.shape[-1] + 1), 0)
    last = np.maximum.accumulate(step, axis=-1)
    start = np.broadcast_to(np.asarray(initial, bool)[..., None], (*last.shape[:-1], 1))
    history = np.concatenate([start, np.broadcast_to(rises, last.shape)], axis=-1)
    return np.asarray(np.take_along_axis(history, last, axis=-1))


def resistance_field_loop(
    field: ArrayLike,
    r_p: ArrayLike,
    r_ap: ArrayLike,
    coercive_field: ArrayLike,
    offset_field: ArrayLike = 0.0,
    *,
    reference_fields: tuple[float, float] | None = None,
    initial_up: ArrayLike | None = None,
) -> Floats:
    """R(H) [ohm] along a sweep `field` (..., sweep) [T] on the easy axis.

    The free layer turns up at H_off + H_c and down at H_off - H_c (`coercive_field`,
    `offset_field` [T], shape (...,); `r_p`, `r_ap` [ohm] likewise). In a minor loop
    (`reference_fields` None) the reference layer points down throughout, so that the free layer
    up is antiparallel: AP to P on the down sweep [P §C].

    `reference_fields` (lower, upper) [T] makes it a major loop: the synthetic antiferromagnet
    turns the reference layer down at `lower` or below, against the field, and the field turns it
    up at `upper` or above. Kumar et al. state P at +300 mT, AP from +90 mT and P by -10 mT; hence
    lower >= 90 mT [P], and upper is assumed. The pinned layer's own reversal at negative field
    leaves the reference layer, and so R, as it is.

    `initial_up` (bool, default: the sign of each sweep's first field) is the free layer before.
    """
    h = real_array("field", field, "T")
    centre = real_array("offset_field", offset_field, "T")
    half = nonnegative_array("coercive_field", coercive_field, "T")
    if h.ndim < 1 or h.shape[-1] == 0:
        raise ValueError(f"field [T] has shape {h.shape}; expected a sweep along the last axis")
    low, high = nonnegative_array("r_p", r_p, "ohm"), nonnegative_array("r_ap", r_ap, "ohm")
    fitting(sweeps=h[..., 0], r_p=low, r_ap=high, coercive_field=half, offset_field=centre)
    check_order(low, high)
    start = h[..., 0] > centre if initial_up is None else initial_up
    free = hysteron(h, centre + half, centre - half, np.asarray(start, bool))
    parallel = ~free
    if reference_fields is not None:
        if np.shape(reference_fields) != (2,):
            raise ValueError(f"reference_fields is {reference_fields!r}; expected (lower, upper) "
                             "[T]")
        lower, upper = reference_fields
        parallel = free == hysteron(h, upper, lower, h[..., 0] > (lower + upper) / 2)
    return np.asarray(np.where(parallel, low[..., None], high[..., None]))


def check_order(r_p: Floats, r_ap: Floats) -> None:
    """Refuse an antiparallel resistance below the parallel one [ohm]; the two broadcast."""
    if np.any(r_ap < r_p):
        low, high = np.broadcast_arrays(r_p, r_ap)
        where, found = first(high, high < low)
        raise ValueError(f"r_ap is {found:g} ohm{where}, below r_p, {low[high < low][0]:g} ohm; "
                         "expected r_p or more: were the two swapped?")


def film_magnetisation(
    field: ArrayLike, coercive_field: ArrayLike, saturation_field: ArrayLike,
    offset_field: ArrayLike = 0.0, *, rising: ArrayLike = True,
) -> Floats:
    """Reduced moment M/M_s [1] of the unpatterned free layer at `field` [T], one branch.

    M/M_s = tanh(artanh(0.99) (H - H_off -+ H_c)/(H_s - H_c)), upper sign on the `rising` branch:
    zero at H_off +- H_c and 99 % at H_off +- H_s; `coercive_field`, `saturation_field`,
    `offset_field` [T] broadcast. The numbers are those of Kumar et al., the shape is assumed [A].
    """
    h_c = nonnegative_array("coercive_field", coercive_field, "T")
    h_s = nonnegative_array("saturation_field", saturation_field, "T")
    if np.any(h_s <= h_c):
        raise ValueError(f"saturation_field is {np.min(h_s):g} T; expected above the coercive "
                         f"field, {np.max(h_c):g} T")
    shift = np.where(np.asarray(rising, bool), h_c, -h_c) + real_array("offset", offset_field, "T")
    scaled = (real_array("field", field, "T") - shift) / (h_s - h_c)
    return np.asarray(np.tanh(math.atanh(0.99) * scaled))
