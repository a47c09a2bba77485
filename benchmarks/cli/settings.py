"""Objects in words: settings of an object with units, as "8:offset=0.5:dnl=0.3".

`benchmarks.cli.choices` is for objects of a registry, whose numbers have no unit; the form is the
same. A table says which settings there are: their names and quantities.
"""

import argparse
from collections.abc import Mapping

from benchmarks.cli.choices import pairs
from benchmarks.cli.quantities import Quantity
from device_models.checks import known

Table = Mapping[str, Quantity]


def split(flag: str, text: str, names: tuple[str, ...]) -> tuple[str, list[str]]:
    """What the settings start from, one of `names`, and the settings; the first, if not named."""
    name, *settings = text.split(":")
    if "=" in name:
        return names[0], [name, *settings]
    return known(f"start of {flag} (settings are KEY=VALUE)", name, names), settings


def read(flag: str, settings: list[str], table: Table, first: str = "") -> dict[str, float]:
    """What `settings` of a `flag` say, in SI, by their names in `table`; `first` needs no name."""
    shown = {_shown(key): key for key in table}
    form = ":".join(f"{key}=VALUE" for key in list(shown)[:2])
    expected = f"{flag} takes settings as {form}"
    found = {}
    refused = f"{expected}; got {':'.join(settings)!r}"
    for name, text in pairs(flag, settings, first, refused).items():
        key = shown[known(f"setting of {flag}", name, shown)]
        try:
            found[key] = table[key].to_si(table[key](text))
        except argparse.ArgumentTypeError as error:
            hint = f"; {expected}, with ':' between" if "," in text else ""
            raise ValueError(f"{flag}: {name} {error}{hint}") from None
    return found


def written(chosen: object, plain: object, table: Table) -> str:
    """The settings of `chosen` that are other than those of `plain`, as `read` takes them."""
    return ":".join(
        f"{_shown(key)}={quantity.of_si(getattr(chosen, key)):g}{quantity.unit}"
        for key, quantity in table.items() if getattr(chosen, key) != getattr(plain, key))


def listed(table: Table) -> str:
    """All settings and their units, for a help text."""
    return ", ".join(f"{_shown(key)} [{q.unit}]" if q.unit else _shown(key)
                     for key, q in table.items()).replace("%", "%%")


def _shown(key: str) -> str:
    """As it is written: `open_` of Python is open."""
    return key.rstrip("_")
