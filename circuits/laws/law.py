"""What a circuit needs to know of a device's current-voltage law."""

from typing import Protocol

from device_models.checks import Floats


class Law(Protocol):
    """I(V) = sum over branches of G_b f_b(V): monotone, with f_b(0) = 0 unless it is measured."""

    @property
    def branches(self) -> int:
        """Number of branches; one conductance per cross-point and branch."""

    @property
    def limits(self) -> tuple[float, float]:
        """Voltages [V] between which the law is known; beyond them a solution warns."""

    def shape(self, v: Floats) -> Floats:
        """f_b(v) of all branches: (branches, *v.shape) [V]."""

    def slope(self, v: Floats) -> Floats:
        """df_b/dv of all branches: (branches, *v.shape) [1]."""

    def expression(self, branch: int, v: str) -> str:
        """f_b as an ngspice expression of the voltage expression `v`."""
