"""Read energy of an inference: by layer, tile and part, and over the inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crossbar.cost.parts import ARRAY, EVERY, PERIPHERY, Parts, added
from crossbar.cost.periphery import Periphery
from crossbar.tables import aligned


@dataclass(frozen=True)
class TileEnergy:
    """Mean energy of one physical array and its converters in an inference.

    Parameters
    ----------
    product, matrix, array : int
        Which product of the layer, which of its matrices side by side, which array of it, counted
        row by row of tiles.
    number : (int, int)
        Row and column of tiles.
    parts : mapping
        Energy of each part [J]; what is done in numbers for the whole layer is not among them.
    """

    product: int
    matrix: int
    array: int
    number: tuple[int, int]
    parts: Parts

    @property
    def total(self) -> float:
        """[J]."""
        return sum(self.parts.values())


@dataclass(frozen=True)
class EnergyReport:
    """Read energy of one inference, mean over inputs.

    Parameters
    ----------
    layers : mapping
        For each layer the energy [J] of each part, see `crossbar.cost.parts`.
    samples : int
        Number of inputs averaged over.
    tiles : mapping
        For each layer its arrays.
    images : tuple of float
        Energy [J] that the arrays' sources deliver for each input, in their order; empty where it
        is not known which read belongs to which input. Where devices are nonlinear, that of their
        conductances at the read voltage times what all inputs take beyond that.
    surroundings : Periphery
        What the periphery was taken to be.
    digital : tuple of str
        Layers without crossbars, whose arithmetic is not counted, and others with what they
        multiply beside theirs, which is not either.
    """

    layers: Mapping[str, Parts]
    samples: int
    tiles: Mapping[str, Sequence[TileEnergy]]
    images: tuple[float, ...]
    surroundings: Periphery
    digital: tuple[str, ...] = ()

    @property
    def split(self) -> dict[str, float]:
        """Energy of each part [J], summed over layers."""
        return added(self.layers.values())

    @property
    def array(self) -> float:
        """Energy that the arrays' sources deliver [J]: junctions, channels, wires and ends."""
        return sum(self.split[part] for part in ARRAY)

    @property
    def periphery(self) -> float:
        """Energy of everything around the arrays [J]."""
        return sum(self.split[part] for part in PERIPHERY)

    @property
    def total(self) -> float:
        """Energy of one inference [J], array and periphery."""
        return sum(self.split.values())

    @property
    def peak(self) -> float:
        """Array energy of the input that takes most [J]; NaN if not known."""
        return max(self.images, default=float("nan"))

    def quantiles(self, shares: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)
                  ) -> dict[float, float]:
        """Array energies [J] that these shares of the inputs stay below; NaN if not known."""
        if not self.images:
            return dict.fromkeys(shares, float("nan"))
        return dict(zip(shares, np.quantile(self.images, shares).tolist(), strict=True))

    def __str__(self) -> str:
        parts = [part for part in EVERY if self.split[part] > 0]
        table = {**self.layers, "sum": self.split}
        rows = [("[pJ]", *table)]
        for part in parts:
            rows.append((part, *(f"{layer[part] * 1e12:.4g}" for layer in table.values())))
        for name, of in (("array", ARRAY), ("periphery", PERIPHERY), ("total", EVERY)):
            rows.append((name, *(f"{sum(layer[part] for part in of) * 1e12:.4g}"
                                 for layer in table.values())))
        return "\n".join([f"read energy per inference, mean of {self.samples} inputs",
                          *aligned(rows)])
