"""The ADC model of hwcomponents-adc, where that package is installed."""

import importlib
from dataclasses import dataclass
from typing import Any

from crossbar.cost.periphery.parameters import checked, node_parameter
from device_models.checks import positive

LEAST_BITS = 4


@dataclass(frozen=True)
class HwcomponentsADC:
    """An ADC as hwcomponents-adc counts one: the best design at its bits, rate and node.

    T. Andrulis, R. Chen, H.-S. Lee, J. S. Emer, V. Sze, arXiv:2404.06553: a fit of its own to
    Murmann's survey of 1997 to 2023 (MIT licence). It takes Python 3.12 or newer and
    `pip install "spintronic-crossbar[hwcomponents]"`; it is imported with the first figure.

    Parameters
    ----------
    node : float
        [m]; a `Periphery` puts its own here.
    """

    node: float = node_parameter()

    def __post_init__(self) -> None:
        checked(self)

    def energy(self, bits: float, rate: float) -> float:
        """Of one conversion [J], leakage included, of `bits` [1] at a `rate` [1/s]."""
        return float(self._model(bits, rate).get_energy())

    def power(self, bits: float, rate: float) -> float:
        """Of one converter that never rests [W]."""
        return self.energy(bits, rate) * rate

    def area(self, bits: float, rate: float) -> float:
        """Of one converter [m^2]."""
        return float(self._model(bits, rate).area)

    def _model(self, bits: float, rate: float) -> Any:
        if not positive("bits", bits, "1") >= LEAST_BITS:
            raise ValueError(f"bits [1] are {bits:g}; hwcomponents-adc knows {LEAST_BITS} or more: "
                             "use crossbar.SurveyADC() for fewer")
        return _package().ADC(n_bits=bits, tech_node=self.node,
                              throughput=positive("rate", rate, "1/s"))


def _package() -> Any:
    try:
        return importlib.import_module("hwcomponents_adc")
    except ImportError as error:
        raise ImportError(
            f"HwcomponentsADC needs the package hwcomponents-adc, and Python found none ({error}); "
            'in Python 3.12 or newer, pip install "spintronic-crossbar[hwcomponents]", or use '
            "crossbar.SurveyADC(), which needs nothing"
        ) from error
