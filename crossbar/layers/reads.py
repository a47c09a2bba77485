"""Reads of a product's circuits in the midst of a network."""

import numpy as np
from keras import ops

from crossbar.hardware import Hardware
from crossbar.imperfections import Chance
from crossbar.layers.outside import outside
from crossbar.layers.periphery import decoded
from crossbar.layers.states import states_of
from crossbar.layers.untyped import Shape, Tensor
from crossbar.tiles.matrix import TiledMatrix, Wanted
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
        self._held: tuple[Floats, ...] | None = None
        self._readers: tuple[MatrixReader, ...] = ()
        self.fresh()

    def fresh(self) -> None:
        """Begin again with the noise."""
        self._rng = Chance.of_layer(self.hardware.seed, self.place).of(_NOISE)

    def readers(self, devices: Tensor, *written: Tensor) -> tuple[MatrixReader, ...]:
        """Of each matrix; `devices` and what was `written` are what the variables hold."""
        held = tuple(map(ops.convert_to_numpy, (devices, *written)))
        if self._held is None or not all(map(np.array_equal, held, self._held)):
            self._readers = tuple(map(MatrixReader, self.rewritten(*held)))
            self._held = tuple(each.copy() for each in held)
        return self._readers

    def rewritten(self, devices: Tensor, *written: Tensor) -> tuple[TiledMatrix, ...]:
        """The programmed tiles with all that is known of their devices, drawn again.

        What was `written` are the wanted weights, or the states that were given.

        Raises ValueError if they are not the devices that the variables hold.
        """
        conductances = decoded(devices)
        if not conductances.any():
            raise ValueError(nothing_in(self.layer))
        made = TiledMatrix.write(wanted_of(self.hardware, *written), self.hardware, self.place)
        for held, matrix in zip(conductances, made, strict=True):
            if not np.allclose(held, matrix.conductance, rtol=1e-9, atol=0.0):
                raise ValueError(
                    f"layer {self.layer!r} holds other devices than its hardware and seed make of "
                    "its weights: it was written by another version, or changed since; convert the "
                    "model again")
        return made

    def currents(self, x: Tensor, reach: float, *held: Tensor) -> Tensor:
        """Currents per unit input of rows `x` (..., groups, rows), as the circuits have them: (...,
        groups, rows of tiles, converters) [S]; `reach` is the input at full read voltage, `held`
        are the variables of `readers`."""
        def read(rows: Floats, *held: Floats) -> Floats:
            if not np.isfinite(rows).all():
                raise ValueError(f"layer {self.layer!r} has inputs that are not finite: look for "
                                 "such numbers in the model's inputs")
            return np.stack([reach * reader.currents(rows[:, group] / reach, self._rng)
                             for group, reader in enumerate(self.readers(*held))], axis=1)

        return outside(read, x, (x.shape[-2], *self.converted), *held)


def wanted_of(hardware: Hardware, written: Tensor, *given: Tensor) -> Wanted:
    """What devices were to be, whatever the chip: as wanted weights, or states that were given,
    make them."""
    return states_of(written, *given) if given else Wanted.of(decoded(written), hardware)


def nothing_in(layer: str) -> str:
    """What is wrong with a layer whose devices are not programmed."""
    return (f"layer {layer!r} has no programmed devices: its model was cloned, or made of "
            "a configuration; give it the weights of the model that it is like: set_weights()")
