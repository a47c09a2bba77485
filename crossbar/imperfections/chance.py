"""Where a chip's chance comes from: a seed, and a place on the chip."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Chance:
    """Random numbers of one place on the chip `seed`.

    They depend on the seed, the layer's name, the tile and the effect that draws them, and on
    nothing else: no other layer, batch, thread or effect changes them.

    Parameters
    ----------
    seed : int
        The chip.
    place : tuple of int
        Layer, matrix and tile.
    """

    seed: int
    place: tuple[int, ...] = ()

    @classmethod
    def of_layer(cls, seed: int, name: str) -> "Chance":
        """That of a layer of the network, by its name."""
        digest = hashlib.sha256(name.encode()).digest()
        return cls(seed, (int.from_bytes(digest[:8], "little"),))

    def at(self, *where: int) -> "Chance":
        """That of a place within this one."""
        return replace(self, place=(*self.place, *where))

    def of(self, stream: int) -> np.random.Generator:
        """What the effect number `stream` draws from here, from its beginning."""
        return np.random.default_rng([self.seed, stream, *self.place])
