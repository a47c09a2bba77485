"""What every kind of free layer has to answer about writing."""

from typing import ClassVar, Protocol

from numpy.typing import ArrayLike

from device_models.checks import Floats
from device_models.magnet.orbits import Thresholds
from device_models.switching.outcome import Outcome
from device_models.switching.pulse import Pulse


class SwitchingLaws(Protocol):
    """The switching laws of one free layer, an object that holds its magnet.

    Arguments come checked: `field` [T] the applied field, signed; `current` [A] of the channel;
    `polarity` +1 or -1 [1], the state it writes, `pulse.written_by`; `temperature` [K]. All
    broadcast.

    Parameters
    ----------
    easy_axis : int
        Which of x, y, z (0, 1, 2).
    edge : float
        Rise and fall of a pulse that the laws assume, in damping times [1].
    """

    easy_axis: ClassVar[int]
    edge: ClassVar[float]

    def helping_field(self, field: Floats, polarity: Floats) -> Floats:
        """The part of the applied field that helps a pulse of `polarity` [T]."""

    def pulse_field(self, polarity: float, assist: float) -> float:
        """The field to apply so that `assist` [T] helps a pulse of `polarity` [T]."""

    def applied_field(self, field: Floats, current: Floats) -> Floats:
        """Flux density along x, y, z during a pulse: (..., 3) [T]."""

    def critical_current(
        self, field: Floats, temperature: ArrayLike, polarity: Floats
    ) -> Floats:
        """Channel current that does away with the first state's barrier [A]."""

    def critical_currents(
        self, field: Floats, temperature: ArrayLike, polarity: Floats
    ) -> Thresholds:
        """Currents [A] at which that state loses its stability, its barrier, and itself at 0 K."""

    def damping_time(self, temperature: ArrayLike) -> Floats:
        """Of small precessions [s]."""

    def easy_axis_field(self, temperature: ArrayLike) -> Floats:
        """mu0 H_k over the lowest way to the other state [T]."""

    def stability(self, temperature: ArrayLike) -> Floats:
        """Delta of that way's barrier [1]."""

    def log_outcome(self, pulse: Pulse) -> Outcome:
        """The chances of `pulse`, in logarithms."""
