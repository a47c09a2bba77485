"""Wires of published processes: from widths and pitches to the resistances of an array."""

from dataclasses import dataclass
from typing import TypeVar

from device_models.checks import known, positive, whole

T = TypeVar("T")

_ROUNDING = 1e-9  # relative; a width or a sheet resistance this close to its limit is at it
_PLATE_SHARE = 0.15
"""Share of a minimum-pitch wire's capacitance that grows with its width [1]; assumed: plates one
wire thickness above and below, relative permittivity 3, aspect ratio 1.7, 0.2 fF/um in all."""


@dataclass(frozen=True)
class Technology:
    """The thin metal of a process, at its minimum pitch.

    Parameters
    ----------
    name : str
        What it is called.
    minimum_width : float
        Width of the narrowest wire [m].
    sheet_resistance : float
        Resistance of a square of a wide wire [ohm/sq].
    resistance_per_length : float
        Of the narrowest wire [ohm/m].
    capacitance_per_length : float
        Of the narrowest wire with its neighbours [F/m].
    source : str
        Where the numbers are from.

    Raises
    ------
    ValueError, TypeError
        If a number is not positive, or a square of the narrowest wire has less resistance than one
        of a wide wire.
    """

    name: str
    minimum_width: float
    sheet_resistance: float
    resistance_per_length: float
    capacitance_per_length: float
    source: str

    def __post_init__(self) -> None:
        for name, unit in (("minimum_width", "m"), ("sheet_resistance", "ohm/sq"),
                           ("resistance_per_length", "ohm/m"), ("capacitance_per_length", "F/m")):
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        if self.narrow_sheet_resistance < self.sheet_resistance * (1 - _ROUNDING):
            raise ValueError(
                f"{self.name}: a square of the narrowest wire has "
                f"{self.narrow_sheet_resistance:g} ohm, one of a wide wire "
                f"{self.sheet_resistance:g} ohm; expected no less: check the units")

    @property
    def narrow_sheet_resistance(self) -> float:
        """Resistance of a square of the narrowest wire [ohm/sq]."""
        return self.resistance_per_length * self.minimum_width


def _neurosim(node: str, width: float, aspect_ratio: float, resistivity: float) -> Technology:
    """A copper wire as wide as `width` [m], of a `resistivity` [ohm m] with its size effect.

    The size effect of wider wires is not tabulated: theirs is taken to be as large, which puts
    their resistance too high rather than too low.
    """
    sheet = resistivity / (aspect_ratio * width)
    return Technology(node, width, sheet, sheet / width, 0.2e-9,
                      "DNN_NeuroSim V1.3 Param.cpp (resistance), Bus.cpp (capacitance)")


TECHNOLOGIES = {technology.name: technology for technology in (
    Technology("180nm", 250e-9, 0.075, 0.3e6, 0.2e-9, "assumed"),
    _neurosim("130nm", 175e-9, 1.60, 2.20e-8),
    _neurosim("65nm", 105e-9, 1.70, 2.68e-8),
    _neurosim("45nm", 80e-9, 1.70, 3.31e-8),
    _neurosim("32nm", 56e-9, 1.80, 3.70e-8),
    Technology("28nm", 45e-9, 0.3825, 8.5e6, 0.2e-9, "assumed"),
    _neurosim("22nm", 40e-9, 1.90, 4.03e-8),
    Technology("sky130", 140e-9, 0.125, 0.125 / 140e-9, 0.172375e-9,
               "met1: OpenROAD-flow-scripts sky130hd setRC.tcl; its width: SkyWater PDK"),
)}
"""By name. Minimum-pitch metal; the upper, thicker metals of a process have less resistance."""


def find(technology: str | Technology) -> Technology:
    """A technology by its name, or as it is.

    Raises
    ------
    ValueError
        If the name is unknown; names the nearest ones.
    """
    if isinstance(technology, Technology):
        return technology
    return TECHNOLOGIES[known("technology", technology, TECHNOLOGIES)]


def wire_resistance(
    technology: str | Technology, length: float, width: float | None = None, layers: int = 1,
) -> float:
    """Resistance [ohm] of a wire of `length` and `width` [m] on `layers` alike in parallel.

    A square of width w has R_w + (R_n - R_w) w_n/w, where R_w is the sheet resistance of wide
    wires and R_n that of the narrowest, w_n: what scattering at the side walls adds falls as 1/w,
    the first order of Fuchs and Sondheimer (Adv. Phys. 1, 1 (1952)). `width=None` is w_n, where
    the tabulated resistance per length holds. Vias between layers are left out.

    Raises
    ------
    ValueError, TypeError
        If the length is not positive, the width below w_n, `layers` not a whole number, or the
        technology unknown.
    """
    metal = find(technology)
    length = positive("length", length, "m")
    widening = _width(metal, width) / metal.minimum_width
    wide, narrow = metal.sheet_resistance, metal.narrow_sheet_resistance
    square = wide + (narrow - wide) / widening
    per_length = square / (metal.minimum_width * widening)
    return per_length * length / whole("layers", layers, 1)


def segment_capacitance(
    technology: str | Technology, length: float, width: float | None = None, layers: int = 1,
) -> float:
    """Capacitance [F] to its surroundings of a wire of `length` and `width` [m].

    The tabulated one at the minimum width; 15 % of it (assumed) grows with the width, as plates
    do. `layers` in parallel add: too much rather than too little, as they shield each other.
    Raises as `wire_resistance` does.
    """
    metal = find(technology)
    widening = _width(metal, width) / metal.minimum_width
    per_length = metal.capacitance_per_length * (1 + _PLATE_SHARE * (widening - 1))
    return per_length * positive("length", length, "m") * whole("layers", layers, 1)


def segment_resistances(
    technology: str | Technology,
    pitch: float | tuple[float, float],
    width: float | tuple[float | None, float | None] | None = None,
    layers: int | tuple[int, int] = 1,
) -> tuple[float, float]:
    """Resistances [ohm] of one segment of a row and of one of a column.

    `pitch` are their lengths [m]. One value is for both, a pair is (row, column); all else is as
    in `wire_resistance`.
    """
    pitches, widths = _pair("pitch", pitch), _pair("width", width)
    row, column = (wire_resistance(technology, *of) for of in
                   zip(pitches, widths, _pair("layers", layers), strict=True))
    return row, column


def _pair(name: str, value: T | tuple[T, T]) -> tuple[T, T]:
    if not isinstance(value, tuple):
        return value, value
    if len(value) != 2:
        raise ValueError(f"{name} is {value!r}; expected one value or (row, column)")
    return value


def _width(metal: Technology, width: float | None) -> float:
    if width is None:
        return metal.minimum_width
    width = positive("width", width, "m")
    if width < metal.minimum_width * (1 - _ROUNDING):
        raise ValueError(f"width [m] is {width:g}; {metal.name} draws no wire narrower than "
                         f"{metal.minimum_width:g} m")
    return max(width, metal.minimum_width)
