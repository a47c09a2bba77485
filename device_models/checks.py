"""Checks of what users pass in; every failure says what came, what was expected and what to do."""

import difflib
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MOST_TMR = 10.0
"""TMR [1] above which per cent are suspected; 6.31 is the largest measured at room temperature
(T. Scheike et al., Appl. Phys. Lett. 122, 112404 (2023))."""


def real_array(name: str, value: ArrayLike, unit: str) -> Floats:
    """A finite, real float64 copy of `value`, or an error that names the offending entry."""
    array = plain_array(f"{name} [{unit}]", value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name} [{unit}] is complex; expected real numbers, pass its real part")
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} [{unit}] has type {array.dtype}; expected real numbers")
    with np.errstate(over="ignore"):  # of longer types: infinite here, and refused
        array = array.astype(np.float64, copy=False)
    if not np.all(np.isfinite(array)):
        where, found = first(array, ~np.isfinite(array))
        raise ValueError(f"{name} [{unit}] is {found}{where}; expected finite numbers")
    return array


def plain_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """A copy of `value` as an array of any type, refused where NumPy would lose something of it."""
    if _is_masked(value):
        raise TypeError(f"{name} is a masked array, or holds one; expected plain numbers: say what "
                        "stands where it is masked, as in value.filled(0.0)")
    carried = getattr(value, "unit", getattr(value, "units", None))
    if carried is not None:
        raise TypeError(f"{name} carries a unit of its own, {carried}; expected plain numbers in "
                        "the unit that is named here: convert it first")
    try:
        return np.array(value)
    except ValueError as error:
        raise ValueError(f"{name} has rows of different lengths: {error}") from error


def _is_masked(value: object) -> bool:
    """Whether `value` is a masked array, or a list that holds one at any depth."""
    if isinstance(value, list | tuple):
        return any(_is_masked(item) for item in value)
    return isinstance(value, np.ma.MaskedArray)


def nonnegative_array(name: str, value: ArrayLike, unit: str) -> Floats:
    """A finite float64 copy of `value` without negative entries."""
    array = real_array(name, value, unit)
    if np.any(array < 0):
        where, found = first(array, array < 0)
        raise ValueError(f"{name} [{unit}] is {found:g}{where}; expected zero or more")
    return array


def positive_array(name: str, value: ArrayLike, unit: str) -> Floats:
    """A finite float64 copy of `value`, every entry above zero."""
    array = real_array(name, value, unit)
    if np.any(array <= 0):
        where, found = first(array, array <= 0)
        raise ValueError(f"{name} [{unit}] is {found:g}{where}; expected more than zero")
    return array


def share_array(name: str, value: ArrayLike) -> Floats:
    """A float64 copy of shares [1], each strictly between 0 and 1."""
    array = real_array(name, value, "1")
    outside = (array <= 0) | (array >= 1)
    if np.any(outside):
        where, found = first(array, outside)
        asked = f": {per_cent_question(found)}" if found >= 1 else ""
        raise ValueError(f"{name} is {found:g}{where}; expected a share between 0 and 1{asked}")
    return array


def fraction(name: str, value: ArrayLike, *, one: bool) -> float:
    """One number [1] of zero or more, and below 1; of a share or a probability (`one`) up to 1."""
    number = nonnegative(name, value, "1")
    if number > 1 or (number == 1 and not one):
        raise ValueError(f"{name} is {number:g}; expected {'at most' if one else 'less than'} 1: "
                         f"{per_cent_question(number)}")
    return number


def per_cent_question(value: float) -> str:
    """What to ask about a fraction [1] that is too large to be one."""
    return f"is {value:g} meant as per cent? pass {value / 100:g}"


def ask_about_tmr(name: str, value: ArrayLike, stacklevel: int = 2) -> None:
    """Warn of a TMR [1], one number or an array, that is above `MOST_TMR`; `stacklevel` as of
    `warnings.warn`, 2 being the caller."""
    largest = float(np.max(value, initial=0.0))
    if largest > MOST_TMR * (1 + 1e-9):  # not for a rounding, as of a quotient of resistances
        warnings.warn(f"{name} is {largest:g}, which is {100 * largest:g} %; expected {MOST_TMR:g} "
                      f"or less: {per_cent_question(largest)}", UserWarning, stacklevel + 1)


def truths(name: str, value: ArrayLike) -> NDArray[np.bool_]:
    """An array of truths: bools, or whole numbers 0 and 1; anything else is refused."""
    array = plain_array(name, value)
    if array.dtype.kind not in "biu":
        raise TypeError(f"{name} has type {array.dtype}; expected True or False (or 0 and 1): "
                        "compare numbers with a threshold first")
    if array.dtype.kind != "b" and np.any((array != 0) & (array != 1)):
        where, found = first(array, (array != 0) & (array != 1))
        raise ValueError(f"{name} is {found:g}{where}; expected True or False (or 0 and 1)")
    return array.astype(bool, copy=False)


def truth(name: str, value: object) -> bool:
    """One truth."""
    array = truths(name, value)  # type: ignore[arg-type]  # it refuses what is none
    if array.ndim:
        raise ValueError(f"{name} has shape {array.shape}; expected True or False")
    return bool(array)


def fitting(**arrays: ArrayLike) -> tuple[int, ...]:
    """The common shape of arrays that are used entry by entry, or an error that names them."""
    shapes = {name: np.shape(value) for name, value in arrays.items()}
    try:
        return np.broadcast_shapes(*shapes.values())
    except ValueError:
        came = ", ".join(f"{name} has shape {shape}" for name, shape in shapes.items())
        raise ValueError(f"{came}; expected one number each, or arrays of one shape (shapes that "
                         "broadcast): for every pair of entries, add an axis with "
                         "[:, None]") from None


def first(
    array: NDArray[np.number] | NDArray[np.bool_], mask: NDArray[np.bool_]
) -> tuple[str, float]:
    """Where `mask` is first true, in words, and the entry there."""
    index = np.unravel_index(int(np.argmax(mask)), array.shape)
    where = f" at index {tuple(int(i) for i in index)}" if array.ndim else ""
    return where, float(array[index])


def nonnegative(name: str, value: ArrayLike, unit: str) -> float:
    """One finite real number, zero or more."""
    array = nonnegative_array(name, value, unit)
    if array.ndim:
        raise ValueError(f"{name} [{unit}] has shape {array.shape}; expected one number")
    return float(array)


def positive(name: str, value: ArrayLike, unit: str) -> float:
    """One finite real number above zero."""
    array = real_array(name, value, unit)
    if array.ndim:
        raise ValueError(f"{name} [{unit}] has shape {array.shape}; expected one number")
    if array <= 0:
        raise ValueError(f"{name} [{unit}] is {array:g}; expected more than zero")
    return float(array)


def whole(name: str, value: object, least: int) -> int:
    """One whole number, `least` or more."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is {value!r}; expected a whole number, {least} or more")
    return int(value)


def known(kind: str, name: str, names: Iterable[str]) -> str:
    """`name` if it is one of `names`, else an error with the nearest matches."""
    names = sorted(names)
    if name in names:
        return name
    close = difflib.get_close_matches(str(name), names, n=2, cutoff=0.6)
    hint = f"did you mean {' or '.join(map(repr, close))}? " if close else ""
    raise ValueError(f"unknown {kind} {name!r}; {hint}known: {', '.join(names)}")
