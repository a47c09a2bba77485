"""A study file: what is varied, what is held, what is observed, on how many chips."""

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sweep.flags import as_flags, parsed
from benchmarks.sweep.measure import OBSERVED
from benchmarks.sweep.tasks import Task
from device_models.checks import known

_TABLES = ("study", "set", "grid", "points")
_STUDY = ("title", "question", "observe", "chips", "networks")
MOST = 1_000_000  # points of a study


class StudyError(ValueError):
    """A study file that is not one; its text names the file and says what was expected."""


@dataclass(frozen=True)
class Study:
    """What a file asks for.

    Parameters
    ----------
    title, question : str
        In words.
    fixed : mapping
        Flags of every point: their names without dashes in front, and values.
    axes : mapping
        Of the grid: names, and the values of each, in order.
    listed : tuple of mappings
        Points instead of a grid or, with one, each combined with all of it.
    observe : tuple of str
        Names of `OBSERVED`.
    chips, networks : int
        Chips of every network, and trained networks.
    """

    title: str
    question: str
    fixed: Mapping[str, object]
    axes: Mapping[str, tuple[object, ...]]
    listed: tuple[Mapping[str, object], ...]
    observe: tuple[str, ...]
    chips: int = 1
    networks: int = 1

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of the flags that differ from point to point, those of the grid first."""
        return tuple(dict.fromkeys([*self.axes, *(key for one in self.listed for key in one)]))

    @property
    def size(self) -> int:
        """Points, each chip of each network one."""
        grid = 1
        for values in self.axes.values():
            grid *= len(values)
        return grid * max(len(self.listed), 1) * self.chips * self.networks

    def settings(self) -> Iterator[dict[str, object]]:
        """What differs at each point, chips and networks aside."""
        for one in self.listed or ({},):
            for values in itertools.product(*self.axes.values()):
                yield {**dict(zip(self.axes, values, strict=True)), **one}


def tasks_of(study: Study, code: str) -> Iterator[Task]:
    """All points of a study, in order."""
    for settings in study.settings():
        flags = as_flags({**study.fixed, **settings})
        for network in range(study.networks):
            for chip in range(study.chips):
                yield Task(flags, network, chip, study.observe, code, tuple(settings.items()))


def read_study(path: Path) -> Study:
    """The study of a TOML file, its flags checked one by one."""
    try:
        text = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StudyError(f"{path} cannot be read ({error}); expected a TOML file with [study], "
                         "[set] and [grid]") from None
    try:
        return _study(text, path.stem)
    except ValueError as error:
        raise StudyError(f"{path}: {error}") from None


def _study(text: dict[str, object], stem: str) -> Study:
    for name in text:
        known("table", name, _TABLES)
    head = _table(text, "study")
    for name in head:
        known("key of [study]", name, _STUDY)
    study = Study(
        title=_words(head, "title", stem), question=_words(head, "question", ""),
        fixed=_flags(_table(text, "set"), "set"), axes=_axes(_table(text, "grid")),
        listed=tuple(_flags(one, "points") for one in _points(text)),
        observe=_observed(head.get("observe", ["analog"])),
        chips=_count(head, "chips"), networks=_count(head, "networks"))
    _check(study)
    return study


def _check(study: Study) -> None:
    """Refuse what no point can have: each value once, with the others at their first."""
    if study.size > MOST:
        raise ValueError(f"the study has {study.size} points; expected {MOST} or fewer")
    twice = (set(study.fixed) & set(study.varied)) | {
        key for one in study.listed for key in one if key in study.axes}
    if twice:
        raise ValueError(f"{', '.join(sorted(twice))} stand in two tables; expected each flag in "
                         "one of [set], [grid] and [[points]]")
    first = {name: values[0] for name, values in study.axes.items()}
    for one in study.listed or ({},):
        parsed(as_flags({**study.fixed, **first, **one}))
    for name, values in study.axes.items():
        for value in values:
            parsed(as_flags({**study.fixed, **first, **(study.listed or ({},))[0], name: value}))


def _table(text: Mapping[str, object], name: str) -> dict[str, object]:
    found = text.get(name, {})
    if not isinstance(found, dict):
        raise ValueError(f"{name} is {str(found)[:40]}; expected a table [{name}]")
    return found


def _points(text: Mapping[str, object]) -> list[dict[str, object]]:
    found = text.get("points", [])
    if not isinstance(found, list) or not all(isinstance(one, dict) and one for one in found):
        raise ValueError("points is no list of tables with flags; expected [[points]]")
    return found


def _flags(table: Mapping[str, object], name: str) -> dict[str, object]:
    found = {key.replace("_", "-"): value for key, value in table.items()}
    for key, value in found.items():
        if isinstance(value, (list, dict)):
            raise ValueError(f"{key} of {name} is {str(value)[:40]}; expected one value; lists are "
                             "of [grid]")
    return found


def _axes(table: Mapping[str, object]) -> dict[str, tuple[object, ...]]:
    axes = {}
    for key, values in table.items():
        if not isinstance(values, list) or not values:
            raise ValueError(f"{key} of [grid] is {str(values)[:40]}; expected a list of values")
        if len({repr(value) for value in values}) < len(values):
            raise ValueError(f"{key} of [grid] has a value twice; expected each once")
        axes[key.replace("_", "-")] = tuple(values)
    return axes


def _observed(names: object) -> tuple[str, ...]:
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise ValueError(f"observe is {str(names)[:40]}; expected a list of: {', '.join(OBSERVED)}")
    return tuple(known("observable", name, OBSERVED) for name in dict.fromkeys(names))


def _words(table: Mapping[str, object], key: str, default: str) -> str:
    found = table.get(key, default)
    if not isinstance(found, str):
        raise ValueError(f"{key} of [study] is {str(found)[:40]}; expected words in quotes")
    return found


def _count(table: Mapping[str, object], key: str) -> int:
    found = table.get(key, 1)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise ValueError(f"{key} of [study] is {str(found)[:40]}; expected a whole number of 1 or "
                         "more")
    return found
