"""The free layer of one cell and the channel under it: what its magnetic laws need to know."""

import math
from dataclasses import dataclass, replace

from device_models.checks import nonnegative, positive, real_array

_POSITIVE = (
    ("saturation_magnetisation", "A/m"), ("damping", "1"), ("spin_hall_angle", "1"),
    ("thickness", "m"), ("length", "m"), ("width", "m"), ("coercive_field", "T"),
    ("channel_width", "m"), ("channel_thickness", "m"), ("channel_resistance", "ohm"),
    ("curie_temperature", "K"), ("magnetisation_exponent", "1"),
)


@dataclass(frozen=True, kw_only=True)
class Magnet:
    """An in-plane free layer, an ellipse with its easy (long) axis across the write channel.

    Fields are flux densities mu0 H [T] throughout. Every argument is one number, given by name.

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
        Free layer, long axis and short axis [m]; `width` may not exceed `length`.
    coercive_field : float
        mu0 H_c of the patterned device in a slow sweep [T].
    channel_width, channel_thickness : float
        Cross-section of the write channel, across the current [m].
    channel_resistance : float
        Resistance between the write terminals, of everything in series [ohm].
    offset_field : float
        mu0 H_off, which adds to every applied field's threshold [T]; either sign.
    oersted : float
        How much of the write current's own field mu0 I/(2 w) helps the switching [1], -1 to 1:
        1 helps, -1 hinders. The paper gives no sign; 0 leaves it out, as the fit of `damping` did.
    curie_temperature, magnetisation_exponent : float
        M_s(T) ~ (1 - T/curie_temperature)^magnetisation_exponent [K], [1] [S: fits to CoFeB].
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
    oersted: float = 0.0
    curie_temperature: float = 1420.0
    magnetisation_exponent: float = 0.4

    def __post_init__(self) -> None:
        for name, unit in _POSITIVE:
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        anisotropy = nonnegative("interface_anisotropy", self.interface_anisotropy, "J/m^2")
        object.__setattr__(self, "interface_anisotropy", anisotropy)
        for name, unit in (("offset_field", "T"), ("oersted", "1")):
            value = real_array(name, getattr(self, name), unit)
            if value.ndim:
                raise ValueError(f"{name} [{unit}] has shape {value.shape}; expected one number")
            object.__setattr__(self, name, float(value))
        if abs(self.oersted) > 1:
            raise ValueError(f"oersted is {self.oersted:g}; expected -1 (hinders) to 1 (helps)")
        if self.width > self.length:
            raise ValueError(f"width is {self.width * 1e9:g} nm, length {self.length * 1e9:g} nm; "
                             "expected the long (easy) axis as length: swap them")

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

    def with_changes(self, **changes: float) -> "Magnet":
        """A copy with some parameters changed, in their units."""
        return replace(self, **changes)
