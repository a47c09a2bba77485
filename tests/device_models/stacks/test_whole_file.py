"""A stack file of any of its tables: what is there counts, what is not there is said."""

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from device_models import CompoundMTJ, StackError, load_stack, stacks
from device_models.stacks.errors import MissingEntryError, MissingTableError, NotGivenError

Write = Callable[..., Path]
KUMAR = (Path(stacks.__file__).parent / "kumar2024.toml").read_text(encoding="utf-8")
BASIC = ("stack", "junction", "thickness", "tmr", "bias")
R_P = 'r_p_kohm = { value = 10.0, tag = "measured" }'
R_AP = 'r_ap_kohm = { value = 25.0, tag = "measured" }'
TMR = '[tmr]\nlaw = "constant"\ntmr = { value = 1.5, tag = "measured" }'
LEAST = f'[resistance]\nlaw = "constant"\n{R_P}\n{R_AP}\n'
HELD = """
[magnetics]
easy_axis = { value = "perpendicular", tag = "m" }
saturation_magnetisation_ka_per_m = { value = 1000.0, tag = "m" }
interface_anisotropy_mj_per_m2 = { value = 1.0, tag = "m" }
damping = { value = 0.01, tag = "m" }
device_coercivity_mt = { value = 100.0, tag = "m" }
"""


def tables_of(text: str) -> dict[str, str]:
    """The top-level tables by name, their lower ones with them."""
    parts = re.split(r"(?m)^(?=\[\w+)", text)
    found: dict[str, str] = {}
    for part in parts:
        if (name := re.match(r"\[(\w+)", part)) is not None:
            found[name[1]] = found.get(name[1], "") + part
    return found


def stack_of(folder: Path, text: str) -> stacks.Stack:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return load_stack(path)


@pytest.mark.parametrize("kept", [kept for n in range(len(BASIC) + 1)
                                  for kept in itertools.combinations(BASIC, n)], ids=str)
def test_each_table_adds_figures_and_changes_no_other(
    stack_file: Write, tmp_path: Path, kept: tuple[str, ...]
) -> None:
    whole, tables = load_stack(stack_file()), tables_of(stack_file().read_text(encoding="utf-8"))
    stack = stack_of(tmp_path, "".join(tables[name] for name in (*kept, "resistance")))
    assert set(stack.lacking) == set(BASIC) - set(kept) - {"stack"}
    assert stack.name == "mine"
    ours, theirs = (each.mtj(tmr=None if "tmr" in kept else 1.5) for each in (stack, whole))
    assert (ours.r_p, ours.tmr) == (theirs.r_p, theirs.tmr)
    if "bias" in kept:
        assert ours.conductance(False, 0.3) == theirs.conductance(False, 0.3)
    else:
        v = np.linspace(-3.0, 3.0, 13)
        assert np.all(ours.conductance(True, v) == ours.conductance(True, 0.0))
        assert np.all(ours.conductance(False, v) == ours.conductance(False, 0.0))
    if "junction" in kept:
        assert (ours.area, stack.axes) == (theirs.area, whole.axes)
    for name in stack.lacking:
        with pytest.raises(MissingTableError, match=rf"\[{name}\]"):
            stack.require(name)


@pytest.mark.parametrize("name", sorted(tables_of(KUMAR)))
def test_of_a_published_stack_only_the_resistance_cannot_be_left_out(
    tmp_path: Path, name: str
) -> None:
    text = "".join(part for other, part in tables_of(KUMAR).items() if other != name)
    if name in ("resistance", "junction"):  # whose resistances are given by area convention
        with pytest.raises(StackError, match=rf"'{name}'|\[{name}\]"):
            stack_of(tmp_path, text)
        return
    stack = stack_of(tmp_path, text)
    assert stack.mtj(1.9e-9, tmr=0.4).r_p == load_stack("kumar2024").mtj(1.9e-9).r_p


def test_without_a_table_the_lists_over_thickness_say_what_is_covered(tmp_path: Path) -> None:
    tables = tables_of(KUMAR)
    del tables["thickness"]
    stack = stack_of(tmp_path, "".join(tables.values()))
    assert stack.thickness_range == load_stack("kumar2024").thickness_range
    with pytest.raises(NotGivenError, match=r"covers 1\.6 to 2\.6"):
        stack.mtj(2.7e-9)


def test_an_antiparallel_resistance_is_a_tmr(stack_file: Write) -> None:
    plain = load_stack(stack_file())
    ours = load_stack(stack_file((R_P, f"{R_P}\n{R_AP}"), (TMR, "")))
    assert ours.mtj() == plain.mtj()
    assert ours.lacking == ()
    assert ours.tags["resistance.r_ap_kohm"] == "measured"


def test_an_antiparallel_resistance_passes_through_its_points(tmp_path: Path) -> None:
    stack = stack_of(tmp_path, (
        '[resistance]\nlaw = "table"\nthickness_nm = { value = [1.0, 1.5, 2.0], tag = "m" }\n'
        'r_p_kohm = { value = [3.0, 5.0, 4.0], tag = "m" }\n'
        'r_ap_kohm = { value = [6.0, 8.0, 9.0], tag = "m" }\n'))
    assert stack.thickness_range == pytest.approx((1e-9, 2e-9))
    for nm, r_p, r_ap in ((1.0, 3e3, 6e3), (1.5, 5e3, 8e3), (2.0, 4e3, 9e3)):
        mtj = stack.mtj(nm * 1e-9)
        assert (mtj.r_p, mtj.r_ap) == (pytest.approx(r_p), pytest.approx(r_ap))


@pytest.mark.parametrize(("text", "words"), [
    (LEAST + TMR, "r_ap_kohm, and there is a table .tmr.; expected one"),
    (LEAST.replace("25.0", "5.0"), "r_ap_kohm is no larger .* swap"),
    ('[resistance]\nlaw = "constant"\nra_kohm_um2 = { value = 1.0, tag = "m" }\n',
     r"ra_kohm_um2, which takes the area of a table \[junction\]"),
    (f'{LEAST.replace(R_AP, "")}{tables_of(KUMAR)["tmr"]}', r"exponential.*add \[thickness\]"),
    (LEAST + '[junction]\narea_um2 = { value = 0.1, tag = "m" }\n'
     'long_axis_nm = { value = 80.0, tag = "m" }\n', "unknown key 'long_axis_nm'")])
def test_what_contradicts_itself_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(StackError, match=words):
        stack_of(tmp_path, text)


def test_what_is_not_there_is_not_made_up(tmp_path: Path) -> None:
    stack = stack_of(tmp_path, LEAST.replace(R_AP, ""))
    with pytest.raises(MissingTableError, match=r"\[tmr\].*or r_ap_kohm"):
        stack.mtj()
    with pytest.raises(MissingTableError, match="junction"):
        stack.magnet()
    assert "area of 1 um^2, no dependence on bias" in stack.caveat
    assert stack.tags["junction"].startswith("assumed")


def test_a_two_terminal_junction_needs_no_dummy(tmp_path: Path) -> None:
    """Plain numbers: no thickness of lists, no channel, and still read disturb and breakdown."""
    bare = stack_of(tmp_path, LEAST + '[junction]\narea_um2 = { value = 0.005, tag = "m" }\n')
    assert bare.mtj().area == 0.005e-12
    with pytest.raises(MissingEntryError, match="long_axis_nm"):
        stack_of(tmp_path, LEAST + '[thickness]\nrange_nm = { value = [1.0, 1.4], tag = "m" }\n'
                 '[junction]\narea_um2 = { value = 0.005, tag = "m" }\n').magnet()
    broken = '[breakdown]\none_cell_v = { value = 1.4, tag = "m" }\n' \
             'shape = { value = 20.0, tag = "m" }\n'
    stack = stack_of(tmp_path, LEAST + broken + HELD)
    assert stack.mtj().breakdown_voltage == pytest.approx(1.4, rel=1e-12)
    assert stack.mtj().stability is None  # of no known volume
    known = stack_of(tmp_path, LEAST + broken + HELD
                     + '[thickness]\nrange_nm = { value = [1.0, 1.0], tag = "m" }\n'
                     '[junction]\nlong_axis_nm = { value = 80.0, tag = "m" }\n'
                     'short_axis_nm = { value = 80.0, tag = "m" }\n').mtj()
    assert known.stability is not None
    assert known.stability[0] > 10
    assert known.disturb_current is not None
    assert len(CompoundMTJ(known, 3).conductances(0.1)) == 4
