"""Everything around the arrays whose cost is counted, in one object."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from crossbar.cost.periphery.adc import MOST_BITS, ConverterCost, SurveyADC
from crossbar.cost.periphery.amplifiers import Amplifier, Driver
from crossbar.cost.periphery.cell import Cell
from crossbar.cost.periphery.dac import CapacitiveDAC
from crossbar.cost.periphery.digital import Digital
from crossbar.cost.periphery.nodes import supply
from crossbar.cost.periphery.parameters import Stated, checked, node_parameter, parameter, stated
from crossbar.tables import aligned
from device_models.checks import nonnegative, whole

PARTS = ("adc", "dac", "driver", "amplifier", "digital", "cell")


@dataclass(frozen=True)
class Periphery:
    """What the surroundings of the arrays cost; `Hardware` says what numbers come out of them.

    `print(periphery)` states every parameter with its unit and source. Estimates: areas and the
    amplifiers most of all.

    Parameters
    ----------
    node : float
        Of all its CMOS [m]; default 45 nm, where the digital figures were published. Parts are put
        to this node and supply.
    supply : float, optional
        [V]; None: the nominal one of the node.
    adc : SurveyADC or HwcomponentsADC
        Conversion of column currents.
    dac : CapacitiveDAC
        Conversion of inputs; bits one after another need none.
    driver : Driver
        Of rows.
    amplifier : Amplifier
        Of columns.
    digital : Digital
        Accumulation, correction, activation and buffers.
    cell : Cell
        A cross-point's size and capacitances.
    assumed_bits : int
        Bits that are counted for converters which the hardware takes as ideal.
    conversion_rate : float
        Of one ADC [1/s]; default 100 MS/s, assumed: some conversions per read of 10 to 30 ns.
    clock_rate : float
        Of the digital parts [1/s]; default 1 GHz, assumed.
    parallel_tiles : bool
        Whether the tiles of a layer are read at once, each with its own periphery, or in turn.

    Examples
    --------
    >>> crossbar.Periphery(node=28e-9, adc=crossbar.SurveyADC.best_tenth())
    >>> dataclasses.replace(periphery, assumed_bits=6)
    """

    node: float = node_parameter()
    supply: float | None = parameter(None, "V", "the node's nominal")
    adc: ConverterCost = field(default_factory=SurveyADC)
    dac: CapacitiveDAC = field(default_factory=CapacitiveDAC)
    driver: Driver = field(default_factory=Driver)
    amplifier: Amplifier = field(default_factory=Amplifier)
    digital: Digital = field(default_factory=Digital)
    cell: Cell = field(default_factory=Cell)
    assumed_bits: int = parameter(8, "1", "assumed", lambda name, bits, _: _bits(name, bits))
    conversion_rate: float = parameter(100e6, "1/s", "assumed")
    clock_rate: float = parameter(1e9, "1/s", "assumed")
    parallel_tiles: bool = True

    def __post_init__(self) -> None:
        checked(self)
        if not isinstance(self.parallel_tiles, bool):
            raise TypeError(f"parallel_tiles is {self.parallel_tiles!r}; expected True or False")
        for name, kind in (("adc", ConverterCost), ("dac", CapacitiveDAC), ("driver", Driver),
                           ("amplifier", Amplifier), ("digital", Digital), ("cell", Cell)):
            part = getattr(self, name)
            if not isinstance(part, kind) or isinstance(part, type):
                raise TypeError(f"{name} is {part!r}; expected crossbar.cost.periphery."
                                f"{_EXPECTED.get(name, kind.__name__)}")
            object.__setattr__(self, name, self._at_node(part))

    @classmethod
    def median(cls, **settings: Any) -> "Periphery":
        """With converters as half of those published since 2020 are, or better: the default."""
        return cls(adc=SurveyADC.median(), **settings)

    @classmethod
    def best_tenth(cls, **settings: Any) -> "Periphery":
        """With converters as one published in ten is, or better."""
        return cls(adc=SurveyADC.best_tenth(), **settings)

    @classmethod
    def best(cls, **settings: Any) -> "Periphery":
        """With converters as the best one published."""
        return cls(adc=SurveyADC.best(), **settings)

    @property
    def volts(self) -> float:
        """Supply voltage [V]."""
        return supply(self.node) if self.supply is None else self.supply

    def conversion_energy(self, bits: int) -> float:
        """Of one conversion of a current [J]."""
        return nonnegative("energy of an ADC", self.adc.energy(bits, self.conversion_rate), "J")

    def converter_area(self, bits: int) -> float:
        """Of one current converter [m^2]."""
        return nonnegative("area of an ADC", self.adc.area(bits, self.conversion_rate), "m^2")

    def stated(self) -> Iterator[Stated]:
        """Every parameter with its unit and source."""
        yield from stated("periphery", self)
        for name in PARTS:
            if is_dataclass(getattr(self, name)):
                yield from (line for line in stated(name, getattr(self, name))
                            if line.name not in ("node", "supply"))

    def __str__(self) -> str:
        share = getattr(self.adc, "share", type(self.adc).__name__)
        tiles = "at once" if self.parallel_tiles else "in turn"
        rows = [(f"{line.part}.{line.name}", _text(line.value), line.unit, line.source)
                for line in self.stated()]
        return "\n".join([f"periphery: ADC {share}; tiles {tiles}",
                          *aligned(rows, left=len(rows[0]))])

    def _at_node(self, part: Any) -> Any:
        own = {"node": self.node, "supply": self.supply}
        names = {one.name for one in fields(part)} if is_dataclass(part) else set()
        taken = {name: value for name, value in own.items() if name in names}
        return replace(part, **taken) if taken else part


_EXPECTED = {"adc": "SurveyADC or HwcomponentsADC, or an object with energy(bits, rate), "
                    "power(bits, rate) and area(bits, rate)"}


def _bits(name: str, bits: int) -> int:
    if whole(name, bits, 1) > MOST_BITS:
        raise ValueError(f"{name} is {bits}; expected {MOST_BITS} or fewer, as of hardware")
    return int(bits)


def _text(value: object) -> str:
    return "of the node" if value is None else f"{value:.4g}" if isinstance(
        value, float) else str(value)
