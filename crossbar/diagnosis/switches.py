"""What of a hardware can be switched off, by name: its imperfections, one by one."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from crossbar.hardware import Hardware


@dataclass(frozen=True)
class Switch:
    """One imperfection of a hardware; off is what it is in `Hardware.ideal()`.

    Parameters
    ----------
    name : str
        As tables call it.
    fields : tuple of str
        Arguments of `Hardware` that turn it on.
    on_channel : bool
        Whether it befalls devices on a channel only.
    """

    name: str
    fields: tuple[str, ...]
    on_channel: bool = False

    def is_on(self, hardware: Hardware) -> bool:
        """Whether `hardware` has this imperfection."""
        ideal = hardware.ideal()
        if self.on_channel and getattr(hardware.synapse, "channel", None) is None:
            return False
        return any(getattr(hardware, name) != getattr(ideal, name) for name in self.fields)


SWITCHES = (
    Switch("wires", ("wires",)),  # with drivers, amplifiers and access transistors
    Switch("nonlinear", ("nonlinear",)),
    Switch("spread", ("spread",)),
    Switch("variability", ("variability",)),
    Switch("write_probability", ("write_probability",)),
    Switch("programming", ("programming",)),
    Switch("age", ("age",)),
    Switch("reads", ("reads",)),
    Switch("by_pattern", ("by_pattern",), on_channel=True),
    Switch("read_noise", ("read_noise",)),
    Switch("dac", ("dac", "dac_bits")),
    Switch("adc", ("adc", "adc_bits")),
)
"""All of them, in the order in which they come between a weight and a result."""


def only(hardware: Hardware, names: Collection[str]) -> Hardware:
    """`hardware` with the imperfections of these names and no others."""
    kept = {name: getattr(hardware, name) for switch in SWITCHES if switch.name in names
            for name in switch.fields}
    return replace(hardware.ideal(), **kept)
