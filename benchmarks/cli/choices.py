"""Objects by name on the command line: "mean" or, with its one parameter, "mean:0.7"."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from crossbar import (
    ConductanceSwing,
    Differential,
    LeastSquares,
    MaxWeight,
    MeanMagnitude,
    Percentile,
    ReferenceColumn,
    Renormalised,
    SignedLevel,
    StandardDeviation,
)
from device_models.checks import known

MAPPINGS: dict[str, type[Any]] = {
    "differential": Differential,
    "reference": ReferenceColumn,
    "signed": SignedLevel,
}
SCALES: dict[str, type[Any]] = {
    "least-squares": LeastSquares,
    "max": MaxWeight,
    "percentile": Percentile,
    "mean": MeanMagnitude,
    "deviation": StandardDeviation,
}
_LARGEST = 1e9  # a whole number beyond is no count
GAINS: dict[str, type[Any]] = {"renormalised": Renormalised, "swing": ConductanceSwing}


def choose(kind: str, text: str, registry: Mapping[str, type[Any]]) -> Any:
    """The object that `text` names: NAME, or NAME:NUMBER for a class with one parameter."""
    name, colon, number = text.partition(":")
    made = registry[known(kind, name, registry)]
    if not colon:
        return made()
    if not fields(made):
        raise ValueError(f"{kind} {name!r} takes no number; got {text!r}, expected {name!r}")
    try:
        value = float(number)
    except ValueError:
        raise ValueError(f"{kind} {text!r}: {number!r} is not a number; expected for example "
                         f"{name}:1") from None
    return made(int(value) if value.is_integer() and abs(value) < _LARGEST else value)


def text_of(chosen: Any, registry: Mapping[str, type[Any]]) -> str:
    """The text that `choose` makes `chosen` of."""
    name = next(name for name, made in registry.items() if made is type(chosen))
    values = [getattr(chosen, field.name) for field in fields(chosen)]
    return name if values in ([], [None]) else f"{name}:{values[0]:.15g}"


def listed(registry: Mapping[str, type[Any]]) -> str:
    """What may be chosen, for a help text."""
    return ", ".join(f"{name}[:{fields(made)[0].name}]" if fields(made) else name
                     for name, made in registry.items())
