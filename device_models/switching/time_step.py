"""How long a step of Heun's rule may be: by the turn of the spin, and by its damping."""

import numpy as np

from device_models.checks import positive

TIME_STEP = 1e-12  # [s]; halving it moves no switching probability by more than its own error
_MOST_TURN = 0.5  # rad in a step; beyond, Heun's rule is off and soon unstable
_OF_DAMPING = 0.05  # largest share of the damping that the rule may undo
_GROWTH = 1e-3  # or by how much it may widen a precession in all, where the damping is too small


def steps_of(
    duration: float, dt: float | None, records: int, *, rate: float, damping: float
) -> int:
    """Number of steps of a `duration` [s], a multiple of `records`, none longer than `dt` [s].

    `rate` [rad/s] bounds the precession, `damping` is alpha [1]. A precession of y rad a step
    grows under Heun's rule by the factor sqrt(1 + y^4/4), some y^4/8 a step, where damping takes
    alpha y: the rule undoes y^3/8 of alpha. `dt` None takes 1 ps or as much less as that needs.
    """
    time = positive("duration", duration, "s")
    undone = max(_OF_DAMPING * damping, _GROWTH / (rate * time) if rate else np.inf)
    turn = min(_MOST_TURN, float(np.cbrt(8.0 * undone)))
    most = turn / rate if rate else np.inf
    longest = min(TIME_STEP, most) if dt is None else positive("dt", dt, "s")
    if min(longest, time) > most * (1 + 1e-9):
        raise ValueError(f"dt is {longest:.2g} s, in which the fields may turn the spin by "
                         f"{rate * longest:.2g} rad: the rule is off, or undoes too much of a "
                         f"damping of {damping:g}; expected dt of at most {most:.2g} s, or None, "
                         "which chooses it")
    return records * max(1, int(np.ceil(time / longest / records - 1e-9)))
