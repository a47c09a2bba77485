"""Read energy of an inference, from the solved circuit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import keras
import numpy as np

from circuits import solve_tiles
from circuits.solution.power import PARTS
from crossbar.conversion.probe import Inputs, layer_inputs
from crossbar.layers.dense import AnalogDense
from crossbar.tiles.matrix import Tile, TiledMatrix
from device_models.checks import Floats

CONVERTERS = ("dac", "adc")


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


def read_energy(
    model: keras.Model, x: Inputs, progress: Callable[[int], object] = lambda n: None
) -> EnergyReport:
    """Energy that reading takes per inference, averaged over inputs `x` (samples, ...).

    The power of a linear tile is a quadratic form of its row voltages, so the mean over any
    number of inputs is the sum over the principal components of their second moments: at most
    one solution per row, however many inputs. Each tile is
    read once per inference for `hardware.read_time`; amplifiers, drivers' supplies and digital
    adders are not counted. `progress` is called with 1 after each tile.

    Raises
    ------
    ValueError
        If `model` has no analog layer that holds its tiles (a model loaded from a file does not).
    """
    layers = [layer for layer in model.layers if isinstance(layer, AnalogDense)]
    matrices = [layer.matrix for layer in layers if layer.matrix is not None]
    if not layers or len(matrices) < len(layers):
        raise ValueError(
            f"model {model.name!r} has no programmed crossbars; pass what crossbar.to_analog "
            "returned (a model loaded from a file has lost its tiles: convert it again)"
        )
    seen = layer_inputs(model, x, AnalogDense)
    samples = len(x[0] if isinstance(x, (list, tuple)) else np.asarray(x))
    return EnergyReport(
        {layer.name: matrix_energy(matrix, layer.row_inputs(seen[layer.name]), samples, progress)
         for layer, matrix in zip(layers, matrices, strict=True)},
        samples,
    )


def matrix_energy(
    matrix: TiledMatrix, inputs: Floats, samples: int,
    progress: Callable[[int], object] = lambda n: None,
) -> dict[str, float]:
    """Energy [J] of each part of one layer per inference.

    `inputs` (reads, rows) [1] are fractions of the read voltage; convolutional or repeated use of
    a layer makes several reads a sample.
    """
    hardware = matrix.hardware
    voltages = hardware.read_voltage * inputs
    moments = voltages.T @ voltages / samples
    energy = dict.fromkeys(PARTS + CONVERTERS, 0.0)

    def power(tile: Tile) -> Mapping[str, Floats]:
        components = principal(moments[tile.inputs, tile.inputs])
        return tile.circuit.solve(components).power

    for parts in solve_tiles(power, matrix.tiles):
        for part in PARTS:
            energy[part] += hardware.read_time * float(parts[part].sum())
        progress(1)
    return energy | _converter_energy(matrix, len(inputs) / samples)


def principal(moments: Floats) -> Floats:
    """Inputs (components, n) whose second moments add up to `moments` (n, n)."""
    values, vectors = np.linalg.eigh(moments)
    kept = values > 1e-15 * max(values[-1], 0.0)
    if not kept.any():
        return np.zeros((1, len(moments)))
    return np.asarray((vectors[:, kept] * np.sqrt(values[kept])).T)


def _converter_energy(matrix: TiledMatrix, reads: float) -> dict[str, float]:
    """Energy [J] of the conversions of one inference: each row and column of each tile, once."""
    hardware = matrix.hardware
    rows = sum(tile.circuit.shape[0] for tile in matrix.tiles)
    columns = sum(tile.circuit.shape[1] for tile in matrix.tiles)
    dac = 0.0 if hardware.dac_bits is None else hardware.dac_energy
    adc = 0.0 if hardware.adc_bits is None else (
        hardware.adc_energy_per_step * 2**hardware.adc_bits)
    return {"dac": reads * rows * dac, "adc": reads * columns * adc}
