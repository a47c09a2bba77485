"""Reads of a product's circuits in the midst of a network."""

import numpy as np
from keras import ops

from crossbar.hardware import Hardware
from crossbar.imperfections import Chance
from crossbar.layers.outside import outside
from crossbar.layers.periphery import decoded
from crossbar.layers.untyped import Shape, Tensor
from crossbar.tiles.matrix import TiledMatrix
from crossbar.tiles.reading import MatrixReader
from device_models.checks import Floats

_NOISE = 7  # stream of what reads draw


class CircuitReads:
    """What reads the circuits of a product's matrices.

    Devices are written again as they were, since variables hold their conductance at one voltage
    only; and again whenever the variables hold others.

    Parameters
    ----------
    hardware : Hardware
        Of the product.
    layer, place : str
        Its names, for errors and for the chip.
    currents : (int, int)
        What is converted of each matrix: rows of tiles, currents of each.
    """

    def __init__(self, hardware: Hardware, layer: str, place: str, currents: Shape) -> None:
        self.hardware, self.layer, self.place = hardware, layer, place
        self.converted = tuple(currents)
        self._held: tuple[Floats, Floats] | None = None
        self._readers: tuple[MatrixReader, ...] = ()
        self.fresh()

    def fresh(self) -> None:
        """Begin again with the noise."""
        self._rng = Chance.of_layer(self.hardware.seed, self.place).of(_NOISE)

    def readers(self, wanted: Tensor, devices: Tensor) -> tuple[MatrixReader, ...]:
        """Of each matrix; `wanted` and `devices` are what the variables hold."""
        held = ops.convert_to_numpy(wanted), ops.convert_to_numpy(devices)
        if self._held is None or not all(map(np.array_equal, held, self._held)):
            self._readers = tuple(map(MatrixReader, self.rewritten(*held)))
            self._held = held[0].copy(), held[1].copy()
        return self._readers

    def rewritten(self, wanted: Tensor, devices: Tensor) -> tuple[TiledMatrix, ...]:
        """The programmed tiles with all that is known of their devices, drawn again.

        Raises ValueError if they are not the devices that the variables hold.
        """
        conductances = decoded(devices)
        if not conductances.any():
            raise ValueError(nothing_in(self.layer))
        made = TiledMatrix.program_groups(decoded(wanted), self.hardware, self.place)
        for held, matrix in zip(conductances, made, strict=True):
            if not np.allclose(held, matrix.conductance, rtol=1e-9, atol=0.0):
                raise ValueError(
                    f"layer {self.layer!r} holds other devices than its hardware and seed make of "
                    "its weights: it was written by another version, or changed since; convert the "
                    "model again")
        return made

    def currents(self, x: Tensor, reach: float, wanted: Tensor, devices: Tensor) -> Tensor:
        """Currents per unit input of rows `x` (..., groups, rows), as the circuits have them: (...,
        groups, rows of tiles, converters) [S]; `reach` is the input at full read voltage."""
        def read(rows: Floats, *held: Floats) -> Floats:
            if not np.isfinite(rows).all():
                raise ValueError(f"layer {self.layer!r} has inputs that are not finite: look for "
                                 "such numbers in the model's inputs")
            return np.stack([reach * reader.currents(rows[:, group] / reach, self._rng)
                             for group, reader in enumerate(self.readers(*held))], axis=1)

        return outside(read, x, (x.shape[-2], *self.converted), wanted, devices)


def nothing_in(layer: str) -> str:
    """What is wrong with a layer whose devices are not programmed."""
    return (f"layer {layer!r} has no programmed devices: its model was cloned, or made of "
            "a configuration; give it the weights of the model that it is like: set_weights()")
