"""What a law's formula is run on besides numbers: on dual numbers for slopes, on text for netlists.

A formula is plain arithmetic of one voltage: + - * / ** and the functions of `FUNCTIONS`. Whatever
else it does to these operands (compare, branch, take the absolute value) is an error, so that no
slope and no netlist can be wrong in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass

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


def _known(ufunc: np.ufunc) -> tuple[str, Callable[[Number], Number]]:
    if ufunc not in FUNCTIONS:
        names = ", ".join(f"np.{known.__name__}" for known in FUNCTIONS)
        raise TypeError(f"a formula uses np.{ufunc.__name__}; expected + - * / ** and {names} "
                        "only: write the law's shape, slope and expression one by one, in a class "
                        "derived from circuits.Law")
    return FUNCTIONS[ufunc]


@dataclass(frozen=True, eq=False)
class Dual:
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
        _, derivative = _known(ufunc)
        return Dual(ufunc(self.value), derivative(self.value) * self.slope)


def _operand(value: "Text | float") -> str:
    return str(value) if isinstance(value, Text) else f"({value!r})" if value < 0 else repr(value)


def _infix(operator: str) -> tuple["Join", "Join"]:
    """Methods that write `operator` after a text and before it."""
    return (lambda text, other: Text(f"{text}{operator}{_operand(other)}"),
            lambda text, other: Text(f"{_operand(other)}{operator}{text}"))


@dataclass(frozen=True, eq=False)
class Text:
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
        name, _ = _known(ufunc)
        return Text(f"{name}{self}")
