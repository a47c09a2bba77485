"""Measured quantities beside what a stack makes of them."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from device_models.measured.errors import MeasuredError
from device_models.measured.evidence import Evidence
from device_models.stacks.stack import Stack

_ASK, _REFUSE = 0.05, 0.5  # of the measured value: misfit that is said, and refused (assumed)


@dataclass(frozen=True)
class Misfit:
    """What a file says of a quantity, and what the stack does, in SI."""

    measured: Evidence
    model: float

    @property
    def relative(self) -> float:
        """(model - measured)/measured [1]."""
        return self.model / self.measured.estimate.value - 1.0


def misfits(stack: Stack, found: list[Evidence]) -> list[Misfit]:
    """Each measured quantity that the `stack` has, beside its own."""
    tables, middle = stack.tables, sum(stack.thickness_range) / 2
    magnetics, switching, barrier = tables.magnetics, tables.switching, tables.breakdown
    models: dict[str, Callable[[float], Any]] = {
        "r_p": stack.r_p, "r_ap": lambda t: stack.r_p(t) * (1.0 + stack.tmr(t))}
    if magnetics is not None:
        models["coercivity"] = lambda _: magnetics.device_coercivity
    if switching is not None and (volts := switching.critical_voltage) is not None:
        models["critical_voltage_0k" if switching.critical_voltage_of == "0 K"
               else "critical_voltage"] = volts
    if barrier is not None:
        models["breakdown"] = barrier.voltage
    low, high = stack.thickness_range
    return [Misfit(each, float(models[each.quantity](t))) for each in found
            if each.quantity in models and low * 0.999 <= (
                t := middle if each.thickness is None else each.thickness) <= high * 1.001]


def compare(found: list[Misfit]) -> None:
    """Warn of misfits, or refuse them."""
    for each in found:
        said, off = each.measured.estimate, abs(each.relative)
        text = (f"{each.measured.file}: {each.measured.quantity} is {said.value:.4g} (95 %: "
                f"{said.low:.4g} to {said.high:.4g}), the stack's {each.model:.4g} (SI), off by "
                f"{each.relative:+.0%}")
        if off > _REFUSE:
            raise MeasuredError(f"{text}; expected less than {_REFUSE:.0%}: is the file of this "
                                "thickness and number of cells?")
        if off > _ASK and not said.low <= each.model <= said.high:
            warnings.warn(f"{text}; devices differ, or the law over thickness does not fit",
                          UserWarning, stacklevel=3)
