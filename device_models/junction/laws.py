"""How a junction's numbers depend on free-layer thickness and bias: pure functions of arrays.

The laws of bias are plain arithmetic, so that circuits use these very functions in compiled code.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, electron_mass, elementary_charge, hbar
from scipy.interpolate import PchipInterpolator

from device_models.checks import (
    Floats,
    first,
    fitting,
    nonnegative,
    nonnegative_array,
    positive_array,
)

Number = TypeVar("Number", float, Floats)


def quadratic(t: ArrayLike, nodes: ArrayLike, values: ArrayLike) -> Floats:
    """Parabola through three points: `values` [any unit] at thicknesses `nodes` [m]."""
    t, nodes = np.asarray(t, float), np.asarray(nodes, float)
    if nodes.shape != (3,) or np.shape(values) != (3,):
        raise ValueError(f"nodes have shape {nodes.shape} and values {np.shape(values)}; a "
                         "parabola takes three of each, or use `table`")
    weights = [
        np.prod([(t - b) / (a - b) for b in nodes if b != a], axis=0) for a in nodes
    ]
    return np.tensordot(np.asarray(values, float), np.array(weights), axes=1)


def table(t: ArrayLike, nodes: ArrayLike, values: ArrayLike) -> Floats:
    """Monotone cubic interpolation of measured `values` [any unit] at thicknesses `nodes` [m]."""
    if np.ndim(nodes) != 1 or np.shape(nodes) != np.shape(values) or np.size(nodes) < 2:
        raise ValueError(f"nodes have shape {np.shape(nodes)} and values {np.shape(values)}; "
                         "expected two lists of one length, two points or more")
    return np.asarray(PchipInterpolator(nodes, values, extrapolate=True)(t))


def constant(t: ArrayLike, value: float) -> Floats:
    """The same `value` [any unit] at every thickness."""
    if np.ndim(value):
        raise ValueError(f"value has shape {np.shape(value)}; expected one number, or use `table`")
    return np.full(np.shape(t), value)


def exponential(
    t: ArrayLike, base: float, amplitude: float, origin: float, scale: float
) -> Floats:
    """base + amplitude (exp((t - origin)/scale) - 1), with t, origin and scale [m].

    The near-exponential TMR of a thickness wedge; Kumar et al. 2024, section C.
    """
    fitting(t=t, base=base, amplitude=amplitude, origin=origin, scale=scale)
    return base + amplitude * np.expm1((np.asarray(t, float) - origin) / scale)


def parallel_conductance(v: Number, g_p: Number | float, v_p: float) -> Number:
    """Chord conductance [S] of a parallel junction at bias `v` [V]: G_P (1 + (V/V_p)^2).

    `g_p` [S] is its value at zero bias, `v_p` [V] the bias that doubles it (assumed law, the
    leading term of elastic tunnelling through a symmetric barrier).
    """
    return g_p * (1.0 + (v / v_p) ** 2)


def biased_tmr(v: Number, tmr: Number | float, v_h: float) -> Number:
    """TMR [1] at bias `v` [V]: TMR / (1 + (V/V_h)^2), halved at `v_h` [V] (compact-model law)."""
    return tmr / (1.0 + (v / v_h) ** 2)


def antiparallel_conductance(g_p: Number, tmr: Number) -> Number:
    """Chord conductance [S] of a junction that has `g_p` [S] when parallel and this `tmr` [1]."""
    return g_p / (1.0 + tmr)


def polarisation(tmr: ArrayLike) -> Floats:
    """Spin polarisation P [1] of both electrodes that a `tmr` [1] at low bias takes: Julliere's
    TMR = 2 P^2/(1 - P^2), so that P = sqrt(TMR/(2 + TMR)); any shape."""
    ratio = nonnegative_array("tmr", tmr, "1")
    return np.asarray(np.sqrt(ratio / (2.0 + ratio)))


def tmr_at_temperature(
    tmr: ArrayLike, temperature: ArrayLike, reference: float = 300.0, decay: float = 2e-5
) -> Floats:
    """TMR [1] at `temperature` [K] of a junction with `tmr` [1] at `reference` [K]; they broadcast.

    Julliere's TMR = 2 P^2/(1 - P^2) with P = P0 (1 - decay T^1.5), the spin waves' T^1.5 law
    (C. H. Shang et al., Phys. Rev. B 58, R2917 (1998)). `decay` [K^-1.5]; 2e-5 is usual in compact
    models of CoFeB/MgO. 300 to 400 K: 33 to 28.4 %, 78 to 65.4 %. The parallel resistance has a law
    of its own, `resistance_at_temperature`.

    Raises
    ------
    ValueError
        If a temperature is negative or so high that no polarisation is left, or a TMR so large
        that the polarisation there would exceed 1.
    """
    t, ratio = np.asarray(temperature, float), np.asarray(tmr, float)
    fitting(tmr=ratio, temperature=t)
    left = _polarisation("temperature", t, decay)
    whole = _polarisation("reference", np.asarray(reference, float), decay)
    square = ratio / (2.0 + ratio) * (left / whole) ** 2
    if np.any(square >= 1.0):
        _refuse_polarisation(np.broadcast_to(ratio, square.shape), t, left / whole, square)
    return np.asarray(2.0 * square / (1.0 - square))


def resistance_at_temperature(
    r_p: ArrayLike, temperature: ArrayLike, reference: float = 300.0, smearing: float = 0.0
) -> Floats:
    """R_P [ohm] at `temperature` [K] of a junction with `r_p` [ohm] at `reference` [K].

        R_P(T) proportional to sin(c T)/(c T)

    as electrons above the Fermi level tunnel more easily (R. Stratton, J. Phys. Chem. Solids 23
    (1962) 1177); C. H. Shang et al., Phys. Rev. B 58, R2917 (1998) use it of junctions beside the
    polarisation's law. `smearing` c [1/K], of which `thermal_smearing` has the estimate of a
    barrier; 0 leaves R_P as it is. They broadcast.

    Raises
    ------
    ValueError
        If a temperature is negative, or c T reaches pi, where the law ends.
    """
    t, c = np.asarray(temperature, float), nonnegative("smearing", smearing, "1/K")
    fitting(r_p=r_p, temperature=t)
    spread, there = c * t / np.pi, c * nonnegative("reference", reference, "K") / np.pi
    for name, share, kelvin in (("temperature", spread, t),
                                ("reference", np.asarray(there), np.asarray(reference))):
        wrong = ~((kelvin >= 0) & (share < 1.0))
        if np.any(wrong):
            _, found = first(np.asarray(kelvin, float), wrong)
            raise ValueError(f"{name} [K] is {found:g}; expected 0 or more, and below pi/smearing, "
                             f"{np.pi / max(c, 1e-300):.3g} K, where the law of R_P ends")
    return np.asarray(positive_array("r_p", r_p, "ohm") * np.sinc(spread) / np.sinc(there))


def thermal_smearing(height: ArrayLike, width: ArrayLike) -> Floats:
    """c [1/K] of `resistance_at_temperature`: pi k_B (d/hbar) sqrt(2 m/phi), of a rectangular
    barrier of `height` phi [V] and `width` d [m]; they broadcast. 0.4 V and 1.8 nm: 0.0039, R_P
    falls by 19 % from 300 to 400 K; of 3 V 0.0014, and 2.4 %."""
    fitting(height=height, width=width)
    phi = positive_array("height", height, "V") * elementary_charge
    d = nonnegative_array("width", width, "m")
    return np.asarray(np.pi * Boltzmann * d / hbar * np.sqrt(2.0 * electron_mass / phi))


def _polarisation(name: str, t: Floats, decay: float) -> Floats:
    """P/P0 = 1 - decay T^1.5 [1] at `t` [K], refused where none is left."""
    left = 1.0 - decay * np.where(t >= 0, t, np.inf) ** 1.5  # not a number stays out, too
    if np.any(left <= 0):
        _, found = first(t, left <= 0)
        raise ValueError(f"{name} [K] is {found:g}; expected 0 or more, and below "
                         f"{decay ** (-2 / 3):.0f} K, where the polarisation law ends")
    return np.asarray(left)


def _refuse_polarisation(ratio: Floats, t: Floats, growth: Floats, square: Floats) -> None:
    """An error for the first TMR [1] whose `square` of the polarisation exceeds 1.

    P^2 = TMR/(2 + TMR), times growth^2: it stays below 1 for TMR < 2/(growth^2 - 1).
    """
    _, found = first(ratio, square >= 1.0)
    _, kelvin = first(np.broadcast_to(t, square.shape), square >= 1.0)
    _, share = first(np.broadcast_to(growth, square.shape), square >= 1.0)
    raise ValueError(
        f"tmr [1] is {found:g}; at {kelvin:g} K Julliere's law with the polarisation's T^1.5 would "
        f"take a polarisation above 1; expected a tmr below {2.0 / (share**2 - 1.0):.4g} at the "
        "reference temperature, or a higher temperature")
