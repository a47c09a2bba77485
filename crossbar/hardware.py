"""What a network is run on."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from circuits import ADC, DAC, BitSerial, ColumnSense, RowDrive, Wires
from crossbar.array import Array
from crossbar.converters import CONVERTERS, Converters
from crossbar.imperfections import (
    Age,
    FailedWrites,
    Imperfection,
    Imperfections,
    PulsedWrites,
    ReadDisturb,
    ReadNoise,
    Spread,
)
from crossbar.mapping import (
    Differential,
    Gain,
    LeastSquares,
    Levels,
    Mapping,
    Renormalised,
    Scale,
)
from device_models import Synapse, Variability
from device_models.checks import positive, whole
from device_models.switching import Programming

_OBJECTS = {"synapse": "program", "scale": "fit",
            "gain": "weight_per_siemens"}  # each with a method that tells it from other things


@dataclass(frozen=True)
class Hardware:
    """The synapse, the arrays around it and how they are read.

    Its arguments are the short way to say what `array`, `converters` and `imperfections` are; these
    objects do the work. Equal arguments are equal hardware, with equal hashes as long as its
    objects have some; `crossbar.stored` makes plain data of it, and back.

    Parameters
    ----------
    synapse : Synapse
        The device at every cross-point, as `device_models.CompoundMTJ`.
    wires : Wires
        Wire, source and sense resistances of a tile [ohm].
    mapping : Mapping
        How signed weights become conductances.
    tile : (int, int)
        Physical rows and columns of one array; partial sums of tiles are added digitally.
    read_voltage : float
        Row voltage of an input at the top of its layer's range [V].
    read_time : float
        Length of the read pulse [s].
    dac_bits, adc_bits : int or None
        Resolution of inputs and of column currents; None is ideal. The short way of `dac`, `adc`.
    seed : int
        The chip: of everything that is drawn.
    scale : Scale
        How the weight scale of a layer is chosen, at which weights find their states.
    gain : Gain
        What a difference of conductance counts when it is read; by default that same scale.
    spread : float
        Relative device-to-device standard deviation of conductance, below 1 [1], log-normal.
    write_probability : float
        That a cell which a state needs parallel switches when it is written; the others stay
        antiparallel, see `crossbar.imperfections.FailedWrites` [1].
    variability : Variability, optional
        Spreads, correlations and faults of every cell; states are what their cells add up to.
    by_pattern : bool
        Whether, on a channel, a device conducts as the pattern of its parallel cells does, which is
        chance; else as the mean over the patterns of its state, unless `variability` makes cells
        differ.
    programming : Programming, optional
        Writes by pulses, as `device_models.switching.Programming`: what states they really reach,
        open loop or verified; instead of `write_probability`.
    age : float
        Time since writing [s]: cells have fallen with the retention of their own state and barrier.
    reads : float
        Full reads since writing [1], of `read_time` at `read_voltage` each, which disturb cells.
    nonlinear : bool
        Whether devices follow the synapse's own I(V) within a tile; else they are linear, with
        their conductances at the read voltage.
    read_noise : bool or ReadNoise
        Noise of every read, drawn anew for each; True is `crossbar.ReadNoise()`.
    analog_bias : bool
        Biases as one more row at full read voltage, instead of digital.
    drive, sense : RowDrive, ColumnSense
        Ends of rows that are driven and of columns that are sensed.
    dac, adc : DAC or BitSerial, ADC
        Converters that err, or bits one after another, see `crossbar.converters.Converters`.
    columns_per_adc : int
        Columns that take turns at one current converter.
    """

    synapse: Synapse
    wires: Wires = field(default_factory=Wires)
    mapping: Mapping = field(default_factory=Differential)
    tile: tuple[int, int] = (64, 64)
    read_voltage: float = 0.1
    read_time: float = 30e-9
    dac_bits: int | None = None
    adc_bits: int | None = None
    seed: int = 0
    scale: Scale = field(default_factory=LeastSquares)
    gain: Gain = field(default_factory=Renormalised)
    spread: float = 0.0
    write_probability: float = 1.0
    variability: Variability | None = None
    by_pattern: bool = True
    programming: Programming | None = None
    age: float = 0.0
    reads: float = 0.0
    nonlinear: bool = False
    read_noise: bool | ReadNoise = False
    analog_bias: bool = False
    drive: RowDrive = RowDrive.LEFT
    sense: ColumnSense = ColumnSense.BOTTOM
    dac: DAC | BitSerial | int | None = None
    adc: ADC | int | None = None
    columns_per_adc: int = 1

    def __post_init__(self) -> None:
        self._check_objects()
        object.__setattr__(self, "tile", self.array.tile)
        if self.mapping.outputs_per_tile(self.array.columns) < 1:
            raise ValueError(f"a tile of {self.array.columns} columns holds no weight with "
                             f"{self.mapping}; expected {self.mapping.columns(1)} columns or more")
        self.imperfections.check(self.synapse)
        positive("read_voltage", self.read_voltage, "V")
        positive("read_time", self.read_time, "s")
        if self.noise is not None:
            self.noise.check(self.synapse, self.read_time)
        self._check_states()
        object.__setattr__(self, "mapping", self.mapping.fitted(self.synapse, self.read_voltage))
        whole("seed", self.seed, 0)
        for name in ("analog_bias", "by_pattern", "nonlinear"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name} is {getattr(self, name)!r}; expected True or False")
        _ = self.converters

    @cached_property
    def array(self) -> Array:
        """One tile without its devices."""
        return Array(self.tile, self.wires, self.drive, self.sense)

    @cached_property
    def converters(self) -> Converters:
        """What stands around a tile."""
        for name in CONVERTERS:
            if None not in (getattr(self, name), getattr(self, f"{name}_bits")):
                raise ValueError(f"{name} is {getattr(self, name)!r} and {name}_bits is "
                                 f"{getattr(self, f'{name}_bits')!r}; expected one of them")
        dac = self.dac_bits if self.dac is None else self.dac
        adc = self.adc_bits if self.adc is None else self.adc
        return Converters(dac, adc, self.columns_per_adc)

    @cached_property
    def imperfections(self) -> Imperfections:
        """What comes between wanted and real conductances."""
        pulses = () if self.programming is None else (
            PulsedWrites.of(self.programming, self.synapse),)
        if pulses and self.write_probability != 1:
            raise ValueError(f"programming is given and write_probability is "
                             f"{self.write_probability:g}; expected one of them")
        effects: tuple[Imperfection, ...] = (
            FailedWrites(self.write_probability), *pulses, Age(self.age),
            ReadDisturb(self.reads, self.read_time, self.read_voltage), Spread(self.spread))
        return Imperfections(self.variability, tuple(e for e in effects if e.active),
                             self.by_pattern)

    @cached_property
    def levels(self) -> Levels:
        """The signed differences that a weight can take, at the read voltage."""
        return self.mapping.levels(self.synapse, self.read_voltage)

    @property
    def noise(self) -> ReadNoise | None:
        """Noise of every read."""
        return ReadNoise() if self.read_noise is True else self.read_noise or None

    @property
    def by_circuit(self) -> bool:
        """Whether reads are more than a product with a matrix."""
        return self.nonlinear or self.noise is not None

    @property
    def temperature(self) -> float:
        """That the junctions are made for [K], 300 where they do not say."""
        compound = getattr(self.synapse, "synapse", self.synapse)  # that of a continuum
        return float(getattr(getattr(compound, "mtj", None), "temperature", 300.0))

    def ideal(self) -> "Hardware":
        """The same quantised conductances without wires, converters or imperfect devices."""
        return replace(self, wires=Wires(), dac_bits=None, adc_bits=None, dac=None,
                       adc=None, spread=0.0,
                       write_probability=1.0, variability=None, by_pattern=False, programming=None,
                       age=0.0, reads=0.0, nonlinear=False, read_noise=False)

    def _check_objects(self) -> None:
        for name, method in _OBJECTS.items():
            value = getattr(self, name)
            if not hasattr(value, method) or isinstance(value, type):
                raise TypeError(f"{name} is {value!r}; expected an object with {method}(...), see "
                                "help(crossbar.Hardware)")
        for name, kind, known in (
                ("mapping", Mapping, "crossbar.Differential(), or a class derived from "
                                     "crossbar.Mapping"),
                ("variability", Variability | None, "device_models.Variability(...) or None"),
                ("programming", Programming | None,
                 "device_models.switching.Programming(...) or None"),
                ("read_noise", bool | ReadNoise, "True, False or crossbar.ReadNoise(...)")):
            if not isinstance(getattr(self, name), kind):
                raise TypeError(f"{name} is {getattr(self, name)!r}; expected {known}")

    def _check_states(self) -> None:
        breaks = getattr(self.synapse, "breakdown_voltage", None)
        if breaks is not None and self.read_voltage > breaks:
            raise ValueError(f"read_voltage is {self.read_voltage:g} V, and junctions break at "
                             f"{breaks:.3g} V; expected less")
        with np.errstate(all="ignore"):
            g = self.synapse.conductances(self.read_voltage)
        if not np.all(np.isfinite(g)) or g[0] <= 0 or np.any(np.diff(g) < 0):
            raise ValueError(f"the synapse's conductances at {self.read_voltage:g} V are {g[0]:g} "
                             f"to {g[-1]:g} S; expected finite ones above zero, in increasing "
                             "order: check resistance, TMR and read voltage")
