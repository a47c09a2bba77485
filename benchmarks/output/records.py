"""Results as frozen dataclasses, to JSON and back: what a command computed can be drawn again."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


class RecordError(ValueError):
    """JSON that is not the record it should be; its text says what is wrong, in a few words."""


def to_json(record: object) -> Any:  # of JSON's types, whichever the record holds
    """A dataclass as a table, an array as lists; an optional part that is not there is left out.

    That is a field which is None, or made empty, by default, and still is so.
    """
    if is_dataclass(record):
        return {field.name: to_json(getattr(record, field.name)) for field in fields(record)
                if _there(field, getattr(record, field.name))}
    if isinstance(record, Mapping):
        return {key: to_json(value) for key, value in record.items()}
    if isinstance(record, (list, tuple)):
        return [to_json(value) for value in record]
    return record.tolist() if isinstance(record, np.ndarray) else record


def from_json(kind: type[Record], content: object) -> Record:
    """The dataclass `kind` that `to_json` made `content` of; what it has no field for is ignored.

    Fields are plain values, arrays, records, lists and tables of these, or None if their type
    says so.
    """
    if not isinstance(content, dict):
        raise RecordError("it lacks a table")
    missing = [field.name for field in fields(kind) if field.name not in content and _needed(field)]
    if missing:
        raise RecordError(f"it lacks {', '.join(missing)}")
    types = get_type_hints(kind)
    return kind(**{name: _value(types[name], content[name], name)
                   for name in types if name in content})


def _there(field: "Field[Any]", value: Any) -> bool:
    empty = field.default_factory is not MISSING and len(value) == 0
    return not empty and (value is not None or field.default is not None)


def _needed(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value(kind: Any, content: object, name: str) -> Any:  # types at run time have no type
    """`content` of the field `name`, as a `kind`."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return None if content is None else _value(inner[0], content, name)
    if isinstance(kind, type) and is_dataclass(kind):
        return from_json(kind, content)
    if origin is np.ndarray:
        try:
            return np.array(content, float)
        except (ValueError, TypeError):
            raise RecordError(f"{name} is no array of numbers") from None
    expected = float | int if kind is float else origin or kind
    if not isinstance(content, expected):
        raise RecordError(f"{name} is {str(content)[:40]}")
    if isinstance(content, dict):
        return {key: _value(inner[1], value, name) for key, value in content.items()}
    return [_value(inner[0], value, name) for value in content] if (
        isinstance(content, list)) else content
