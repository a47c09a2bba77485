"""What the magnetic laws need to know of any free layer and of the channel under it."""

import math
from dataclasses import dataclass, replace
from typing import Self

from numpy.typing import ArrayLike
from scipy.constants import physical_constants

from device_models.checks import Floats, nonnegative, positive, real_array
from device_models.magnet.magnetisation import saturation_magnetisation

GYROMAGNETIC = physical_constants["electron gyromag. ratio"][0]  # [rad/(s T)]
ATTEMPT_TIME = 1e-9  # tau0 [s] of Neel and Brown's law [T]
CURIE_TEMPERATURE, MAGNETISATION_EXPONENT = 1420.0, 0.4  # [K], [1] of CoFeB [S: fits to films]

_POSITIVE = (
    ("saturation_magnetisation", "A/m"), ("damping", "1"), ("spin_hall_angle", "1"),
    ("thickness", "m"), ("length", "m"), ("width", "m"), ("coercive_field", "T"),
    ("channel_width", "m"), ("channel_thickness", "m"), ("channel_resistance", "ohm"),
    ("curie_temperature", "K"), ("magnetisation_exponent", "1"),
)


@dataclass(frozen=True, kw_only=True)
class FreeLayer:
    """An elliptic free layer over a write channel, its long axis across the current.

    x is along the current, y across it, z out of the plane. Fields are flux densities mu0 H [T]
    throughout. Every argument is one number, given by name. Which way the layer points without a
    current is what `Magnet` (y) and `PerpendicularMagnet` (z) add.

    Parameters
    ----------
    saturation_magnetisation : float
        M_s at 300 K [A/m].
    interface_anisotropy : float
        K_s, perpendicular, per area [J/m^2]; zero or more.
    damping : float
        Gilbert damping alpha [1].
    spin_hall_angle : float
        Damping-like spin torque per charge current density, theta_SH > 0 [1].
    thickness, length, width : float
        Free layer, long axis (y) and short axis (x) [m]; `width` may not exceed `length`.
    coercive_field : float
        mu0 H_c of the patterned device in a slow sweep along the easy axis [T].
    channel_width, channel_thickness : float
        Cross-section of the write channel, across the current [m].
    channel_resistance : float
        Resistance between the write terminals, of everything in series [ohm].
    field_like : float
        beta, field-like over damping-like torque [1], either sign: a positive one acts as a field
        along the spins, on +y for a positive current.
    offset_field : float
        mu0 H_off, which adds to every applied easy-axis field's threshold [T]; either sign.
    curie_temperature, magnetisation_exponent : float
        M_s(T) ~ (1 - T/curie_temperature)^magnetisation_exponent [K], [1]; those of CoFeB films if
        not given, and without effect at 300 K.
    """

    saturation_magnetisation: float
    interface_anisotropy: float
    damping: float
    spin_hall_angle: float
    thickness: float
    length: float
    width: float
    coercive_field: float
    channel_width: float
    channel_thickness: float
    channel_resistance: float
    offset_field: float = 0.0
    field_like: float = 0.0
    curie_temperature: float = CURIE_TEMPERATURE
    magnetisation_exponent: float = MAGNETISATION_EXPONENT

    def __post_init__(self) -> None:
        for name, unit in _POSITIVE:
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        anisotropy = nonnegative("interface_anisotropy", self.interface_anisotropy, "J/m^2")
        object.__setattr__(self, "interface_anisotropy", anisotropy)
        self._set_number("offset_field", "T")
        self._set_number("field_like", "1")
        if self.width > self.length:
            raise ValueError(f"width is {self.width * 1e9:g} nm, length {self.length * 1e9:g} nm; "
                             "expected the long axis as length: swap them")

    def _set_number(self, name: str, unit: str) -> None:
        """Check that an entry is one finite number of either sign."""
        value = real_array(name, getattr(self, name), unit)
        if value.ndim:
            raise ValueError(f"{name} [{unit}] has shape {value.shape}; expected one number")
        object.__setattr__(self, name, float(value))

    @property
    def area(self) -> float:
        """Area of the ellipse [m^2]."""
        return math.pi / 4 * self.length * self.width

    @property
    def volume(self) -> float:
        """Volume of the elliptic cylinder [m^3]."""
        return self.area * self.thickness

    @property
    def channel_area(self) -> float:
        """Cross-section of the write channel [m^2]."""
        return self.channel_width * self.channel_thickness

    def magnetisation(self, temperature: ArrayLike) -> Floats:
        """M_s at `temperature` [K] [A/m]."""
        return saturation_magnetisation(self.saturation_magnetisation, temperature,
                                        self.curie_temperature, self.magnetisation_exponent)

    def with_changes(self, **changes: float) -> Self:
        """A copy with some parameters changed, in their units."""
        return replace(self, **changes)
