"""The table of one's own measurements beside the model."""

from typing import NamedTuple

from device_models.measured.misfit import Misfit


class Shown(NamedTuple):
    """How a quantity is printed and drawn: `factor` from SI to `unit`."""

    label: str
    symbol: str
    unit: str
    factor: float


SHOWN = {
    "r_p": Shown("R_P of a cell", r"$R_\mathrm{P}$", "kohm", 1e-3),
    "r_ap": Shown("R_AP of a cell", r"$R_\mathrm{AP}$", "kohm", 1e-3),
    "coercivity": Shown("coercive field", r"$H_\mathrm{c}$", "mT", 1e3),
    "critical_voltage_0k": Shown("V_c0 of counts", r"$V_\mathrm{c0}$", "V", 1.0),
    "critical_voltage": Shown("V_c of R(V)", r"$V_\mathrm{c}$", "V", 1.0),
    "stability": Shown("stability of counts", r"$\Delta$", "1", 1.0),
    "spread": Shown("spread of V_c", r"$\sigma(V_\mathrm{c})$", "1", 1.0),
    "breakdown": Shown("breakdown of a cell", r"$V_\mathrm{b}$", "V", 1.0),
    "shape": Shown("shape of breakdown", "shape", "1", 1.0)}


def misfit_lines(found: list[Misfit]) -> list[str]:
    """A table measured | 95 % | model | misfit, a line a file and quantity.

    The model is as filed where the number stands in the stack's file, or is predicted.
    """
    lines = [f"{'measured':22}{'thickness':>10}{'cells':>6}{'value':>10}  {'95 %':20}"
             f"{'model':>10}{'misfit':>8}  {'unit':6}{'model is':10}file"]
    for each in found:
        shown = SHOWN[each.measured.quantity]
        said, t = each.measured.estimate, each.measured.thickness
        span = f"{said.low * shown.factor:.4g} to {said.high * shown.factor:.4g}"
        lines.append(f"{shown.label:22}{'-' if t is None else f'{t * 1e9:.3g} nm':>10}"
                     f"{each.measured.cells:>6}{said.value * shown.factor:>10.4g}  {span:20}"
                     f"{each.model * shown.factor:>10.4g}{each.relative:>+8.1%}  {shown.unit:6}"
                     f"{_kind(each):10}{each.measured.file.name}")
    predicted = [each for each in found if each.predicted]
    return [*lines, "", f"the model is in {_inside(found)} of {len(found)} intervals; of "
            f"{len(predicted)} that its laws predict from other numbers, in {_inside(predicted)}"]


def _kind(each: Misfit) -> str:
    return "predicted" if each.predicted else "as filed"


def _inside(found: list[Misfit]) -> int:
    return sum(e.measured.estimate.low <= e.model <= e.measured.estimate.high for e in found)


def misfit_records(found: list[Misfit]) -> list[dict[str, object]]:
    """The same for a file of results, in SI."""
    return [{"quantity": e.measured.quantity, "thickness_m": e.measured.thickness,
             "measured": e.measured.estimate.value, "low": e.measured.estimate.low,
             "high": e.measured.estimate.high, "n": e.measured.estimate.n, "model": e.model,
             "cells": e.measured.cells, "predicted": e.predicted, "relative_misfit": e.relative,
             "file": e.measured.file.name} for e in found]
