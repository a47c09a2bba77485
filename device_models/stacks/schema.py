"""Reading stack files: TOML whose every number has a tag, checked key by key.

A number is written `key = { value = 0.33, tag = "P §C" }`. Keys end in their unit and come out in
SI. Unknown keys, missing keys and wrong types name the file, the key and the remedy. The whole
schema is described in stacks/README.md; its optional tables are declared in `tables`.
"""

import contextlib
import difflib
import itertools
import math
from collections.abc import Mapping

from device_models.checks import ask_about_tmr, known, per_cent_question
from device_models.stacks.errors import StackError

_ANY_SIGN = ("base", "amplitude", "origin_nm")
_SI = {
    "nm": 1e-9, "um": 1e-6, "um2": 1e-12, "kohm": 1e3, "ohm": 1.0, "ohm_per_sq": 1.0, "v": 1.0,
    "mt": 1e-3, "t": 1.0, "k": 1.0, "per_k": 1.0, "per_k1p5": 1.0, "ns": 1e-9, "s": 1.0,
    "min": 60.0, "ka_per_m": 1e3, "mj_per_m2": 1e-3, "kohm_um2": 1e-9, "ohm_um2": 1e-12,
}
_SIGNS = {"positive": (math.ulp(0.0), " above zero"), "nonnegative": (0.0, " of zero or more"),
          "any": (-math.inf, "")}


def unit_of(key: str) -> str:
    """The unit a key ends in, or nothing: kohm_um2 of ra_range_kohm_um2."""
    return max((unit for unit in _SI if key.endswith(f"_{unit}")), key=len, default="")


def without_unit(key: str) -> str:
    """A key without its unit: thickness of thickness_nm."""
    return key.removesuffix(f"_{unit}") if (unit := unit_of(key)) else key


_RESISTANCE = ("r_p_kohm", "ra_kohm_um2", "ra_ohm_um2")  # R_P, or its product with the area
_LAWS: dict[str, dict[str, tuple[str, ...]]] = {
    "resistance": {
        "quadratic": ("thickness_nm", "r_p_kohm"),
        "table": ("thickness_nm", "r_p_kohm"),
        "constant": ("r_p_kohm",),
    },
    "tmr": {
        "exponential": ("base", "amplitude", "origin_nm", "scale_nm"),
        "quadratic": ("thickness_nm", "tmr"),
        "table": ("thickness_nm", "tmr"),
        "constant": ("tmr",),
    },
}


Numbers = tuple[float, ...]
Pair = tuple[float, float]
Limits = tuple[float, float]
UNLIMITED: Limits = (-math.inf, math.inf)
BELOW_ONE = math.nextafter(1.0, 0.0)


def _words(limits: Limits) -> str:
    """Limits in words: 0 to 1; 0 or more, below 1; at least 301; at most 1."""
    least, most = limits
    if most == BELOW_ONE:
        return f"{least:g} or more, below 1"
    if math.isinf(most):
        return f"at least {least:g}"
    return f"at most {most:g}" if math.isinf(least) else f"{least:g} to {most:g}"


class Section:
    """One table of a stack file."""

    def __init__(self, file: str, path: str, data: object) -> None:
        if not isinstance(data, Mapping):
            raise StackError(f"{file}: [{path}] is {data!r}; expected a table of keys")
        self.file, self.path, self.data = file, path, data
        self.tags: dict[str, str] = {}

    @property
    def where(self) -> str:
        """The file and this table, for messages."""
        return f"{self.file}: [{self.path}]" if self.path else f"{self.file}: the top level"

    def expect(self, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        """Reject unknown and missing keys."""
        for key in self.data:
            if key not in keys + optional:
                close = difflib.get_close_matches(key, keys + optional, n=1)
                hint = f"did you mean {close[0]!r}?" if close else (
                    f"known: {', '.join(keys + optional)}")
                raise StackError(f"{self.where} has an unknown key {key!r}; {hint}")
        missing = [key for key in keys if key not in self.data]
        if missing:
            raise StackError(f"{self.where} lacks the key {missing[0]!r}")

    def table(self, key: str) -> "Section":
        """A table inside this one."""
        path = f"{self.path}.{key}" if self.path else key
        if key not in self.data:
            raise StackError(f"{self.file}: the table [{path}] is missing")
        return Section(self.file, path, self.data[key])

    def text(self, key: str) -> str:
        """A plain text."""
        value = self.data[key]
        if not isinstance(value, str):
            raise StackError(f"{self.where} {key} is {value!r}; expected a text")
        return value

    def tagged(self, key: str) -> object:
        """The value of a tagged entry, whose tag is recorded."""
        entry = self.data[key]
        is_tagged = isinstance(entry, Mapping) and set(entry) == {"value", "tag"}
        if not is_tagged or not isinstance(entry["tag"], str) or not entry["tag"].strip():
            raise StackError(
                f"{self.where} {key} is {entry!r}; expected "
                f'{{ value = ..., tag = "where it comes from" }}'
            )
        self.tags[f"{self.path}.{key}"] = entry["tag"]
        return entry["value"]

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """A tagged text, one of `choices`."""
        text = str(self.tagged(key))
        try:
            return known(key, text, choices)
        except ValueError as error:
            raise StackError(f"{self.where} {error}") from None

    def number(self, key: str, sign: str = "", limits: Limits = UNLIMITED) -> float:
        """A tagged number, in SI; `sign` is "positive", "nonnegative" or "any".

        `limits` are the least and the largest that are allowed, in the unit of the file.
        """
        return self._si(key, self.tagged(key), sign, limits)

    def numbers(self, key: str, sign: str = "", limits: Limits = UNLIMITED) -> Numbers:
        """A tagged list of numbers, in SI; `sign` and `limits` as in `number`."""
        values = self.tagged(key)
        if not isinstance(values, list) or not values:
            raise StackError(
                f"{self.where} {key} is {values!r}; expected a list of numbers"
            )
        return tuple(self._si(key, value, sign, limits) for value in values)

    def pair(self, key: str, sign: str = "", limits: Limits = UNLIMITED) -> Pair:
        """A tagged list [least, largest], in SI."""
        values = self.numbers(key, sign, limits)
        if len(values) != 2 or values[0] > values[1]:
            raise StackError(f"{self.where} {key} is {self.tagged(key)!r}; expected "
                             "[least, largest], two numbers that do not fall")
        return values[0], values[1]

    def _si(self, key: str, value: object, sign: str, limits: Limits) -> float:
        least, words = _SIGNS[sign or ("any" if key in _ANY_SIGN else "positive")]
        number = float("nan")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            with contextlib.suppress(OverflowError):
                number = float(value)
        if not math.isfinite(number) or number < least:
            raise StackError(f"{self.where} {key} is {str(value)[:40]}; expected a "
                             f"finite number{words}")
        if not limits[0] <= number <= limits[1]:
            fraction = BELOW_ONE <= limits[1] <= 1 <= number
            raise StackError(f"{self.where} {key} is {number:g}; expected {_words(limits)}"
                             + (f": {per_cent_question(number)}" if fraction else ""))
        return number * _SI.get(unit_of(key), 1.0)


Arguments = dict[str, float | Numbers]


def read_law(section: Section, kind: str, area: float) -> tuple[str, Arguments]:
    """Name and SI arguments of the law of a `resistance` or `tmr` table.

    A resistance may be given as R_P or as RA, its product with the junction's `area` [m^2]; out
    comes R_P = RA/area [ohm].
    """
    choices = _LAWS[kind]
    if "law" not in section.data:
        raise StackError(f"{section.where} lacks the key 'law'; one of: "
                         f"{', '.join(choices)}")
    text = section.text("law")
    try:
        law = known("law", text, choices)
    except ValueError as error:
        raise StackError(f"{section.where} {error}") from None
    names = {"thickness_nm": "nodes", "origin_nm": "origin", "scale_nm": "scale"} | dict.fromkeys(
        (*_RESISTANCE, "tmr"), "value" if law == "constant" else "values")
    arguments: Arguments = {}
    for key in _given(section, choices[law]):
        name, scale = names.get(key, key), 1.0 / area if key in _RESISTANCE[1:] else 1.0
        arguments[name] = tuple(value * scale for value in section.numbers(key)) if name in (
            "nodes", "values") else section.number(key) * scale
    if kind == "tmr":
        given = arguments.get("values", arguments.get("value", arguments.get("base", 0.0)))
        ask_about_tmr(f"{section.where} TMR", given)
    _check_nodes(section, law, arguments)
    return law, arguments


def _given(section: Section, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of a law, checked, with that one of `_RESISTANCE` which the table has."""
    ways = _RESISTANCE if "r_p_kohm" in keys else ()
    section.expect(("law", *(key for key in keys if key not in ways)), ways)
    found = tuple(key for key in ways if key in section.data)
    if ways and len(found) != 1:
        came = f"has {' and '.join(found)}" if found else "lacks the key 'r_p_kohm'"
        raise StackError(f"{section.where} {came}; expected one of {', '.join(ways)}, the others "
                         "follow with the junction's area")
    return (*(key for key in keys if key not in ways), *found)


def _check_nodes(section: Section, law: str, arguments: Arguments) -> None:
    """Interpolation nodes must increase and pair with values; a parabola has three."""
    nodes, values = arguments.get("nodes"), arguments.get("values")
    if not isinstance(nodes, tuple) or not isinstance(values, tuple):
        return
    where = section.where
    if len(nodes) != len(values):
        raise StackError(f"{where} has {len(nodes)} thicknesses and {len(values)} values; "
                         "expected as many")
    if any(b <= a for a, b in itertools.pairwise(nodes)):
        raise StackError(f"{where} thickness_nm must increase")
    if law == "quadratic" and len(nodes) != 3:
        raise StackError(f"{where} has {len(nodes)} points; a quadratic law takes 3, or use "
                         'law = "table"')
    if len(nodes) < 2:
        raise StackError(f'{where} has 1 point; use law = "constant"')
