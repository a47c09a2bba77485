"""Objects by name on the command line: "mean", or "mean:0.7" with the first of its parameters.

Any parameter can be set by its name, as in "sliced:slices=3:base=2"; members of enums are written
small, truths as true and false. A parameter that is an object of the same registry is a name too,
its own parameters are behind a dot: "sliced:mapping=offset:mapping.every=4".
"""

import inspect
from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar

from device_models.checks import known

T = TypeVar("T")
Registry = Mapping[str, Callable[..., T]]
_LARGEST = 1e9  # a whole number beyond is no count


def choose(kind: str, text: str, registry: Registry[T]) -> T:
    """The object that `text` names: NAME, NAME:VALUE, or NAME:PARAMETER=VALUE and more of these."""
    name, *settings = text.split(":")
    made = registry[known(kind, name, registry)]
    expected = f"{kind} {name!r} takes no number there; got {text!r}, expected {_form(name, made)}"
    given = pairs(f"{kind} {text!r}", settings, _first(made), expected)
    return _make(kind, name, given, registry)


def pairs(what: str, settings: list[str], first: str, refused: str) -> dict[str, str]:
    """Texts by parameter of KEY=VALUE each; a value alone, in front, is that of `first`."""
    given: dict[str, str] = {}
    for i, setting in enumerate(settings):
        key, equals, value = setting.partition("=")
        if not equals:
            key, value = "" if i else first, setting
        if not key:
            raise ValueError(refused)
        if key in given:
            raise ValueError(f"{what} sets {key} twice; expected once")
        given[key] = value
    return given


def text_of(chosen: object, registry: Registry[T]) -> str:
    """The text that `choose` makes `chosen` of."""
    name, settings = _settings(chosen, registry)
    first = _first(registry[name])
    return ":".join([name, *(value if key == first else f"{key}={value}"
                             for key, value in settings.items())])


def listed(registry: Registry[T]) -> str:
    """What may be chosen, for a help text."""
    return ", ".join(_form(name, made) for name, made in registry.items())


def _make(kind: str, name: str, given: dict[str, str], registry: Registry[T]) -> T:
    """The object of a name; `given` are texts by parameter, of nested ones behind a dot."""
    made = registry[known(kind, name, registry)]
    plain, values = made(), dict[str, object]()
    for key in dict.fromkeys(each.partition(".")[0] for each in given):
        known(f"parameter of {kind} {name!r}", key, _parameters(made))
        default = getattr(plain, key)
        inner = {rest: text for each, text in given.items()
                 for parent, dot, rest in [each.partition(".")] if dot and parent == key}
        if type(default) in registry.values():
            chosen = given.get(key, _name(default, registry))
            values[key] = _make(key, chosen, inner, registry)
        elif inner:
            raise ValueError(f"{kind} {name!r}: {key} has no parameter {next(iter(inner))!r}; "
                             f"expected {key}=VALUE")
        elif isinstance(default, Enum | bool):
            members = _members(default)
            values[key] = members[known(key, given[key], members)]
        else:
            values[key] = _number(kind, name, key, given[key])
    return made(**values)


def _members(default: Enum | bool) -> dict[str, object]:
    """All that a parameter may be which is one of few, by what it is called."""
    every = type(default) if isinstance(default, Enum) else (True, False)
    return {_written(member): member for member in every}


def _written(member: Enum | bool) -> str:
    return (member.name if isinstance(member, Enum) else str(member)).lower()


def _number(kind: str, name: str, key: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{kind} {name!r}: {key} is {text!r}, {text!r} is not a number; expected "
                         f"for example {name}:{key}=1") from None
    return int(value) if value.is_integer() and abs(value) < _LARGEST else value


def _settings(chosen: object, registry: Registry[T]) -> tuple[str, dict[str, str]]:
    """Name and parameters of an object: its first number, and whatever is not as by default."""
    name = _name(chosen, registry)
    plain, found = registry[name](), {}
    for key in _parameters(registry[name]):
        value, default = getattr(chosen, key), getattr(plain, key)
        if value is None or (value == default and not _bare(registry[name], key, value)):
            continue
        if type(value) in registry.values():
            found[key], inner = _settings(value, registry)
            found |= {f"{key}.{each}": text for each, text in inner.items()}
        else:
            found[key] = (_written(value) if isinstance(value, Enum | bool)
                          else f"{value:.15g}")
    return name, found


def _bare(made: Callable[..., object], key: str, value: object) -> bool:
    """Whether a parameter is always written: the one number that makes the object."""
    return (key == _first(made) and isinstance(value, int | float)
            and not isinstance(value, bool))


def _form(name: str, made: Callable[..., object]) -> str:
    """A name with all its parameters, as help texts have it."""
    plain, first = made(), _first(made)
    form = f"{name}[:{first}]" if first else name
    for key in _parameters(made):
        default = getattr(plain, key)
        values = list(_members(default)) if isinstance(default, Enum | bool) else [key.upper()]
        form += "" if key == first else f" [:{key}={'|'.join(values)}]"
    return form


def _name(chosen: object, registry: Registry[T]) -> str:
    return next(name for name, made in registry.items() if made is type(chosen))


def _first(made: Callable[..., object]) -> str:
    """The parameter that a value alone is of, if any."""
    return next((name for name, each in inspect.signature(made).parameters.items()
                 if each.kind is not each.KEYWORD_ONLY), "")


def _parameters(made: Callable[..., object]) -> list[str]:
    """Names of what a class is made of."""
    return list(inspect.signature(made).parameters)
