"""Which optional tables a stack file has.

A file without them loads as ever; what needs a table that is not there says so by name.
"""

from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from device_models.stacks.entries import Table, read_table
from device_models.stacks.schema import Section
from device_models.stacks.tables import (
    BreakdownTable,
    ChannelTable,
    MagneticsTable,
    ProcessTable,
    SwitchingTable,
    TemperatureTable,
    VariabilityTable,
)


@dataclass(frozen=True)
class Tables:
    """The optional tables that a file has, by their names there; None where it has not."""

    magnetics: MagneticsTable | None = None
    switching: SwitchingTable | None = None
    channel: ChannelTable | None = None
    breakdown: BreakdownTable | None = None
    temperature: TemperatureTable | None = None
    variability: VariabilityTable | None = None
    process: ProcessTable | None = None


OPTIONAL: dict[str, type[Table]] = {
    name: get_args(hint)[0] for name, hint in get_type_hints(Tables).items()}
"""The tables that a file may have."""


def read_tables(root: Section) -> tuple[Tables, dict[str, str]]:
    """The optional tables of a file, and all their tags."""
    found: dict[str, Any] = {}  # each of its own type, which OPTIONAL names
    tags: dict[str, str] = {}
    for name, table in OPTIONAL.items():
        if name in root.data:
            section = root.table(name)
            found[name] = read_table(section, table)  # None, where the file is refused for it
            tags |= section.tags
    return Tables(**found), tags
