"""Laws of stacks: overrides, the measured range, and files of a user's own with every law."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from device_models import StackError, available_stacks, load_stack

Write = Callable[..., Path]
CONSTANT_R = ('law = "constant"\nr_p_kohm = { value = 10.0, tag = "measured" }')
CONSTANT_TMR = ('law = "constant"\ntmr = { value = 1.5, tag = "measured" }')


def points(key: str, nodes: list[float], values: list[float], law: str) -> str:
    return (f'law = "{law}"\nthickness_nm = {{ value = {nodes}, tag = "T" }}\n'
            f'{key} = {{ value = {values}, tag = "T" }}')


def test_the_reference_stack_is_listed() -> None:
    assert "kumar2024" in available_stacks()


def test_overrides_replace_one_number_and_leave_the_others() -> None:
    stack = load_stack("kumar2024")
    plain, other = stack.mtj(1.9e-9), stack.mtj(1.9e-9, r_p=10e3, tmr=2.6)
    assert (other.r_p, other.tmr, other.r_ap) == (10e3, 2.6, pytest.approx(36e3))
    assert (other.v_p, other.v_h, other.area) == (plain.v_p, plain.v_h, plain.area)
    assert stack.mtj(1.9e-9, tmr=2.6).r_p == plain.r_p


@pytest.mark.parametrize("override", [{"r_p": 0.0}, {"r_p": -1.0}, {"tmr": 0.0},
                                      {"tmr": float("nan")}])
def test_overrides_that_no_junction_has_are_refused(override: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(override))):
        load_stack("kumar2024").mtj(1.9e-9, **override)


@pytest.mark.parametrize("thickness", [1.59e-9, 2.61e-9, 1.9])
def test_a_thickness_outside_the_range_needs_extrapolate(thickness: float) -> None:
    stack = load_stack("kumar2024")
    with pytest.raises(ValueError, match=r"covers 1\.6 to 2\.6 nm.*extrapolate"):
        stack.mtj(thickness)


def test_extrapolation_follows_the_law() -> None:
    stack = load_stack("kumar2024")
    inside, beyond = stack.mtj(2.6e-9), stack.mtj(2.7e-9, extrapolate=True)
    assert beyond.tmr == pytest.approx(0.33 + 0.1136 * np.expm1(1.1 / 0.625), rel=1e-12)
    assert beyond.tmr > inside.tmr


def test_extrapolation_to_where_the_law_has_no_junction_is_refused() -> None:
    """The message has the law and the thickness: the caller passed no r_p."""
    with pytest.raises(ValueError, match=r"r_p .*law quadratic.* gives -22656 ohm at 1 nm"):
        load_stack("kumar2024").mtj(1e-9, extrapolate=True)


@pytest.mark.parametrize("edge", [1.6e-9, 2.6e-9, 1.6e-9 * (1 - 1e-12), 2.6e-9 * (1 + 1e-12)])
def test_the_ends_belong_to_the_range(edge: float) -> None:
    assert load_stack("kumar2024").mtj(edge).r_p > 0


@pytest.mark.parametrize("thickness", [0.0, -1e-9, float("nan"), "2 nm"])
def test_a_thickness_that_is_none_is_refused(thickness: object) -> None:
    with pytest.raises((ValueError, TypeError), match="thickness"):
        load_stack("kumar2024").mtj(thickness)


def test_constant_laws(stack_file: Write) -> None:
    stack = load_stack(stack_file())
    for t in (1e-9, 2.2e-9, 3e-9):
        assert stack.mtj(t).r_p == pytest.approx(10e3)
        assert stack.mtj(t).tmr == 1.5
    assert stack.area == pytest.approx(np.pi / 4 * 200e-9 * 100e-9)
    assert stack.tags["resistance.r_p_kohm"] == "measured"


def test_a_path_as_text_reads_the_same(stack_file: Write) -> None:
    path = stack_file()
    assert load_stack(str(path)).mtj() == load_stack(path).mtj()


@pytest.mark.parametrize("law", ["table", "quadratic"])
def test_interpolation_passes_through_its_points(stack_file: Write, law: str) -> None:
    nodes, ohms, tmrs = [1.0, 1.7, 3.0], [5.0, 8.0, 6.0], [0.3, 0.5, 2.0]
    stack = load_stack(stack_file((CONSTANT_R, points("r_p_kohm", nodes, ohms, law)),
                                  (CONSTANT_TMR, points("tmr", nodes, tmrs, law))))
    mtjs = [stack.mtj(nm * 1e-9) for nm in nodes]
    assert [mtj.r_p for mtj in mtjs] == pytest.approx([5e3, 8e3, 6e3], rel=1e-9)
    assert [mtj.tmr for mtj in mtjs] == pytest.approx(tmrs, rel=1e-9)


def test_quadratic_is_the_parabola(stack_file: Write) -> None:
    def parabola(nm: float) -> float:
        return 3.0 + 2.0 * nm - 0.4 * nm**2

    nodes = [1.0, 1.7, 3.0]
    values = [parabola(nm) for nm in nodes]
    stack = load_stack(stack_file((CONSTANT_R, points("r_p_kohm", nodes, values, "quadratic"))))
    for nm in (1.2, 2.0, 2.9):
        assert stack.mtj(nm * 1e-9).r_p == pytest.approx(1e3 * parabola(nm), rel=1e-9)


def test_table_overshoots_no_measured_value(stack_file: Write) -> None:
    nodes, values = [1.0, 1.5, 1.6, 3.0], [5.0, 5.0, 20.0, 20.0]
    stack = load_stack(stack_file((CONSTANT_R, points("r_p_kohm", nodes, values, "table"))))
    r_p = np.array([stack.mtj(t).r_p for t in np.linspace(1e-9, 3e-9, 201)])
    assert r_p.min() >= 5e3 * (1 - 1e-12)
    assert r_p.max() <= 20e3 * (1 + 1e-12)
    assert np.all(np.diff(r_p) >= -1e-8)


def test_exponential_law(stack_file: Write) -> None:
    law = ('law = "exponential"\nbase = { value = 0.5, tag = "T" }\n'
           'amplitude = { value = 0.2, tag = "T" }\norigin_nm = { value = 1.0, tag = "T" }\n'
           'scale_nm = { value = 2.0, tag = "T" }')
    stack = load_stack(stack_file((CONSTANT_TMR, law)))
    assert stack.mtj(1e-9).tmr == pytest.approx(0.5, rel=1e-12)
    assert stack.mtj(3e-9).tmr == pytest.approx(0.5 + 0.2 * (np.e - 1), rel=1e-12)


def test_a_resistance_for_each_area_convention(stack_file: Write) -> None:
    both = "\n".join(f"[resistance.{name}]\n" + CONSTANT_R.replace("10.0", value)
                     for name, value in (("ellipse", "11.0"), ("rectangle", "12.0")))
    path = stack_file(("[resistance]\n" + CONSTANT_R, both))
    assert load_stack(path).mtj().r_p == pytest.approx(11e3)
    assert load_stack(path, area_convention="rectangle").mtj().r_p == pytest.approx(12e3)


def test_whole_numbers_are_numbers(stack_file: Write) -> None:
    assert load_stack(stack_file(("value = 10.0", "value = 10"))).mtj().r_p == 10e3


@pytest.mark.parametrize(("name", "near"), [("kumar2042", "kumar2024"), ("Kumar2024", "kumar2024")])
def test_an_unknown_stack_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(ValueError, match=f"unknown stack '{name}'.*did you mean '{near}'"):
        load_stack(name)


def test_a_missing_file_is_named_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.toml.*kumar2024"):
        load_stack(tmp_path / "nothing.toml")


def test_an_unknown_area_convention_of_the_caller_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'ellipse'"):
        load_stack("kumar2024", area_convention="elipse")


def test_a_stack_error_is_a_value_error() -> None:
    assert issubclass(StackError, ValueError)


def test_an_ra_in_place_of_a_resistance() -> None:
    stack = load_stack("kumar2024")
    mtj = stack.mtj(1.9e-9, ra=2e-9)
    assert mtj.ra == pytest.approx(2e-9, rel=1e-12)
    assert mtj.r_p == pytest.approx(2e-9 / stack.area, rel=1e-12)
    assert mtj.tmr == stack.mtj(1.9e-9).tmr
    with pytest.raises(ValueError, match="give one of them"):
        stack.mtj(1.9e-9, ra=2e-9, r_p=1e4)
    with pytest.raises(ValueError, match=r"ra \[ohm m\^2\]"):
        stack.mtj(1.9e-9, ra=-1.0)


@pytest.mark.parametrize("name", [5, None, b"kumar2024"], ids=repr)
def test_what_is_no_name_is_refused_in_words(name: object) -> None:
    with pytest.raises(TypeError, match=r"expected a name, one of kumar2024, .* or the path"):
        load_stack(name)
