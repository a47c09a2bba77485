"""Bad input is refused with what came and what was expected."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from circuits import (
    CrossbarCircuit,
    CubicLaw,
    FormulaLaw,
    MTJLaw,
    SingularCircuitError,
    TabulatedLaw,
    Wires,
    elmore_delay,
    quantise,
    with_reference_column,
)
from circuits.solution.operating_point import OperatingPoint

CONDUCTANCES = {
    "negative": ([[1e-4, -2e-4]], ValueError, r"conductance \[S\] is -0.0002 at index \(0, 1\); "
                                              "expected zero or more"),
    "nan": ([[1e-4], [np.nan]], ValueError, r"is nan at index \(1, 0\); expected finite"),
    "inf": ([[np.inf, 0.0]], ValueError, r"is inf at index \(0, 0\); expected finite"),
    "complex": ([[1e-4 + 0j]], TypeError, r"conductance \[S\] is complex; expected real"),
    "strings": ([["a", "b"]], TypeError, r"conductance \[S\] has type <U1; expected real"),
    "numbers in words": ([["1e-4"]], TypeError, "expected real numbers"),
    "nothing": (None, TypeError, "has type object; expected real numbers"),
    "ragged": ([[1e-4], [1e-4, 2e-4]], ValueError, "rows of different lengths"),
    "scalar": (1e-4, ValueError, r"shape \(\); expected \(rows, columns\)"),
    "vector": ([1e-4, 2e-4], ValueError, r"shape \(2,\); expected \(rows, columns\)"),
    "stack": (np.ones((2, 2, 2)), ValueError, r"shape \(2, 2, 2\); expected \(1, rows"),
    "no rows": (np.ones((0, 3)), ValueError, r"shape \(0, 3\); .*at least one row"),
    "no columns": ([[]], ValueError, r"shape \(1, 0\); .*at least one row and one column"),
}

VOLTAGES = {
    "too few": ([0.1, 0.2], ValueError, r"voltages has shape \(2,\); this circuit of 3 rows "
                                        r"expects \(3,\) or \(batch, 3\)"),
    "too many": (np.ones((5, 4)), ValueError, r"shape \(5, 4\); this circuit of 3 rows"),
    "columns first": (np.ones((3, 1)), ValueError, r"shape \(3, 1\)"),
    "scalar": (0.1, ValueError, r"shape \(\)"),
    "three axes": (np.ones((2, 2, 3)), ValueError, r"shape \(2, 2, 3\)"),
    "empty batch": (np.ones((0, 3)), ValueError, r"shape \(0, 3\)"),
    "nan": ([0.1, np.nan, 0.1], ValueError, r"voltages \[V\] is nan at index \(1,\)"),
    "inf": ([[0.1, 0.1, -np.inf]], ValueError, r"is -inf at index \(0, 2\); expected finite"),
    "complex": ([1j, 0, 0], TypeError, r"voltages \[V\] is complex; .*pass its real part"),
    "strings": (["a", "b", "c"], TypeError, "expected real numbers"),
    "ragged": ([[0.1, 0.2, 0.3], [0.1]], ValueError, "rows of different lengths"),
}

RESISTANCES = {
    "negative": (-1.0, ValueError, "is -1; expected zero or more"),
    "nan": (np.nan, ValueError, "is nan; expected finite numbers"),
    "inf": (np.inf, ValueError, "is inf; expected finite numbers"),
    "complex": (1j, TypeError, "is complex; expected real numbers"),
    "string": ("1", TypeError, "has type <U1; expected real numbers"),
    "nothing": (None, TypeError, "has type object; expected real numbers"),
    "cube": (np.ones((2, 2, 2)), ValueError, r"has shape \(2, 2, 2\); expected one number"),
}


@pytest.mark.parametrize("case", CONDUCTANCES)
def test_conductance_is_refused(case: str) -> None:
    value, error, message = CONDUCTANCES[case]
    with pytest.raises(error, match=message):
        CrossbarCircuit(value, Wires())


@pytest.mark.parametrize("wires", [None, 1.0, {"row": 1.0}, (1.0, 1.0), Wires], ids=repr)
def test_what_is_not_wires_is_refused(wires: object) -> None:
    with pytest.raises(TypeError, match=r"wires is .*; expected a circuits.Wires"):
        CrossbarCircuit([[1e-4]], wires)


@pytest.mark.parametrize("case", VOLTAGES)
def test_voltages_are_refused(case: str) -> None:
    value, error, message = VOLTAGES[case]
    with pytest.raises(error, match=message):
        CrossbarCircuit(np.ones((3, 1)), Wires()).solve(value)


@pytest.mark.parametrize("wire", ["row", "column", "source", "sense"])
@pytest.mark.parametrize("case", RESISTANCES)
def test_resistance_is_refused(wire: str, case: str) -> None:
    value, error, message = RESISTANCES[case]
    if (wire, case) == ("source", "inf"):
        return  # a floating row
    with pytest.raises(error, match=rf"{wire} resistance \[ohm\] {message}"):
        Wires(**{wire: value})


@pytest.mark.parametrize(("wires", "message"), [
    (Wires(row=np.ones(2)), r"row resistances have shape \(2,\); expected one number or \(3,\) or "
                            r"\(3, 5\)"),
    (Wires(row=np.ones((3, 4))), r"row resistances have shape \(3, 4\)"),
    (Wires(column=np.ones(3)), r"column resistances have shape \(3,\); expected one number or "
                               r"\(4,\) or \(4, 4\)"),
    (Wires(source=np.ones(4)), r"source resistances have shape \(4,\); .*\(3,\)"),
    (Wires(sense=np.ones(3)), r"sense resistances have shape \(3,\); .*\(4,\)"),
    (Wires(access=np.ones(3)), r"access resistances have shape \(3,\); .*\(3, 4\)"),
])
def test_resistances_that_do_not_fit_the_array_are_refused(wires: Wires, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CrossbarCircuit(np.ones((3, 4)), wires)


def test_a_row_without_a_path_to_ground_is_named() -> None:
    g = np.ones((3, 2))
    g[1] = 0.0
    with pytest.raises(SingularCircuitError, match="row 1 has no path to ground"):
        CrossbarCircuit(g, Wires(source=[0.0, np.inf, 0.0]))


def test_unknown_wire_is_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'rows'"):
        Wires(rows=1.0)


@pytest.mark.parametrize("bits", [0, -1, 1.0, 2.5, True, "8"], ids=repr)
def test_bits_are_refused(bits: object) -> None:
    with pytest.raises(ValueError, match=r"bits is .*; expected a whole number, 1 or more"):
        quantise([0.5], bits, 0.0, 1.0)


@pytest.mark.parametrize(("low", "high"), [(1.0, 0.0), (1.0, 1.0), (np.nan, 1.0), (0.0, np.nan)])
def test_converter_range_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match=r"converter range is .*; expected low < high"):
        quantise([0.5], 4, low, high)


@pytest.mark.parametrize(("values", "error", "message"), [
    ([np.nan], ValueError, r"values \[any unit\] is nan at index \(0,\)"),
    ([[0.0, np.inf]], ValueError, r"is inf at index \(0, 1\)"),
    ([1j], TypeError, "is complex"),
    (["a"], TypeError, "expected real numbers"),
    ([[1.0], [1.0, 2.0]], ValueError, "rows of different lengths"),
], ids=["nan", "inf", "complex", "string", "ragged"])
def test_values_to_convert_are_refused(values: object, error: type[Exception],
                                       message: str) -> None:
    for bits in (None, 4):
        with pytest.raises(error, match=message):
            quantise(values, bits, 0.0, 1.0)


def test_numpy_scalars_and_whole_numbers_are_resistances() -> None:
    assert Wires(row=np.float32(2.0), column=3, sense=np.int64(1)) == Wires(2.0, 3.0, 0.0, 1.0)


def test_solve_returns_an_operating_point_of_its_circuit() -> None:
    circuit = CrossbarCircuit([[1e-4]])
    op = circuit.solve([0.1])
    assert isinstance(op, OperatingPoint)
    assert op.array is circuit.array


@pytest.mark.parametrize(("low", "high"), [(0.0, np.inf), (-np.inf, 0.0)])
def test_infinite_converter_range_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="converter range is"):
        quantise([0.5], 4, low, high)


def test_a_circuit_beyond_double_precision_raises() -> None:
    circuit = CrossbarCircuit(np.full((40, 40), 1e90), Wires(0.0, 10.0, 1e4, 1.0))
    with pytest.raises(ArithmeticError, match="as well as a wire without"):
        circuit.transconductance()
    with pytest.raises(ArithmeticError, match="as well as a wire without"):
        _ = circuit.solve(np.ones(40)).row_voltages


def test_limit_of_perfect_shorts_between_rows_and_columns() -> None:
    """All columns are alike then, and as one of a fortieth of their resistance."""
    wires = Wires(0.0, 10.0, 1e4, 1.0)
    found = CrossbarCircuit(np.full((40, 40), 1e20), wires).transconductance()
    one = Wires(0.0, 10.0 / 40, 1e4, 1.0 / 40)
    expected = CrossbarCircuit(np.full((40, 1), 1e20), one).transconductance() / 40
    np.testing.assert_allclose(found, np.broadcast_to(expected, (40, 40)), rtol=1e-13)


class InMillivolts(np.ndarray):
    """An array that carries its unit."""

    unit = "mV"


MASKED = np.ma.array([[1e-4, 2e-4]], mask=[[False, True]])
TAKERS = {
    "conductance": CrossbarCircuit,
    "conductance, a list": lambda masked: CrossbarCircuit([masked[0], masked[0]]),
    "conductance, an entry": lambda masked: CrossbarCircuit([[1e-4, masked[0, 1]]]),
    "voltages": lambda masked: CrossbarCircuit(np.ones((2, 1))).solve(masked),
    **{f"{wire} resistance": lambda masked, wire=wire: Wires(**{wire: masked[0]})
       for wire in ("row", "column", "source", "sense", "access")},
    "currents": lambda masked: TabulatedLaw([0.0, 1.0], masked[0]),
    "v0": lambda masked: CubicLaw(masked[0, :1].reshape(())),
    "values": lambda masked: quantise(masked, 4, 0.0, 1.0),
    "reference": lambda masked: with_reference_column(np.ones((2, 2)), masked[0]),
    "row_capacitance": lambda masked: elmore_delay(CrossbarCircuit(np.ones((1, 2))), masked, 1e-15),
}


@pytest.mark.parametrize("name", TAKERS)
def test_masked_arrays_are_refused_wherever_numbers_are_taken(name: str) -> None:
    """NumPy would take what lies below the mask."""
    with pytest.raises(TypeError, match=rf"{name.partition(',')[0]} \[.*\] is a masked array, or "
                                        r"holds one; .*value.filled\(0.0\)"):
        TAKERS[name](MASKED)


@pytest.mark.parametrize("take", [lambda v: CrossbarCircuit(np.ones((2, 1))).solve(v),
                                  lambda v: Wires(source=v)], ids=["voltages", "source"])
def test_a_unit_of_its_own_is_refused_and_not_dropped(take: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match=r"carries a unit of its own, mV; .*convert it first"):
        take(np.ones(2).view(InMillivolts))


def test_numbers_too_long_for_double_precision_are_infinite() -> None:
    v = np.full(2, np.longdouble(10) ** 400)
    with pytest.raises(ValueError, match=r"voltages \[V\] is inf"):
        CrossbarCircuit(np.ones((2, 1))).solve(v)


@dataclass(frozen=True)
class Squared(FormulaLaw):
    """A law that divides by the square of its parameter."""

    a: float

    @staticmethod
    def formula(v: float, a: float) -> float:
        return v + v * v * v / a**2


@pytest.mark.parametrize("make", [
    lambda: CubicLaw(1e-160), lambda: CubicLaw(1e-320), lambda: MTJLaw(1e-160, 1.0, 1.0),
    lambda: MTJLaw(1.0, 1e-160, 1.0), lambda: MTJLaw(1.0, 1.0, 1e200),
    lambda: CrossbarCircuit(np.ones((2, 2)), law=Squared(1e-170)),
    lambda: CrossbarCircuit(np.ones((2, 2)), law=Squared(1e200)),
], ids=["v0", "v0 subnormal", "v_p", "v_h", "tmr", "a user's, square 0", "a user's, square inf"])
def test_parameters_beyond_double_precision_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"(is not finite at|has no value|has the slope nan)"):
        make()


def test_a_parameter_so_large_that_nothing_bends_is_ohms_law() -> None:
    g, v, wires = np.full((2, 2), 1e-4), [0.1, 0.2], Wires(1.0, 1.0)
    np.testing.assert_allclose(CrossbarCircuit(g, wires, CubicLaw(1e300)).solve(v).column_currents,
                               CrossbarCircuit(g, wires).solve(v).column_currents, rtol=1e-12)
