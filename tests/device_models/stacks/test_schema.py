"""A stack file that cannot be used is refused; the message names the file, the key, the remedy."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from device_models import StackError, load_stack
from device_models.stacks.optional import OPTIONAL

Write = Callable[..., Path]
R_P = 'r_p_kohm = { value = 10.0, tag = "measured" }'
RA = 'ra_kohm_um2 = { value = 2.5, tag = "measured" }'
POINTS = ('law = "{law}"\nthickness_nm = {{ value = {nodes}, tag = "T" }}\n'
          'r_p_kohm = {{ value = {values}, tag = "T" }}')
LAW = f'law = "constant"\n{R_P}'
BIG = "1" + 400 * "0"


def points(nodes: str, values: str, law: str = "table") -> tuple[str, str]:
    return LAW, POINTS.format(law=law, nodes=nodes, values=values)


REFUSED = {
    "unknown key": (("caveat = ", "cavaet = "), ["cavaet", "did you mean 'caveat'"]),
    "unknown number": ((R_P, R_P + '\nr_pp_kohm = { value = 1.0, tag = "T" }'),
                       ["r_pp_kohm", "did you mean 'r_p_kohm'"]),
    "unknown table": (("[bias]", "[biass]"), ["biass", "did you mean 'bias'"]),
    "missing key": (('v_h_v = { value = 0.5, tag = "A" }', ""), ["bias", "v_h_v"]),
    "missing table": ((f'[resistance]\n{LAW}', ""), ["lacks the key 'resistance'"]),
    "missing law": (('[tmr]\nlaw = "constant"', "[tmr]"), ["tmr", "law", "exponential"]),
    "a text for a number": ((R_P, R_P.replace("10.0", '"ten"')), ["r_p_kohm", "ten", "number"]),
    "a truth for a number": ((R_P, R_P.replace("10.0", "true")), ["r_p_kohm", "True", "number"]),
    "a list for a number": ((R_P, R_P.replace("10.0", "[10.0]")), ["r_p_kohm", "number"]),
    "a number for a list": (('range_nm = { value = [1.0, 3.0]', "range_nm = { value = 1.0"),
                            ["range_nm", "list"]),
    "a text in a list": (("[1.0, 3.0]", '[1.0, "three"]'), ["range_nm", "three"]),
    "a number for a text": (('doi = ""', "doi = 10"), ["doi", "10", "text"]),
    "untagged number": ((R_P, "r_p_kohm = 10.0"), ["r_p_kohm", "tag"]),
    "a value without tag": ((R_P, "r_p_kohm = { value = 10.0 }"), ["r_p_kohm", "tag"]),
    "a misspelt tag": ((R_P, R_P.replace("tag", "tga")), ["r_p_kohm", "tag"]),
    "unknown law": ((f'law = "constant"\n{R_P}', f'law = "constnat"\n{R_P}'),
                    ["resistance", "constnat", "did you mean 'constant'"]),
    "a law of the other table": ((f'law = "constant"\n{R_P}', f'law = "exponential"\n{R_P}'),
                                 ["resistance", "exponential", "quadratic"]),
    "a law that is no text": ((f'law = "constant"\n{R_P}', f'law = 5\n{R_P}'),
                              ["resistance", "law", "5"]),
    "nodes that fall": (points("[1.0, 2.0, 1.5]", "[5.0, 6.0, 7.0]"),
                        ["resistance", "thickness_nm", "increase"]),
    "nodes that repeat": (points("[1.0, 1.0, 1.5]", "[5.0, 6.0, 7.0]"),
                          ["resistance", "thickness_nm", "increase"]),
    "unequal lists": (points("[1.0, 2.0]", "[5.0, 6.0, 7.0]"), ["resistance", "2", "3"]),
    "four points of a parabola": (points("[1.0, 2.0, 3.0, 4.0]", "[5.0, 6.0, 7.0, 8.0]",
                                         "quadratic"), ["resistance", "3", "table"]),
    "a table of one point": (points("[1.0]", "[5.0]"), ["resistance", "constant"]),
    "an empty list": (points("[]", "[]"), ["resistance", "thickness_nm", "list"]),
    "a range that falls": (("[1.0, 3.0]", "[3.0, 1.0]"), ["thickness", "range_nm"]),
    "a range of three": (("[1.0, 3.0]", "[1.0, 2.0, 3.0]"), ["thickness", "range_nm"]),
    "a negative thickness": (("[1.0, 3.0]", "[-1.0, 3.0]"), ["thickness", "range_nm"]),
    "neither R_P nor RA": ((R_P, ""), ["resistance", "r_p_kohm", "ra_kohm_um2"]),
    "R_P and RA": ((R_P, R_P + '\n' + RA), ["r_p_kohm and ra_kohm_um2", "expected one"]),
    "an unknown RA": ((R_P, RA.replace("kohm", "mohm")), ["ra_mohm_um2", "did you mean"]),
    "an RA of another table": (("tmr = {", "ra_kohm_um2 = {"), ["[tmr]", "ra_kohm_um2"]),
    "negative RA": ((R_P, RA.replace("2.5", "-2.5")), ["ra_kohm_um2", "above zero"]),
    "a resistance that is no number": ((R_P, R_P.replace("10.0", "nan")), ["r_p_kohm", "nan"]),
    "a law in a list": (('[tmr]\nlaw = "constant"', '[tmr]\nlaw = ["constant"]'),
                        ["[tmr] law is ['constant']; expected a text"]),
    "an area convention in a list": (('value = "ellipse"', 'value = ["ellipse"]'),
                                     ["area_convention is ['ellipse']", "rectangle"]),
    "malformed": (("[tmr]", "[tmr"), ["TOML"]),
    "a key given twice": (('doi = ""', 'doi = ""\ndoi = ""'), ["TOML"]),
}


def refusal(path: Path) -> str:
    """What loading, or at the latest making a junction, says."""
    with pytest.raises(StackError) as caught:
        load_stack(path).mtj()
    text = str(caught.value)
    assert text.count(str(path)) == 1
    assert text.count("\n") == (int(found[1]) if (found := re.search(
        r"(\d+) things are wrong", text)) else 0)
    return text


@pytest.mark.parametrize(("replacement", "words"), REFUSED.values(), ids=REFUSED)
def test_a_file_outside_the_schema_is_refused(
    stack_file: Write, replacement: tuple[str, str], words: list[str]
) -> None:
    text = refusal(stack_file(replacement))
    for word in words:
        assert re.search(re.escape(word), text), f"{word!r} is not in {text!r}"


UNPHYSICAL = {
    "negative resistance": ((R_P, R_P.replace("10.0", "-10.0")), "r_p_kohm"),
    "no resistance": ((R_P, R_P.replace("10.0", "0")), "r_p_kohm"),
    "infinite resistance": ((R_P, R_P.replace("10.0", "inf")), "r_p_kohm"),
    "a resistance beyond all floats": ((R_P, R_P.replace("10.0", BIG)), "r_p_kohm"),
    "a negative value in a table": (points("[1.0, 2.0, 3.0]", "[5.0, -6.0, 7.0]"), "r_p_kohm"),
    "an infinite value in a table": (points("[1.0, 2.0, 3.0]", "[5.0, inf, 7.0]"), "r_p_kohm"),
    "no TMR": (("value = 1.5", "value = 0.0"), "tmr"),
    "negative TMR": (("value = 1.5", "value = -0.5"), "tmr"),
    "no bias scale": (("value = 0.9", "value = 0.0"), "v_p_v"),
    "negative bias scale": (("value = 0.5", "value = -0.5"), "v_h_v"),
    "infinite bias scale": (("value = 0.5", "value = inf"), "v_h_v"),
    "negative axis": (("value = 200.0", "value = -200.0"), "long_axis_nm"),
    "infinite axis": (("value = 200.0", "value = inf"), "long_axis_nm"),
    "infinite range": (("[1.0, 3.0]", "[1.0, inf]"), "range_nm"),
    "unknown area convention": (('value = "ellipse"', 'value = "elipse"'), "area_convention"),
    "area convention that is no text": (('value = "ellipse"', "value = 5"), "area_convention"),
    "empty tag": ((R_P, R_P.replace("measured", "")), "r_p_kohm"),
    "a tag that is no text": ((R_P, R_P.replace('"measured"', "7")), "r_p_kohm"),
}


@pytest.mark.parametrize(("replacement", "key"), UNPHYSICAL.values(), ids=UNPHYSICAL)
def test_a_number_that_no_device_has_is_refused(
    stack_file: Write, replacement: tuple[str, str], key: str
) -> None:
    assert key in refusal(stack_file(replacement))


def test_a_short_axis_above_the_long_one_is_refused(stack_file: Write) -> None:
    assert re.search(r"\[junction\] short_axis_nm is 100 and long_axis_nm 50.*swap",
                     refusal(stack_file(("value = 200.0", "value = 50.0"))))


EXPONENTIAL = ('law = "exponential"\nbase = {{ value = 0.3, tag = "T" }}\n'
               'amplitude = {{ value = {}, tag = "T" }}\n'
               'origin_nm = {{ value = 1.0, tag = "T" }}\nscale_nm = {{ value = 1.0, tag = "T" }}')
CONSTANT_TMR = 'law = "constant"\ntmr = { value = 1.5, tag = "measured" }'


@pytest.mark.parametrize(("change", "words"), [
    (points("[1.0, 1.5, 2.0]", "[5.0, 9.0, 6.0]", "quadratic"),
     r"\[resistance\] r_p .*law quadratic.* gives -[\d.]+ ohm at 2\.\d+ nm.*range_nm"),
    (points("[1.0, 1.5]", "[5.0, 1.0]"), r"\[resistance\] r_p .*law table.*range_nm"),
    ((CONSTANT_TMR, EXPONENTIAL.format(-0.2)),
     r"\[tmr\] tmr .*law exponential.* gives -.* at 1\.9\d* nm.*range_nm"),
], ids=["parabola", "table", "exponential"])
def test_a_law_that_leaves_the_physical_inside_the_range_is_refused(
    stack_file: Write, change: tuple[str, str], words: str
) -> None:
    """Each number is fine by itself; the law over 1 to 3 nm is not."""
    assert re.search(words, refusal(stack_file(change)))


def test_a_byte_order_mark_changes_nothing(stack_file: Write) -> None:
    path = stack_file()
    plain = load_stack(path).mtj()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_stack(path).mtj() == plain


def test_a_folder_is_no_stack_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.mkdir()
    assert "folder" in refusal(path)


def test_two_negative_axes_make_no_area(stack_file: Write) -> None:
    path = stack_file(("value = 200.0", "value = -200.0"), ("value = 100.0", "value = -100.0"))
    assert "axis_nm" in refusal(path)


def test_a_scale_of_zero_is_refused(stack_file: Write) -> None:
    law = ('law = "exponential"\nbase = { value = 0.5, tag = "T" }\n'
           'amplitude = { value = 0.2, tag = "T" }\norigin_nm = { value = 1.0, tag = "T" }\n'
           'scale_nm = { value = 0.0, tag = "T" }')
    constant = 'law = "constant"\ntmr = { value = 1.5, tag = "measured" }'
    assert "scale_nm" in refusal(stack_file((constant, law)))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00[stack]")
    assert "TOML" in refusal(path)


def test_an_empty_file_lacks_its_first_table(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("")
    assert "lacks the key 'resistance'" in refusal(path)


def test_a_table_that_is_a_number_is_refused(tmp_path: Path) -> None:
    names = ("stack", "junction", "thickness", "resistance", "tmr", "bias", *OPTIONAL)
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(f"{name} = 5" for name in names))
    text = refusal(path)
    for name in names:
        assert text.count(f"[{name}] is 5; expected a table") == 1


TOML = ("malformed", "a key given twice")


def faults(text: str) -> list[str]:
    """What a message says is wrong, without the file's name."""
    head, *lines = text.split("\n- ")
    return lines or [head.split(": ", 1)[1]]


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # each writes its own file
@given(names=st.lists(st.sampled_from(sorted(set(REFUSED) - set(TOML))), min_size=2, max_size=3,
                      unique=True))
def test_what_is_wrong_is_said_together_as_it_is_said_alone(
    stack_file: Write, names: list[str]
) -> None:
    """Faults in different tables do not hide one another."""
    tables = re.split(r"\n(?=\[)", stack_file().read_text(encoding="utf-8"))
    places = [[i for i, table in enumerate(tables) if REFUSED[name][0][0] in table]
              for name in names]
    assume(all(len(place) == 1 for place in places))
    assume(len({place[0] for place in places}) == len(names))
    alone = [fault for name in names for fault in faults(refusal(stack_file(REFUSED[name][0])))]
    together = refusal(stack_file(*(REFUSED[name][0] for name in names)))
    assert set(alone) <= set(faults(together))


def test_a_new_stack_takes_one_attempt_to_mend(stack_file: Write) -> None:
    """Twenty faults, twenty lines."""
    text = stack_file().read_text(encoding="utf-8")
    path = stack_file()
    path.write_text(re.sub(r", tag = .*?\}", " }", text).replace("caveat", "cavaet").replace(
        "[bias]", "[biass]"), encoding="utf-8")
    found = faults(refusal(path))
    keys = re.findall(r"(?m)^(\w+) = \{", text.split("[bias]")[0])
    assert len(keys) > 5
    for key in (*keys, "cavaet", "biass"):
        assert any(f"{key} is" in fault or f"{key!r}" in fault for fault in found)
    assert len(found) == len(keys) + 2


@pytest.mark.parametrize("convention", ["ellipse", "rectangle"])
@pytest.mark.parametrize("law", ["constant", "quadratic", "table"])
def test_a_resistance_area_product_is_that_of_every_junction(
    stack_file: Write, law: str, convention: str
) -> None:
    """RA = R_P x area, whichever the convention; kohm um^2 and ohm um^2 are one quantity."""
    for key, factor in (("ra_kohm_um2", 1.0), ("ra_ohm_um2", 1e3)):
        one = f'{key} = {{ value = {2.5 * factor}, tag = "T" }}'
        many = (f'law = "{law}"\nthickness_nm = {{ value = [1.0, 2.0, 3.0], tag = "T" }}\n'
                f'{key} = {{ value = [{2 * factor}, {2.5 * factor}, {factor}], tag = "T" }}')
        change = (R_P, one) if law == "constant" else (LAW, many)
        stack = load_stack(stack_file(change), area_convention=convention)
        mtj = stack.mtj(2e-9)
        assert mtj.ra == pytest.approx(2.5e-9, rel=1e-12)
        assert mtj.r_p == pytest.approx(2.5e-9 / stack.area, rel=1e-12)
        assert stack.tags[f"resistance.{key}"] == "T"
