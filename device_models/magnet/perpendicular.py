"""The free layer that stands out of the plane: its anisotropy field, energy barrier and type."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import mu_0

from device_models.checks import Floats, nonnegative_array
from device_models.magnet.demagnetisation import demagnetising_factors
from device_models.magnet.easy_axis import EasyAxisError
from device_models.magnet.free_layer import FreeLayer


def perpendicular_anisotropy_fields(
    ms: ArrayLike, k_s: ArrayLike, length: ArrayLike, width: ArrayLike, thickness: ArrayLike
) -> tuple[Floats, Floats]:
    """Fields [T] that hold a perpendicular layer back from its (short, long) axis.

        mu0 H_k = 2 K_s/(M_s t) - mu0 M_s (N_z - N),   N of that axis of the elliptic cylinder

    `ms` [A/m], `k_s` [J/m^2], sizes [m], all broadcast. Below zero the layer lies in the plane
    [T: M. T. Johnson et al., Rep. Prog. Phys. 59 (1996) 1409, with the factors of the true shape].
    """
    n_long, n_short, n_thick = demagnetising_factors(length, width, thickness)
    m, t = nonnegative_array("ms", ms, "A/m"), np.asarray(thickness, float)
    surface = 2.0 * nonnegative_array("k_s", k_s, "J/m^2") / (m * t)
    short, long = (np.asarray(surface - mu_0 * m * (n_thick - n)) for n in (n_short, n_long))
    return short, long


@dataclass(frozen=True, kw_only=True)
class PerpendicularMagnet(FreeLayer):
    """A free layer, circle or ellipse, whose easy axis is the normal z of the film.

    Parameters are those of `FreeLayer`; `coercive_field` and `offset_field` are along z. The
    assist field of a write is not: it lies in the plane, along the current. Refused where
    2 K_s/(M_s t) does not exceed the demagnetising field.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.anisotropy_fields[1] <= 0:
            raise EasyAxisError(
                f"mu0 H_k is {self.anisotropy_fields[1] * 1e3:.3g} mT at "
                f"{self.thickness * 1e9:g} nm: the free layer lies in the plane; a perpendicular "
                "one needs a thinner layer or a larger interface_anisotropy (an in-plane one is "
                "a Magnet)")

    @property
    def anisotropy_fields(self) -> tuple[float, float]:
        """mu0 H_k against tilting to x (short axis) and to y (long axis), at 300 K [T].

        A measured `anisotropy_field` is that of the long axis, the lower one; the shape adds what
        the short one has more.
        """
        short, long = perpendicular_anisotropy_fields(
            self.saturation_magnetisation, self.interface_anisotropy, self.length, self.width,
            self.thickness)
        if self.anisotropy_field is not None:
            return float(short - long) + self.anisotropy_field, self.anisotropy_field
        return float(short), float(long)

    @property
    def hard_fields(self) -> tuple[float, float]:
        """`anisotropy_fields`, by the name they have of every free layer."""
        return self.anisotropy_fields
