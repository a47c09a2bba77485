"""What drives rows and what holds columns: transistors sized by what is asked of them."""

import math
from dataclasses import dataclass

import numpy as np

from crossbar.cost.periphery.nodes import check_node, supply
from crossbar.cost.periphery.parameters import checked, node_parameter, parameter, zero_or_more
from device_models.checks import nonnegative, positive

BOLTZMANN = 1.380649e-23
"""[J/K], exact."""

# Node [m]; effective resistance of a transistor of unit width [ohm m]; gate capacitance [F/m].
TRANSISTORS = (
    (130e-9, 1.92e-3, 1.13e-9), (90e-9, 1.76e-3, 1.02e-9), (65e-9, 1.36e-3, 0.80e-9),
    (45e-9, 0.83e-3, 0.98e-9), (32e-9, 0.75e-3, 0.93e-9), (22e-9, 0.64e-3, 0.62e-9),
    (7e-9, 0.64e-3, 0.62e-9),
)
"""High-performance n-channel transistors of the tables in CACTI and NVSim (as in NS-Cache's
Technology.cpp): k V_DD/I_on with k = 1.45 to 1.54 theirs; ideal gate, 20 % overlap and fringe
capacitance. Their row "130 nm" says of itself that it is 100. Below 22 nm that of 22 is held,
assumed."""


@dataclass(frozen=True)
class Driver:
    """A switch that puts a row to its voltage, with the tapered buffer that opens it.

    A switch of resistance R is W = (R W)/R wide, and its gate takes (C/W) W V_DD^2 per pulse. The
    inverters before it, each `fan_out` times smaller than the next, add up to a share
    1/(fan_out - 1) of that gate; each gate drives its drain capacitance, `parasitic` gates large,
    with it (Weste & Harris, CMOS VLSI Design, logical effort). A switch at a read voltage well
    below V_DD conducts better than the effective resistance of the table says: too wide rather
    than too narrow.

    Parameters
    ----------
    on_resistance : float
        Counted for drivers that the wires take as ideal (`Wires.source` 0) [ohm]; default 200,
        assumed.
    resistance_width, gate_capacitance : float, optional
        R W [ohm m] and C/W [F/m] of a transistor; None: those of the node, see `TRANSISTORS`.
    fan_out : float
        From stage to stage [1]; default 4.
    parasitic : float
        Drain capacitance over gate capacitance [1]; default 1.
    pitch : float
        Length of a transistor with its contacts, over the node [1]; default 4, assumed.
    layout : float
        Area with wells and spacing over that of the transistors [1]; default 2, assumed.
    node : float
        [m]; a `Periphery` puts its own here.
    supply : float, optional
        V_DD [V]; None: the nominal one of the node. A `Periphery` puts its own here.
    """

    on_resistance: float = parameter(200.0, "ohm", "assumed")
    resistance_width: float | None = parameter(None, "ohm m", "CACTI/NVSim table of the node")
    gate_capacitance: float | None = parameter(None, "F/m", "CACTI/NVSim table of the node")
    fan_out: float = parameter(4.0, "1", "Weste & Harris, CMOS VLSI Design")
    parasitic: float = zero_or_more(1.0, "1", "Weste & Harris, CMOS VLSI Design")
    pitch: float = parameter(4.0, "1", "assumed")
    layout: float = parameter(2.0, "1", "assumed")
    node: float = node_parameter()
    supply: float | None = parameter(None, "V", "the node's nominal")

    def __post_init__(self) -> None:
        checked(self)
        if self.fan_out <= 1:
            raise ValueError(f"fan_out is {self.fan_out:g}; expected more than 1: each stage is "
                             "wider than the one before it")

    def width(self, on_resistance: float = 0.0, node: float | None = None) -> float:
        """Of the switch [m], for its resistance [ohm]; 0 stands for `on_resistance`."""
        asked = nonnegative("on_resistance", on_resistance, "ohm") or self.on_resistance
        per_width = self.resistance_width
        return (_of_node(1, node or self.node) if per_width is None else per_width) / asked

    def energy(self, on_resistance: float = 0.0, node: float | None = None) -> float:
        """Of one pulse, on and off [J]."""
        node = check_node("node", node or self.node)
        gate = self.gate_capacitance
        gate = _of_node(2, node) if gate is None else gate
        volts = supply(node) if self.supply is None else self.supply
        stages = 1 + (1 + self.parasitic) / (self.fan_out - 1)
        return self.width(on_resistance, node) * gate * stages * volts**2

    def area(self, on_resistance: float = 0.0, node: float | None = None) -> float:
        """Of one driver with its buffer [m^2]."""
        node = check_node("node", node or self.node)
        chain = self.fan_out / (self.fan_out - 1)
        length = self.pitch * node
        return max(self.width(on_resistance, node), length) * length * chain * self.layout


@dataclass(frozen=True)
class Amplifier:
    """A transimpedance amplifier that holds a column at virtual ground.

    Its input transistor needs, on a column of capacitance C, for a bandwidth B the transconductance
    2 pi B C: its input resistance 1/g_m must load the column faster (common gate; B. Razavi, Design
    of Analog CMOS Integrated Circuits). Its own noise, 4 k T gamma/g_m [V^2/Hz], drives a current
    through the column's capacitance and conductance G; over B it has the variance
    (4 k T gamma/g_m)(G^2 B + (2 pi C)^2 B^3/3), which is to stay below `noise`^2. The larger of the
    two, over g_m/I_D (P. Jespers, B. Murmann, Systematic Design of Analog CMOS Circuits), times the
    branches and V_DD, is its power. The column's own current comes from V_DD too, not from the read
    voltage: `current` adds it.

    Parameters
    ----------
    efficiency : float
        g_m/I_D [1/V]; default 15, moderate inversion, assumed.
    gamma : float
        Noise over that of a resistance 1/g_m [1]; default 1, assumed (2/3 for long channels).
    branches : float
        Currents like that of the input transistor [1]; default 2, assumed (bias, output).
    temperature : float
        [K]; default 300.
    area_130nm : float
        [m^2]; default 350 um^2 at 130 nm, the integrator of NeuRRAM (Nature 608, 504 (2022)) as
        hwcomponents-library counts it; scaled with the node, not with its square (assumed).
    node, supply : float
        As of a `Driver`.
    """

    efficiency: float = parameter(15.0, "1/V", "assumed")
    gamma: float = parameter(1.0, "1", "assumed")
    branches: float = parameter(2.0, "1", "assumed")
    temperature: float = parameter(300.0, "K", "assumed")
    area_130nm: float = parameter(350e-12, "m^2", "hwcomponents-library, NeuRRAM's integrator")
    node: float = node_parameter()
    supply: float | None = parameter(None, "V", "the node's nominal")

    def __post_init__(self) -> None:
        checked(self)

    def transconductance(self, bandwidth: float, noise: float | None, capacitance: float,
                         conductance: float = 0.0) -> float:
        """g_m [S] for a `bandwidth` [Hz] and an input-referred `noise` [A rms], None where any
        will do, on a column of `capacitance` [F] and `conductance` [S]."""
        b, c = positive("bandwidth", bandwidth, "Hz"), nonnegative("capacitance", capacitance, "F")
        g = nonnegative("conductance", conductance, "S")
        settles = 2 * math.pi * b * c
        if noise is None:
            return settles
        through = g**2 * b + (2 * math.pi * c) ** 2 * b**3 / 3
        quiet = 4 * BOLTZMANN * self.temperature * self.gamma * through
        return max(settles, quiet / positive("noise", noise, "A") ** 2)

    def power(self, bandwidth: float, noise: float | None, capacitance: float,
              current: float = 0.0, conductance: float = 0.0) -> float:
        """Of one amplifier while it is on [W]; arguments as of `transconductance`, and the column's
        typical `current` [A]: the mean magnitude, or the root mean square, which is more."""
        bias = self.transconductance(bandwidth, noise, capacitance, conductance) / self.efficiency
        volts = supply(self.node) if self.supply is None else self.supply
        return volts * (self.branches * bias + nonnegative("current", current, "A"))

    def area(self) -> float:
        """Of one amplifier [m^2]."""
        return self.area_130nm * self.node / 130e-9


def _of_node(column: int, node: float) -> float:
    """R W [ohm m] or C/W [F/m], between nodes of the table in logarithms."""
    table = np.log(TRANSISTORS[::-1])
    x = np.log(check_node("node", node))
    return float(np.exp(np.interp(x, table[:, 0], table[:, column])))
