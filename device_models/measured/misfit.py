"""Measured quantities beside what a stack makes of them."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from device_models.magnet.free_layer import FreeLayer
from device_models.measured.errors import MeasuredError
from device_models.measured.evidence import Evidence
from device_models.stacks.errors import NotGivenError, given
from device_models.stacks.stack import Stack
from device_models.switching.shares import Conditions, voltage_of_share
from device_models.switching.thresholds import critical_voltage, stability

_ASK, _REFUSE = 0.05, 0.5  # of the measured value: misfit that is said, and refused (assumed)


@dataclass(frozen=True)
class Misfit:
    """What a file says of a quantity, and what the stack does, in SI.

    `predicted` is what the stack's laws make of other numbers, so that it may be wrong.
    """

    measured: Evidence
    model: float
    predicted: bool = False

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
        if (stability := magnetics.stability) is not None:
            models["stability"] = stability
    if tables.variability is not None and (sigma := tables.variability.sigma_v_c) is not None:
        models["spread"] = lambda _: sigma
    if switching is not None and (volts := switching.critical_voltage) is not None:
        models["critical_voltage_0k" if switching.critical_voltage_of == "0 K"
               else "critical_voltage"] = volts
    if barrier is not None:
        models["breakdown"] = barrier.voltage
        if (shape := barrier.shape) is not None:
            models["shape"] = lambda _: shape
    _warn_outside(stack, found)
    found = [each for each in found if in_range(stack, each.thickness or middle)]
    said = [Misfit(each, float(models[each.quantity](each.thickness or middle)))
            for each in found if each.quantity in models
            and not (each.quantity == "critical_voltage" and each.cells > 1)]
    done = {id(each.measured) for each in said}
    return said + [Misfit(each, law, predicted=True) for each in found
                   if each.quantity in _LAWS and id(each) not in done
                   and (law := _LAWS[each.quantity](stack, each)) is not None]


def in_range(stack: Stack, thickness: float) -> bool:
    """Whether a stack's model holds for a free layer of `thickness` [m]."""
    low, high = stack.thickness_range
    return "thickness" in stack.lacking or bool(low * 0.999 <= thickness <= high * 1.001)


def _warn_outside(stack: Stack, found: list[Evidence]) -> None:
    low, high = (end * 1e9 for end in stack.thickness_range)
    outside = {each.file.name: f"{each.file.name} ({each.thickness * 1e9:.4g} nm)" for each in found
               if each.thickness is not None and not in_range(stack, each.thickness)}
    if outside:
        warnings.warn(f"left out, not of the {low:.4g} to {high:.4g} nm of stack '{stack.name}': "
                      f"{', '.join(outside.values())}", UserWarning, stacklevel=3)


def _even_odds(stack: Stack, found: Evidence) -> float | None:
    """Voltage [V] at which the stack's law switches half of the cells of a compound, mean of both
    ways; None where the stack does not say how it is written."""
    try:
        magnet = stack.writing_magnet(found.thickness or sum(stack.thickness_range) / 2,
                                      found.cells)
        pulse = given(stack.switching.pulse, "pulse")
        assist = found.assist_field
        if assist is None:
            assist = given(stack.switching.assist_field, "assist_field")[0]
    except NotGivenError:
        return None
    conditions = Conditions(magnet=magnet, pulse=pulse, assist_field=assist)
    try:
        return float(np.mean([voltage_of_share(conditions, 0.5, 0.0, way)
                              for way in (1, -1)]))
    except ValueError as error:
        raise MeasuredError(f"{found.file}: its cells switch at {found.estimate.value:.4g} V, but "
                            f"by the stack's law half of them never do: {error}") from error


def _of_magnet(law: Callable[[FreeLayer], Any]) -> Callable[[Stack, Evidence], float | None]:
    """A law of the free layer alone; None of a stack that has none."""
    def value(stack: Stack, found: Evidence) -> float | None:
        try:
            return float(law(stack.magnet(found.thickness or sum(stack.thickness_range) / 2)))
        except NotGivenError:
            return None
    return value


_LAWS = {"critical_voltage": _even_odds, "stability": _of_magnet(stability),
         "critical_voltage_0k": _of_magnet(critical_voltage)}
"""What follows from other numbers, where the file does not hold it."""


def compare(found: list[Misfit]) -> None:
    """Warn of misfits, or refuse them."""
    for each in found:
        said, off = each.measured.estimate, abs(each.relative)
        text = (f"{each.measured.file}: {each.measured.quantity} is {said.value:.4g} (95 %: "
                f"{said.low:.4g} to {said.high:.4g}), the stack's {each.model:.4g} (SI), off by "
                f"{each.relative:+.0%}")
        if said.low <= each.model <= said.high:
            continue
        if off > _REFUSE and not each.predicted:
            raise MeasuredError(f"{text}; expected less than {_REFUSE:.0%}: is the file of this "
                                "thickness and number of cells?")
        if off > _ASK:
            why = ("its laws predict that from other numbers: is the assist field said, and the "
                   "pulse's width?" if each.predicted else
                   "devices differ, or the law over thickness does not fit")
            warnings.warn(f"{text}; {why}", UserWarning, stacklevel=3)
