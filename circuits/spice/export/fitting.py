"""Curves through conductances: polynomials, or pieces where those do not fit."""

from collections.abc import Callable

from circuits.spice.export.curves import Curves, polynomials_of
from circuits.spice.export.pieces import pieces_of
from device_models.checks import Floats


def curves_of(chord: Callable[[Floats], Floats], limit: float, tolerance: float) -> Curves:
    """The simplest curves that are good enough.

    Parameters
    ----------
    chord : function
        Biases (n,) [V], none of them zero, to chord conductances (n, curves) [S].
    limit : float
        Largest bias [V].
    tolerance : float
        Largest error relative to the conductance at the same bias [1].

    Raises
    ------
    ValueError
        If neither a polynomial nor some hundred cubics are good enough.
    """
    for kind in (polynomials_of, pieces_of):
        found = kind(chord, limit, tolerance)
        if found is not None:
            return found
    raise ValueError(
        f"neither a polynomial of degree 95 nor 400 cubics follow the conductances to "
        f"{tolerance:g} up to {limit:g} V: the bias law jumps, or has many corners; take a lower "
        "limit, or a larger tolerance")


def meaning(curves: Curves) -> str:
    """For a comment."""
    kind = "a polynomial in Newton's form" if type(curves) is Curves else "cubics in pieces"
    return (f"Conductances as {kind} of y = 2 V/({curves.limit:g} V), beyond which they stay as "
            "they are there")
