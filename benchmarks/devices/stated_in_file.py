"""The stated numbers that stand in a stack file as they are, and have to come out of it again.

Left out, as no stack file has a place for them: that 10 or more devices of a thickness were
measured (section C), and the 30 ns of a read (section A, of SOT devices in general).
"""

from typing import NamedTuple

from device_models import Stack
from device_models.stacks.entries import Curve
from device_models.stacks.errors import NotGivenError, given

_PER_SI = {"nm": 1e9, "um": 1e6, "mT": 1e3, "T": 1.0, "V": 1.0, "ns": 1e9, "s": 1.0, "min": 1 / 60,
           "K": 1.0, "%": 100.0, "Mohm": 1e-6, "1": 1.0}
_BASIC = {"axes": "junction", "thickness_range": "thickness"}  # tables of the stack's own numbers


class Stated(NamedTuple):
    """A number and where it stands: `table` (or "", the stack itself), `key`, `place` in a list.

    `allowed` is half of the last printed digit, in `unit`; "about" is taken as nothing more.
    `thickness` [m] is that of the layer it is stated of, 0 where it is of none.
    """

    name: str
    section: str
    unit: str
    value: float
    allowed: float
    table: str
    key: str
    place: int | None = None
    thickness: float = 0.0

    def of(self, stack: Stack) -> float:
        """The number in its `unit`; NotGivenError where the stack has none."""
        if self.thickness:
            stack.inside(self.thickness)
        if self.key in _BASIC:
            stack.require(_BASIC[self.key])
        table = getattr(stack, self.table) if self.table else stack
        found = given(getattr(table, self.key), self.key)
        if isinstance(found, Curve):
            found = found.values
        if self.place is not None:
            if len(found) <= self.place:
                raise NotGivenError(f"stack {stack.name!r} has {len(found)} of {self.key}")
            found = found[self.place]
        if self.key == "axes" and not found:
            raise NotGivenError(f"stack {stack.name!r} has an area, and no axes of it")
        return float(found) * _PER_SI[self.unit]


IN_FILE = tuple(Stated(*entry) for entry in (
    ("endurance of SOT in general", "A", "1", 1e15, 0.5e15, "breakdown", "endurance_cycles"),
    ("long axis, along y", "B", "nm", 500, 0.5, "", "axes", 0),
    ("short axis", "B", "nm", 250, 0.5, "", "axes", 1),
    ("channel width", "B", "um", 0.9, 0.05, "channel", "width"),
    ("distance of cells, as stated", "B", "um", 1.2, 0.05, "channel", "stated_spacing"),
    ("read voltage", "B", "V", 0.1, 0.05, "switching", "read_voltage"),
    ("series resistor", "B", "Mohm", 1, 0.5, "switching", "series"),
    ("pulse width", "B", "ns", 200, 0.5, "switching", "pulse"),
    ("delay between pulses", "B", "s", 1.5, 0.05, "switching", "pulse_delay"),
    ("pulse, least", "B", "V", 0.1, 0.05, "switching", "pulse_range", 0),
    ("pulse, largest", "B", "V", 2, 0.5, "switching", "pulse_range", 1),
    ("assist field, least", "B", "mT", 6, 0.5, "switching", "assist_field", 0),
    ("assist field, largest", "B", "mT", 10, 0.5, "switching", "assist_field", 1),
    ("minor loop, swept to", "C", "mT", 20, 0.5, "magnetics", "minor_sweep"),
    ("major loop, swept to", "C", "mT", 300, 0.5, "magnetics", "major_sweep"),
    ("spread of device coercivity", "C", "%", 15, 0.5, "magnetics", "device_coercivity_spread"),
    ("spread of film coercivity", "C", "%", 12, 0.5, "magnetics", "film_coercivity_spread"),
    ("V of n = 3 over 1, least", "D", "%", 20, 0.5, "switching", "compound_extra", 0),
    ("V of n = 3 over 1, largest", "D", "%", 30, 0.5, "switching", "compound_extra", 1),
    ("full switching of n = 3, 1.6 nm", "D", "mT", 6, 0.5, "switching", "full_switching_field", 0,
     1.6e-9),
    ("full switching of n = 3, 2.6 nm", "D", "mT", 8.5, 0.05, "switching", "full_switching_field",
     1, 2.6e-9),
    ("channel: Ta", "G", "nm", 4, 0.5, "process", "channel_layers", 0),
    ("channel: Pt", "G", "nm", 10, 0.5, "process", "channel_layers", 1),
    ("free layer CoFeB, thinnest", "G", "nm", 1.6, 0.05, "", "thickness_range", 0),
    ("free layer CoFeB, thickest", "G", "nm", 2.6, 0.05, "", "thickness_range", 1),
    ("barrier MgO", "G", "nm", 1.8, 0.05, "process", "barrier"),
    ("reference layer CoFeB", "G", "nm", 2, 0.5, "process", "reference"),
    ("CoFe on it", "G", "nm", 0.6, 0.05, "process", "saf", 0),
    ("spacer Ru", "G", "nm", 0.85, 0.005, "process", "saf", 1),
    ("pinned layer CoFe", "G", "nm", 2.6, 0.05, "process", "saf", 2),
    ("pinning layer PtMn", "G", "nm", 17, 0.5, "process", "saf", 3),
    ("cap Ru", "G", "nm", 8, 0.5, "process", "cap"),
    ("anneal, temperature", "G", "K", 573, 0.5, "process", "anneal_temperature"),
    ("anneal, time", "G", "min", 60, 0.5, "process", "anneal_time"),
    ("anneal, field", "G", "T", 1, 0.5, "process", "anneal_field"),
    ("spin Hall angle", "G", "1", 0.11, 0.005, "switching", "spin_hall_angle"),
))
