"""What instruments write: however a file is laid out, what was written is what is read."""

import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device_models import Loop, MeasuredError, load_stack, read_loop, stack_from_table
from device_models.magnet import resistance_field_loop
from device_models.measured.units import si_factor

DOWN = np.linspace(0.02, -0.02, 41)
FIELD = np.concatenate([DOWN, DOWN[::-1]])
OHMS = resistance_field_loop(FIELD, 25.2e3, 33.8e3, 10.25e-3, 0.5e-3)
FIELDS = {"mT": 1e-3, "T": 1.0, "Oe": 1e-4, "kOe": 0.1, "G": 1e-4, "A/m": 4e-7 * np.pi,
          "kA/m": 4e-4 * np.pi, "Oersted": 1e-4}
OHM = {"ohm": 1.0, "Ohm": 1.0, "kOhm": 1e3, "kohm": 1e3, "MOhm": 1e6, "\u2126": 1.0,
       "k\u03a9": 1e3}
HEADERS = ("{} ({})", "{}({})", "{} [{}]", "{}/{}", "{} / {}", "{}_{}", "{} {}")
SEPARATORS = ("\t", ";", ",", "  ")
LATIN = [name for name in OHM if name.isascii()]


def text_of(separator: str, decimal: str, header: list[str], scales: tuple[float, float],
            rows: int = len(FIELD)) -> str:
    """The loop as a text, all digits of it."""
    lines = [separator.join(header)] if header else []
    for h, r in zip(FIELD[:rows], OHMS[:rows], strict=True):
        lines.append(separator.join(repr(float(x)).replace(".", decimal)
                                    for x in (h / scales[0], r / scales[1])))
    return "\n".join(lines) + "\n"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "loop.dat"
    path.write_bytes(text.encode(encoding))
    return path


def same(loop: Loop) -> bool:
    return loop.unit == "T" and np.allclose(loop.swept, FIELD, rtol=1e-8, atol=1e-15) and (
        np.allclose(loop.resistance, OHMS, rtol=1e-12))


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # each writes its own file
@given(st.sampled_from(SEPARATORS), st.sampled_from(".,"), st.sampled_from(sorted(FIELDS)),
       st.sampled_from(sorted(OHM)), st.sampled_from(HEADERS),
       st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
       st.booleans(), st.booleans())
def test_every_layout_is_the_same_loop(
    tmp_path: Path, separator: str, decimal: str, field: str, ohm: str, header: str,
    encoding: str, preamble: bool, quoted: bool,
) -> None:
    if separator == "," and decimal == ",":
        return  # told apart by nobody
    names = [header.format("Field", field), header.format("Resistance", ohm)]
    if quoted or separator == "  ":
        names = [f'"{name}"' for name in names]
    text = text_of(separator, decimal, names, (FIELDS[field], OHM[ohm]))
    if preamble:
        text = f"Instrument XY{separator}7\nSample: wafer 7, 12\" of it\n\n# note\n{text}"
    assert same(read_loop(written(tmp_path, text, encoding)))


@pytest.mark.parametrize("ohm", LATIN)
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_latin_files_with_umlauts_and_micro_signs(
    tmp_path: Path, ohm: str, encoding: str
) -> None:
    text = text_of(";", ",", ["\u00b50H (mT)", f"R ({ohm})"], (1e-3, OHM[ohm]))
    assert same(read_loop(written(tmp_path, f"Messger\u00e4t; 20 \u00b0C\n{text}", encoding)))


@pytest.mark.parametrize("units", ["mT\tkOhm", "(mT)\t(kOhm)", "[mT]\t[kOhm]"])
def test_a_row_of_units(tmp_path: Path, units: str) -> None:
    body = text_of("\t", ".", [], (1e-3, 1e3))
    assert same(read_loop(written(tmp_path, f"Field\tR\n{units}\n{body}")))


def test_quoted_headers_with_line_breaks_and_lines_that_are_still_right(tmp_path: Path) -> None:
    text = text_of(",", ".", ['"Field\n(mT)"', '"Resistance\n(kOhm)"'], (1e-3, 1e3))
    assert same(read_loop(written(tmp_path, text)))
    lines = text.splitlines()
    bad = next(i for i, line in enumerate(lines, 1) if line.startswith("20.0,"))
    lines[bad - 1] = "20.0,open"
    with pytest.raises(MeasuredError, match=rf"line {bad}: Resistance \(kOhm\) is 'open'"):
        read_loop(written(tmp_path, "\n".join(lines)))


def test_headers_in_a_comment_and_columns_of_no_interest(tmp_path: Path) -> None:
    assert same(read_loop(written(tmp_path, "# Field(mT) R(kOhm)\n"
                                  + text_of(" ", ".", [], (1e-3, 1e3)))))
    rows = text_of("\t", ".", [], (1e-3, 1e3)).splitlines()
    text = "Time\tField (mT)\tNote\tR (kOhm)\n" + "\n".join(
        "2026-01-01 12:00\t{}\t\t{}\t".format(*row.split("\t")) for row in rows)
    assert same(read_loop(written(tmp_path, text)))


@pytest.mark.parametrize("columns", [
    {"field": (0, "Oe"), "resistance": (1, "kohm")}, {"resistance": (1, "kOhm"), "field": (0, "G")},
])
def test_a_map_of_columns_where_there_are_no_headers(
    tmp_path: Path, columns: dict[str, tuple[int, str]]
) -> None:
    path = written(tmp_path, text_of("\t", ".", [], (1e-4, 1e3)))
    assert same(read_loop(path, columns=columns))
    with pytest.raises(MeasuredError, match=r"no headers.*columns=\{'resistance': \(0"):
        read_loop(path)


def test_a_map_of_columns_goes_before_what_headers_say(tmp_path: Path) -> None:
    text = text_of("\t", ".", ["X (mT)", "Y"], (1e-4, 1e3))
    named = {"field": ("X (mT)", "Oe"), "resistance": ("Y", "kohm")}
    assert same(read_loop(written(tmp_path, text), columns=named))
    for wrong, words in (({"field": 7}, "0 to 1"), ({"field": "Z"}, "one of the headers"),
                         ({"field": (0, "kohm")}, "unit 'kohm'")):
        with pytest.raises(MeasuredError, match=words):
            read_loop(written(tmp_path, text), columns=named | wrong)
    with pytest.raises(ValueError, match="did you mean 'field'"):
        read_loop(written(tmp_path, text), columns={"feld": 0})


@pytest.mark.parametrize(("header", "words"), [
    (["Field", "R (kOhm)"], r"unit of 'Field' is not known.*\('Field', 'mT'\)"),
    (["Field (mT)", "R (mohm)"], r"unit of 'R \(mohm\)'"),
    (["Field (mT)", "H (Oe)"], r"lacks the column resistance|field twice"),
    (["Field (mT)", "Signal"], r"lacks the column resistance.*columns="),
])
def test_what_is_ambiguous_is_refused_with_a_proposal(
    tmp_path: Path, header: list[str], words: str
) -> None:
    with pytest.raises(MeasuredError, match=words):
        read_loop(written(tmp_path, text_of("\t", ".", header, (1e-3, 1e3))))


def test_three_digits_behind_a_comma_are_asked_about(tmp_path: Path) -> None:
    text = "Field (mT)\tR (ohm)\n" + "".join(f"{h}\t1,{r}\n" for h, r in (
        (10, 200), (-10, 200), (-10, 150), (10, 150)))
    with pytest.raises(MeasuredError, match=r"may be 1\.200 or 1200; say which: decimal=','"):
        read_loop(written(tmp_path, text))
    path = written(tmp_path, text)
    assert read_loop(path, decimal=",").resistance[0] == pytest.approx(1.2)
    assert read_loop(path, decimal=".").resistance[0] == 1200
    with pytest.raises(ValueError, match=r"expected '\.' or ','"):
        read_loop(path, decimal="x")


@pytest.mark.parametrize(("scales", "words"), [
    ((1e-3, 1.0), r"Mohm in the middle.* is it in ohm\? say columns=.*'ohm'"),
    ((1e-4, 1e3), r"coercivity of 10\d(\.\d+)? mT.* is it in Oe\?")])
def test_another_unit_than_stated_is_questioned_until_it_is_said(
    tmp_path: Path, scales: tuple[float, float], words: str
) -> None:
    """25 kohm as 25 Mohm, 10 mT as 100 mT from Oe."""
    path = written(tmp_path, text_of(",", ".", ["Field (mT)", "R (kOhm)"], scales))
    with pytest.warns(UserWarning, match=words):
        read_loop(path)
    told = {"field": (0, "mT" if scales[0] == 1e-3 else "Oe"),
            "resistance": (1, "ohm" if scales[1] == 1.0 else "kohm")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert same(read_loop(path, columns=told))


def test_a_table_of_any_layout_is_the_same_stack(tmp_path: Path) -> None:
    base = load_stack("kumar2024")
    plain = "thickness_nm,r_p_kohm,r_ap_kohm,r_p_spread\n1.6,25.2,33.8,0.04\n2.6,22.4,39.9,0.05\n"
    other = ("Wafer 7\n\nt CoFeB (\u00c5);R_P (Ohm);R_AP (kOhm);R_P spread (%)\n"
             "16,0;25200;33,8;4\n26,0;22400;39,9;5\n").replace("t CoFeB", "tCoFeB")
    one = stack_from_table(written(tmp_path, plain), base)
    two = stack_from_table(written(tmp_path, other, "latin-1"), base)
    assert two.thickness_range == pytest.approx(one.thickness_range)
    assert two.variability().sigma_r_p == pytest.approx(one.variability().sigma_r_p)
    for t in np.linspace(*one.thickness_range, 5):
        assert two.mtj(t, extrapolate=True).r_p == pytest.approx(one.mtj(t).r_p)
        assert two.mtj(t, extrapolate=True).tmr == pytest.approx(one.mtj(t).tmr)
    named = stack_from_table(written(tmp_path, plain), base, columns={"r_p": (1, "ohm"),
                                                                       "r_ap": (2, "ohm")})
    assert named.mtj(1.6e-9).r_p == pytest.approx(25.2)


def test_units_are_those_of_the_quantity_or_none() -> None:
    for unit, scale in FIELDS.items():
        assert si_factor(unit, "T") == pytest.approx(scale, rel=1e-9)
        assert si_factor(unit, "V") is None
    for text in ("", "foo", "2-wire", ")(", "a b", "mohm", "3 +", "H"):
        assert si_factor(text, "ohm") is None
    assert si_factor("%", "1") == 0.01


def test_importing_the_package_loads_no_units() -> None:
    done = subprocess.run([sys.executable, "-c", "import device_models, sys; "
                           "print('pint' in sys.modules)"], capture_output=True, text=True,
                          check=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_a_missing_pint_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from device_models.measured import units

    monkeypatch.setitem(sys.modules, "pint", None)
    monkeypatch.setattr(units, "_registry", units._registry.__wrapped__)
    units._factor.cache_clear()
    with pytest.raises(ImportError, match="pip install pint"):
        read_loop(written(tmp_path, text_of(",", ".", ["Field (mT)", "R (kOhm)"], (1e-3, 1e3))))
