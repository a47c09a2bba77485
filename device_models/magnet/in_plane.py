"""The free layer whose easy axis lies in the plane, across the write channel."""

from dataclasses import dataclass

from device_models.magnet.free_layer import FreeLayer


@dataclass(frozen=True, kw_only=True)
class Magnet(FreeLayer):
    """An in-plane free layer, an ellipse with its easy (long) axis across the write channel.

    Parameters are those of `FreeLayer`, and

    oersted : float
        How much of the write current's own field mu0 I/(2 w) helps the switching [1], -1 to 1:
        1 helps, -1 hinders. The paper gives no sign; 0 leaves it out, as the fit of `damping` did.
    """

    oersted: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._set_number("oersted", "1")
        if abs(self.oersted) > 1:
            raise ValueError(f"oersted is {self.oersted:g}; expected -1 (hinders) to 1 (helps)")
