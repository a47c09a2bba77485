"""Reading stack files: TOML whose every number has a tag, checked key by key.

A number is written `key = { value = 0.33, tag = "P §C" }`. Keys end in their unit and come out in
SI. Unknown keys, missing keys and wrong types name the file, the key and the remedy; all that is
wrong with a file is gathered in its `Problems`, and said at once. The whole schema is described in
stacks/README.md; its optional tables are declared in `tables`.
"""

import contextlib
import difflib
import math
from collections.abc import Iterator, Mapping
from typing import Any

from device_models.checks import known, per_cent_question
from device_models.stacks.errors import StackError

_ANY_SIGN = ("base", "amplitude", "origin_nm")
_SI = {
    "nm": 1e-9, "um": 1e-6, "um2": 1e-12, "kohm": 1e3, "ohm": 1.0, "ohm_per_sq": 1.0, "v": 1.0,
    "mt": 1e-3, "t": 1.0, "k": 1.0, "per_k": 1.0, "per_k1p5": 1.0, "ns": 1e-9, "s": 1.0,
    "min": 60.0, "ka_per_m": 1e3, "mj_per_m2": 1e-3, "kohm_um2": 1e-9, "ohm_um2": 1e-12,
    "ma": 1e-3, "a_per_m2": 1.0, "uohm_cm": 1e-8,
    "k_per_w": 1.0, "w_per_m_k": 1.0, "mj_per_m3_k": 1e6,
}
_SIGNS = {"positive": (math.ulp(0.0), " above zero"), "nonnegative": (0.0, " of zero or more"),
          "any": (-math.inf, "")}


def unit_of(key: str) -> str:
    """The unit a key ends in, or nothing: kohm_um2 of ra_range_kohm_um2."""
    return max((unit for unit in _SI if key.endswith(f"_{unit}")), key=len, default="")


def without_unit(key: str) -> str:
    """A key without its unit: thickness of thickness_nm."""
    return key.removesuffix(f"_{unit}") if (unit := unit_of(key)) else key


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


class NotSoundError(StackError):
    """A table cannot be used, for reasons that have been noted already."""


class Problems:
    """What is wrong with one file, in the order in which it was found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[str] = []

    def add(self, problem: str) -> None:
        """One more; it need not name the file."""
        text = problem.removeprefix(f"{self.file}: ")
        if text not in self.found:
            self.found.append(text)

    def check(self) -> None:
        """StackError that says all of them, if there are any."""
        if len(self.found) == 1:
            raise StackError(f"{self.file}: {self.found[0]}")
        if self.found:
            raise StackError(f"{self.file}: {len(self.found)} things are wrong:" + "".join(
                f"\n- {text}" for text in self.found))


class Section:
    """One table of a stack file; `sound` until something is found wrong with it."""

    def __init__(
        self, file: str, path: str, data: object, problems: Problems | None = None
    ) -> None:
        self.file, self.path = file, path
        self.problems = Problems(file) if problems is None else problems
        self.tags: dict[str, str] = {}
        self.meant: set[str] = set()  # keys that seem to be there, misspelt
        self.sound = self.is_table = isinstance(data, Mapping)
        self.data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        if not self.sound:
            self.problems.add(f"{self.where} is {data!r}; expected a table of keys")

    @contextlib.contextmanager
    def gathered(self) -> Iterator[None]:
        """Notes a StackError and goes on, so that the rest of the file is checked too."""
        try:
            yield
        except NotSoundError:
            self.sound = False
        except StackError as error:
            self.fault(str(error))

    def fault(self, problem: str) -> None:
        """Note what is wrong."""
        self.sound = False
        self.problems.add(problem)

    @property
    def where(self) -> str:
        """The file and this table, for messages."""
        return f"{self.file}: [{self.path}]" if self.path else f"{self.file}: the top level"

    def stop(self) -> None:
        """NotSoundError if something has been found wrong."""
        if not self.sound:
            raise NotSoundError(self.problems.found[-1])

    def expect(self, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> bool:
        """Note unknown and missing keys; whether there are none of either."""
        expected = keys + optional if self.is_table else ()
        for key in self.data:
            if key not in expected:
                close = difflib.get_close_matches(key, expected, n=1)
                self.meant.update(close)
                hint = f"did you mean {close[0]!r}?" if close else (
                    f"known: {', '.join(expected)}")
                self.fault(f"{self.where} has an unknown key {key!r}; {hint}")
        missing = [key for key in keys
                   if expected and key not in self.data and key not in self.meant]
        if missing:
            named = ", ".join(repr(key) for key in missing)
            self.fault(f"{self.where} lacks the key{'s' * (len(missing) > 1)} {named}")
        return self.sound

    def table(self, key: str) -> "Section":
        """A table inside this one; the file has it."""
        path = f"{self.path}.{key}" if self.path else key
        return Section(self.file, path, self.data[key], self.problems)

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
