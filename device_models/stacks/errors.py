"""What can be wrong with a stack: its file, or a question to which its file has no answer."""

from typing import TypeVar

T = TypeVar("T")


class StackError(ValueError):
    """A stack file that cannot be used; the message names file and key."""


class NotGivenError(StackError):
    """What is asked of a stack is not in its file; that of another stack may have it."""


class MissingTableError(NotGivenError):
    """A whole optional table that the file has not."""

    def __init__(self, stack: str, table: str) -> None:
        other = ", or r_ap_kohm to its [resistance]" if table == "tmr" else ""
        super().__init__(f"stack {stack!r} has no table [{table}]; add it to its file{other}: see "
                         "device_models/stacks/README.md")


class MissingEntryError(NotGivenError):
    """An entry that the table has not, under its name without unit."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the stack has no {key}")


class OutsideRangeError(NotGivenError):
    """A free layer thinner or thicker than those the stack was measured with."""


def given(value: T | None, key: str) -> T:
    """`value` of the entry `key`; MissingEntryError if the file left it out."""
    if value is None:
        raise MissingEntryError(key)
    return value
