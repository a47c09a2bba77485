"""What the magnetic laws need to know of any free layer and of the channel under it."""

import math
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, physical_constants

from device_models.checks import Floats, nonnegative, positive, real_array
from device_models.magnet.heat import ChannelHeat
from device_models.magnet.magnetisation import saturation_magnetisation

GYROMAGNETIC = physical_constants["electron gyromag. ratio"][0]  # [rad/(s T)]
ATTEMPT_TIME = 1e-9  # tau0 [s] of Neel and Brown's law [T]
CURIE_TEMPERATURE, MAGNETISATION_EXPONENT = 1420.0, 0.4  # [K], [1] of CoFeB [S: fits to films]

_POSITIVE = (
    ("saturation_magnetisation", "A/m"), ("damping", "1"),
    ("thickness", "m"), ("length", "m"), ("width", "m"), ("coercive_field", "T"),
    ("channel_width", "m"), ("channel_thickness", "m"), ("channel_resistance", "ohm"),
    ("curie_temperature", "K"), ("magnetisation_exponent", "1"),
)
_MEASURED = (("anisotropy_field", "T"), ("energy_barrier", "J"))


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
        Damping-like spin torque per charge current density, theta_SH [1]; negative, as of Ta and W,
        it turns what a voltage of one sign writes.
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
        along the spins, on +y for a positive current and spin Hall angle.
    offset_field : float
        mu0 H_off, which adds to every applied easy-axis field's threshold [T]; either sign.
    curie_temperature, magnetisation_exponent : float
        M_s(T) ~ (1 - T/curie_temperature)^magnetisation_exponent [K], [1]; those of CoFeB films if
        not given, and without effect at 300 K.
    anisotropy_field : float, optional
        mu0 H_k over the lowest way to the other state, as measured at 300 K [T]; not given, what
        shape and interface make of it.
    energy_barrier : float, optional
        E_b on that way without field, as measured, at 300 K [J]: cells that reverse by nucleation
        have less than M_s H_k V/2, what it is if not given.
    heat : ChannelHeat, optional
        Warms the layer in every write pulse; not given, it stays at its temperature.
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
    anisotropy_field: float | None = None
    energy_barrier: float | None = None
    heat: ChannelHeat | None = None

    def __post_init__(self) -> None:
        for name, unit in _POSITIVE:
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        for name, unit in _MEASURED:
            if getattr(self, name) is not None:
                object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        self._set_number("spin_hall_angle", "1")
        if self.spin_hall_angle == 0:
            raise ValueError("spin_hall_angle is 0; expected a positive (Pt) or negative (Ta, W) "
                             "one, without which no current writes")
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

    @property
    def hard_fields(self) -> tuple[float, float]:
        """What holds the layer back from its two hard axes at 300 K [T]; each type's own."""
        raise NotImplementedError

    @property
    def moment(self) -> float:
        """Magnetic moment at 300 K [A m^2]: M_s V, or that which has a measured barrier."""
        if self.energy_barrier is None:
            return self.saturation_magnetisation * self.volume
        return 2.0 * self.energy_barrier / min(self.hard_fields)

    @property
    def spin_sign(self) -> float:
        """Sign of the spin Hall angle [1]: +1 where a positive voltage writes antiparallel."""
        return math.copysign(1.0, self.spin_hall_angle)

    def magnetisation(self, temperature: ArrayLike) -> Floats:
        """M_s at `temperature` [K] [A/m]."""
        return saturation_magnetisation(self.saturation_magnetisation, temperature,
                                        self.curie_temperature, self.magnetisation_exponent)

    def barrier(self, field: ArrayLike, temperature: ArrayLike) -> Floats:
        """Barrier over k_B T [1] that a `field` [T] makes at `temperature` [K]."""
        moment = self.moment * self.magnetisation(temperature) / self.saturation_magnetisation
        return np.asarray(moment * np.asarray(field, float)
                          / (2.0 * Boltzmann * np.asarray(temperature, float)))

    def warmed(
        self, temperature: ArrayLike, current: ArrayLike, duration: ArrayLike
    ) -> Floats:
        """Temperature [K] at the end of a pulse of `current` [A] and `duration` [s]; all broadcast.

        The `temperature` [K] before it, where the layer has no `heat`.
        """
        kelvin = np.asarray(temperature, float)
        return kelvin if self.heat is None else kelvin + self.heat.rise(current, duration)

    def with_changes(self, **changes: Any) -> Self:
        """A copy with some parameters changed, in their units."""
        return replace(self, **changes)
