"""What is counted behind the converters: additions, registers, products, activations, buffers."""

import math
from dataclasses import dataclass

from crossbar.cost.periphery.nodes import area_scale, energy_scale
from crossbar.cost.periphery.parameters import checked, node_parameter, parameter
from device_models.checks import whole

_HOROWITZ = "Horowitz, ISSCC 2014, 10 (45 nm, 0.9 V)"
_DALLY = "Dally, NIPS tutorial 2015 (45 nm), not verified"
_ALADDIN = "Aladdin (Shao et al., ISCA 2014; 40 nm)"
_HOROWITZ_NODE, _HOROWITZ_SUPPLY, _ALADDIN_NODE = 45e-9, 0.9, 40e-9


@dataclass(frozen=True)
class Digital:
    """CMOS logic and SRAM, by the bits they handle, scaled to the node and supply.

    An addition and a register go with the bits, a product with the product of both its factors'
    (which is within 3 % of Horowitz's 32-bit product, 3.1 pJ; his 32-bit addition is 20 % below the
    bits' law, 0.1 pJ). A word from an SRAM takes sqrt(capacity) for the length of its lines: 8 KiB
    give 10 pJ for 64 bits, and the law then 20 pJ for 32 KiB, Horowitz's figure, and 113 for 1 MiB,
    where he has 100.

    Parameters
    ----------
    add_energy, multiply_energy, register_energy, compare_energy : float
        Of an addition per bit, of a product per bit of either factor, of one bit stored in a
        register, of a comparison per bit [J].
    buffer_energy : float
        Of one bit read from or written to an SRAM of 8 KiB [J].
    add_area_bit, multiply_area_bit, register_area_bit, compare_area_bit : float
        Likewise [m^2].
    buffer_area_bit : float
        Of one bit of SRAM with its share of decoders and sense amplifiers [m^2]: twice
        (assumed) the cell of 0.346 um^2 of a 45 nm process (Mistry et al., IEDM 2007).
    buffer_capacity : float
        Of each buffer [bit]; default 8 KiB.
    node, supply : float
        As of a `Driver`. Energies go with the square of the supply.
    """

    add_energy: float = parameter(0.03e-12 / 8, "J", _HOROWITZ)
    multiply_energy: float = parameter(0.2e-12 / 64, "J", _HOROWITZ)
    register_energy: float = parameter(9e-15, "J", _ALADDIN)
    compare_energy: float = parameter(0.02947e-12 / 32, "J", _ALADDIN)
    buffer_energy: float = parameter(10e-12 / 64, "J", _HOROWITZ)
    add_area_bit: float = parameter(36e-12 / 8, "m^2", _DALLY)
    multiply_area_bit: float = parameter(282e-12 / 64, "m^2", _DALLY)
    register_area_bit: float = parameter(5.98e-12, "m^2", _ALADDIN)
    compare_area_bit: float = parameter(71e-12 / 32, "m^2", _ALADDIN)
    buffer_area_bit: float = parameter(2 * 0.346e-12, "m^2", "Mistry et al., IEDM 2007; assumed")
    buffer_capacity: float = parameter(65536.0, "bit", "assumed")
    node: float = node_parameter()
    supply: float | None = parameter(None, "V", "the node's nominal")

    def __post_init__(self) -> None:
        checked(self)

    def add(self, bits: int) -> float:
        """Of one addition [J]."""
        return self.add_energy * _bits(bits) * self._horowitz

    def register(self, bits: int) -> float:
        """Of storing one word [J]."""
        return self.register_energy * _bits(bits) * self._aladdin

    def shift_and_add(self, bits: int) -> float:
        """Of one shifted term of an accumulated sum of `bits` [J]: shifts are wires, so it is an
        addition and a register."""
        return self.add(bits) + self.register(bits)

    def multiply(self, a: int, b: int) -> float:
        """Of one product of `a` by `b` bits [J]."""
        return self.multiply_energy * _bits(a) * _bits(b) * self._horowitz

    def multiply_accumulate(self, bits: int, accumulator: int = 32) -> float:
        """Of one product of words of `bits` and its addition to an accumulator [J]; the words'
        own ways from and to memory are not in it."""
        return self.multiply(bits, bits) + self.add(accumulator)

    def compare(self, bits: int) -> float:
        """Of one comparison [J]."""
        return self.compare_energy * _bits(bits) * self._aladdin

    def activation(self, bits: int, simple: bool) -> float:
        """Of one value through an activation [J]: a comparison where it is `simple` (ReLU, a
        maximum), else a word from a table of 2^bits."""
        return self.compare(bits) if simple else self._read(bits, bits * 2.0 ** _bits(bits))

    def buffer(self, bits: int) -> float:
        """Of one word moved to or from a buffer [J]."""
        return self._read(bits, self.buffer_capacity)

    def add_area(self, bits: int) -> float:
        """Of an adder [m^2]."""
        return self.add_area_bit * _bits(bits) * area_scale(_HOROWITZ_NODE, self.node)

    def register_area(self, bits: int) -> float:
        """Of a register [m^2]."""
        return self.register_area_bit * _bits(bits) * area_scale(_ALADDIN_NODE, self.node)

    def shift_and_add_area(self, bits: int) -> float:
        """Of an accumulator of `bits` [m^2]."""
        return self.add_area(bits) + self.register_area(bits)

    def multiply_area(self, a: int, b: int) -> float:
        """Of a multiplier [m^2]."""
        each = self.multiply_area_bit * area_scale(_HOROWITZ_NODE, self.node)
        return each * _bits(a) * _bits(b)

    def compare_area(self, bits: int) -> float:
        """Of a comparator [m^2]."""
        return self.compare_area_bit * _bits(bits) * area_scale(_ALADDIN_NODE, self.node)

    def activation_area(self, bits: int, simple: bool) -> float:
        """Of what one value at a time goes through [m^2]."""
        return self.compare_area(bits) if simple else self.buffer_area(bits, 2 ** _bits(bits))

    def buffer_area(self, bits: int, words: int = 1) -> float:
        """Of so many `words` of SRAM [m^2]."""
        cells = _bits(bits) * whole("words", words, 1)
        return self.buffer_area_bit * cells * area_scale(_HOROWITZ_NODE, self.node)

    def _read(self, bits: int, capacity: float) -> float:
        lines = math.sqrt(capacity / 65536)
        return self.buffer_energy * _bits(bits) * lines * self._horowitz

    @property
    def _horowitz(self) -> float:
        return energy_scale(_HOROWITZ_NODE, self.node, _HOROWITZ_SUPPLY, self.supply)

    @property
    def _aladdin(self) -> float:
        return energy_scale(_ALADDIN_NODE, self.node, None, self.supply)


def _bits(bits: int) -> int:
    bits = whole("bits", bits, 1)
    if bits > 64:
        raise ValueError(f"bits are {bits}; expected 64 or fewer, the widest words counted here")
    return bits
