"""The converters around an array: how finely they resolve, and how they err."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from circuits import ADC, DAC, BitSerial
from device_models.checks import Floats, per_cent_question, whole

CONVERTERS = ("dac", "adc")
MOST_BITS = 24  # finer steps vanish in float32
_MOST_STEPS = 2**26  # of all converters of a layer, drawn one by one
Errs = TypeVar("Errs", DAC, ADC)


@dataclass(frozen=True)
class Converters:
    """What drives rows for numbers and makes numbers of currents.

    The range of a layer's converters is the layer's, calibrated. A converter given as an object is
    put over it: its offset stays the same part of its span, its gain and its steps what they are.
    Spreads and steps are drawn for every converter of a chip on its own, its `seed` is not used.

    Parameters
    ----------
    dac : int, DAC, BitSerial or None
        Of inputs: so many bits without error; a converter that errs; bits one after another, added
        up behind the current converters; None is ideal.
    adc : int, ADC or None
        Of column currents, likewise.
    columns_per_adc : int
        Neighbouring columns (of converted currents) of one array that take turns at one converter,
        and share its errors.
    """

    dac: int | DAC | BitSerial | None = None
    adc: int | ADC | None = None
    columns_per_adc: int = 1

    def __post_init__(self) -> None:
        for name, kinds in (("dac", (DAC, BitSerial)), ("adc", (ADC,))):
            given = getattr(self, name)
            bits = given.bits if isinstance(given, kinds) else given
            counted = isinstance(bits, int | np.integer) and not isinstance(bits, bool)
            if given is not None and not (counted and 1 <= bits <= MOST_BITS):
                objects = " or ".join(f"circuits.{kind.__name__}(...)" for kind in kinds)
                raise ValueError(f"{name}_bits is {given!r}; expected a whole number from 1 to "
                                 f"{MOST_BITS}, {name}={objects}, or None, which is an ideal "
                                 "converter")
            if isinstance(given, kinds):
                _check_errors(name, given)
        whole("columns_per_adc", self.columns_per_adc, 1)

    @property
    def dac_bits(self) -> int | None:
        """Resolution of inputs."""
        return self.dac.bits if isinstance(self.dac, DAC | BitSerial) else self.dac

    @property
    def adc_bits(self) -> int | None:
        """Resolution of column currents."""
        return self.adc.bits if isinstance(self.adc, ADC) else self.adc

    @property
    def serial_bits(self) -> int | None:
        """Bits of inputs that come one after another."""
        return self.dac.bits if isinstance(self.dac, BitSerial) else None

    @property
    def level_bits(self) -> int | None:
        """Bits of inputs that come at once."""
        return None if self.serial_bits else self.dac_bits

    @property
    def dac_errs(self) -> bool:
        """Whether input converters are other than ideal ones of their bits."""
        return isinstance(self.dac, DAC) and _errs(self.dac)

    @property
    def adc_errs(self) -> bool:
        """Whether current converters are other than ideal ones of their bits."""
        return isinstance(self.adc, ADC) and _errs(self.adc)

    def levels(self, rows: int, seed: Sequence[int]) -> Floats:
        """Outputs of each row's converter over the span of its range: (rows, 2^bits) [1]."""
        if not isinstance(self.dac, DAC):
            raise TypeError(f"dac is {self.dac!r}; expected a DAC, which has levels of its own")
        return _table(self.dac, rows, seed)

    def thresholds(self, count: int, seed: Sequence[int]) -> Floats:
        """Where codes of each of `count` current converters begin, over the span of the range:
        (count, steps) [1]."""
        if not isinstance(self.adc, ADC):
            raise TypeError(f"adc is {self.adc!r}; expected an ADC, which has its own thresholds")
        return _table(self.adc, count, seed)


def _check_errors(name: str, given: DAC | ADC | BitSerial) -> None:
    """Refuse errors as large as the span, which look like per cent."""
    if isinstance(given, BitSerial):
        return
    span = given.high - given.low
    for error, whole_ in (("offset", span), ("offset_spread", span), ("gain_error", 1.0)):
        share = getattr(given, error) / whole_
        if abs(share) >= 1:
            raise ValueError(f"{name} has {error} {share:g} of its span; expected less than 1: "
                             f"{per_cent_question(share)}")


def _errs(converter: Errs) -> bool:
    return any(getattr(converter, name) != 0 for name in (
        "offset", "gain_error", "dnl", "offset_spread", "gain_spread"))


def _table(converter: Errs, count: int, seed: Sequence[int]) -> Floats:
    """What each of `count` converters converts by, over 0 to 1."""
    if count * 2**converter.bits > _MOST_STEPS:
        raise ValueError(f"{count} converters of {converter.bits} bits have more than "
                         f"{_MOST_STEPS} steps to draw; take fewer bits, or ideal converters: "
                         "their number of bits alone")
    return converter.over(0.0, 1.0).table(count, tuple(seed))
