"""The optional tables of a stack file, each written once: its keys, their units and their limits.

What a file leaves out is None. Every entry is tagged; stacks/README.md explains each key.
"""

import math
from dataclasses import dataclass, fields
from typing import Annotated, Literal

from numpy.typing import ArrayLike

from device_models.checks import Floats
from device_models.population.variability import Variability
from device_models.reliability import breakdown_voltage
from device_models.stacks.entries import Balance, Curve, Deviation, Entry, Share, Table
from device_models.stacks.errors import MissingEntryError, StackError, given
from device_models.stacks.schema import Numbers, Pair

MS_AT = 300.0  # [K] at which M_s is given; see `magnet.saturation_magnetisation`


@dataclass(frozen=True)
class MagneticsTable(Table):
    """[magnetics]: the free layer, its loops and those of the film it was cut from.

    Parameters
    ----------
    easy_axis : str
        Decides which laws hold.
    saturation_magnetisation, interface_anisotropy, damping : float
        At 300 K [A/m], [J/m^2], [1].
    anisotropy_field, effective_magnetisation, stability : float or Curve
        As measured at 300 K, in place of what shape and interface make of the first: mu0 H_k over
        the lowest way to the other state [T], M_eff = M_s - 2 K_s/(mu0 M_s t) of the film [A/m],
        Delta of the patterned cell [1].
    device_coercivity, device_offset, film_coercivity : float
        Of the minor R(H) loop, and of the film's M(H) [T].
    device_coercivity_spread, film_coercivity_spread : float
        Relative deviations [1].
    thickness : (points,) tuple
        Free layers that the curves are of [m].
    exchange_field, saturation_field : Curve
        Of the film [T].
    minor_sweep, major_sweep, film_sweep : float
        Largest field of a loop [T].
    reference_flip, reference_rise, free_flip : float
        Fields of the major loop at which the reference layer turns down and up, and the free one
        down [T].
    """

    easy_axis: Annotated[Literal["in-plane", "perpendicular"], Entry()]
    saturation_magnetisation: Annotated[float, Entry("ka_per_m")]
    interface_anisotropy: Annotated[float, Entry("mj_per_m2", "nonnegative")]
    damping: Annotated[float, Entry(limits=(0.0, 1.0))]
    device_coercivity: Annotated[float, Entry("mt")]
    device_coercivity_spread: Deviation = None
    film_coercivity: Annotated[float | None, Entry("mt")] = None
    film_coercivity_spread: Deviation = None
    thickness: Annotated[Numbers | None, Entry("nm")] = None
    anisotropy_field: Annotated[Curve | None, Entry("mt")] = None
    effective_magnetisation: Annotated[Curve | None, Entry("ka_per_m", "any")] = None
    stability: Annotated[Curve | None, Entry()] = None
    exchange_field: Annotated[Curve | None, Entry("mt", "any")] = None
    saturation_field: Annotated[Curve | None, Entry("mt")] = None
    device_offset: Annotated[float | None, Entry("mt", "any")] = None
    minor_sweep: Annotated[float | None, Entry("mt")] = None
    major_sweep: Annotated[float | None, Entry("mt")] = None
    reference_flip: Annotated[float | None, Entry("mt", "any")] = None
    reference_rise: Annotated[float | None, Entry("mt", "any")] = None
    free_flip: Annotated[float | None, Entry("mt", "any")] = None
    film_sweep: Annotated[float | None, Entry("mt")] = None


@dataclass(frozen=True)
class SwitchingTable(Table):
    """[switching]: how the cells are written and read, and what was measured of it.

    Parameters
    ----------
    spin_hall_angle, field_like, oersted : float
        Torque per current, of either sign; the field-like one over it; weight of the current's own
        field [1].
    critical_current, critical_current_density : float or Curve
        I_c0 in the channel of one cell as measured, without field [A], [A/m^2]; the spin Hall angle
        gives way to it.
    edge : float
        Rise and fall of a write pulse [s].
    attempt_time, measuring_time : float
        Of the slow coercivity [s].
    pulse, pulse_delay : float
        Width of a write pulse, and the wait after it [s].
    pulse_range, assist_field : (float, float)
        Least and largest [V], [T].
    thickness : (points,) tuple
        Free layers that the curves are of [m].
    critical_voltage, full_switching_field : Curve
        As measured [V], [T].
    critical_voltage_of : str
        What the model does with it: nothing ("comparison"); takes it as V_c0, the intercept over
        ln(t_p/tau0) ("0 K"); or as that of even odds in pulses of `pulse` and an assist field of
        `critical_voltage_field` [T] ("pulses"). The spin Hall angle then gives way to it.
    compound_extra : (float, float)
        How much more voltage three cells need than one, least and largest [1].
    common_series : float
        Resistance that a compound's cells share beside the channel [ohm].
    field_free_middle, field_free_width : float
        Of the share of devices that switch without field, over thickness [m].
    read_voltage, series : float
        Of a read [V], and the resistance it is taken behind [ohm].
    """

    spin_hall_angle: Annotated[float, Entry(sign="any")]
    oersted: Balance = None
    field_like: Annotated[float | None, Entry(sign="any")] = None
    critical_current: Annotated[Curve | None, Entry("ma")] = None
    critical_current_density: Annotated[Curve | None, Entry("a_per_m2")] = None
    critical_voltage_of: Annotated[Literal["comparison", "0 K", "pulses"] | None, Entry()] = None
    critical_voltage_field: Annotated[float | None, Entry("mt", "nonnegative")] = None
    edge: Annotated[float | None, Entry("ns", "nonnegative")] = None
    attempt_time: Annotated[float | None, Entry("ns")] = None
    measuring_time: Annotated[float | None, Entry("s")] = None
    pulse: Annotated[float | None, Entry("ns")] = None
    pulse_delay: Annotated[float | None, Entry("s")] = None
    pulse_range: Annotated[Pair | None, Entry("v")] = None
    assist_field: Annotated[Pair | None, Entry("mt")] = None
    thickness: Annotated[Numbers | None, Entry("nm")] = None
    critical_voltage: Annotated[Curve | None, Entry("v")] = None
    full_switching_field: Annotated[Curve | None, Entry("mt")] = None
    compound_extra: Annotated[Pair | None, Entry()] = None
    common_series: Annotated[float | None, Entry("ohm", "nonnegative")] = None
    field_free_middle: Annotated[float | None, Entry("nm")] = None
    field_free_width: Annotated[float | None, Entry("nm")] = None
    read_voltage: Annotated[float | None, Entry("v")] = None
    series: Annotated[float | None, Entry("kohm")] = None

    def __post_init__(self) -> None:
        role = self.critical_voltage_of or "comparison"
        taken = [name for name, there in (
            ("critical_current_ma", self.critical_current is not None),
            ("critical_current_density_a_per_m2", self.critical_current_density is not None),
            (f"critical_voltage_of = {role!r}", role != "comparison")) if there]
        if len(taken) > 1:
            raise StackError(f"{' and '.join(taken)} each give the torque; expected one of them")
        if role != "comparison" and self.critical_voltage is None:
            raise StackError(f"critical_voltage_of is {role!r}, but there is no critical_voltage_v")
        if self.spin_hall_angle == 0:
            raise StackError("spin_hall_angle is 0; expected a positive (Pt) or negative (Ta, W) "
                             "one")


@dataclass(frozen=True)
class ChannelTable(Table):
    """[channel]: the write channel, and what the source states of it.

    Parameters
    ----------
    width, thickness, length, pitch : float
        Cross-section, length of one cell's channel, and from cell to cell [m].
    sheet_resistance, resistivity, fixed : float
        One of [ohm/sq] and [ohm m], and what is in series whatever the length [ohm].
    thermal_resistance, conductivity, heat_capacity : float
        Of one cell's channel to what cools it [K/W]; or of what lies under it [W/(m K)], [J/(m^3
        K)], thermal oxide if not given.
    stated_cells, stated_resistance : (numbers,) tuples
        Cells [1] and the resistances of their channels [ohm].
    stated_spacing : float
        Between cells [m].
    """

    width: Annotated[float, Entry("um")]
    thickness: Annotated[float, Entry("nm")]
    length: Annotated[float, Entry("um")]
    pitch: Annotated[float, Entry("um")]
    fixed: Annotated[float, Entry("ohm", "nonnegative")]
    sheet_resistance: Annotated[float | None, Entry("ohm_per_sq")] = None
    resistivity: Annotated[float | None, Entry("uohm_cm")] = None
    thermal_resistance: Annotated[float | None, Entry("k_per_w")] = None
    conductivity: Annotated[float | None, Entry("w_per_m_k")] = None
    heat_capacity: Annotated[float | None, Entry("mj_per_m3_k")] = None
    stated_cells: Annotated[Numbers | None, Entry()] = None
    stated_resistance: Annotated[Numbers | None, Entry("ohm")] = None
    stated_spacing: Annotated[float | None, Entry("um")] = None

    def __post_init__(self) -> None:
        if (self.sheet_resistance is None) == (self.resistivity is None):
            raise StackError("has "
                             + ("neither" if self.resistivity is None else "both")
                             + " of sheet_resistance_ohm_per_sq and resistivity_uohm_cm; expected "
                             "one, the other follows from thickness_nm")

    @property
    def sheet(self) -> float:
        """Sheet resistance [ohm/sq], given or of the resistivity."""
        if self.resistivity is not None:
            return self.resistivity / self.thickness
        return given(self.sheet_resistance, "sheet_resistance_ohm_per_sq")


@dataclass(frozen=True)
class BreakdownTable(Table):
    """[breakdown]: what the barrier stands.

    Parameters
    ----------
    thickness : (points,) tuple
        Free layers that the curves are of [m].
    one_cell, three_cells : Curve
        Mean breakdown voltage of a compound [V].
    shape : float
        Of Weibull's law [1].
    pulse : float
        Width of the pulses that the voltages are of [s].
    endurance_cycles : float
        Writes [1].
    """

    thickness: Annotated[Numbers | None, Entry("nm")] = None
    one_cell: Annotated[Curve | None, Entry("v")] = None
    three_cells: Annotated[Curve | None, Entry("v")] = None
    shape: Annotated[float | None, Entry()] = None
    pulse: Annotated[float | None, Entry("ns")] = None
    endurance_cycles: Annotated[float | None, Entry()] = None

    def voltage(self, thickness: ArrayLike, cells: int = 1, area: ArrayLike = 1.0) -> Floats:
        """Mean breakdown voltage [V] of `cells` in parallel at `thickness` [m], any shape.

        The straight line through the ends of `one_cell`, and the weakest of the cells by Weibull's
        law, of mean `area` [1] over that of the junction. Raises MissingEntryError without `shape`,
        or two points to draw the line through, or one number of every thickness.
        """
        one = self.one_cell
        if one is None or self.shape is None or (len(one.nodes) < 2 and not one.everywhere):
            raise MissingEntryError("breakdown voltage over thickness")
        (t0, v0), (t1, v1) = ((one.nodes[end], one.values[end]) for end in (0, -1))
        slope = 0.0 if one.everywhere else (v1 - v0) / (t1 - t0)
        return breakdown_voltage(thickness, cells, base=v0, slope=slope, origin=t0,
                                 shape=self.shape, area=area)


@dataclass(frozen=True)
class TemperatureTable(Table):
    """[temperature]: what heat takes from TMR and magnetisation.

    Parameters
    ----------
    reference : float
        That of the TMR in the file [K].
    polarisation_decay : float
        Of Bloch's law [K^-1.5].
    smearing : float
        Of R_P's law, `laws.resistance_at_temperature` [1/K]; constant R_P without it.
    curie, magnetisation_exponent : float
        M_s(T) ~ (1 - T/curie)^magnetisation_exponent [K], [1].
    """

    reference: Annotated[float, Entry("k")]
    polarisation_decay: Annotated[float, Entry("per_k1p5")]
    curie: Annotated[float, Entry("k")]
    magnetisation_exponent: Annotated[float, Entry()]
    smearing: Annotated[float | None, Entry("per_k", "nonnegative")] = None

    def __post_init__(self) -> None:
        if (self.smearing or 0.0) * self.reference >= math.pi:
            raise StackError(f"smearing_per_k is {self.smearing:g}; expected below pi/reference_k "
                             f"= {math.pi / self.reference:.3g}, where the law of R_P ends")
        above = max(self.reference, MS_AT)
        if self.curie <= above:
            raise StackError(f"curie_k is {self.curie:g}; expected above {above:g} K, of "
                             f"reference_k and the {MS_AT:g} K of M_s the higher")
        if self.polarisation_decay * self.reference**1.5 >= 1:
            raise StackError(f"polarisation_decay_per_k1p5 is {self.polarisation_decay:g}; "
                             f"expected below reference_k^-1.5 = {self.reference**-1.5:.3g}, or no "
                             "polarisation is left there")


@dataclass(frozen=True)
class VariabilityTable(Table):
    """[variability]: the parameters of `device_models.Variability` that the file has.

    And `flicker`, the `alpha` of its `noise` [m^2].
    """

    sigma_r_p: Deviation = None
    sigma_tmr: Deviation = None
    sigma_h_c: Deviation = None
    sigma_v_c: Deviation = None
    sigma_cycle_v_c: Deviation = None
    correlation_r_p_tmr: Balance = None
    correlation_h_c_v_c: Balance = None
    shared: Share = None
    stuck_parallel: Share = None
    stuck_antiparallel: Share = None
    shorted: Share = None
    open: Share = None
    short_resistance: Annotated[float | None, Entry("ohm")] = None
    flicker: Annotated[float | None, Entry("um2")] = None

    def __post_init__(self) -> None:
        names = ("stuck_parallel", "stuck_antiparallel", "shorted", "open")
        faults = sum(getattr(self, name) or 0.0 for name in names)
        if faults > 1:
            raise StackError(f"{', '.join(names)} add to {faults:g}; expected at most 1, they are "
                             "probabilities of one cell")

    def variability(self) -> Variability:
        """Spreads and faults; what the file leaves out is `Variability`'s own."""
        names = {field.name: field.name for field in fields(self)} | {"open": "open_"}
        names.pop("flicker")
        values = {there: getattr(self, here) for here, there in names.items()}
        return Variability(**{name: value for name, value in values.items() if value is not None})


@dataclass(frozen=True)
class ProcessTable(Table):
    """[process]: the record of how it was made.

    Parameters
    ----------
    ra_range : (float, float)
        Least and largest resistance-area product [ohm m^2].
    channel_layers, saf : (layers,) tuples
        From below; of the synthetic antiferromagnet, what lies on the reference layer [m].
    barrier, reference, cap : float
        Thicknesses [m].
    anneal_temperature, anneal_time, anneal_field : float
        [K], [s], [T].
    """

    ra_range: Annotated[Pair | None, Entry("kohm_um2")] = None
    channel_layers: Annotated[Numbers | None, Entry("nm")] = None
    barrier: Annotated[float | None, Entry("nm")] = None
    reference: Annotated[float | None, Entry("nm")] = None
    saf: Annotated[Numbers | None, Entry("nm")] = None
    cap: Annotated[float | None, Entry("nm")] = None
    anneal_temperature: Annotated[float | None, Entry("k")] = None
    anneal_time: Annotated[float | None, Entry("min")] = None
    anneal_field: Annotated[float | None, Entry("t")] = None
