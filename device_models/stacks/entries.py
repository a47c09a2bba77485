"""How an optional table is declared: a dataclass whose annotations say how the file writes it.

    spin_hall_angle: Annotated[float, Entry()]
    pulse: Annotated[float | None, Entry("ns")] = None

is the key `spin_hall_angle`, which the table must have, and `pulse_ns`, which it may leave out.
The type says what may stand there: a `float`, `Numbers` (a list), a `Pair` ([least, largest]), a
`Curve` (a list that pairs with `thickness_nm`, or one number), or a `Literal` of texts.
"""

import itertools
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np

from device_models.stacks.errors import StackError
from device_models.stacks.schema import BELOW_ONE, UNLIMITED, Limits, Numbers, Pair, Section

THICKNESS = "thickness_nm"  # whose entries the values of a curve pair with


@dataclass(frozen=True)
class Entry:
    """How one number, or each of a list, is written.

    Parameters
    ----------
    unit : str
        What the key ends in; see `schema`. The attribute has none, and is in SI.
    sign : str
        "positive", "nonnegative" or "any".
    limits : (float, float)
        The least and the largest value allowed, in the unit of the file.
    """

    unit: str = ""
    sign: str = "positive"
    limits: Limits = UNLIMITED


Share = Annotated[float | None, Entry(sign="nonnegative", limits=(0.0, 1.0))]
"""A probability [1] that may be left out."""
Deviation = Annotated[float | None, Entry(sign="nonnegative", limits=(0.0, BELOW_ONE))]
"""A relative deviation [1], below 1, that may be left out."""
Balance = Annotated[float | None, Entry(sign="any", limits=(-1.0, 1.0))]
"""From -1 to 1 [1], that may be left out."""


@dataclass(frozen=True)
class Curve:
    """A quantity over free-layer thickness: linear between its nodes, constant beyond them.

    Parameters
    ----------
    nodes : (points,) tuple
        Thicknesses, increasing [m].
    values : (points,) tuple
        The quantity at each, in SI.
    """

    nodes: Numbers
    values: Numbers

    @property
    def everywhere(self) -> bool:
        """Whether the file has one number without thickness, whose node is 0 m."""
        return self.nodes == (0.0,)

    def __call__(self, thickness: float) -> float:
        """The quantity at `thickness` [m], in SI."""
        return float(np.interp(thickness, self.nodes, self.values))


@dataclass(frozen=True)
class Table:
    """An optional table of a stack file, in SI; what the file leaves out is None."""


class Key(NamedTuple):
    """One key of a file: the attribute it becomes, what may stand there, and whether it must."""

    attribute: str
    kind: object
    entry: Entry
    required: bool


def keys_of(table: type[Table]) -> dict[str, Key]:
    """The keys that a table may have in a file."""
    found, hints = {}, get_type_hints(table, include_extras=True)
    for field in fields(table):
        kind, entry = get_args(hints[field.name])
        if type(None) in get_args(kind):
            kind = get_args(kind)[0]
        key = f"{field.name}_{entry.unit}" if entry.unit else field.name
        found[key] = Key(field.name, kind, entry, field.default is MISSING)
    return found


AnyTable = TypeVar("AnyTable", bound=Table)


def read_table(section: Section, table: type[AnyTable]) -> AnyTable | None:
    """A table of a file, checked key by key and as a whole; None where that finds anything."""
    keys = keys_of(table)
    required = tuple(name for name, key in keys.items() if key.required)
    section.expect(required, tuple(name for name in keys if name not in required))
    values: dict[str, Any] = {}  # each of the type that its key has
    for name in section.data.keys() & keys.keys():
        with section.gathered():
            values[name] = _read(section, name, keys[name])
    curves = {name: value for name, value in values.items() if keys[name].kind is Curve}
    with section.gathered():
        values |= _curves(section, values.get(THICKNESS), curves)
    if section.sound:
        try:
            return table(**{keys[name].attribute: value for name, value in values.items()})
        except StackError as error:
            section.fault(f"{section.where} {error}")
    return None


def _read(section: Section, name: str, key: Key) -> str | float | Numbers:
    """One entry in SI; of a curve its values, or the one that holds for every thickness."""
    if get_origin(key.kind) is Literal:
        return section.choice(name, get_args(key.kind))
    single = key.kind is Curve and not isinstance(section.tagged(name), list)
    if key.kind is float or single:
        return section.number(name, key.entry.sign, key.entry.limits)
    read = section.pair if key.kind == Pair else section.numbers
    return read(name, key.entry.sign, key.entry.limits)


def _curves(
    section: Section, nodes: object, given: Mapping[str, float | Numbers]
) -> dict[str, Curve]:
    """Curves of what is `given`: lists pair with `nodes` [m], which increase."""
    lists = {name: value for name, value in given.items() if isinstance(value, tuple)}
    found = {name: Curve((0.0,), (float(value),)) for name, value in given.items()
             if not isinstance(value, tuple)}
    if not lists:
        return found
    if not isinstance(nodes, tuple):
        if THICKNESS in section.data:
            return found  # there, and at fault
        raise StackError(f"{section.where} has {next(iter(lists))} but no {THICKNESS} to go with "
                         "it; give one, or a plain number that holds for every thickness")
    if any(b <= a for a, b in itertools.pairwise(nodes)):
        section.fault(f"{section.where} {THICKNESS} must increase")
    for name, values in lists.items():
        if len(values) != len(nodes):
            section.fault(f"{section.where} {name} has {len(values)} values; expected "
                          f"{len(nodes)}, one for each of {THICKNESS}")
    return found | {name: Curve(nodes, values) for name, values in lists.items()}
