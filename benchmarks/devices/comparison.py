"""What Kumar et al. 2024 state of their devices, beside what the model of a stack gives."""

from collections.abc import Iterator

from benchmarks.devices.number import INPUT, Number, Row
from benchmarks.devices.stated_in_file import IN_FILE
from benchmarks.devices.stated_of_model import OF_MODEL
from device_models import Stack

NUMBERS = (
    *(Number(entry.name, entry.section, entry.unit, entry.value, entry.allowed, INPUT, entry.of)
      for entry in IN_FILE),
    *OF_MODEL)
"""What stands in the stack file first, then in the order of the paper."""


def rows(stack: Stack) -> Iterator[Row]:
    """Every number beside the model's; one that the stack cannot give says why."""
    return (number.row(stack) for number in NUMBERS)
