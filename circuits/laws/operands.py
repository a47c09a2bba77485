"""What a law's formula is run on besides numbers: on dual numbers for slopes, on text for netlists.

A formula is plain arithmetic of one voltage: + - * / ** and the functions of `FUNCTIONS`. Whatever
else it does to these operands (compare, branch, take the absolute value) is an error, so that no
slope and no netlist can be wrong in silence.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from device_models.checks import Floats

Number = float | Floats
Join = Callable[["Text", "Text | float"], "Text"]

FUNCTIONS: dict[np.ufunc, tuple[str, Callable[[Number], Number]]] = {
    np.exp: ("exp", np.exp),
    np.sinh: ("sinh", np.cosh),
    np.cosh: ("cosh", np.sinh),
    np.tanh: ("tanh", lambda x: 1.0 - np.tanh(x) ** 2),
}
"""NumPy functions that formulas may use: their names in ngspice, and their derivatives."""


ADVICE = (f"expected + - * / ** and {', '.join(f'np.{known.__name__}' for known in FUNCTIONS)} "
          "only: write the law's shape, slope and expression one by one, in a class derived from "
          "circuits.Law")
"""What a formula may do, and what to write where that is too little."""

_OPERATORS: dict[np.ufunc, Callable[..., Any]] = {
    np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul,
    np.true_divide: operator.truediv, np.power: operator.pow, np.negative: operator.neg,
}
"""What NumPy's numbers call in place of the operators, where they stand on the left."""


def _known(ufunc: np.ufunc, method: str) -> tuple[str, Callable[[Number], Number]]:
    if ufunc not in FUNCTIONS or method != "__call__":
        raise TypeError(f"a formula uses np.{ufunc.__name__}; {ADVICE}")
    return FUNCTIONS[ufunc]


def _number(value: object) -> float:
    """A constant of a formula: a number of Python's or NumPy's."""
    if np.ndim(value) != 0 or np.asarray(value).dtype.kind not in "biuf":  # type: ignore[arg-type]
        raise TypeError(f"a formula uses {value!r} as a number; {ADVICE}")
    return float(value)  # type: ignore[arg-type]


class _Operand:
    """What no operand does: Python would take one branch of a choice, for all voltages."""

    def __bool__(self) -> NoReturn:
        raise TypeError(f"a formula makes a choice by its voltage; {ADVICE}")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError(f"a formula compares its voltage; {ADVICE}")

    __ne__ = __eq__
    __hash__ = None  # type: ignore[assignment]

    def _operated(self, ufunc: np.ufunc, inputs: tuple[object, ...]) -> Any:
        """The operator that NumPy calls `ufunc`, on this and Python's numbers."""
        return _OPERATORS[ufunc](*(given if isinstance(given, type(self)) else _number(given)
                                   for given in inputs))


@dataclass(frozen=True, eq=False)
class Dual(_Operand):
    """A value and its slope over the voltage; arithmetic keeps both, exactly.

    Parameters
    ----------
    value : float or array
        f(v) [any unit].
    slope : float or array
        df/dv [unit/V], of the shape of `value` or one number.
    """

    value: Number
    slope: Number

    def __add__(self, other: "Dual | float") -> "Dual":
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    def __mul__(self, other: "Dual | float") -> "Dual":
        if isinstance(other, Dual):
            return Dual(self.value * other.value,
                        self.slope * other.value + self.value * other.slope)
        return Dual(self.value * other, self.slope * other)

    def __truediv__(self, other: "Dual | float") -> "Dual":
        if isinstance(other, Dual):
            value = self.value / other.value
            return Dual(value, (self.slope - value * other.slope) / other.value)
        return Dual(self.value / other, self.slope / other)

    def __rtruediv__(self, other: float) -> "Dual":
        return Dual(other, 0.0) / self

    def __pow__(self, exponent: float) -> "Dual":
        return Dual(self.value**exponent, exponent * self.slope * self.value ** (exponent - 1))

    def __neg__(self) -> "Dual":
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: "Dual | float") -> "Dual":
        return self + -other

    def __rsub__(self, other: float) -> "Dual":
        return -self + other

    __radd__, __rmul__ = __add__, __mul__

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: object) -> "Dual":
        if ufunc in _OPERATORS and method == "__call__":
            found: Dual = self._operated(ufunc, inputs)
            return found
        _, derivative = _known(ufunc, method)
        return Dual(ufunc(self.value), derivative(self.value) * self.slope)


def _operand(value: "Text | float") -> str:
    if isinstance(value, Text):
        return str(value)
    number = _number(value)
    return f"({number!r})" if number < 0 else repr(number)


def _infix(operator: str) -> tuple["Join", "Join"]:
    """Methods that write `operator` after a text and before it."""
    return (lambda text, other: Text(f"{text}{operator}{_operand(other)}"),
            lambda text, other: Text(f"{_operand(other)}{operator}{text}"))


@dataclass(frozen=True, eq=False)
class Text(_Operand):
    """An ngspice expression; arithmetic writes longer ones."""

    text: str

    def __str__(self) -> str:
        return f"({self.text})"

    __add__, __radd__ = _infix("+")
    __sub__, __rsub__ = _infix("-")
    __mul__, __rmul__ = _infix("*")
    __truediv__, __rtruediv__ = _infix("/")

    def __pow__(self, exponent: float) -> "Text":
        """A product: what ngspice makes of powers of negative numbers depends on its settings."""
        if exponent != int(exponent) or exponent < 1:
            raise TypeError(f"a formula takes the power {exponent}; a netlist holds whole powers "
                            "from 1 only: write the law's expression by hand")
        return Text("*".join([str(self)] * int(exponent)))

    def __neg__(self) -> "Text":
        return Text(f"-{self}")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: object) -> "Text":
        if ufunc in _OPERATORS and method == "__call__":
            found: Text = self._operated(ufunc, inputs)
            return found
        name, _ = _known(ufunc, method)
        return Text(f"{name}{self}")
