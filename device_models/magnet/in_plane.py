"""The free layer whose easy axis lies in the plane, across the write channel."""

from dataclasses import dataclass
from functools import lru_cache

from scipy.constants import mu_0

from device_models.magnet.demagnetisation import demagnetising_factors
from device_models.magnet.easy_axis import EasyAxisError
from device_models.magnet.free_layer import FreeLayer


@dataclass(frozen=True, kw_only=True)
class Magnet(FreeLayer):
    """An in-plane free layer, an ellipse with its easy (long) axis across the write channel.

    Parameters are those of `FreeLayer`, and

    oersted : float
        Weight of the write current's own field mu0 I/(2 w) [1], -1 to 1. Above its channel, 1, it
        lies along the spins of a positive spin Hall angle, and helps, and against those of a
        negative one; -1 is below the channel. Smaller ones are of narrow channels; 0, the default,
        leaves it out.
    """

    oersted: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set_number("oersted", "1")
        if abs(self.oersted) > 1:
            raise ValueError(f"oersted is {self.oersted:g}; expected -1 (below the channel) to 1 "
                             "(above it)")

    @property
    def hard_fields(self) -> tuple[float, float]:
        """What holds the layer back from the short axis x and from the normal z at 300 K [T].

        mu0 M_s (N_x - N_y) and mu0 M_s (N_z - N_y) - 2 K_s/(M_s t) of the elliptic cylinder; a
        measured `anisotropy_field` is the first, and moves the second as much. EasyAxisError where
        the layer stands out of the plane.
        """
        across, out = _shape_fields(self.saturation_magnetisation, self.interface_anisotropy,
                                    self.length, self.width, self.thickness)
        if self.anisotropy_field is not None:
            across, out = self.anisotropy_field, out - across + self.anisotropy_field
        if out <= 0:
            raise EasyAxisError(
                f"the field out of the plane is {out * 1e3:.3g} mT at {self.thickness * 1e9:g} nm: "
                "the free layer stands out of the plane; an in-plane one needs a thicker layer or "
                "a smaller interface_anisotropy (one that stands is a PerpendicularMagnet)")
        return across, out


@lru_cache(maxsize=4096)
def _shape_fields(
    ms: float, k_s: float, length: float, width: float, thickness: float
) -> tuple[float, float]:
    n_long, n_short, n_thick = demagnetising_factors(length, width, thickness)
    return (float(mu_0 * ms * (n_short - n_long)),
            float(mu_0 * ms * (n_thick - n_long) - 2.0 * k_s / (ms * thickness)))
