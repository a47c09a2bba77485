"""Converters of inputs."""

from dataclasses import dataclass

from crossbar.cost.periphery.parameters import checked, parameter
from device_models.checks import whole

MOST_BITS = 24


@dataclass(frozen=True)
class CapacitiveDAC:
    """Binary-weighted capacitors, all discharged before each conversion.

    Of M = 2^bits units of C, code k connects k to the reference V and leaves M - k at ground: the
    reference gives the charge k C V (M - k)/M, and the energy C V^2 k (M - k)/M. Over all codes,
    each as likely, the mean is C V^2 (M^2 - 1)/(6 M), to which each bit's switch adds its own.
    What drives the row behind it is the `Driver`'s.

    Parameters
    ----------
    unit_capacitance : float
        C [F]; default 5 fF, assumed (1 to 10 fF are usual, for matching rather than noise).
    reference : float
        V [V]; default 1 V, assumed.
    switch_energy : float
        Of one bit's switch and latch per conversion [J]; default 2 fJ, assumed.
    density : float
        Capacitance per area [F/m^2]; default 2 fF/um^2 (metal fingers), assumed.
    switch_area : float
        Of one bit's switch and latch [m^2]; default 10 um^2, assumed.
    """

    unit_capacitance: float = parameter(5e-15, "F", "assumed")
    reference: float = parameter(1.0, "V", "assumed")
    switch_energy: float = parameter(2e-15, "J", "assumed")
    density: float = parameter(2e-3, "F/m^2", "assumed")
    switch_area: float = parameter(10e-12, "m^2", "assumed")

    def __post_init__(self) -> None:
        checked(self)

    def energy(self, bits: int) -> float:
        """Of one conversion, the mean over all codes [J]."""
        units = 2.0 ** _bits(bits)
        charged = self.unit_capacitance * self.reference**2 * (units**2 - 1) / (6 * units)
        return charged + self.switch_energy * bits

    def area(self, bits: int) -> float:
        """Of one converter [m^2]."""
        return 2.0 ** _bits(bits) * self.unit_capacitance / self.density + self.switch_area * bits


def _bits(bits: int) -> int:
    bits = whole("bits", bits, 1)
    if bits > MOST_BITS:
        raise ValueError(f"bits are {bits}; expected {MOST_BITS} or fewer")
    return bits
