"""Hardware as plain data: what JSON can hold, and back, bit for bit.

>>> data = crossbar.stored.to_plain(hardware)      # dicts, lists, texts, numbers, truths, None
>>> crossbar.stored.from_plain(json.loads(json.dumps(data))) == hardware

A dataclass is {"class": "module.Name", "fields": {...}} of the arguments it is made of, and is made
again by its own `__init__`, so that all its checks run. Reading imports modules of `device_models`,
`circuits` and `crossbar` only, and makes dataclasses and enums defined there only; a class of
anyone else's must have been given to `register` first.
"""

import importlib
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, NoReturn, TypeVar

import numpy as np

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
Kind = TypeVar("Kind", bound=type)

_OURS = ("device_models.", "circuits.", "crossbar.")
_DTYPE = re.compile(r"\|b1|\|[iu]1|[<>][iu][248]|[<>]f[248]")
_NOT_FINITE = {repr(value): value for value in (math.inf, -math.inf, math.nan)}  # no JSON has them
_registered: dict[str, type] = {}


def register(cls: Kind) -> Kind:
    """Let `cls`, a frozen dataclass or an enum of your own, be stored and read; a decorator.

    It is known by its module and name: register it before reading in every session.
    """
    if not _storable(cls):
        raise TypeError(f"{cls!r} cannot be stored; expected a class with @dataclass(frozen=True) "
                        "above it, or an Enum")
    _registered[_key(cls)] = cls
    return cls


def to_plain(obj: object) -> Plain:
    """`obj`, as a `Hardware`, in dicts, lists, texts, finite numbers, truths and None.

    Raises ValueError, which names the place, if something in it has a class that is not known.
    """
    return _plain(obj, type(obj).__name__.lower())


def from_plain(data: Plain) -> object:
    """What `to_plain` made `data` of.

    Raises ValueError, which names the place, for anything that `to_plain` does not write, and for
    what the classes themselves refuse.
    """
    name = data.get("class") if isinstance(data, dict) else None
    return _made(data, name.rpartition(".")[2].lower() if isinstance(name, str) else "data")


def _plain(value: object, place: str) -> Plain:
    kind = type(value)
    if value is None or isinstance(value, bool) or kind is int or kind is str:
        return value  # type: ignore[return-value]  # of these
    if isinstance(value, float) and kind is float:
        return _number(value)
    if isinstance(value, list | tuple) and kind in (list, tuple):
        items = [_plain(item, f"{place}[{i}]") for i, item in enumerate(value)]
        return items if kind is list else {"tuple": items}
    if kind is np.ndarray or isinstance(value, np.generic):
        return _plain_array(np.asarray(value), place, "array" if kind is np.ndarray else "scalar")
    if isinstance(value, dict) and kind is dict and all(type(key) is str for key in value):
        return {"dict": {key: _plain(item, f"{place}[{key!r}]") for key, item in value.items()}}
    _check_written(kind, value, place)
    if isinstance(value, Enum):
        return {"enum": _key(kind), "name": value.name}
    return {"class": _key(kind), "fields": {
        field.name: _plain(getattr(value, field.name), f"{place}.{field.name}")
        for field in fields(value) if field.init}}  # type: ignore[arg-type]  # a dataclass


def _check_written(kind: type, value: object, place: str) -> None:
    """Refuse what could not be read again."""
    if not _storable(kind):
        _refuse(place, f"{value!r}, of the class {_key(kind)}", "numbers, texts, lists, tuples, "
                "arrays, enums and frozen dataclasses: make it one, and crossbar.register it")
    if _class(_key(kind), place) is not kind:
        _refuse(place, f"of a class {_key(kind)} that is not the one of that name",
                "a class at the top of its module, or one given to crossbar.register")
    if isinstance(value, Enum) and value.name not in kind.__members__:  # type: ignore[attr-defined]
        _refuse(place, f"{value!r}", f"one member of {_key(kind)}")


def _plain_array(array: np.ndarray, place: str, marker: str) -> Plain:
    if not _DTYPE.fullmatch(array.dtype.str):
        _refuse(place, f"an array of type {array.dtype}", "numbers of 64 bits or less, or truths")
    shape: dict[str, Plain] = {"shape": list(array.shape)} if marker == "array" else {}
    return {marker: _plain(array.tolist(), place), "dtype": array.dtype.str, **shape}


def _number(value: float) -> Plain:
    return value if math.isfinite(value) else {"float": repr(value)}


def _made(data: Plain, place: str) -> object:
    if data is None or type(data) in (bool, int, str, float):
        return data
    if isinstance(data, list):
        return [_made(item, f"{place}[{i}]") for i, item in enumerate(data)]
    if isinstance(data, dict):
        for keys, read in _READERS.items():
            if data.keys() == set(keys):
                return read(data, place)
        _refuse(place, f"a dict with {', '.join(map(repr, data)) or 'nothing'}", "one with " +
                "; or with ".join(" and ".join(keys) for keys in _READERS))
    return _refuse(place, f"{data!r}, of the class {_key(type(data))}", "what to_plain returns")


def _made_object(data: dict[str, Plain], place: str) -> object:
    cls, given = _class(data["class"], place), data["fields"]
    if not is_dataclass(cls):
        _refuse(place, f"of the class {data['class']}", "a dataclass")
    names = [field.name for field in fields(cls) if field.init]
    if not isinstance(given, dict):
        _refuse(f"{place}.fields", f"{given!r}", f"a dict of {', '.join(names)}")
    for name in [*given, *names]:
        if name not in given or name not in names:
            _refuse(f"{place}.{name}", "missing" if name in names else "no field",
                    f"exactly the fields of {data['class']}: {', '.join(names)}")
    arguments = {name: _made(item, f"{place}.{name}") for name, item in given.items()}
    try:
        return cls(**arguments)
    except Exception as error:  # of whatever kind: any check may meet anything, the place is named
        named = next((f".{n}" for n in names if re.match(rf"{n}\b", str(error))), "")
        raise ValueError(f"{place}{named} is refused by {data['class']}: {error}") from error


def _made_enum(data: dict[str, Plain], place: str) -> object:
    cls, name = _class(data["enum"], place), data["name"]
    if not issubclass(cls, Enum):
        _refuse(place, f"of the class {data['enum']}", "an enum")
    if not isinstance(name, str) or name not in cls.__members__:
        _refuse(place, f"{name!r}", f"one of {', '.join(cls.__members__)}")
    return cls[name]


def _made_items(data: dict[str, Plain], place: str) -> object:
    items = data.get("tuple", data.get("dict"))
    if "tuple" in data and isinstance(items, list):
        return tuple(_made(item, f"{place}[{i}]") for i, item in enumerate(items))
    if "dict" in data and isinstance(items, dict):
        return {key: _made(item, f"{place}[{key!r}]") for key, item in items.items()}
    return _refuse(place, f"{items!r}", "a list of items" if "tuple" in data else "a dict")


def _made_float(data: dict[str, Plain], place: str) -> float:
    text = data["float"]
    if not isinstance(text, str) or text not in _NOT_FINITE:
        _refuse(place, f"{text!r}", f"one of {', '.join(_NOT_FINITE)}")
    return _NOT_FINITE[text]


def _made_array(data: dict[str, Plain], place: str) -> object:
    name, shape = data["dtype"], data.get("shape", [])
    if not isinstance(name, str) or not _DTYPE.fullmatch(name):
        _refuse(f"{place}.dtype", f"{name!r}", "one as '<f8', '<i4' or '|b1'")
    sides = [n for n in shape if type(n) is int] if isinstance(shape, list) else []
    if not isinstance(shape, list) or len(sides) < len(shape) or min(sides, default=0) < 0:
        _refuse(f"{place}.shape", f"{shape!r}", "a list of whole numbers")
    leaves = list(_leaves(data.get("array", data.get("scalar")), sides, np.dtype(name), place))
    try:
        array = np.array(leaves, np.dtype(name)).reshape(sides)
    except ValueError as error:  # of no entries, in sides that no array has
        raise ValueError(f"{place} is no array of shape {shape}: {error}") from error
    return array if "array" in data else array[()]


def _leaves(
    values: Plain, shape: list[int], dtype: "np.dtype[Any]", place: str
) -> Iterator[object]:
    """The entries, each checked to be one that `dtype` holds exactly."""
    if shape:
        if not isinstance(values, list) or len(values) != shape[0]:
            _refuse(place, f"{values!r:.40}", f"a list of {shape[0]}")
        for i, value in enumerate(values):
            yield from _leaves(value, shape[1:], dtype, f"{place}[{i}]")
        return
    entry = _made(values, place)
    if not _holds(dtype, entry):
        _refuse(place, f"{entry!r:.40}", f"a number that {dtype} holds")
    yield entry


def _holds(dtype: "np.dtype[Any]", entry: object) -> bool:
    if dtype.kind in "iu" and type(entry) is int:
        return int(np.iinfo(dtype).min) <= entry <= int(np.iinfo(dtype).max)
    if dtype.kind == "f" and type(entry) is float:
        with np.errstate(over="ignore"):
            return math.isnan(entry) or float(np.float64(entry).astype(dtype)) == entry
    return dtype.kind == "b" and type(entry) is bool


_READERS: dict[tuple[str, ...], Callable[[dict[str, Plain], str], object]] = {
    ("class", "fields"): _made_object, ("enum", "name"): _made_enum, ("tuple",): _made_items,
    ("dict",): _made_items, ("float",): _made_float, ("array", "dtype", "shape"): _made_array,
    ("scalar", "dtype"): _made_array,
}


def _storable(cls: object) -> bool:
    """Whether it is an enum or a frozen dataclass."""
    parameters = vars(cls).get("__dataclass_params__") if isinstance(cls, type) else None
    return isinstance(cls, type) and (issubclass(cls, Enum) or getattr(parameters, "frozen", False))


def _key(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _class(key: Plain, place: str) -> type:
    """The class of that name: one of ours, or one that was registered; nothing else is looked at.
    """
    if isinstance(key, str) and key in _registered:
        return _registered[key]
    module, _, name = key.rpartition(".") if isinstance(key, str) else ("", "", "")
    ours = module.startswith(_OURS) and all(part.isidentifier() for part in module.split("."))
    if not ours:
        _refuse(place, f"of the class {key!r}", "one of device_models, circuits or crossbar: where "
                "it is yours, give it to crossbar.register(...), in the session that reads as well")
    try:
        found = vars(importlib.import_module(module)).get(name)
    except ModuleNotFoundError:
        found = None
    if not isinstance(found, type) or not _storable(found) or _key(found) != key:
        _refuse(place, f"of the class {key!r}", "a frozen dataclass or an enum that is defined "
                "there; was it stored by another version?")
    return found


def _refuse(place: str, came: str, expected: str) -> NoReturn:
    raise ValueError(f"{place} is {came}; expected {expected}")
