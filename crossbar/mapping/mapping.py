"""What every mapping does: signed weights become conductances, column currents signed results."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from crossbar.mapping.levels import Levels
from device_models import Synapse
from device_models.checks import Floats


class Mapping(ABC):
    """A way to hold signed weights in devices whose conductance is positive.

    A tile holds the outputs that fit into one physical array, or into several that are read against
    each other; its columns are counted through all of them. Between columns and results stand
    converters: what is in front of them (`sensed`) happens in currents, what is behind (`decoder`)
    in numbers.
    """

    @abstractmethod
    def outputs_per_tile(self, columns: int) -> int:
        """How many outputs fit into a tile of arrays with `columns` physical columns; 0 if none."""

    @abstractmethod
    def columns(self, outputs: int) -> int:
        """How many physical columns `outputs` outputs of one tile take, in all of its arrays."""

    @abstractmethod
    def levels(self, synapse: Synapse, v: float) -> Levels:
        """The signed differences a weight can take, at read voltage `v` [V]."""

    @abstractmethod
    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        """Programmed devices (rows, columns) [S] for differences (rows, outputs) [S]."""

    @abstractmethod
    def decoder(self, outputs: int) -> Floats:
        """Matrix (converters, outputs) [1] from what converters read to signed results."""

    def fitted(self, synapse: Synapse, v: float) -> "Mapping":
        """The mapping as it is on `synapse` at read voltage `v` [V], where that decides anything.

        It equals the one it is made of, and may be fitted again.
        """
        return self

    def moved(self, difference: Floats, alone: Synapse, series: Synapse, v: float) -> Floats:
        """Programmed devices (rows, columns) of `series` [S], for differences (rows, outputs) [S].

        `series` is the synapse `alone` with something in series, by which its levels are moved:
        each difference is a level of `alone`, and made by the level of `series` that it becomes.
        What is continuous is set evenly between.
        """
        levels, moved = (self.levels(each, v).values for each in (alone, series))
        return self.conductances(np.interp(difference, levels, moved), series, v)

    def arrays(self, outputs: int) -> list[slice]:
        """The columns of each physical array of a tile: one array, unless a mapping says more."""
        return [slice(0, self.columns(outputs))]

    def sensed(self, outputs: int) -> Floats | None:
        """Matrix (columns, converters) [1] from column currents to what is converted.

        None, which is the default, for a converter to each column.
        """
        return None

    def trimmed(self, outputs: int) -> NDArray[np.bool_]:
        """Which columns (columns,) are trimmed resistors and no devices: none by default."""
        return np.zeros(self.columns(outputs), bool)

    def converters(self, outputs: int) -> int:
        """How many currents of a tile are converted."""
        sensed = self.sensed(outputs)
        return self.columns(outputs) if sensed is None else sensed.shape[1]

    def results(self, outputs: int) -> Floats:
        """Matrix (columns, outputs) [1] from column currents to signed results, converters ideal.
        """
        sensed, decoder = self.sensed(outputs), self.decoder(outputs)
        return decoder if sensed is None else np.asarray(sensed @ decoder)
