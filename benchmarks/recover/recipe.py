"""How a network is trained in the states of its devices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """What a training depends on, besides network, hardware, images and seed.

    Adam with a linear warm-up and a cosine down to nothing. Each image is shifted by up to `shift`
    pixels at random, each time it is seen.

    Parameters
    ----------
    epochs, batch_size : int
        Passes over the images, images per step.
    learning_rate : float
        Of Adam, at its highest [1].
    warm_up : int
        Steps until then.
    shift : int
        Pixels, in either direction.
    renew : int
        Steps between solutions of the circuits.
    chips : int
        Drawn at each renewal, see `crossbar.hardware_aware`.
    """

    epochs: int = 12
    batch_size: int = 128
    learning_rate: float = 4e-3
    warm_up: int = 100
    shift: int = 1
    renew: int = 200
    chips: int = 0

    def steps(self, images: int) -> int:
        """All of them."""
        return self.epochs * -(-images // self.batch_size)
