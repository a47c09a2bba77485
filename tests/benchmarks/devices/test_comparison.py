"""The table paper, model, deviation: complete, read from the stack itself, deaf to nothing."""

import re
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.devices.comparison import NUMBERS, rows
from benchmarks.devices.contradictions import contradictions
from benchmarks.devices.number import Row, summary
from benchmarks.devices.own_numbers import own_lines, own_numbers
from benchmarks.devices.stated_in_file import IN_FILE
from device_models import Stack, available_stacks, load_stack
from device_models.stacks.entries import Curve
from device_models.switching import critical_voltage

STACK = load_stack("kumar2024")
TABLE = {row["name"]: row for row in rows(STACK)}


def without(*tables: str) -> Stack:
    return replace(STACK, tables=replace(STACK.tables, **dict.fromkeys(tables)))


def changed(table: str, **entries: Any) -> Stack:
    new = replace(getattr(STACK, table), **entries)
    return replace(STACK, tables=replace(STACK.tables, **{table: new}))


def missed(stack: Stack) -> set[str]:
    return {row["name"] for row in rows(stack) if row["verdict"] == "missed"}


MISSED = {"device by the macrospin, 1.6 nm", "device by the macrospin, 2.6 nm"}
"""Predictions that the model gets wrong, where the paper is not to blame."""


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
def test_a_stated_number_comes_out_within_its_spread_or_last_digit(row: Row) -> None:
    assert row["model"] is not None, row["verdict"]
    if row["name"] in MISSED:
        assert row["kind"] == "prediction"
        assert row["verdict"] == "missed"
    elif row["contradiction"] is None:
        assert abs(row["deviation"]) <= row["allowed"] * (1 + 1e-9)


@pytest.mark.parametrize("row", [row for row in TABLE.values() if row["contradiction"]],
                         ids=lambda row: row["name"])
def test_what_is_called_a_contradiction_is_missed_and_explained(row: Row) -> None:
    """Else it would be no contradiction, and an excuse for a model that drifts."""
    assert abs(row["deviation"]) > row["allowed"]
    assert row["contradiction"] in dict(contradictions(STACK))


def test_every_item_where_the_paper_does_not_fit_itself_is_reported() -> None:
    found = dict(contradictions(STACK))
    assert sorted(found) == list(range(1, 10))
    for item, words in {1: "2.47", 2: "34.1", 3: "26.0/20.6/17.1", 4: "+100%", 6: "0.33",
                        7: "4.1 V"}.items():
        assert words in found[item]


def test_the_table_misses_a_number_that_another_file_gets_wrong() -> None:
    wrong = replace(STACK, tmr=lambda t: STACK.tmr(t) + 0.02)
    assert missed(wrong) == MISSED | {f"TMR, {nm} nm" for nm in (1.6, 1.9, 2.6)}


def test_only_a_prediction_is_met_and_counted() -> None:
    """What the file says, or was fitted to, proves nothing by coming out again."""
    for row in TABLE.values():
        agrees = {"input": "as given", "fit": "as fitted", "prediction": "met"}[row["kind"]]
        assert row["verdict"] in (agrees, "missed", f"contradiction {row['contradiction']}")
    found = summary(list(TABLE.values()))
    predictions = [row for row in TABLE.values() if row["kind"] == "prediction"]
    assert found["predictions"] == len(predictions)
    assert found["met"] == sum(row["verdict"] == "met" for row in predictions)
    assert found["met"] + found["contradicted"] + len(MISSED) == len(predictions)
    assert found["predictions"] + found["inputs"] + found["fits"] == len(TABLE)
    assert found["text"].startswith(f"predictions: {found['met']} of {found['predictions']} met")
    assert found["text"].endswith(
        f"{found['inputs']} inputs and {found['fits']} fits not counted")


def test_another_device_has_a_table_of_its_own_at_its_own_layers() -> None:
    stack = load_stack("perpendicular_cofeb")
    found = {(row["name"], row["free_layer_nm"]): row["model"] for row in own_numbers(stack)}
    assert found["R_P", 1.1] == pytest.approx(stack.mtj(1.1e-9).r_p / 1e3)
    assert found["critical voltage, 1 cell", 1.3] == pytest.approx(
        float(critical_voltage(stack.magnet(1.3e-9))))
    assert None not in found.values()
    lines = list(own_lines(own_numbers(stack)))
    assert "1.1 nm" in lines[0]
    assert len(lines) == 1 + len({name for name, _ in found})


def test_a_number_that_a_stack_cannot_give_has_a_reason() -> None:
    rows_of = own_numbers(without("magnetics"))
    lacking = {row["name"] for row in rows_of if row["model"] is None}
    assert lacking == {"stability, E_b/(k_B T)", "coercive field, Sharrock's law",
                       "critical voltage, 1 cell", "critical voltage, 3 cells"}
    assert all("has no table [magnetics]" in row["reason"] for row in rows_of
               if row["model"] is None)
    assert list(own_lines(rows_of))[-1].startswith("not in its file")


def test_every_row_has_its_name_section_unit_and_source() -> None:
    assert len(TABLE) == len(NUMBERS) >= 85
    for number in NUMBERS:
        assert len(number.name) <= 33
        assert number.section in "ABCDEFG"
        assert number.kind in ("input", "fit", "prediction")
        assert number.allowed >= 0


@pytest.mark.parametrize("entry", IN_FILE, ids=lambda entry: entry.name)
def test_a_number_that_stands_in_the_file_is_read_from_the_file(entry: Any) -> None:
    """Change it there, and the row misses."""
    if not entry.table:
        found = list(getattr(STACK, entry.key))
        found[entry.place] *= 1.2
        stack = replace(STACK, **{entry.key: tuple(found)})
    else:
        value = getattr(getattr(STACK, entry.table), entry.key)
        if isinstance(value, Curve):
            wrong: Any = Curve(value.nodes, tuple(2 * v for v in value.values))
        else:
            wrong = value * 2 if entry.place is None else tuple(2 * v for v in value)
        stack = changed(entry.table, **{entry.key: wrong})
    row = next(row for row in rows(stack) if row["name"] == entry.name)
    assert row["verdict"] == "missed"
    assert TABLE[entry.name]["verdict"] == "as given"
    assert TABLE[entry.name]["kind"] == "input"


@pytest.mark.parametrize(("stack", "names"), [
    (replace(STACK, r_p=lambda t: 25.2e3 * t / 1.6e-9),
     {"R_P dome: maximum inside", "R_AP dome: maximum inside", "RA, largest", "RA, least"}),
    (replace(STACK, tmr=lambda t: 0.33 + 0.07 * (t - 1.6e-9) / 0.3e-9),
     {"TMR, growth 1.9 to 2.6 nm", "TMR, 2.6 nm"}),
    (changed("magnetics", film_coercivity=8e-3),
     {"device over film coercivity", "film coercive field, 1.6 nm", "film coercive field, 2.6 nm"}),
    (changed("magnetics", damping=0.025), {"V_c, n = 1, 1.6 nm", "V_c, n = 1, 2.6 nm"}),
], ids=["no dome", "straight TMR", "film coercivity", "damping"])
def test_a_number_that_a_law_gives_misses_with_the_law(stack: Stack, names: set[str]) -> None:
    assert names <= missed(stack)


def test_an_assist_field_lowers_the_critical_voltage_as_item_9_says() -> None:
    magnet = STACK.magnet(2.6e-9)
    help_, hinder = (1 - float(critical_voltage(magnet, field, polarity=-1) / critical_voltage(
        magnet, polarity=-1)) for field in (-8.5e-3, 8.5e-3))
    assert 0.03 < help_ < 0.1
    assert hinder < 0
    assert f"lowers the macrospin's V_c by {help_:.1%}" in dict(contradictions(STACK))[9]


def test_over_a_channel_of_the_other_sign_all_numbers_are_the_same() -> None:
    """Ta instead of Pt, its field above the channel turned with it: only the voltages turn."""
    other = changed("switching", spin_hall_angle=-STACK.switching.spin_hall_angle,
                    oersted=-STACK.switching.oersted)
    for row in rows(other):
        if row["name"] != "spin Hall angle":
            assert row["model"] == pytest.approx(TABLE[row["name"]]["model"]), row["name"]


def test_three_cells_at_2_6_nm_exceed_their_breakdown_as_item_9_says() -> None:
    row = next(row for row in TABLE.values() if row["contradiction"] == 9)
    assert row["model"] > row["paper"] == pytest.approx(1.9)
    assert row["verdict"] == "contradiction 9"
    assert f"{row['model']:.1f} V" in dict(contradictions(STACK))[9]


@pytest.mark.parametrize("name", available_stacks())
def test_any_stack_gives_a_number_or_a_reason_for_every_row(name: str) -> None:
    for row in rows(load_stack(name)):
        if row["model"] is None:
            assert re.search(r"has no|covers|expected|has \d of", row["verdict"]), row
        else:
            assert row["verdict"] in (
                "as given", "as fitted", "met", "another device", "missed") or row["contradiction"]


@pytest.mark.parametrize("stack", [
    load_stack("perpendicular_cofeb"), replace(STACK, thickness_range=(1.9e-9, 2.2e-9))],
    ids=["perpendicular", "middle"])
def test_a_row_at_a_thickness_that_the_stack_lacks_has_no_model(stack: Stack) -> None:
    """Neither the clamped end of a table nor a line drawn beyond it."""
    for row in rows(stack):
        for nm in ("1.6", "2.6"):
            if f", {nm} nm" in row["name"]:
                assert row["model"] is None, row["name"]


@pytest.mark.parametrize("lacking", [
    ("magnetics",), ("switching",), ("channel",), ("breakdown",), ("process",), ("temperature",),
    tuple(vars(STACK.tables))], ids=" ".join)
def test_the_papers_stack_without_optional_tables_says_which_notes_and_rows_it_lacks(
    lacking: tuple[str, ...]
) -> None:
    stack = without(*lacking)
    found = dict(contradictions(stack))
    assert sorted(found) == list(range(1, 10))
    left_out = {item: text for item, text in found.items() if text.startswith("left out: ")}
    expected = {"magnetics": {4, 5, 6, 9}, "switching": {4, 5, 6, 9}, "channel": {4, 5, 6, 9},
                "breakdown": {5, 9}}
    assert set(left_out) == set().union(*(expected.get(table, set()) for table in lacking))
    for text in left_out.values():
        assert any(f"has no table [{table}]" in text for table in lacking)
    for item in set(found) - set(left_out):
        assert found[item] == dict(contradictions(STACK))[item]
    given = [row for row in rows(stack) if row["model"] is not None]
    assert all(row["verdict"] == TABLE[row["name"]]["verdict"] for row in given)


@pytest.mark.parametrize(("stack", "words"), [
    (changed("process", saf=(0.6e-9,)), "has 1 of saf"),
    (changed("process", saf=None), "the stack has no saf"),
    (changed("breakdown", one_cell=Curve((1.6e-9,), (1.8,))), "breakdown voltage over"),
], ids=["a short list", "no list", "one thickness"])
def test_entries_that_a_file_may_leave_out_are_reasons_not_failures(
    stack: Stack, words: str
) -> None:
    assert any(words in row["verdict"] for row in rows(stack) if row["model"] is None)


def test_a_measured_table_on_the_papers_device_keeps_its_contradictions() -> None:
    """Another doi than the paper's has none: its contradictions are not the paper's."""
    assert dict(contradictions(replace(STACK, doi=""))) == {}
