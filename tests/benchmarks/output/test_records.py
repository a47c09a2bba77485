"""A record comes back from its JSON as it was; what is no such record is refused in words."""

import json
from dataclasses import dataclass, field

import numpy as np
import pytest

from benchmarks.output.records import RecordError, from_json, to_json
from device_models.checks import Floats


@dataclass(frozen=True)
class Part:
    name: str
    value: float | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Whole:
    curves: dict[str, Floats]
    parts: list[Part]
    seeds: list[int]
    extra: dict[str, list[Part]] | None = None
    quick: bool = False
    more: list[Part] = field(default_factory=list)


WHOLE = Whole(curves={"a": np.array([[1.0, 2.5], [3.0, 4.0]])}, seeds=[0, 1],
              parts=[Part("x", None), Part("y", 2.0)])


def test_a_record_comes_back_from_json() -> None:
    content = json.loads(json.dumps(to_json(WHOLE)))
    assert content == {"curves": {"a": [[1.0, 2.5], [3.0, 4.0]]}, "seeds": [0, 1], "quick": False,
                       "parts": [{"name": "x", "value": None}, {"name": "y", "value": 2.0}]}
    back = from_json(Whole, {**content, "of a later version": 1})
    np.testing.assert_array_equal(back.curves["a"], WHOLE.curves["a"])
    assert (back.parts, back.seeds, back.extra) == (WHOLE.parts, WHOLE.seeds, None)
    assert to_json(back) == content


def test_an_optional_part_is_written_where_it_is_there() -> None:
    part = Part("x", 1.0)
    content = to_json(Whole(curves={}, parts=[], seeds=[], extra={"a": [part]}, more=[part]))
    assert content["parts"] == []
    back = from_json(Whole, content)
    assert (back.extra, back.more) == ({"a": [part]}, [part])


@pytest.mark.parametrize(("change", "message"), [
    ({"curves": {"a": [[1.0], [2.0, 3.0]]}}, "curves is no array of numbers"),
    ({"curves": {"a": {"b": 1.0}}}, "curves is no array of numbers"),
    ({"curves": [1.0]}, r"curves is \[1.0\]"),
    ({"parts": [{"name": "x"}]}, "it lacks value"),
    ({"parts": [3]}, "it lacks a table"),
    ({"parts": [{"name": 3, "value": None}]}, "name is 3"),
    ({"parts": [{"name": "x", "value": "high"}]}, "value is high"),
    ({"seeds": ["a"]}, "seeds is a"),
])
def test_what_is_no_record_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        from_json(Whole, to_json(WHOLE) | change)


def test_missing_fields_are_named() -> None:
    with pytest.raises(RecordError, match="it lacks curves, parts, seeds"):
        from_json(Whole, {"quick": True})
    with pytest.raises(RecordError, match="it lacks a table"):
        from_json(Whole, [1])
