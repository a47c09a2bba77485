"""A material stack: a file of measured numbers, and the junctions made from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import positive
from device_models.compound.channel import Channel
from device_models.junction import laws
from device_models.junction.bias import BiasLaw
from device_models.junction.mtj import MTJ
from device_models.magnet.heat import ChannelHeat
from device_models.magnet.in_plane import Magnet
from device_models.magnet.perpendicular import PerpendicularMagnet
from device_models.population.variability import Variability
from device_models.stacks.entries import Table
from device_models.stacks.errors import (
    MissingEntryError,
    MissingTableError,
    OutsideRangeError,
)
from device_models.stacks.held_layer import free_layer, held_layer, reference_temperature
from device_models.stacks.measured_torque import with_current_share, with_measured_torque
from device_models.stacks.optional import Tables
from device_models.stacks.tables import (
    BreakdownTable,
    ChannelTable,
    MagneticsTable,
    ProcessTable,
    SwitchingTable,
    TemperatureTable,
)
from device_models.stacks.thickness_law import ThicknessLaw, at_thickness
from device_models.stacks.writing import mean_breakdown_voltage, programming
from device_models.switching.programming import Programming
from device_models.switching.targets import relative_areas

AnyTable = TypeVar("AnyTable", bound=Table)


@dataclass(frozen=True)
class Stack:
    """A material stack as read from its file.

    Parameters
    ----------
    name, title, citation, doi, caveat : str
        What it is, where it comes from and what not to trust it for.
    thickness_range : (float, float)
        Free-layer thicknesses it was measured at [m].
    area : float
        Junction area [m^2].
    area_convention : str
        Whether that is of the ellipse or of the rectangle around it.
    r_p, tmr : functions
        Parallel resistance [ohm] and TMR [1] over thickness [m].
    v_p, v_h : float
        Bias laws; see `device_models.MTJ` [V].
    tags : mapping
        The tag of every number, by its key in the file.
    axes : (float, float)
        Long and short axis of the junction [m].
    contact : float
        In series with each junction, beside its R_P [ohm].
    tables : Tables
        The optional tables, None for those that the file has not. The properties `magnetics`,
        `switching`, `channel`, `breakdown`, `temperature` and `process` are the same tables, and
        raise MissingTableError instead.
    lacking : tuple of str
        The basic tables that the file has not: "junction", "thickness", "tmr", "bias". What stands
        here in their place is assumed, as `caveat` says.
    """

    name: str
    title: str
    citation: str
    doi: str
    caveat: str
    thickness_range: tuple[float, float]
    area: float
    area_convention: str
    r_p: ThicknessLaw
    tmr: ThicknessLaw
    v_p: float
    v_h: float
    tags: Mapping[str, str]
    axes: tuple[float, float] = (0.0, 0.0)
    contact: float = 0.0
    tables: Tables = field(default_factory=Tables)
    lacking: tuple[str, ...] = ()

    @property
    def magnetics(self) -> MagneticsTable:
        """The free layer and its loops."""
        return self._there("magnetics", self.tables.magnetics)

    @property
    def switching(self) -> SwitchingTable:
        """Writing and reading."""
        return self._there("switching", self.tables.switching)

    @property
    def channel(self) -> ChannelTable:
        """Sizes of the write channel; `write_channel` is the channel itself."""
        return self._there("channel", self.tables.channel)

    @property
    def breakdown(self) -> BreakdownTable:
        """What the barrier stands."""
        return self._there("breakdown", self.tables.breakdown)

    @property
    def temperature(self) -> TemperatureTable:
        """What heat takes from TMR and magnetisation."""
        return self._there("temperature", self.tables.temperature)

    @property
    def process(self) -> ProcessTable:
        """How it was made."""
        return self._there("process", self.tables.process)

    def _there(self, name: str, table: AnyTable | None) -> AnyTable:
        if table is None:
            raise MissingTableError(self.name, name)
        return table

    def require(self, *names: str) -> None:
        """MissingTableError unless the file has the basic tables of these `names`."""
        for name in names:
            if name in self.lacking:
                raise MissingTableError(self.name, name)

    def mtj(
        self,
        thickness: float | None = None,
        *,
        r_p: float | None = None,
        ra: float | None = None,
        tmr: float | None = None,
        temperature: float | None = None,
        bias: BiasLaw | None = None,
        extrapolate: bool = False,
    ) -> MTJ:
        """The junction with a free layer of `thickness` [m], default the middle of the range.

        `r_p` [ohm], or the resistance-area product `ra` [ohm m^2], and `tmr` [1] override the
        stack's values, at its reference temperature: "what if TMR were 260 %". `temperature` [K]
        then scales the TMR by the polarisation law (`laws.tmr_at_temperature`), and R_P where the
        file has `smearing_per_k` (`laws.resistance_at_temperature`). `bias`
        replaces the quadratic law of bias. A thickness outside the measured range raises
        OutsideRangeError unless `extrapolate` is true. What the file does not say, of breakdown or
        free layer, is None in the junction.
        """
        t = self._thickness(thickness, extrapolate)
        ratio = at_thickness(self.tmr, "tmr", "1", t) if tmr is None else positive("tmr", tmr, "1")
        kelvin = reference_temperature(self.tables)
        if temperature is not None:
            law, kelvin = self.temperature, positive("temperature", temperature, "K")
            ratio = float(laws.tmr_at_temperature(
                ratio, kelvin, law.reference, law.polarisation_decay))
        if ra is not None:
            if r_p is not None:
                raise ValueError(f"r_p is {r_p!r} and ra is {ra!r}; give one of them, the other "
                                 f"follows from the area of {self.area:g} m^2")
            r_p = positive("ra", ra, "ohm m^2") / self.area
        ohms = at_thickness(self.r_p, "r_p", "ohm", t) if r_p is None else r_p
        if temperature is not None and self.temperature.smearing:
            ohms = float(laws.resistance_at_temperature(
                ohms, kelvin, self.temperature.reference, self.temperature.smearing))
        layer = None if "thickness" in self.lacking else held_layer(
            self.tables, self.axes, t, kelvin)
        return MTJ(ohms, ratio, self.v_p, self.v_h, self.area, bias,
                   mean_breakdown_voltage(self.tables, t, 1), layer and layer.stability, kelvin,
                   layer and layer.disturb_current(ratio),
                   layer.disturb_exponent if layer else 1.0,
                   self.tables.breakdown.shape if self.tables.breakdown else None,
                   self.contact)

    def magnet(self, thickness: float | None = None, cells: int = 1, *,
               extrapolate: bool = False) -> Magnet | PerpendicularMagnet:
        """The free layer of `thickness` [m] over the write channel of `cells` junctions.

        The file's easy axis decides its type: `Magnet` in the plane, `PerpendicularMagnet` out of
        it. Raises MissingTableError if the file lacks [magnetics], [switching] or [channel].
        """
        self.require("junction", "thickness")
        if not min(self.axes) > 0:
            raise MissingEntryError("long_axis_nm and short_axis_nm in [junction]")
        drive, channel, warm = self.switching, self.channel, self.tables.temperature
        kind, layer = free_layer(self.magnetics, self.axes,
                                 self._thickness(thickness, extrapolate))
        common = layer | {
            "spin_hall_angle": drive.spin_hall_angle,
            "field_like": drive.field_like or 0.0,
            "channel_width": channel.width,
            "channel_thickness": channel.thickness,
            "channel_resistance": self.write_channel().resistance(cells),
            **({"curie_temperature": warm.curie,
                "magnetisation_exponent": warm.magnetisation_exponent} if warm else {}),
        }
        if kind is PerpendicularMagnet:
            if drive.oersted:
                raise ValueError(f"stack {self.name!r} has [switching] oersted, which helps "
                                 "in-plane cells only: remove it, or set it to 0")
            magnet: Magnet | PerpendicularMagnet = PerpendicularMagnet(**common)
        else:
            magnet = Magnet(**common, oersted=drive.oersted or 0.0)
        return with_measured_torque(magnet, drive, channel, self.write_channel().resistance(1))

    def writing_magnet(self, thickness: float | None = None, cells: int = 1, *,
                       extrapolate: bool = False) -> Magnet | PerpendicularMagnet:
        """The free layer as a write pulse sees it: `common_series_ohm` beside the channel.

        `magnet` of `thickness` [m], for the `cells` of a compound with [switching]
        common_series_ohm in series. So that one cell keeps its critical voltage, for which the
        file's numbers stand, the damping of an in-plane layer falls; a perpendicular one, whose
        threshold has no damping, gets more torque. Not so where the file has a critical current,
        which no series resistance changes. One cell, or no such key: `magnet` itself.
        """
        magnet = self.magnet(thickness, cells, extrapolate=extrapolate)
        series = self.switching.common_series or 0.0
        if cells == 1 or series == 0:
            return magnet
        one, drive = self.write_channel().resistance(1), self.switching
        if drive.critical_current or drive.critical_current_density:
            return magnet.with_changes(channel_resistance=magnet.channel_resistance + series)
        share = one / (one + series)
        fitted = with_current_share(magnet, share)
        return fitted.with_changes(channel_resistance=magnet.channel_resistance + series)

    def programming(self, thickness: float | None = None, cells: int = 1, *,
                    variability: Variability | None = None, areas: ArrayLike | None = None,
                    extrapolate: bool = False, heat: bool = False,
                    **settings: Any) -> Programming:
        """How compounds of `cells` are written: pulse, field, path and barrier of the file.

        `areas` (cells,) [1] are those of the compound, if unequal: the larger ones break first.
        `heat` warms the cells by `channel_heat`.

        `settings` are arguments of `switching.Programming`, as `verify` or `pulse`, and go before.
        The assist field is the middle of the file's; voltages are chosen so that a hundredth of the
        cells is missed (assumed), for the spreads of `variability`: none, if it is not given.
        MissingEntryError, if neither file nor settings have a pulse or a field.
        """
        magnet = self.writing_magnet(thickness, cells, extrapolate=extrapolate)
        if heat:
            magnet = magnet.with_changes(heat=self.channel_heat(cells))
        area = 1.0 if areas is None else float(np.mean(relative_areas(areas, cells)))
        return programming(self.tables, magnet, self.write_channel(), cells, variability, settings,
                           area)

    def channel_heat(self, cells: int = 1) -> ChannelHeat:
        """What a write pulse does to the temperature of `cells`: an estimate, see `ChannelHeat`.

        Used where it is asked for: `stack.magnet(t).with_changes(heat=stack.channel_heat())`, or
        `stack.programming(..., heat=True)`. A measured `thermal_resistance` is one cell's, and
        falls with the number of cells.
        """
        strip, channel = self.channel, self.write_channel()
        material = {"conductivity": strip.conductivity, "heat_capacity": strip.heat_capacity,
                    "thermal_resistance": strip.thermal_resistance and
                    strip.thermal_resistance / cells}
        return ChannelHeat(
            length=strip.length + (cells - 1) * strip.pitch, width=strip.width,
            resistance=channel.resistance(cells) - strip.fixed,
            **{name: value for name, value in material.items() if value is not None})

    def write_channel(self, both_ends: bool = False) -> Channel:
        """The write channel, read from one end or from both."""
        strip = self.channel
        return Channel(strip.sheet, strip.width, strip.length, strip.pitch, strip.fixed,
                       both_ends)

    def variability(self) -> Variability:
        """Spread, faults and noise of the file's [variability] table."""
        return self._there("variability", self.tables.variability).variability()

    def _thickness(self, thickness: float | None, extrapolate: bool) -> float:
        """A thickness [m] inside the range, or the middle of the range."""
        if thickness is None:
            return sum(self.thickness_range) / 2
        t = positive("thickness", thickness, "m")
        return t if extrapolate else self.inside(t)

    def inside(self, t: float) -> float:
        """`t` [m] itself; OutsideRangeError if it is outside the measured range of thickness."""
        if "thickness" in self.lacking:
            return t
        low, high = self.thickness_range
        if not low * (1 - 1e-9) <= t <= high * (1 + 1e-9):
            raise OutsideRangeError(
                f"thickness is {t * 1e9:g} nm; stack {self.name!r} covers {low * 1e9:g} to "
                f"{high * 1e9:g} nm; to go beyond it on purpose, pass "
                "extrapolate=True (command line: --extrapolate)"
            )
        return t
