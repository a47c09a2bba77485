"""What the digital side makes of a difference of conductance: the gain behind the columns."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from device_models import Synapse
from device_models.checks import Floats, positive


class Gain(Protocol):
    """How many weight units a siemens counts when currents are read."""

    def weight_per_siemens(
        self, scale: float | Floats, synapse: Synapse, v: float
    ) -> float | Floats:
        """The gain [1/S] of a layer whose states were chosen at `scale` [1/S]; above zero.

        One number, or (outputs,), as `scale` is; one gain for all outputs is one number. `v` is the
        read voltage [V].
        """


@dataclass(frozen=True)
class Renormalised:
    """The scale of programming undone: a level counts as the weight it was chosen for.

    Behind access transistors the `scale` it is given is that of the swing they leave.
    It takes a gain of its own for every layer, stack and number of cells.
    """

    def weight_per_siemens(
        self, scale: float | Floats, synapse: Synapse, v: float
    ) -> float | Floats:
        return scale


@dataclass(frozen=True)
class ConductanceSwing:
    """One gain for all layers and devices: so many weight units per antiparallel cell.

    What is read then grows with TMR and cells: a state k of n cells about the middle state counts
    `weight` (k - n/2) TMR, TMR being that at the read voltage. One cell is the lowest state over
    the number of steps, which holds for equal cells and for areas 1:2:4, not for others; of a
    continuous synapse it is all of the lowest conductance. Of a weight in slices it is a cell of
    the lowest one: those above count their powers of the base more.

    Parameters
    ----------
    weight : float
        Of the conductance of one antiparallel cell [1].
    """

    weight: float = 0.7

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", positive("weight", self.weight, "1"))

    def weight_per_siemens(self, scale: float | Floats, synapse: Synapse, v: float) -> float:
        g = synapse.conductances(v)
        return float(self.weight * (len(g) - 1) / g[0])


@dataclass(frozen=True)
class ReadBack:
    """What was written is read out, device by device, and the gain fitted to it.

    That of each output (or of the whole layer) with which the devices as they are come nearest to
    the weights that were wanted, in the least squares; wires are not in it. Where nothing went
    wrong it is `Renormalised`.

    Parameters
    ----------
    per_output : bool
        Whether each output has a gain of its own.
    """

    per_output: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.per_output, bool):
            raise TypeError(f"per_output is {self.per_output!r}; expected True or False")

    def weight_per_siemens(
        self, scale: float | Floats, synapse: Synapse, v: float
    ) -> float | Floats:
        return scale

    def corrected(self, scale: float | Floats, wanted: Floats, real: Floats) -> float | Floats:
        """The gain [1/S] for differences (..., inputs, outputs) that were `wanted` and are `real`
        [S]; outputs that hold nothing, or the opposite of what was wanted, keep `scale`."""
        axes = tuple(range(wanted.ndim - 1)) if self.per_output else None
        along, size = np.sum(wanted * real, axis=axes), np.sum(real * real, axis=axes)
        useful = along > 0
        return scale * np.where(useful, along / np.where(useful, size, 1.0), 1.0)
