"""Read energy of an inference, layer by layer and part by part."""

from collections.abc import Mapping
from dataclasses import dataclass

from circuits.solution.power import PARTS
from crossbar.converters import CONVERTERS


@dataclass(frozen=True)
class EnergyReport:
    """Mean read energy of one inference.

    Parameters
    ----------
    layers : mapping
        For each layer the energy [J] of each part: devices, row wires, column wires, drivers and
        sense amplifiers' input resistances, from node voltages; dac and adc where they have bits.
    samples : int
        Number of inputs averaged over.
    """

    layers: Mapping[str, Mapping[str, float]]
    samples: int

    @property
    def split(self) -> dict[str, float]:
        """Energy of each part [J], summed over layers."""
        return {part: sum(layer[part] for layer in self.layers.values())
                for part in PARTS + CONVERTERS}

    @property
    def total(self) -> float:
        """Energy of one inference [J]."""
        return sum(self.split.values())

    def __str__(self) -> str:
        parts = [part for part, energy in self.split.items() if energy > 0]
        rows = [("layer", *parts, "sum")]
        table = {**self.layers, "sum": self.split}
        for name, layer in table.items():
            energies = [*(layer[part] for part in parts), sum(layer.values())]
            rows.append((name, *(f"{energy * 1e12:.4g}" for energy in energies)))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
        return "\n".join(["read energy per inference [pJ]", *lines])
