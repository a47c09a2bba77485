"""Reading the laws of [resistance] and [tmr] over free-layer thickness."""

import itertools

from device_models.checks import ask_about_tmr, known
from device_models.stacks.errors import StackError
from device_models.stacks.schema import Numbers, Section

R_AP = "r_ap_kohm"
"""May stand in [resistance], by the law of R_P, instead of a table [tmr]."""
RESISTANCE = ("r_p_kohm", "ra_kohm_um2", "ra_ohm_um2")
"""R_P, or its product with the area."""
LAWS: dict[str, dict[str, tuple[str, ...]]] = {
    "resistance": {
        "quadratic": ("thickness_nm", "r_p_kohm"),
        "table": ("thickness_nm", "r_p_kohm"),
        "constant": ("r_p_kohm",),
    },
    "tmr": {
        "exponential": ("base", "amplitude", "origin_nm", "scale_nm"),
        "quadratic": ("thickness_nm", "tmr"),
        "table": ("thickness_nm", "tmr"),
        "constant": ("tmr",),
    },
}
Arguments = dict[str, float | Numbers]


def read_law(section: Section, kind: str, area: float) -> tuple[str, Arguments]:
    """Name and SI arguments of the law of a `resistance` or `tmr` table.

    A resistance may be given as R_P or as RA, its product with the junction's `area` [m^2]; out
    comes R_P = RA/area [ohm]. StackError unless the table is sound.
    """
    law = _law_of(section, kind)
    found = _arguments(section, law, _given(section, LAWS[kind][law]), area)
    if kind == "tmr":
        given = found.get("values", found.get("value", found.get("base", 0.0)))
        ask_about_tmr(f"{section.where} TMR", given)
    return law, found


def read_antiparallel(section: Section, law: str) -> Arguments:
    """SI arguments of R_AP [ohm] by the `law` of R_P, at its thicknesses."""
    keys = ("r_p_kohm", "thickness_nm")
    nodes = tuple(key for key in LAWS["resistance"][law] if key in keys[1:])
    return _arguments(section, law, (*nodes, R_AP), 1.0)


def _law_of(section: Section, kind: str) -> str:
    choices = LAWS[kind]
    if "law" not in section.data:
        raise StackError(f"{section.where} lacks the key 'law'; one of: {', '.join(choices)}")
    try:
        return known("law", section.text("law"), choices)
    except StackError:
        raise
    except ValueError as error:
        raise StackError(f"{section.where} {error}") from None


def _given(section: Section, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of a law, checked, with that one of `RESISTANCE` which the table has."""
    ways = RESISTANCE if "r_p_kohm" in keys else ()
    needed = tuple(key for key in keys if key not in ways)
    section.expect(("law", *needed), (*ways, *((R_AP,) if ways else ())))
    found = tuple(key for key in ways if key in section.data)
    if ways and len(found) != 1 and not section.meant & set(ways):
        came = f"has {' and '.join(found)}" if found else "lacks the key 'r_p_kohm'"
        section.fault(f"{section.where} {came}; expected one of {', '.join(ways)}, the others "
                      "follow with the junction's area")
    return (*(key for key in needed if key in section.data), *found)


def _arguments(section: Section, law: str, keys: tuple[str, ...], area: float) -> Arguments:
    """Of a function in `junction.laws`, in SI; StackError unless all are sound."""
    names = {"thickness_nm": "nodes", "origin_nm": "origin", "scale_nm": "scale"} | dict.fromkeys(
        (*RESISTANCE, R_AP, "tmr"), "value" if law == "constant" else "values")
    found: Arguments = {}
    for key in keys:
        name, scale = names.get(key, key), 1.0 / area if key in RESISTANCE[1:] else 1.0
        with section.gathered():
            found[name] = tuple(value * scale for value in section.numbers(key)) if name in (
                "nodes", "values") else section.number(key) * scale
    if section.sound:
        _check_nodes(section, law, found)
    section.stop()
    return found


def _check_nodes(section: Section, law: str, arguments: Arguments) -> None:
    """Interpolation nodes must increase and pair with values; a parabola has three."""
    nodes, values = arguments.get("nodes"), arguments.get("values")
    if not isinstance(nodes, tuple) or not isinstance(values, tuple):
        return
    where = section.where
    if len(nodes) != len(values):
        section.fault(f"{where} has {len(nodes)} thicknesses and {len(values)} values; "
                      "expected as many")
    if any(b <= a for a, b in itertools.pairwise(nodes)):
        section.fault(f"{where} thickness_nm must increase")
    if law == "quadratic" and len(nodes) != 3:
        section.fault(f"{where} has {len(nodes)} points; a quadratic law takes 3, or use "
                      'law = "table"')
    if len(nodes) < 2:
        section.fault(f'{where} has 1 point; use law = "constant"')
