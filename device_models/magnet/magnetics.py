"""Anisotropy, energy barrier and coercivity of a free layer; R(H) and M(H) loops.

Fields are flux densities mu0 H [T].
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.constants import Boltzmann, mu_0

from device_models.checks import Floats, first, fitting, nonnegative_array, positive, real_array
from device_models.magnet.demagnetisation import demagnetising_factors

Bools = NDArray[np.bool_]


def saturation_magnetisation(
    ms300: ArrayLike, temperature: ArrayLike, curie_temperature: float = 1420.0,
    exponent: float = 0.4,
) -> Floats:
    """M_s [A/m] at `temperature` [K]: M_s(300 K) ((1 - T/T_C)/(1 - 300/T_C))^exponent.

    `ms300` [A/m], `curie_temperature` [K], `exponent` [1] [S: fits to CoFeB films]. Temperatures
    from T_C upwards are refused: nothing is left to switch.
    """
    t = nonnegative_array("temperature", temperature, "K")
    curie = positive("curie_temperature", curie_temperature, "K")
    if curie <= 300.0:
        raise ValueError(f"curie_temperature is {curie:g} K; expected above 300 K, where "
                         "M_s is given")
    if np.any(t >= curie):
        where, found = first(t, t >= curie)
        raise ValueError(f"temperature is {found:g} K{where}; expected below the Curie "
                         f"temperature, {curie:g} K")
    fall = (1.0 - t / curie) / (1.0 - 300.0 / curie)
    power = positive("exponent", exponent, "1")
    return np.asarray(real_array("ms300", ms300, "A/m") * fall**power)


def anisotropy_field(
    ms: ArrayLike, length: ArrayLike, width: ArrayLike, thickness: ArrayLike
) -> Floats:
    """Shape anisotropy mu0 H_k = mu0 M_s (N_short - N_long) [T] of an elliptic cylinder.

    `ms` [A/m]; `length`, `width`, `thickness` [m]; all broadcast [T: Stoner, Wohlfarth, Phil.
    Trans. R. Soc. A 240 (1948) 599, with the factors of the true shape].
    """
    n_long, n_short, _ = demagnetising_factors(length, width, thickness)
    return np.asarray(mu_0 * nonnegative_array("ms", ms, "A/m") * (n_short - n_long))


def energy_barrier(
    ms: ArrayLike, length: ArrayLike, width: ArrayLike, thickness: ArrayLike
) -> Floats:
    """E_b = M_s mu0 H_k V/2 [J] between the two easy directions; arguments as above."""
    volume = math.pi / 4 * np.asarray(length, float) * np.asarray(width) * np.asarray(thickness)
    field = anisotropy_field(ms, length, width, thickness)
    return np.asarray(np.asarray(ms, float) * field * volume / 2.0)


def stability_factor(
    ms: ArrayLike, length: ArrayLike, width: ArrayLike, thickness: ArrayLike,
    temperature: ArrayLike = 300.0,
) -> Floats:
    """Delta = E_b/(k_B T) [1]; `ms` [A/m] is the value at `temperature` [K], sizes [m]."""
    t = nonnegative_array("temperature", temperature, "K")
    barrier = energy_barrier(ms, length, width, thickness)
    with np.errstate(divide="ignore"):
        return np.asarray(barrier / (Boltzmann * t))


def sharrock_coercivity(
    anisotropy: ArrayLike, stability: ArrayLike, measurement_time: ArrayLike = 1.0,
    attempt_time: float = 1e-9,
) -> Floats:
    """mu0 H_c = mu0 H_k (1 - sqrt(ln(t_m/tau0)/Delta)) [T], zero where that is negative.

    `anisotropy` mu0 H_k [T], `stability` Delta [1], `measurement_time` t_m [s], `attempt_time`
    tau0 [s] [T: M. P. Sharrock, J. Appl. Phys. 76 (1994) 6413].
    """
    delta = nonnegative_array("stability", stability, "1")
    ratio = nonnegative_array("measurement_time", measurement_time, "s")
    ratio = ratio / positive("attempt_time", attempt_time, "s")
    if np.any(ratio < 1):
        where, found = first(ratio, ratio < 1)
        raise ValueError(f"measurement_time is {found:g} attempt times{where}; expected at "
                         "least one")
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        lost = np.nan_to_num(np.sqrt(np.log(ratio) / delta), nan=0.0, posinf=np.inf)
    return nonnegative_array("anisotropy", anisotropy, "T") * np.maximum(1.0 - lost, 0.0)


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
