"""What a network is run on."""

from dataclasses import dataclass, field, replace

import numpy as np

from circuits import Wires
from crossbar.imperfections.writing import ImperfectWrite
from crossbar.mapping.differential import Differential
from crossbar.mapping.gains import Gain, Renormalised
from crossbar.mapping.mapping import Mapping
from crossbar.mapping.scales import LeastSquares, Scale
from device_models import Synapse
from device_models.checks import nonnegative, positive, whole

MOST_BITS = 24  # of a converter; finer steps vanish in float32


@dataclass(frozen=True)
class Hardware:
    """The synapse, the arrays around it and how they are read.

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
        Resolution of inputs and of column currents; None is ideal.
    seed : int
        Seed of device spread and imperfect writes.
    scale : Scale
        How the weight scale of a layer is chosen, at which weights find their states.
    gain : Gain
        What a difference of conductance counts when it is read; by default that same scale.
    spread : float
        Relative device-to-device standard deviation of conductance [1], log-normal.
    write_probability : float
        That a cell which a state needs parallel switches when it is written; the others stay
        antiparallel, see `crossbar.imperfections.writing` [1].
    analog_bias : bool
        Biases as one more row at full read voltage, instead of digital.
    adc_energy_per_step : float
        Walden figure of merit [J per conversion step]; default 32 fJ, the median since 2020
        (Murmann, ADC Performance Survey).
    dac_energy : float
        Energy of one input conversion [J]; default 0.3 pJ, assumed.
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
    analog_bias: bool = False
    adc_energy_per_step: float = 32e-15
    dac_energy: float = 0.3e-12

    def __post_init__(self) -> None:
        for name, methods in (("synapse", "program"), ("mapping", "decoder"), ("scale", "fit"),
                              ("gain", "weight_per_siemens")):
            if not hasattr(getattr(self, name), methods) or isinstance(getattr(self, name), type):
                raise TypeError(f"{name} is {getattr(self, name)!r}; expected an object with "
                                f"{methods}(...), see help(crossbar.Hardware)")
        if not isinstance(self.wires, Wires):
            raise TypeError(f"wires is {self.wires!r}; expected circuits.Wires(...)")
        if not isinstance(self.tile, (tuple, list)) or len(self.tile) != 2:
            raise ValueError(f"tile is {self.tile!r}; expected (rows, columns)")
        rows, columns = (whole("tile size", side, 1) for side in self.tile)
        object.__setattr__(self, "tile", (rows, columns))
        if self.mapping.outputs_per_tile(columns) < 1:
            raise ValueError(f"a tile of {columns} columns holds no weight with {self.mapping}; "
                             f"expected {self.mapping.columns(1)} columns or more")
        if self.write_probability != 1:
            ImperfectWrite(self.synapse, self.write_probability, np.random.default_rng(0))
        for name, unit in (("read_voltage", "V"), ("read_time", "s")):
            positive(name, getattr(self, name), unit)
        for name, unit in (("spread", "1"), ("adc_energy_per_step", "J"), ("dac_energy", "J")):
            nonnegative(name, getattr(self, name), unit)
        for name in ("dac_bits", "adc_bits"):
            bits = getattr(self, name)
            if bits is not None and whole(name, bits, 1) > MOST_BITS:
                raise ValueError(f"{name} is {bits}; expected 1 to {MOST_BITS}, or None for an "
                                 "ideal converter")
        with np.errstate(all="ignore"):
            g = self.synapse.conductances(self.read_voltage)
        if not np.all(np.isfinite(g)) or g[0] <= 0:
            raise ValueError(f"the synapse's conductances at {self.read_voltage:g} V are {g[0]:g} "
                             f"to {g[-1]:g} S; expected finite ones above zero: check resistance, "
                             "TMR and read voltage")
        whole("seed", self.seed, 0)
        if not isinstance(self.analog_bias, bool):
            raise TypeError(f"analog_bias is {self.analog_bias!r}; expected True or False")

    def ideal(self) -> "Hardware":
        """The same quantised conductances without wires, converters, spread or failed writes."""
        return replace(self, wires=Wires(), dac_bits=None, adc_bits=None, spread=0.0,
                       write_probability=1.0)
