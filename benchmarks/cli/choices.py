"""Objects by name on the command line: "mean" or, with its one parameter, "mean:0.7"."""

import inspect
from collections.abc import Callable, Mapping
from typing import TypeVar

from device_models.checks import known

T = TypeVar("T")
_LARGEST = 1e9  # a whole number beyond is no count


def choose(kind: str, text: str, registry: Mapping[str, Callable[..., T]]) -> T:
    """The object that `text` names: NAME, or NAME:NUMBER for a class with one parameter."""
    name, colon, number = text.partition(":")
    made = registry[known(kind, name, registry)]
    if not colon:
        return made()
    if not _parameters(made):
        raise ValueError(f"{kind} {name!r} takes no number; got {text!r}, expected {name!r}")
    try:
        value = float(number)
    except ValueError:
        raise ValueError(f"{kind} {text!r}: {number!r} is not a number; expected for example "
                         f"{name}:1") from None
    return made(int(value) if value.is_integer() and abs(value) < _LARGEST else value)


def text_of(chosen: object, registry: Mapping[str, Callable[..., object]]) -> str:
    """The text that `choose` makes `chosen` of."""
    name = next(name for name, made in registry.items() if made is type(chosen))
    values = [getattr(chosen, parameter) for parameter in _parameters(registry[name])]
    return name if values in ([], [None]) else f"{name}:{values[0]:.15g}"


def listed(registry: Mapping[str, Callable[..., object]]) -> str:
    """What may be chosen, for a help text."""
    return ", ".join(f"{name}[:{_parameters(made)[0]}]" if _parameters(made) else name
                     for name, made in registry.items())


def _parameters(made: Callable[..., object]) -> list[str]:
    """Names of what a class is made of."""
    return list(inspect.signature(made).parameters)
