"""A current-voltage law that is written once, as a formula."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cached_property
from itertools import product
from typing import ClassVar, TypeVar, cast

import numpy as np

from circuits.laws.compiled import CompiledLaw, Formula, machine_code
from circuits.laws.law import Law
from circuits.laws.operands import ADVICE, Dual, Text
from device_models.checks import Floats

Operand = TypeVar("Operand")


class FormulaLaw(Law):
    """A law whose shape, slope, machine code and netlist are one formula.

    Derive a frozen dataclass with the law's parameters as its fields, and write the static method
    `formula(v, *fields)`: f at one voltage `v` [V], or a tuple of so many f as `branches` says.
    Plain arithmetic and the functions of `operands.FUNCTIONS` (np.exp, np.sinh ..) may be used.
    Slopes are exact, by dual numbers; `derivative(v, *fields)` beside the formula is faster.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class SinhLaw(FormulaLaw):
    ...     v0: float
    ...     @staticmethod
    ...     def formula(v, v0):
    ...         return v0 * np.sinh(v / v0)
    >>> SinhLaw(0.2).slope(np.array([0.0, 0.2]))
    array([[1.        , 1.54308063]])
    >>> SinhLaw(0.2).expression(0, "v(a,b)")
    '0.2*(sinh((v(a,b))/0.2))'
    """

    formula: ClassVar[Formula]
    derivative: ClassVar[Formula]

    @property
    def parameters(self) -> tuple[float, ...]:
        """What the formula takes after the voltage: the fields, in their order."""
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]
        return tuple(self._parameter(name) for name in names)

    @property
    def compiled(self) -> CompiledLaw | None:
        """The formula as machine code; None where a class below has a shape of its own."""
        return self._values if type(self).shape is FormulaLaw.shape else None

    def shape(self, v: Floats) -> Floats:
        """f_b(v) of all branches: (branches, *v.shape) [V]."""
        return self._values(v)

    def slope(self, v: Floats) -> Floats:
        """df_b/dv of all branches: (branches, *v.shape) [1]."""
        return self.exact_slope(v) if self._slopes is None else self._slopes(v)

    def exact_slope(self, v: Floats) -> Floats:
        """`slope` by dual numbers, from the formula alone."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # as machine code does
            slopes = [branch.slope for branch in self._on(Dual(v, 1.0))]
        return np.stack([np.broadcast_to(slope, np.shape(v)) for slope in slopes])

    def expression(self, branch: int, v: str) -> str:
        """f_b as an ngspice expression of the voltage expression `v`."""
        return self._on(Text(v))[branch].text

    @cached_property
    def _values(self) -> CompiledLaw:
        self._on(Text("v"))  # refuses whatever is not plain arithmetic, in words
        self._check_range()
        return CompiledLaw(machine_code(self._author.formula, self.branches),
                           np.array(self.parameters), self.branches)

    @cached_property
    def _slopes(self) -> CompiledLaw | None:
        if "derivative" not in vars(self._author):
            return None
        self._check_frozen()
        return CompiledLaw(machine_code(self._author.derivative, self.branches),
                           np.array(self.parameters), self.branches)

    @property
    def _author(self) -> "type[FormulaLaw]":
        """The class that wrote the formula: a derivative from above belongs to another one."""
        for kind in type(self).__mro__:
            if "formula" in vars(kind):
                return cast("type[FormulaLaw]", kind)
        raise NotImplementedError(f"{type(self).__name__} has no formula(v, ..): write it as a "
                                  "static method, or derive the law from circuits.Law")

    def __getstate__(self) -> dict[str, object]:
        """All but the machine code, which no other process can use."""
        return {name: value for name, value in vars(self).items()
                if not isinstance(value, CompiledLaw)}

    def _parameter(self, name: str) -> float:
        value = getattr(self, name)
        try:
            if isinstance(value, str):
                raise TypeError("it is text")
            return float(value)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{name} of {self!r} is {value!r}; expected a number: the fields of a "
                            "FormulaLaw are what its formula takes after the voltage") from error

    def _check_range(self) -> None:
        """Refuse parameters so large or small that already at 1 mV the formula has no value."""
        author, parameters = self._author, self.parameters
        named = [name for name in ("formula", "derivative") if name in vars(author)]
        for name, v in product(named, (0.0, 1e-3, -1e-3)):
            try:
                with np.errstate(all="ignore"):
                    found = getattr(author, name)(v, *parameters)
                known = np.isfinite(found).all()
            except (ZeroDivisionError, OverflowError):  # of Python's own numbers
                known = np.False_
            if not known:
                raise ValueError(
                    f"the {name} of {self!r} is not finite at {v:g} V; expected parameters whose "
                    "squares, quotients and exponentials fit into double precision, 1e-308 to "
                    "1e308")

    def _check_frozen(self) -> None:
        """Refuse parameters that could change after the machine code has taken them."""
        kind = type(self)
        if not is_dataclass(kind):
            trouble = "no dataclass"
        elif not kind.__dataclass_params__.frozen:
            trouble = "a dataclass that is not frozen, so that its parameters may change unnoticed"
        else:
            return
        raise TypeError(f"{kind.__name__} is {trouble}; expected @dataclass(frozen=True) above the "
                        "class, with what its formula takes after the voltage as the fields")

    def _on(self, v: Operand) -> tuple[Operand, ...]:
        """The formula's branches on anything that has its operators."""
        formula = cast("Callable[..., Operand | tuple[Operand, ...]]", self._author.formula)
        self._check_frozen()
        parameters = self.parameters
        try:
            found = formula(v, *parameters)
        except (ZeroDivisionError, OverflowError) as error:  # of Python's own numbers
            self._check_range()
            raise ValueError(f"the formula of {self!r} has no value: {error}; expected parameters "
                             "whose powers and quotients are numbers") from error
        except (TypeError, ValueError, AttributeError) as error:
            advice = "" if ADVICE in str(error) else f"; {ADVICE}"
            raise TypeError(f"the formula of {self!r} is not plain arithmetic of one voltage: "
                            f"{error}{advice}") from error
        values = found if isinstance(found, tuple) else (found,)
        if len(values) != self.branches:
            raise TypeError(f"the formula of {self!r} returns {len(values)} values; expected one "
                            f"for each of its {self.branches} branches")
        return values
