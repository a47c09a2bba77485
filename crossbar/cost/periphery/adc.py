"""Converters of column currents, by what published ones take."""

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from crossbar.cost.periphery.parameters import checked, parameter
from device_models.checks import known, positive

MOST_BITS = 24
"""Resolution of the finest converters of the survey, rounded up; finer ones are refused."""

_SURVEY = "Murmann, ADC Performance Survey 1997-2025, since 2020"


@runtime_checkable
class ConverterCost(Protocol):
    """What a conversion of a current takes: anything with these is a `Periphery`'s `adc`."""

    def energy(self, bits: float, rate: float) -> float:
        """Of one conversion [J], at `rate` conversions per second [1/s]."""

    def power(self, bits: float, rate: float) -> float:
        """Of one converter that never rests [W]."""

    def area(self, bits: float, rate: float) -> float:
        """Of one converter [m^2]."""


@dataclass(frozen=True)
class SurveyADC:
    """An ADC as good as a given share of those published.

    The energy of a conversion is the larger of two bounds, times max(1, rate/corner):
    F 2^bits, with F the figure of merit of Walden, which holds at 8 bits; and
    10^((SNDR - S)/10)/2 joule, SNDR = 6.02 bits + 1.76 dB, with S that of Schreier: the limit of
    thermal noise, four times the energy for one bit more, from some 14 bits on.
    Bits are effective ones: a converter of 8 nominal bits has 7 to 7.5 of them and takes less.

    How the numbers of the three presets were found, from B. Murmann, ADC Performance Survey
    1997-2025 (github.com/bmurmann/ADC-survey, of June 2025): of its ISSCC and VLSI papers since
    2020 with a figure of merit at high input frequency (158, of all resolutions), F and the corner
    together minimise the absolute deviations of ln F, weighted for the quantile 0.5, 0.1 or 0 (the
    best), F at each of 601 corners from 0.1 to 100 GHz being that quantile. S is the quantile of
    the 60 with an SNDR of 75 dB or more. Areas: ln(area) of the 74 with 5 to 11 effective bits by
    least squares against bits and ln(rate), which leaves a factor of 5 either way; then the same
    quantile of what is left, so that the smallest need not be the most frugal. Their nodes, 3 to
    180 nm with 28 nm in the middle, are not corrected for.

    At 8 bits the presets lie a factor of 17.2 apart; plain quantiles of F, without a corner, give
    18.0; of the 52 converters of 38 to 62 dB alone, 19.2. The best is one of 73.9 dB (ISSCC 2024);
    the best of those 52 takes 2.18 fJ per step. The survey knows no rate below 1 kS/s.

    Parameters
    ----------
    figure_of_merit : float
        Energy of a conversion step at low rates, F [J]; default 30.6 fJ, the median.
    corner : float
        Rate above which F rises in proportion [1/s]; weakly determined: the fit of the median is
        2 % worse at 10 GHz.
    schreier : float
        S [dB].
    area_8bit : float
        Area at 8 bits and 100 MS/s [m^2].
    area_doubling : float
        Doublings of the area per bit [1].
    area_growth : float
        Exponent of the area over the rate [1].
    share : str
        What the numbers stand for: "median", "best tenth" or "best" of those published.
    """

    figure_of_merit: float = parameter(30.6e-15, "J", _SURVEY)
    corner: float = parameter(43e9, "1/s", _SURVEY)
    schreier: float = parameter(177.7, "dB", _SURVEY)
    area_8bit: float = parameter(20.3e-9, "m^2", _SURVEY)
    area_doubling: float = parameter(0.452, "1", _SURVEY)
    area_growth: float = parameter(0.225, "1", _SURVEY)
    share: str = "median"

    def __post_init__(self) -> None:
        checked(self)
        known("share of the survey", self.share, _PRESETS)

    @classmethod
    def median(cls) -> "SurveyADC":
        """As half of those published since 2020 are, or better."""
        return cls()

    @classmethod
    def best_tenth(cls) -> "SurveyADC":
        """As one in ten is, or better."""
        return cls(**_PRESETS["best tenth"], share="best tenth")

    @classmethod
    def best(cls) -> "SurveyADC":
        """As the best one."""
        return cls(**_PRESETS["best"], share="best")

    def published(self) -> "SurveyADC":
        """The preset of this `share`, whose numbers have the survey as their source."""
        return SurveyADC(**_PRESETS[self.share], share=self.share)

    def energy(self, bits: float, rate: float) -> float:
        """Of one conversion [J], of so many effective `bits` [1] at a `rate` [1/s]."""
        bits, rate = _bits(bits), positive("rate", rate, "1/s")
        walden = self.figure_of_merit * math.pow(2, bits)
        thermal = 0.5 * math.pow(10, (6.02 * bits + 1.76 - self.schreier) / 10)
        return max(walden, thermal) * max(1.0, rate / self.corner)

    def power(self, bits: float, rate: float) -> float:
        """Of one converter that never rests [W]."""
        return self.energy(bits, rate) * rate

    def area(self, bits: float, rate: float) -> float:
        """Of one converter [m^2]."""
        bits, rate = _bits(bits), positive("rate", rate, "1/s")
        finer = math.pow(2, self.area_doubling * (bits - 8))
        return self.area_8bit * finer * math.pow(rate / 1e8, self.area_growth)


_PRESETS: dict[str, dict[str, float]] = {
    "median": {},
    "best tenth": {"figure_of_merit": 5.23e-15, "corner": 7.9e9, "schreier": 184.1,
                   "area_8bit": 2.75e-9},
    "best": {"figure_of_merit": 1.78e-15, "corner": 9.3e9, "schreier": 189.2,
             "area_8bit": 0.308e-9},
}


def _bits(bits: float) -> float:
    bits = positive("bits", bits, "1")
    if bits > MOST_BITS:
        raise ValueError(f"bits [1] are {bits:g}; expected {MOST_BITS} or fewer, which no "
                         "published converter exceeds")
    return bits
