"""What a write pulse goes through, and where its energy stays."""

from dataclasses import dataclass

from device_models.checks import nonnegative, positive


@dataclass(frozen=True, kw_only=True)
class WritePath:
    """Resistances in series between the write terminals of one compound.

    Parameters
    ----------
    channel : float
        Of the strip under the junctions, which turns current into torque [ohm].
    contacts : float
        Of contacts and leads, whatever the strip's length [ohm].
    common : float
        Whatever else all cells of a compound share, as [switching] common_series_ohm [ohm].
    """

    channel: float
    contacts: float = 0.0
    common: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "channel", positive("channel", self.channel, "ohm"))
        for name in ("contacts", "common"):
            object.__setattr__(self, name, nonnegative(name, getattr(self, name), "ohm"))

    @property
    def resistance(self) -> float:
        """Of all in series [ohm]."""
        return self.channel + self.contacts + self.common

    def split(self, energy: float) -> dict[str, float]:
        """What of an `energy` [J] each part turns into heat [J]; one current flows through all."""
        return {name: energy * (getattr(self, name) / self.resistance)
                for name in ("channel", "contacts", "common")}
