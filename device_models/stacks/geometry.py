"""Reading [junction] and [thickness]: the size of a junction, and the free layers that are covered.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from device_models.checks import known
from device_models.stacks.errors import StackError
from device_models.stacks.schema import Numbers, Section

SHARE = {"ellipse": math.pi / 4, "rectangle": 1.0}
"""Of long axis x short axis, by area convention."""
_ASSUMED_AREA = 1e-12  # [m^2]
_NO_THICKNESS = 1e-9  # [m] of a stack whose file has none: nothing depends on it


class Junction(NamedTuple):
    """Area [m^2], what it is of, and long and short axis [m]: zeros where only the area is known.

    And the resistance in series with each junction [ohm].
    """

    area: float
    convention: str
    axes: tuple[float, float]
    tags: dict[str, str]
    contact: float = 0.0


class Range(NamedTuple):
    """Least and largest free layer [m]; `known` unless no number of the file has a thickness."""

    ends: tuple[float, float]
    known: bool
    tags: dict[str, str]


def read_junction(root: Section, chosen: str | None) -> Junction | None:
    """[junction], by the area convention `chosen`, or else its own; None where it is not sound."""
    if chosen is not None:
        known("area convention", chosen, SHARE)
    if "junction" not in root.data:
        return Junction(_ASSUMED_AREA, "assumed", (0.0, 0.0), {})
    section = root.table("junction")
    try:
        return _area(section) if "area_um2" in section.data else _ellipse(section, chosen)
    except StackError as error:
        section.fault(str(error))
        return None


def read_range(root: Section) -> Range | None:
    """[thickness]; None where the file has none, or none that is sound."""
    if "thickness" not in root.data:
        return None
    section = root.table("thickness")
    if section.expect(("range_nm",)):
        with section.gathered():
            return Range(section.pair("range_nm"), True, section.tags)
    return None


def covered(root: Section, lists: Iterable[Numbers]) -> Range | None:
    """What thicknesses [m] the `lists` of a file without [thickness] have in common."""
    found = [nodes for nodes in lists if nodes]
    if "thickness" in root.data:  # and not sound
        return None
    if not found:
        return Range((_NO_THICKNESS, _NO_THICKNESS), False, {})
    low, high = max(map(min, found)), min(map(max, found))
    if low > high:
        root.fault(f"{root.file}: the lists thickness_nm have nothing in common; add [thickness] "
                   "range_nm")
        return None
    return Range((low, high), True, {"thickness.range_nm": "calc: of the lists thickness_nm"})


def _area(section: Section) -> Junction | None:
    """Of a junction whose shape is not known."""
    if not section.expect(("area_um2",), ("contact_ohm",)):
        return None
    return Junction(section.number("area_um2"), "stated", (0.0, 0.0), section.tags,
                    _contact(section))


def _contact(section: Section) -> float:
    return section.number("contact_ohm", "nonnegative") if "contact_ohm" in section.data else 0.0


def _ellipse(section: Section, chosen: str | None) -> Junction | None:
    section.expect(("long_axis_nm", "short_axis_nm"),
                   ("area_convention", "area_um2", "contact_ohm"))
    stated, axes, contact = "ellipse", [], 0.0
    with section.gathered():
        if "area_convention" in section.data:
            stated = _convention(section)
    with section.gathered():
        contact = _contact(section)
    for key in ("long_axis_nm", "short_axis_nm"):
        with section.gathered():
            if key in section.data:
                axes.append(section.number(key))
    if not section.sound:
        return None
    long, short = axes
    if short > long:
        raise StackError(f"{section.where} short_axis_nm is {short * 1e9:g} and long_axis_nm "
                         f"{long * 1e9:g}; expected the longer as long_axis_nm: swap them?")
    tags = {"junction.area_convention": "assumed", **section.tags}
    convention = chosen or stated
    return Junction(long * short * SHARE[convention], convention, (long, short), tags, contact)


def _convention(section: Section) -> str:
    stated = section.tagged("area_convention")
    if not isinstance(stated, str) or stated not in SHARE:
        raise StackError(f"{section.where} area_convention is {stated!r}; expected one of: "
                         f"{', '.join(SHARE)}")
    return stated
