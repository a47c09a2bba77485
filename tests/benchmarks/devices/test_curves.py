"""The curves of a page as a table: whole, tidy, with units."""

import csv
import io

import numpy as np
import pytest

from benchmarks.devices.curves import Curve, curves_csv
from benchmarks.devices.magnetics_figure import draw_magnetics
from benchmarks.devices.marks import stated
from benchmarks.devices.quantity import FIELD, RESISTANCE, Quantity, plain
from device_models import load_stack

STACK = load_stack("kumar2024")


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_point_has_one_x_and_one_y_with_units() -> None:
    curves = draw_magnetics(STACK, stated(STACK)).curves
    rows = table(curves_csv(curves))
    assert len(rows) == sum(len(curve.x) for curve in curves)
    assert {row["panel"] for row in rows} == {f"3{letter}" for letter in "abcdef"}
    for row in rows:
        filled = [name[:2] for name, value in row.items() if value and name[1] == ":"]
        assert filled == (["x:"] if "switches" in row["curve"] else ["x:", "y:"])
    for name in list(rows[0])[4:]:
        assert name.endswith(")")


def test_the_table_holds_what_the_model_gives() -> None:
    rows = table(curves_csv(draw_magnetics(STACK).curves))
    r_p = [row for row in rows if row["panel"] == "3f" and row["curve"] == "R_P"]
    for row in r_p:
        t = float(row["x: free layer t (nm)"]) * 1e-9
        assert float(row["y: R (kohm)"]) == pytest.approx(STACK.mtj(t).r_p / 1e3, rel=1e-6)


def test_quantities_of_several_panels_share_a_column() -> None:
    x = np.array([0.0, -0.0])
    text = curves_csv([Curve("3a", "a", "model", FIELD.header, "M (1)", x, x),
                       Curve("3b", "b", "mine", FIELD.header, RESISTANCE.header, x, x, (0.5, 1.0))])
    assert text.splitlines() == [
        "panel,curve,source,y_error,x: field mu0H (mT),y: M (1),y: R (kohm)",
        "3a,a,model,,0,0,", "3a,a,model,,0,0,", "3b,b,mine,0.5,0,,0", "3b,b,mine,1,0,,0"]


@pytest.mark.parametrize(("typeset", "letters"), [
    (r"$R_\mathrm{P}$", "R_P"), (r"field $\mu_0H$", "field mu0H"), ("TMR", "TMR"),
    (r"$\pm$ 15 %", "+- 15 %"), (r"$V_\mathrm{c}$, $n=3$", "V_c, n=3"),
    (r"$M/M_\mathrm{s}$", "M/M_s")])
def test_what_is_typeset_has_a_name_in_letters(typeset: str, letters: str) -> None:
    assert plain(typeset) == letters


def test_an_axis_has_its_unit_typeset_and_a_ratio_none() -> None:
    assert RESISTANCE.label == r"$R$ ($\mathrm{k\Omega}$)"
    assert Quantity("$M$", "1").label == "$M$"
