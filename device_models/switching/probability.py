"""When a write pulse switches a cell: probability, write error, return.

Fields are flux densities mu0 H [T]. A positive voltage writes AP, a negative one P [P §B, §D]. What
`field` means is the free layer's own:

- of a `Magnet` (in-plane) it lies along the easy axis and drives to its own sign: positive to AP,
  negative to P. It turns with the pulse;
- of a `PerpendicularMagnet` it lies in the plane, along the current, and drives nowhere by itself:
  positive, it lets pulses of either sign write as above; negative, it reverses both; at zero the
  outcome of a strong pulse is a coin toss. It stays while the pulse changes sign.

The type of the magnet chooses its laws: `kinds`.
"""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats
from device_models.magnet.free_layer import FreeLayer
from device_models.switching.kinds import laws_of
from device_models.switching.outcome import Outcome
from device_models.switching.pulse import Pulse


def pulse_outcome(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0, edge: ArrayLike | None = None,
) -> Outcome:
    """The logarithms of all chances; arguments as in `switching_probability`."""
    return laws_of(magnet).log_outcome(Pulse.of(
        voltage, pulse, field, temperature, spread, edge, magnet=magnet))


def switching_probability(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0, edge: ArrayLike | None = None,
) -> Floats:
    """Probability [1] that a pulse switches the cell, which starts in the other state.

    `voltage` across the channel [V]: positive (and zero) P to AP, negative AP to P; `pulse` [s];
    applied `field` [T], signed; `temperature` [K]; `spread` [1] multiplies this cell's critical
    current; `edge` [s] of a linear rise before the pulse and a fall after it, None what the law
    assumes: none in the plane, 20 damping times out of it. All broadcast.

    In-plane: with H the helping field, offset and Oersted's included, the barrier is
    Delta (1 - H/H_k)^2 and i = I/(spread I_c0(H)); then 1 - exp(`log_survival`). Perpendicular:
    Neel and Brown's rates over `effective_barrier`, out of the first state and back into it, and
    `perpendicular.final_state` where a torque holds it along y.
    Both: without current the wells are in Boltzmann's balance, and after the pulse the state has
    to last 5 ns (and a fall of 20 tau_D, perpendicular) in the field that stays.

    Bounds: edges and a field-like torque for which a law does not hold are refused (in the plane
    edges above the pulse's width; out of it ones that leave ringing, `perpendicular.final_state`,
    and a negative `field_like`). Out of the plane a field-like torque raises the voltage of even
    odds, by 4 to 8 % at 0.3 (`llg`), which the law leaves out. In-plane the law holds for 10 to
    200 ns; at 1 ns the voltage of even odds is some 18 % too low against `llg` (at 6 mT, 2/3 V:
    0.19 and 0.80, `llg` 0.03 and 0.53). Perpendicular it leaves out the ringing after the pulse:
    see `write_error_rate`.
    """
    return pulse_probabilities(magnet, voltage, pulse, field, temperature, spread, edge)[0]


def write_error_rate(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0, edge: ArrayLike | None = None,
) -> Floats:
    """Probability [1] that a pulse does not switch, its law's digits kept when tiny.

    Of a perpendicular layer it is a lower bound: after the pulse the moment rings, and may end in
    the wrong state, which the law leaves out. With alpha = 0.027 and edges of 20 tau_D `llg` finds
    errors of 0.038-0.080, 0.018-0.055 and 0.008-0.033 at h = 0.023, 0.046, 0.092 and 1.2 to 2 V_c,
    where the law has 1e-12 and less; only slower edges come near it. Arguments as in
    `switching_probability`.
    """
    return np.asarray(np.exp(
        pulse_outcome(magnet, voltage, pulse, field, temperature, spread, edge).log_error()))


def return_probability(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0, edge: ArrayLike | None = None,
) -> Floats:
    """Probability [1] that a pulse turns a cell away that is already in the state it writes.

    None in the plane; out of it one half for a strong pulse without field. Arguments as in
    `switching_probability`.
    """
    return pulse_probabilities(magnet, voltage, pulse, field, temperature, spread, edge)[1]


def pulse_probabilities(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0, edge: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    """`switching_probability` and `return_probability` at the price of one."""
    return pulse_outcome(magnet, voltage, pulse, field, temperature, spread, edge).probabilities()
