"""What a write pulse does to a free layer, in logarithms: small chances keep their digits."""

from typing import NamedTuple

import numpy as np

from device_models.checks import Floats

SETTLING = 5e-9  # [s] after a pulse, in its field, in which the laws and `llg` let a state relax


class Outcome(NamedTuple):
    """What a pulse does to a magnet of two states.

    Parameters
    ----------
    still : array
        ln of the probability to sit where it was throughout [1].
    right, wrong : arrays
        ln of the shares of the others that end in the state of the pulse's sign, and in the other
        [1]; the shares do not depend on the state before.
    """

    still: Floats
    right: Floats
    wrong: Floats

    def log_error(self) -> Floats:
        """ln of the probability [1] to be left in the first state."""
        missed = np.logaddexp(self.still, log_one_less_exp(-self.still) + self.wrong)
        return np.asarray(np.minimum(missed, 0.0))

    def probabilities(self) -> tuple[Floats, Floats]:
        """To leave the first state for that of the pulse's sign, and that one for the first [1]."""
        moved = -np.expm1(self.still)
        return (np.asarray(moved * np.exp(np.minimum(self.right, 0.0))),
                np.asarray(moved * np.exp(np.minimum(self.wrong, 0.0))))


def log_one_less_exp(x: Floats) -> Floats:
    """ln(1 - exp(-x)) of `x` [1], zero or more; -inf at zero."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(x > 0.7, np.log1p(-np.exp(-np.maximum(x, 0.7))),
                                   np.log(-np.expm1(-np.minimum(x, 0.7)))))


def balance(wall_out: Floats, wall_back: Floats) -> Floats:
    """ln of the share [1] that Boltzmann's balance of two barriers [1] puts behind `wall_back`."""
    return np.asarray(-np.logaddexp(0.0, wall_out - wall_back))


def settled(log_share: Floats, log_balance: Floats, relaxed: Floats) -> Floats:
    """ln of a state's share [1] once it has relaxed towards its balance.

    exp(-r) of the first share and 1 - exp(-r) of the balance, r = `relaxed` [1]: the time times
    the sum of the rates out and back.
    """
    return np.asarray(np.logaddexp(log_share - relaxed, log_balance + log_one_less_exp(relaxed)))
