"""Checks of what mappings are made of."""

from enum import Enum
from typing import TypeVar

Member = TypeVar("Member", bound=Enum)


def member(name: str, value: object, kind: type[Member]) -> Member:
    """`value` if it is a member of the enum `kind`, else an error that lists them."""
    if isinstance(value, kind):
        return value
    raise TypeError(f"{name} is {value!r}; expected one of {', '.join(map(str, kind))}, "
                    f"of crossbar.{kind.__name__}")
