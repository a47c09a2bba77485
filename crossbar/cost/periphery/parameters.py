"""Parameters that carry their unit and their source, so that a periphery can state them all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeVar

from crossbar.cost.periphery.nodes import check_node
from device_models.checks import nonnegative, positive

T = TypeVar("T")
Check = Callable[[str, Any, str], float]


def parameter(default: T, unit: str, source: str, check: Check = positive) -> T:
    """A field of a frozen dataclass: a number [unit] that `check` lets pass, from `source`."""
    return field(default=default, metadata={"unit": unit, "source": source, "check": check})


def checked(part: object) -> None:
    """Check every parameter of a part, when it is made; None stands where it is the default."""
    for one in fields(part):  # type: ignore[arg-type]  # of a dataclass
        value = getattr(part, one.name)
        if "check" in one.metadata and (value is not None or one.default is not None):
            number = one.metadata["check"](one.name, value, one.metadata["unit"])
            object.__setattr__(part, one.name, number)


def zero_or_more(default: T, unit: str, source: str) -> T:
    """As `parameter`, of zero or more."""
    return parameter(default, unit, source, nonnegative)


def node_parameter() -> float:
    """The node of a part [m]: 45 nm until a `Periphery` puts its own there."""
    return parameter(45e-9, "m", "the periphery's", lambda name, node, _: check_node(name, node))


@dataclass(frozen=True)
class Stated:
    """One line of the table of a periphery: what it counts, in SI units, and on whose word."""

    part: str
    name: str
    value: object
    unit: str
    source: str


def stated(name: str, part: Any) -> Iterator[Stated]:
    """Every parameter of a part; one that is not the published value has the source `given`."""
    published = part.published() if hasattr(part, "published") else type(part)()
    for one in fields(part):
        value = getattr(part, one.name)
        if is_dataclass(value) or "unit" not in one.metadata:
            continue
        same = value == getattr(published, one.name)
        source = one.metadata["source"] if same else "given"
        yield Stated(name, one.name, value, one.metadata["unit"], source)
