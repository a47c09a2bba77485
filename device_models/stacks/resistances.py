"""Reading [resistance] and [tmr]: both resistances of a junction over its free layer."""

from functools import partial
from typing import NamedTuple, NoReturn

import numpy as np

from device_models.checks import Floats
from device_models.junction import laws
from device_models.stacks.errors import MissingTableError
from device_models.stacks.geometry import SHARE, Junction
from device_models.stacks.law_tables import (
    R_AP,
    RESISTANCE,
    Arguments,
    read_antiparallel,
    read_law,
)
from device_models.stacks.schema import Numbers, Section
from device_models.stacks.thickness_law import ThicknessLaw, at_thickness


class Resistances(NamedTuple):
    """R_P [ohm] and TMR [1] over thickness [m], None where the file has none; the thicknesses that
    they are given at; and the tables that they stand in."""

    r_p: ThicknessLaw
    tmr: ThicknessLaw | None
    nodes: list[Numbers]
    sections: tuple[Section, Section]

    @property
    def tags(self) -> dict[str, str]:
        """Of both tables."""
        return self.sections[0].tags | self.sections[1].tags

    def check(self, ends: tuple[float, float]) -> None:
        """Note a law that leaves the physical within the range `ends` of thickness [m]."""
        for section, name, unit, law in zip(self.sections, ("r_p", "tmr"), ("ohm", "1"),
                                            (self.r_p, self.tmr), strict=True):
            if law is not None:
                _check_law(section, name, unit, law, ends)


def read_resistances(root: Section, junction: Junction | None) -> Resistances | None:
    """Both tables; None where one of them, or the junction they need, is not sound."""
    found: list[tuple[Section, str, Arguments]] = []
    for kind in ("resistance", "tmr"):
        if kind in root.data:
            section = _of_convention(root.table(kind), junction)
            with section.gathered():
                section.stop()
                found.append((section, *read_law(section, kind, _area(section, junction))))
    _check_antiparallel(root, found)
    if "resistance" not in root.data or len(found) < 1 + ("tmr" in root.data):
        return None
    (section, law, arguments), *more = found
    r_p = _bind(law, arguments)
    nodes = [n for *_, found_at in found if isinstance(n := found_at.get("nodes"), tuple)]
    if more:
        return Resistances(r_p, _bind(*more[0][1:]), nodes, (section, more[0][0]))
    ratio: ThicknessLaw | None = None
    with section.gathered():
        if R_AP in section.data:
            r_ap = _bind(law, read_antiparallel(section, law))
            ratio = partial(tmr_of_resistances, r_p=r_p, r_ap=r_ap)
    return Resistances(r_p, ratio, nodes, (section, section))


def tmr_of_resistances(t: float, r_p: ThicknessLaw, r_ap: ThicknessLaw) -> Floats:
    """R_AP/R_P - 1 [1] at `t` [m]."""
    return np.asarray(r_ap(t) / r_p(t) - 1.0)


def no_tmr(t: float, stack: str) -> NoReturn:
    """What a stack without [tmr] says of its TMR at `t` [m]: MissingTableError."""
    raise MissingTableError(stack, "tmr")


def _of_convention(section: Section, junction: Junction | None) -> Section:
    """The table itself, or that of the area convention where there is one for each."""
    if section.data.keys().isdisjoint(SHARE):
        return section
    if junction is None:
        section.sound = False  # for what has been said of the junction
    elif junction.convention not in SHARE:
        section.fault(f"{section.where} is given by area convention; that takes [junction] with "
                      "long_axis_nm and short_axis_nm")
    elif section.expect((junction.convention,), tuple(SHARE)):
        return section.table(junction.convention)
    return section


def _area(section: Section, junction: Junction | None) -> float:
    """By which RA becomes R_P [m^2]."""
    given = [key for key in RESISTANCE[1:] if key in section.data]
    if given and junction is not None and junction.convention == "assumed":
        section.fault(f"{section.where} has {given[0]}, which takes the area of a table "
                      "[junction]; add it, or give r_p_kohm")
    return 1.0 if junction is None else junction.area


def _check_antiparallel(root: Section, found: list[tuple[Section, str, Arguments]]) -> None:
    """R_AP and TMR say the same; and a law over thickness takes thicknesses."""
    for section, law, _ in found:
        if R_AP in section.data and "tmr" in root.data:
            section.fault(f"{section.where} has {R_AP}, and there is a table [tmr]; expected one "
                          "of them, either follows from the other")
        if law == "exponential" and "thickness" not in root.data and not any(
                "nodes" in other for *_, other in found):
            section.fault(f"{section.where} has law = \"exponential\", over free-layer thickness; "
                          "add [thickness] range_nm, where it holds")


def _check_law(section: Section, name: str, unit: str, law: ThicknessLaw,
               limits: tuple[float, float]) -> None:
    for t in np.linspace(*limits, 201):
        try:
            at_thickness(law, name, unit, float(t))
        except ValueError as error:
            section.fault(_below(section, t) if name == "tmr" and R_AP in section.data else (
                f"{section.where} {error}; [thickness] range_nm goes there: narrow it, or change "
                "the law"))
            return


def _below(section: Section, t: float) -> str:
    """What is wrong with an antiparallel resistance at `t` [m]."""
    return (f"{section.where} {R_AP} is no larger than the parallel resistance at {t * 1e9:g} nm; "
            "expected more: swap them?")


def _bind(law: str, arguments: Arguments) -> ThicknessLaw:
    """The function of `device_models.junction.laws` named `law` with its arguments."""
    bound: ThicknessLaw = partial(getattr(laws, law), **arguments)
    return bound
