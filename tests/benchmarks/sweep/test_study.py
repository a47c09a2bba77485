"""Study files: the grid is the product of its axes, and what is no flag is refused by name."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.sweep.flags import as_flags
from benchmarks.sweep.study import Study, StudyError, read_study, tasks_of

NAMES = st.lists(st.sampled_from(["cells", "tmr", "wire", "tile", "spread"]), min_size=0,
                 max_size=4, unique=True)


def study(axes: dict[str, tuple[object, ...]], listed: tuple[dict[str, object], ...] = (),
          chips: int = 1, networks: int = 1) -> Study:
    return Study("t", "", {"images": 100}, axes, listed, ("analog",), chips, networks)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    axes = {name: tuple(draw(st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True)))
            for name in draw(NAMES)}
    listed = tuple({"read-voltage": value / 10} for value in draw(
        st.lists(st.integers(1, 9), max_size=3, unique=True)))
    return study(axes, listed, draw(st.integers(1, 3)), draw(st.integers(1, 3)))


@settings(deadline=None)
@given(studies())
def test_a_study_is_every_combination_once(one: Study) -> None:
    tasks = list(tasks_of(one, "code"))
    assert len(tasks) == one.size
    assert len({task.key for task in tasks}) == len(tasks)
    found = {(task.settings, task.network, task.chip) for task in tasks}
    combinations = itertools.product(
        one.listed or ({},), *([(name, value) for value in values] for name, values in
                               one.axes.items()))
    for first, *others in combinations:
        point = tuple({**dict(others), **first}.items())
        for network in range(one.networks):
            for chip in range(one.chips):
                assert (point, network, chip) in found


@settings(deadline=None)
@given(studies())
def test_keys_and_seeds_hang_on_the_point_and_not_on_the_order(one: Study) -> None:
    turned = Study(one.title, one.question, one.fixed,
                   {name: values[::-1] for name, values in reversed(list(one.axes.items()))},
                   one.listed[::-1], one.observe, one.chips, one.networks)
    ours, theirs = ({task.key: task.seed for task in tasks_of(each, "code")}
                    for each in (one, turned))
    assert ours == theirs


def test_another_code_is_another_key_and_the_same_chip() -> None:
    first, second = (next(tasks_of(study({"cells": (1, 2)}), code)) for code in ("a", "b"))
    assert first.key != second.key
    assert first.seed == second.seed


def test_more_points_leave_those_before_as_they_were() -> None:
    few, many = study({"cells": (1, 2)}), study({"cells": (1, 2, 3)}, chips=4)
    assert {task.key for task in tasks_of(few, "c")} < {task.key for task in tasks_of(many, "c")}


def test_true_is_a_flag_alone_and_false_none() -> None:
    assert as_flags({"read-noise": True, "nonlinear": False, "cells": 3}) == (
        "--cells=3", "--read-noise")


GOOD = """
[study]
title = "Cells"
observe = ["analog", "energy"]
chips = 2
[set]
read_noise = true
[grid]
cells = [1, 2]
tile = ["64x64", "128x128"]
"""


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(GOOD, encoding="utf-8")
    found = read_study(path)
    assert found.size == 8
    assert found.fixed == {"read-noise": True}
    assert found.varied == ("cells", "tile")


@pytest.mark.parametrize(("old", "new", "words"), [
    ("cells = [1, 2]", "celsl = [1, 2]", "did you mean --cells"),
    ("cells = [1, 2]", "cells = [1, 0]", "not a whole number"),
    ("cells = [1, 2]", "cells = 3", "expected a list"),
    ("cells = [1, 2]", "cells = [1, 1]", "a value twice"),
    ("cells = [1, 2]", "seed = [1, 2]", "chips = N"),
    ("read_noise = true", "cells = 3", "stand in two tables"),
    ("read_noise = true", "cells = [3]", "expected one value"),
    ('"energy"', '"enrgy"', "did you mean 'energy'"),
    ("chips = 2", "chips = 0", "1 or more"),
    ("chips = 2", "chips = 2_000_000", "or fewer"),
    ("[study]", "[stduy]", "did you mean 'study'"),
    ("title =", "titel =", "did you mean 'title'"),
    ("[study]", "[study", "cannot be read"),
])
def test_what_is_wrong_is_said_with_the_file(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    path = tmp_path / "s.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyError, match=words) as caught:
        read_study(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="cannot be read"):
        read_study(tmp_path / "none.toml")
