"""Read energy of an analog model."""

import keras
import numpy as np

from crossbar.conversion.probe import Inputs, layer_inputs
from crossbar.cost.matrix import matrix_energy
from crossbar.cost.report import EnergyReport
from crossbar.layers.base import AnalogLayer
from crossbar.tiles.matrix import Progress, unseen


def read_energy(model: keras.Model, x: Inputs, progress: Progress = unseen) -> EnergyReport:
    """Energy that reading takes per inference, averaged over inputs `x` (samples, ...).

    Each tile is read once per inference for `hardware.read_time`; amplifiers, drivers' supplies
    and digital adders are not counted. `progress` is called with 1 after each tile.

    Raises
    ------
    ValueError
        If `model` has no analog layer that holds its tiles (a model loaded from a file does not).
    """
    layers = [layer for layer in model.layers if isinstance(layer, AnalogLayer)]
    matrices = [layer.matrix for layer in layers if layer.matrix is not None]
    if not layers or len(matrices) < len(layers):
        raise ValueError(
            f"model {model.name!r} has no programmed crossbars; pass what crossbar.to_analog "
            "returned (a model loaded from a file has lost its tiles: convert it again)"
        )
    seen = layer_inputs(model, x, lambda layer: isinstance(layer, AnalogLayer))
    samples = len(x[0] if isinstance(x, (list, tuple)) else np.asarray(x))
    return EnergyReport(
        {layer.name: matrix_energy(matrix, layer.row_inputs(seen[layer.name]), samples, progress)
         for layer, matrix in zip(layers, matrices, strict=True)},
        samples,
    )
