"""What a whole stack file says: its basic tables, of which only [resistance] must be there.

What the others would say is then unknown, or assumed so that it changes nothing: an area of 1 um^2,
resistances that no bias changes, no thickness that decides anything. `Stack.lacking` names those
tables, caveat and tags say what was assumed, and what depends on it raises MissingTableError.
"""

from functools import partial

from device_models.stacks.errors import StackError
from device_models.stacks.geometry import Range, covered, read_junction, read_range
from device_models.stacks.optional import OPTIONAL, Tables, read_tables
from device_models.stacks.resistances import Resistances, no_tmr, read_resistances
from device_models.stacks.schema import Numbers, Section
from device_models.stacks.stack import Stack

_BASIC = ("stack", "junction", "thickness", "tmr", "bias")
_TEXTS = ("name", "title", "citation", "doi", "caveat")
_OHMIC = 1e9  # [V]: in double precision no bias up to 10 V changes anything
_ASSUMED = {"junction": "an area of 1 um^2", "bias": "no dependence on bias",
            "thickness": "no dependence on free-layer thickness"}


def read_stack(root: Section, stem: str, area_convention: str | None) -> Stack:
    """The stack of a file called `stem`, checked as a whole; StackError says all that is wrong."""
    root.expect(("resistance",), (*_BASIC, *OPTIONAL))
    texts = _texts(root, stem)
    scales, tags = _bias(root)
    junction = read_junction(root, area_convention)
    tables, tags_of_tables = read_tables(root)
    found, limits = read_resistances(root, junction), read_range(root)
    if found is not None:
        limits = limits or covered(root, (*found.nodes, *_nodes(tables)))
        if limits is not None:
            found.check(limits.ends)
    root.problems.check()
    if found is None or junction is None or limits is None:
        raise StackError(f"{root.file} cannot be read")  # for type checkers: it has been said
    lacking = _lacking(root, found, limits)
    assumed = {name: _ASSUMED[name] for name in lacking if name in _ASSUMED}
    if assumed:
        texts["caveat"] = " ".join(filter(None, (
            texts["caveat"], f"Not in the file, assumed: {', '.join(assumed.values())}.")))
    return Stack(
        **texts, thickness_range=limits.ends, area=junction.area,
        area_convention=junction.convention, contact=junction.contact, r_p=found.r_p,
        tmr=found.tmr or partial(no_tmr, stack=texts["name"]), v_p=scales[0], v_h=scales[1],
        tags={**junction.tags, **limits.tags, **found.tags, **tags, **tags_of_tables,
              **{name: f"assumed, not in the file: {what}" for name, what in assumed.items()}},
        axes=junction.axes, tables=tables, lacking=lacking)


def _texts(root: Section, stem: str) -> dict[str, str]:
    """[stack]; what it leaves out is empty, the name the file's."""
    found = dict.fromkeys(_TEXTS, "") | {"name": stem}
    if "stack" in root.data:
        section = root.table("stack")
        section.expect((), _TEXTS)
        for key in _TEXTS:
            with section.gathered():
                if key in section.data:
                    found[key] = section.text(key)
    return found


def _bias(root: Section) -> tuple[list[float], dict[str, str]]:
    """v_p and v_h [V] of [bias], and their tags."""
    if "bias" not in root.data:
        return [_OHMIC, _OHMIC], {}
    section, found = root.table("bias"), []
    section.expect(("v_p_v", "v_h_v"))
    for key in ("v_p_v", "v_h_v"):
        with section.gathered():
            if key in section.data:
                found.append(section.number(key))
    return found, section.tags


def _nodes(tables: Tables) -> list[Numbers]:
    """Thicknesses [m] that the lists of optional tables go with."""
    lists = (getattr(tables, name) for name in ("magnetics", "switching", "breakdown"))
    return [table.thickness for table in lists if table is not None and table.thickness]


def _lacking(root: Section, found: Resistances, limits: Range) -> tuple[str, ...]:
    """Basic tables that the file has not, and that no other entry takes the place of."""
    there = {"junction": "junction" in root.data, "bias": "bias" in root.data,
             "thickness": limits.known, "tmr": found.tmr is not None}
    return tuple(name for name, known in there.items() if not known)
