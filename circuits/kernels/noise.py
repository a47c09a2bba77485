"""Shot, thermal and 1/f noise of many junctions under many inputs, in one pass.

A junction at the voltage v has 4 k T g x coth x with g = i/v and x = e v/2kT (see
`device_models.junction.current_noise_density`), and 1/f noise in proportion to i^2.
"""

import math

from circuits.kernels.blas import multiply, multiply_bt
from device_models.compiled import compiled

_LOW_BIAS = 1e-6  # x below which i/v is the conductance at no bias: x coth x is 1 to 3e-13
_SERIES = 0.05  # x below which 1 - exp(-2x) would lose digits
_HIGH_BIAS = 300.0  # x from which coth x is 1


@compiled
def growth(x):
    """x coth x for x >= 0."""
    if x > _HIGH_BIAS:
        return x
    if x > _SERIES:
        e = math.exp(-2.0 * x)
        return x * ((1.0 + e) / (1.0 - e))
    y = x * x
    return 1.0 + y * (1 / 3 - y * (1 / 45 - y * (2 / 945 - y * (1 / 4725 - y * (2 / 93555)))))


@compiled
def linear_powers(v, a, thermal, flicker, scale, out):
    """out (few, devices) [A^2] for row voltages `v` (few, m) [V].

    `a` (m, devices) are the devices' voltages per volt, `thermal` [A^2] and `flicker` [A^2/V^2]
    (devices,) their noise at no bias and its rise with the square of the voltage, `scale` is
    e/2kT [1/V].
    """
    multiply(v, a, out, 1.0, 0.0)
    for b in range(out.shape[0]):
        for d in range(out.shape[1]):
            x = out[b, d]
            out[b, d] = thermal[d] * growth(scale * abs(x)) + flicker[d] * x * x


@compiled
def powers(v, i, conductance, flicker, kt, scale, out):
    """out (few, devices) [A^2] for voltages `v` and currents `i` (devices, few); whether all flow
    with their voltage.

    `conductance` (devices,) [S] is that at no bias, `flicker` (devices,) [1] the 1/f noise by the
    square of the current, `kt` is 4 k T B [W].
    """
    right = True
    for d in range(v.shape[0]):
        for b in range(v.shape[1]):
            x, g = scale * abs(v[d, b]), conductance[d]
            if x >= _LOW_BIAS:
                g = i[d, b] / v[d, b]
                right = right and g >= 0.0
            out[b, d] = kt * g * growth(x) + flicker[d] * i[d, b] * i[d, b]
    return right


@compiled
def add_up(values, weights, out):
    """out (few, columns) = values (few, devices) @ weights (columns, devices).T"""
    multiply_bt(values, weights, out, 1.0, 0.0)
