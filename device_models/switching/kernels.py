"""Compiled steps of the macrospin: random numbers of each trajectory's own, and Heun's rule."""

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats
from device_models.compiled import compiled

Words = NDArray[np.uint64]


@partial(compiled, inline="always")
def _rotate(x: np.uint64, left: np.uint64) -> np.uint64:
    return (x << left) | (x >> (np.uint64(64) - left))


@compiled
def uniform(state: Words) -> float:
    """The next number in (-1, 1) of xoshiro256++ [D. Blackman, S. Vigna, 2021]; `state` (4,)."""
    total = _rotate(state[0] + state[3], np.uint64(23)) + state[0]
    shifted = state[1] << np.uint64(17)
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = _rotate(state[3], np.uint64(45))
    number: float = ((total >> np.uint64(11)) + 0.5) * 2.0**-52 - 1.0
    return number


@compiled
def normal_pair(state: Words) -> tuple[float, float]:
    """Two independent standard normal numbers, by Marsaglia's polar method."""
    while True:
        a, b = uniform(state), uniform(state)
        square = a * a + b * b
        if square < 1.0:
            scale = math.sqrt(-2.0 * math.log(square) / square)
            return a * scale, b * scale


@partial(compiled, inline="always")
def slope(
    x: float, y: float, z: float, bx: float, by: float, bz: float,
    kx: float, ky: float, kz: float, spin: float, alpha: float,
) -> tuple[float, float, float]:
    """-(m x B + alpha m x (m x B)) [T], B = b - k m + spin (m x y).

    `b` [T] external, `k` [T] diagonal anisotropy, `spin` [T] damping-like torque towards +y.
    """
    fx = bx - kx * x - spin * z
    fy = by - ky * y
    fz = bz - kz * z + spin * x
    cx, cy, cz = y * fz - z * fy, z * fx - x * fz, x * fy - y * fx
    return (-cx - alpha * (y * cz - z * cy),
            -cy - alpha * (z * cx - x * cz),
            -cz - alpha * (x * cy - y * cx))


@partial(compiled, error_model="numpy")
def advance(
    m: Floats, state: Words, field: Floats, spin: Floats, k: Floats, noise: float, alpha: float,
    phase: float, steps: int, stride: int, record: Floats,
) -> None:
    """Heun's rule (Stratonovich) for trajectories m (n, 3), which are overwritten.

    `state` (n, 4) random words; `field` (n, 3) and `spin` (n,) [T]; `k` (3,) [T]; `noise` [T]
    standard deviation of the thermal field in a step; `phase` = gamma dt/(1 + alpha^2) [1/T].
    Every `stride` steps m is written to `record` (n, steps // stride, 3).
    """
    kx, ky, kz = k[0], k[1], k[2]
    for i in range(m.shape[0]):
        x, y, z = m[i, 0], m[i, 1], m[i, 2]
        words, torque = state[i], spin[i]
        spare, have = 0.0, False
        bx, by, bz = field[i, 0], field[i, 1], field[i, 2]
        for step in range(steps):
            if noise > 0.0:
                first, second = normal_pair(words)
                if have:
                    third = spare
                else:
                    third, spare = normal_pair(words)
                have = not have
                bx = field[i, 0] + noise * first
                by = field[i, 1] + noise * second
                bz = field[i, 2] + noise * third
            ax, ay, az = slope(x, y, z, bx, by, bz, kx, ky, kz, torque, alpha)
            px, py, pz = x + phase * ax, y + phase * ay, z + phase * az
            ex, ey, ez = slope(px, py, pz, bx, by, bz, kx, ky, kz, torque, alpha)
            x += 0.5 * phase * (ax + ex)
            y += 0.5 * phase * (ay + ey)
            z += 0.5 * phase * (az + ez)
            scale = 1.0 / math.sqrt(x * x + y * y + z * z)
            x, y, z = x * scale, y * scale, z * scale
            if (step + 1) % stride == 0:
                at = (step + 1) // stride - 1
                record[i, at, 0], record[i, at, 1], record[i, at, 2] = x, y, z
        m[i, 0], m[i, 1], m[i, 2] = x, y, z
