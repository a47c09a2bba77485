"""A stack from a measured table: there and back, what it means, and errors with file and line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device_models import CompoundMTJ, MeasuredError, load_stack, read_loop, stack_from_table

BASE = load_stack("kumar2024")
TABLE = """\
# wafer 7
thickness_nm,r_p_kohm,r_ap_kohm,r_p_spread,tmr_spread
2.6, 22.4, 39.9, 0.03, 0.05
1.6, 25.2, 33.8, 0.05, 0.05

1.9, 34.0, 47.6, 0.04, 0.05
"""


def written(folder: Path, text: str, name: str = "wafer7.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_becomes_a_stack_that_passes_through_its_points(tmp_path: Path) -> None:
    stack = stack_from_table(written(tmp_path, TABLE), BASE)
    assert stack.name == "wafer7"
    assert stack.thickness_range == pytest.approx((1.6e-9, 2.6e-9))
    for nm, r_p, r_ap in ((1.6, 25.2, 33.8), (1.9, 34.0, 47.6), (2.6, 22.4, 39.9)):
        mtj = stack.mtj(nm * 1e-9)
        assert (mtj.r_p, mtj.r_ap) == (pytest.approx(r_p * 1e3), pytest.approx(r_ap * 1e3))
    assert (stack.area, stack.v_p) == (BASE.area, BASE.v_p)
    assert "wafer7.csv" in stack.tags["resistance.r_p_kohm"]
    assert stack.tags["bias.v_p_v"] == BASE.tags["bias.v_p_v"]


def test_measured_spreads_become_the_variability(tmp_path: Path) -> None:
    spread = stack_from_table(written(tmp_path, TABLE), BASE).variability()
    assert spread.sigma_r_p == pytest.approx(np.sqrt((0.03**2 + 0.04**2 + 0.05**2) / 3))
    assert spread.sigma_tmr == pytest.approx(0.05)
    assert spread.sigma_v_c == BASE.variability().sigma_v_c
    assert BASE.variability().sigma_r_p == 0.04


def test_one_line_is_a_stack_of_one_thickness(tmp_path: Path) -> None:
    path = written(tmp_path, "thickness_nm,r_p_kohm,r_ap_kohm\n1.9,34.0,47.6\n")
    stack = stack_from_table(path, BASE, name="one")
    assert (stack.name, stack.mtj().r_p) == ("one", pytest.approx(34e3))
    assert len(CompoundMTJ(stack.mtj(), 3).conductances(0.1)) == 4


BAD = {
    "a word": (TABLE.replace("34.0", "thirty"), ["line 6", "r_p_kohm", "thirty"]),
    "nan": (TABLE.replace("34.0", "nan"), ["line 6", "r_p_kohm", "nan"]),
    "a missing entry": (TABLE.replace(", 0.04, 0.05", ", 0.04"), ["line 6", "4 entries"]),
    "zero": (TABLE.replace("25.2", "0"), ["line 4", "r_p_kohm", "more than zero"]),
    "a negative spread of R_P": (TABLE.replace("0.04, 0.05", "-0.04, 0.05"),
                                 ["line 6", "r_p_spread", "-0.04", "zero or more"]),
    "a negative spread of TMR": (TABLE.replace("0.04, 0.05", "0.04, -0.05"),
                                 ["line 6", "tmr_spread", "-0.05", "zero or more"]),
    "swapped": (TABLE.replace("34.0", "54.0"), ["line 6", "r_ap_kohm"]),
    "a thickness twice": (TABLE.replace("1.9,", "1.6,"), ["line 6", "line 4", "repeats"]),
    "an unknown column": (TABLE.replace("r_ap_kohm", "r_app_kohm"),
                          ["line 2", "did you mean 'r_ap_kohm'"]),
    "a missing column": (TABLE.replace(",tmr_spread", "").replace("r_ap_kohm", "tmr_spread"),
                         ["line 2", "lacks", "r_ap_kohm"]),
    "a column twice": (TABLE.replace("r_ap_kohm", "r_p_kohm"), ["line 2", "twice"]),
    "metres": (TABLE.replace("1.9,", "1.9e-9,"), ["line 6", "thickness_nm", "another unit"]),
    "picometres": (TABLE.replace("1.9,", "1900,"), ["line 6", "thickness_nm", "another unit"]),
    "a spread in per cent": (TABLE.replace("0.04, 0.05", "4, 5"),
                             ["line 6", "r_p_spread", "per cent"]),
    "an underscore": (TABLE.replace("1.9,", "1_9,"), ["line 6", "thickness_nm", "'1_9'"]),
    "decimal commas": (TABLE.replace("1.9, 34.0, 47.6, 0.04, 0.05", "1,9,34,0,47,6,0,04,0,05"),
                       ["line 6", "decimal points"]),
    "no numbers": ("thickness_nm,r_p_kohm,r_ap_kohm\n", ["no numbers"]),
    "nothing": ("# only words\n", ["no lines"]),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_a_table_that_cannot_be_used_names_file_and_line(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(MeasuredError) as caught:
        stack_from_table(path, BASE)
    for word in [str(path), *words]:
        assert word in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MeasuredError, match="no text"):
        read_loop(path)


@settings(max_examples=40,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # each writes its own file
@given(rows=st.lists(st.tuples(st.floats(0.5, 5.0).map(lambda x: round(x, 3)),
                               st.floats(0.01, 1e4), st.floats(0.01, 10.0), st.floats(0.0, 0.5)),
                     min_size=1, max_size=6, unique_by=lambda row: row[0]))
def test_any_measured_table_is_passed_through_in_any_order(
    tmp_path: Path, rows: list[tuple[float, float, float, float]]
) -> None:
    text = "\n".join(f"{t},{r!r},{r * (1 + tmr)!r},{spread!r}" for t, r, tmr, spread in rows)
    path = written(tmp_path, f"thickness_nm,r_p_kohm,r_ap_kohm,r_p_spread\n{text}\n")
    stack = stack_from_table(path, BASE)
    for t, r, tmr, _ in rows:
        mtj = stack.mtj(t * 1e-9)
        assert mtj.r_p == pytest.approx(r * 1e3, rel=1e-9)
        assert mtj.tmr == pytest.approx(tmr, rel=1e-9, abs=1e-9 * (1 + tmr))
    inside = [stack.mtj(t).r_p for t in np.linspace(*stack.thickness_range, 7)]
    r_p = [r * 1e3 for _, r, _, _ in rows]
    assert min(r_p) * (1 - 1e-9) <= min(inside) <= max(inside) <= max(r_p) * (1 + 1e-9)
    spreads = [spread for *_, spread in rows]
    assert min(spreads) - 1e-12 <= stack.variability().sigma_r_p <= max(spreads) + 1e-12
