"""Laws of a user's own: a formula and what comes of it; what lacks a method or claims wrongly."""

import importlib
import math
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CrossbarCircuit, CubicLaw, FormulaLaw, Law, MTJLaw, Wires, spice
from circuits.laws import compiled, mtj
from circuits.laws.operands import Dual, Text
from tests.support.formulas import Sinh
from tests.support.laws import SinhLaw
from tests.support.reference import EPS, Floats, random_conductance
from tests.support.strategies import few


@dataclass(frozen=True)
class Tunnel(FormulaLaw):
    """Every operator and function that a formula may use, in two branches."""

    a: float
    b: float
    branches = 2

    @staticmethod
    def formula(v: float, a: float, b: float) -> tuple[float, float]:
        rise = 2.0 - 1.0 / (1.0 + (v / a) ** 2) + (-v) ** 4 / (b + v * v)
        return v * rise, b * np.sinh(v / b) + a * np.tanh(v / a) + v * np.exp(np.cosh(v) - 1.0)


@dataclass(frozen=True)
class Doubled(Law):
    """I = 2 G V: Ohm's law with two words for it."""

    linear = True

    def shape(self, v: Floats) -> Floats:
        return 2.0 * v[None]

    def expression(self, branch: int, v: str) -> str:
        return f"2*({v})"


FORMULAS: dict[str, FormulaLaw] = {"cubic": CubicLaw(0.4), "mtj": MTJLaw(1.1, 0.6, 1.5),
                                   "tunnel": Tunnel(0.7, 0.9), "sinh": Sinh(0.2)}
every_formula = pytest.mark.parametrize("name", FORMULAS)
V = np.linspace(-1.2, 1.2, 97)


# --- one formula --------------------------------------------------------------------------------


@every_formula
def test_machine_code_is_the_formula_in_python(name: str) -> None:
    law = FORMULAS[name]
    values = np.array([law.formula(v, *law.parameters) for v in V.tolist()]).reshape(len(V), -1)
    np.testing.assert_allclose(law.shape(V), values.T, rtol=4 * EPS, atol=0)
    assert law.compiled is not None
    np.testing.assert_array_equal(law.compiled(V), law.shape(V))


@every_formula
@few
@given(st.floats(-1.2, 1.2))
def test_the_slope_is_that_of_dual_numbers(name: str, v: float) -> None:
    law = FORMULAS[name]
    at = np.array([v])
    np.testing.assert_allclose(law.slope(at), law.exact_slope(at), rtol=1e-14)


@few
@given(st.floats(-1.2, 1.2), st.floats(0.1, 10), st.floats(0.1, 10), st.floats(0.01, 6))
def test_the_junctions_slope_is_that_of_dual_numbers(v: float, v_p: float, v_h: float, tmr: float
                                                     ) -> None:
    law, at = MTJLaw(v_p, v_h, tmr), np.array([v])
    np.testing.assert_allclose(law.slope(at), law.exact_slope(at), rtol=1e-13)


def test_dual_numbers_know_the_slopes_of_all_a_formula_may_use() -> None:
    law, h = FORMULAS["tunnel"], 1e-5
    found = (law.shape(V + h) - law.shape(V - h)) / (2 * h)
    np.testing.assert_allclose(law.slope(V), found, rtol=1e-8)


@every_formula
def test_a_netlist_is_written_from_the_formula(name: str) -> None:
    law = FORMULAS[name]
    names = {"sinh": np.sinh, "tanh": np.tanh, "cosh": np.cosh, "exp": np.exp}
    for branch in range(law.branches):
        text = law.expression(branch, "a-b")
        for v, f in zip(V, law.shape(V)[branch], strict=True):
            assert eval(text, names, {"a": v, "b": 0.0}) == pytest.approx(f, rel=1e-13, abs=1e-17)


@pytest.mark.parametrize("wires", [Wires(1.0, 1.0), Wires(1e4, 1e4), Wires(1.0, access=1e4)],
                         ids=["good", "poor", "access"])
def test_a_formula_is_solved_as_the_same_law_written_by_hand(wires: Wires) -> None:
    g, v = random_conductance((5, 4), seed=3), [[0.3, -0.2, 0.1, 0.5, 0.4]] * 2
    formula, hand = (CrossbarCircuit(g, wires, law).solve(v) for law in (Sinh(0.2), SinhLaw(0.2)))
    np.testing.assert_allclose(formula.column_currents, hand.column_currents, rtol=1e-11)


def test_a_formula_is_run_by_ngspice() -> None:
    circuit = CrossbarCircuit(np.full((2, 2, 2), 1e-4), Wires(10.0, 10.0), Tunnel(0.7, 0.9))
    ours = circuit.solve([0.3, -0.2]).column_currents
    try:
        theirs = spice.solve(circuit, [0.3, -0.2]).column_currents
    except spice.SpiceError as error:
        pytest.skip(f"ngspice: {error}")
    np.testing.assert_allclose(theirs, ours, rtol=1e-8)


def test_a_law_travels_to_another_process_without_its_machine_code() -> None:
    law = CubicLaw(0.3)
    law.shape(V)
    there = pickle.loads(pickle.dumps(law))
    assert there == law
    np.testing.assert_array_equal(there.shape(V), law.shape(V))


def test_a_shape_of_ones_own_is_not_run_as_the_parents_machine_code() -> None:
    class Half(CubicLaw):
        def shape(self, v: Floats) -> Floats:
            return 0.5 * super().shape(v)

    assert Half(0.4).compiled is None
    g, v, wires = random_conductance((3, 2), seed=4), [0.3, 0.2, 0.4], Wires(1.0, 1.0)
    half = CrossbarCircuit(g, wires, Half(0.4)).solve(v).column_currents
    np.testing.assert_allclose(half, CrossbarCircuit(g / 2, wires, CubicLaw(0.4)).solve(v)
                               .column_currents, rtol=1e-11)


def test_a_formula_of_ones_own_does_not_take_the_parents_derivative() -> None:
    class Steep(CubicLaw):
        @staticmethod
        def formula(v: float, v0: float) -> float:
            return v * (1.0 + (v / v0) ** 4)

    np.testing.assert_allclose(Steep(0.5).slope(V)[0], 1 + 5 * (V / 0.5) ** 4, rtol=1e-14)


ROOT = np.sqrt(2.0)  # a float64 of NumPy's, whose repr is no ngspice


@pytest.mark.parametrize("function", [
    lambda v: v * ROOT + v**3, lambda v: ROOT * v + v**3, lambda v: v**3 - -ROOT * v,
    lambda v: v**3 + v / (1 / ROOT), lambda v: v**3 + 2 / (ROOT / v),
    lambda v: np.float64(0.0) - v * -ROOT - np.negative(np.power(v, 3)),
    lambda v: v**3 + np.float64(0.0) + ROOT * v, lambda v: np.array(ROOT) * v + v**np.int64(3)])
def test_constants_may_be_numpys_numbers(function: Callable[..., object]) -> None:
    law, at = of(function), 0.3
    expected = ROOT * at + at**3
    assert eval(law.expression(0, "v"), {}, {"v": at}) == pytest.approx(expected, rel=1e-15)
    assert "np" not in law.expression(0, "v")
    np.testing.assert_allclose(law.slope(np.array([at, -at]))[0], ROOT + 3 * at**2, rtol=1e-14)


def test_machine_code_takes_numpys_constants() -> None:
    np.testing.assert_allclose(of(lambda v: ROOT * v + v**3).shape(V)[0], ROOT * V + V**3,
                               rtol=1e-14)


# --- machine code that is kept ------------------------------------------------------------------


LAW_OF_A_USER = """
from dataclasses import dataclass
from circuits import FormulaLaw
from constants_of_a_user import K

@dataclass(frozen=True)
class UserLaw(FormulaLaw):
    @staticmethod
    def formula(v):
        return K * v
"""


def test_a_constant_that_changes_in_another_file_reaches_the_machine_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "law_of_a_user.py").write_text(LAW_OF_A_USER)
    for constant in (2.0, 3.0):
        (tmp_path / "constants_of_a_user.py").write_text(f"K = {constant}")
        for name in ("law_of_a_user", "constants_of_a_user"):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        law = importlib.import_module("law_of_a_user").UserLaw()
        np.testing.assert_array_equal(law.shape(V)[0], constant * V)
    assert not list(tmp_path.rglob("*.nbi"))
    for name in ("law_of_a_user", "constants_of_a_user"):
        sys.modules.pop(name, None)


def test_a_junctions_equation_that_changes_renews_the_laws_kept_machine_code(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    formulas = (MTJLaw.formula, MTJLaw.derivative)
    before = [compiled.fingerprint(formula) for formula in formulas]
    assert all(before)
    assert before == [compiled.fingerprint(formula) for formula in formulas]
    monkeypatch.setattr(mtj, "biased_tmr", lambda v, tmr, v_h: tmr / (1.0 + (v / v_h) ** 4))
    after = [compiled.fingerprint(formula) for formula in formulas]
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert compiled.fingerprint(CubicLaw.formula) == ""  # nothing but its own file


# --- what is no formula -------------------------------------------------------------------------


def of(function: Callable[..., object], number: int = 1) -> FormulaLaw:
    kind = type("Odd", (FormulaLaw,), {"formula": staticmethod(function), "branches": number})
    made: FormulaLaw = dataclass(frozen=True)(kind)()
    return made


@pytest.mark.parametrize("function", [
    lambda v: v * (1.0 + abs(v)), lambda v: v if v > 0 else 2.0 * v, lambda v: max(v, 2.0 * v),
    lambda v: v * (1.0 + np.abs(v)), lambda v: np.maximum(v, 2.0 * v),
    lambda v: np.where(v > 0, v, 2.0 * v)])
def test_what_has_no_slope_everywhere_is_refused(function: Callable[..., object]) -> None:
    law = of(function)
    for use in (law.shape, law.slope):
        with pytest.raises(TypeError):
            use(np.array([0.1]))
    with pytest.raises(TypeError):
        law.expression(0, "v")


def test_a_function_that_formulas_do_not_know_is_named() -> None:
    with pytest.raises(TypeError, match=r"uses np\.arctan; expected .* np\.sinh.* circuits\.Law"):
        of(lambda v: np.arctan(v)).slope(V)


@pytest.mark.parametrize("exponent", [0.5, -1, 0])
def test_powers_that_a_netlist_does_not_hold_are_refused(exponent: float) -> None:
    with pytest.raises(TypeError, match="whole powers from 1 only"):
        of(lambda v: v * (1.0 + v * v) ** exponent).expression(0, "v")


def test_a_formula_has_as_many_values_as_branches() -> None:
    with pytest.raises(TypeError, match="returns 2 values; expected one for each of its 1 branch"):
        of(lambda v: (v, 2.0 * v)).slope(V)


@pytest.mark.parametrize("operand", [Dual(V, 1.0), Text("v")])
@pytest.mark.parametrize("use", [bool, lambda v: v == 0, lambda v: v != 0, lambda v: 0.0 in (v,),
                                 lambda v: np.float64(0.0) != v, lambda v: v in (1.0, 2.0)])
def test_operands_are_neither_true_nor_equal(operand: object, use: Callable[..., object]) -> None:
    with pytest.raises(TypeError, match=r"a formula .*expected .* np\.sinh.* circuits\.Law"):
        use(operand)
    with pytest.raises(TypeError, match="unhashable"):
        hash(operand)


@pytest.mark.parametrize("function", [
    lambda v: v * 2.0 if v != 0 else v, lambda v: v * 2.0 if v else v, lambda v: v if v > 0 else -v,
    lambda v: math.sinh(v), lambda v: abs(v), lambda v: 2.0**v - 1.0, lambda v: v * "2",
    lambda v: v * np.array([1.0, 2.0]), lambda v: v.clip(0.0), lambda v: np.add.reduce(v)])
def test_what_is_no_arithmetic_names_the_law_and_the_way_out(function: Callable[..., object]
                                                             ) -> None:
    law = of(function)
    for use in (lambda: law.expression(0, "v"), lambda: law.shape(V)):
        with pytest.raises(TypeError, match=r"formula of .*Odd\(\) .*expected .* np\.sinh.*Law$"):
            use()


@pytest.mark.parametrize("value", ["steep", "0.5", None, [0.5]])
def test_a_field_that_is_no_number_is_named(value: object) -> None:
    with pytest.raises(TypeError, match=r"v0 of Sinh\(.*\) is .*; expected a number"):
        Sinh(value).shape(V)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(("decorate", "message"), [
    (dataclass, "Loose is a dataclass that is not frozen"), (lambda kind: kind, "is no dataclass")])
def test_parameters_that_could_change_are_refused(decorate: Callable[[type], type], message: str
                                                  ) -> None:
    class Loose(FormulaLaw):
        v0: float = 0.5

        @staticmethod
        def formula(v: float, v0: float) -> float:
            return v * (1.0 + (v / v0) ** 2)

        @staticmethod
        def derivative(v: float, v0: float) -> float:
            return 1.0 + 3.0 * (v / v0) ** 2

    law = decorate(Loose)()
    for use in (lambda: law.shape(V), lambda: law.slope(V), lambda: law.expression(0, "v")):
        with pytest.raises(TypeError, match=rf"{message}.*expected @dataclass\(frozen=True\)"):
            use()


# --- what a law lacks ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Bare(Law):
    """Ohm's law as far as circuits need it."""

    def shape(self, v: Floats) -> Floats:
        return v[None].copy()

    def slope(self, v: Floats) -> Floats:
        return np.ones((1, *v.shape))


def test_a_law_of_two_methods_works_everywhere_but_in_netlists() -> None:
    circuit = CrossbarCircuit([[1e-4, 2e-4]], Wires(1.0, 1.0), Bare())
    ohmic = CrossbarCircuit([[1e-4, 2e-4]], Wires(1.0, 1.0)).solve([0.1])
    np.testing.assert_allclose(circuit.solve([0.1]).column_currents, ohmic.column_currents,
                               rtol=1e-11)
    with pytest.raises(NotImplementedError, match=r"Bare\(\) has no expression.*netlists"):
        spice.netlist(circuit, [0.1])


@pytest.mark.parametrize(("kept", "message"), [
    ({"slope": Bare.slope}, r"has no shape\(v\)"), ({"shape": Bare.shape}, r"has no slope\(v\)")])
def test_a_law_that_lacks_a_method_says_which(kept: dict[str, object], message: str) -> None:
    law = type("Part", (Law,), kept)()
    with pytest.raises(NotImplementedError, match=message):
        CrossbarCircuit([[1e-4]], law=law).solve([0.1])


def test_a_formula_law_without_formula_says_so() -> None:
    with pytest.raises(NotImplementedError, match=r"Empty has no formula\(v"):
        CrossbarCircuit([[1e-4]], law=type("Empty", (FormulaLaw,), {})())


@pytest.mark.parametrize("name", ["branches", "limits", "slope", "expression"])
def test_an_object_that_is_nearly_a_law_is_refused_by_what_it_lacks(name: str) -> None:
    parts = {"branches": 1, "limits": (-np.inf, np.inf), "shape": Bare.shape, "slope": Bare.slope,
             "expression": SinhLaw.expression}
    assert CrossbarCircuit([[1e-4]], law=type("Whole", (), parts)()).solve([0.1])
    del parts[name]
    with pytest.raises(TypeError, match=rf"lacks {name}; derive it from circuits\.Law"):
        CrossbarCircuit([[1e-4]], law=type("Part", (), parts)())


@pytest.mark.parametrize("name", ["shape", "slope"])
def test_values_without_an_axis_of_branches_are_refused_in_words(name: str) -> None:
    law = type("Flat", (Bare,), {name: lambda self, v: 1.0 * v})()
    with pytest.raises(ValueError, match=rf"^{name}\(v\) of Flat\(\) has shape \(2,\) .*"
                                         r"expected \(branches, \*v\.shape\), which is \(1, 2\)"):
        CrossbarCircuit([[1e-4]], law=law)


# --- a linear law -------------------------------------------------------------------------------


def test_an_ohmic_law_of_the_users_own_has_a_transconductance() -> None:
    g, wires = random_conductance((4, 3), seed=5), Wires(100.0, 1e3, 50.0, 1.0, access=1e3)
    own, ohmic = CrossbarCircuit(g, wires, Doubled()), CrossbarCircuit(2 * g, wires)
    assert own.is_linear
    np.testing.assert_allclose(own.transconductance(), ohmic.transconductance(), rtol=1e-14)
    ours, theirs = (circuit.solve([0.1, 0.2, -0.3, 0.1]) for circuit in (own, ohmic))
    np.testing.assert_allclose(ours.device_currents, theirs.device_currents, rtol=1e-12)
    assert ours.power["devices"] == pytest.approx(theirs.power["devices"], rel=1e-12)
    texts = [spice.netlist(circuit, [0.1] * 4).splitlines()[1:] for circuit in (own, ohmic)]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("function", [
    lambda v: v * (1.0 + v * v), lambda v: v + 1e-3, lambda v: v * (1.0 + 1e-9 * v)])
def test_a_false_claim_to_be_linear_is_refused(function: Callable[..., object]) -> None:
    law = of(function)
    assert not CrossbarCircuit([[1e-4]], law=law).is_linear
    type(law).linear = True
    with pytest.raises(ValueError, match=r"says that it is linear, but at .* V branch 0 has"):
        CrossbarCircuit([[1e-4]], law=law)


def test_a_slope_that_belies_a_linear_law_is_refused() -> None:
    class Wrong(Doubled):
        def slope(self, v: Floats) -> Floats:
            return np.ones((1, *v.shape))

    with pytest.raises(ValueError, match="says that it is linear"):
        CrossbarCircuit([[1e-4]], law=Wrong())
