"""The wires of an array."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

from circuits.array.technology import Technology, segment_resistances
from circuits.copies import ReadOnly, read_only
from device_models.checks import Floats, nonnegative_array, plain_array, positive, real_array

Resistance = float | Floats


@dataclass(frozen=True, eq=False)
class Wires(ReadOnly):
    """Resistances of an array's wires and of what drives and senses them.

    Any of them may be zero; the nodes it joins then become one. The default is ideal wires. Each is
    one number or an array; the shapes are checked against the array's when a circuit is made.

    Parameters
    ----------
    row : float, (m,) or (m, n + 1) array
        Segments of a row [ohm]: all alike, alike within each row, or each its own. Entry (i, j) is
        the segment left of cross-point (i, j), the last one that to the right end; the segments
        outside the outermost cross-points count on driven ends only.
    column : float, (n,) or (m + 1, n) array
        Segments of a column [ohm], likewise; entry (i, j) is the segment above cross-point (i, j).
    source : float or (m,) array
        Output resistance of a row's driver [ohm]; infinite leaves the row floating.
    sense : float or (n,) array
        Input resistance of a column's amplifier [ohm].
    access : float or (m, n) array
        On-resistance of the access transistor in series with each device [ohm].

    Raises
    ------
    ValueError, TypeError
        If a resistance is negative, not finite, complex or of too many dimensions.
    """

    row: Resistance = 0.0
    column: Resistance = 0.0
    source: Resistance = 0.0
    sense: Resistance = 0.0
    access: Resistance = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = _resistance(field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wires) and all(
            np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)
        )

    def __hash__(self) -> int:
        values = (np.asarray(getattr(self, field.name)) for field in fields(self))
        return hash(tuple((each.shape, *each.ravel().tolist()) for each in values))

    @classmethod
    def from_technology(
        cls,
        technology: str | Technology,
        pitch: float | tuple[float, float],
        width: float | tuple[float | None, float | None] | None = None,
        layers: int | tuple[int, int] = 1,
        source: Resistance = 0.0,
        sense: Resistance = 0.0,
        access: Resistance = 0.0,
    ) -> "Wires":
        """Wires of a process.

        Parameters
        ----------
        technology : str or Technology
            The metal, or its name in `TECHNOLOGIES`, as "45nm".
        pitch : float or (row, column)
            Length of one segment of a row and of a column [m]: the distance between neighbouring
            columns, and between neighbouring rows.
        width : float or (row, column)
            Width of the rows and of the columns [m]; the minimum if None.
        layers : int or (row, column)
            Metals in parallel.
        source, sense, access : float or array
            As in `Wires` [ohm].

        Raises
        ------
        ValueError, TypeError
            If a pitch is not positive, a width below the minimum, or the technology unknown.
        """
        row, column = segment_resistances(technology, pitch, width, layers)
        return cls(row, column, source, sense, access)

    def at_temperature(
        self, temperature: float, coefficient: float = 3.93e-3, reference: float = 300.0
    ) -> "Wires":
        """These wires at another temperature: rows and columns times
        1 + coefficient (temperature - reference).

        `source`, `sense` and `access` stay as they are: they are transistors, no metal.

        Parameters
        ----------
        temperature : float
            Of the wires [K].
        coefficient : float
            Relative rise of their resistance [1/K]. The default is that of annealed copper at 20
            degrees C (IEC 60028:1925, after J. H. Dellinger, Bull. Bur. Stand. 7, 71 (1911)), the
            most that copper has: in narrow lines surfaces and grain boundaries add resistance that
            does not rise.
        reference : float
            Temperature at which they have the resistances that these have [K].

        Raises
        ------
        ValueError
            If a temperature is not positive, or no resistance would be left.
        """
        above = positive("temperature", temperature, "K") - positive("reference", reference, "K")
        slope = real_array("coefficient", coefficient, "1/K")
        if slope.ndim or 1.0 + slope * above <= 0:
            raise ValueError(f"coefficient [1/K] is {coefficient}, at {above:+g} K from the "
                             "reference; expected one number, and 1 + coefficient (temperature - "
                             "reference) above zero: the rise is linear near the reference only")
        factor = float(1.0 + slope * above)
        return replace(self, row=self.row * factor, column=self.column * factor)

    @property
    def ideal(self) -> bool:
        """Whether nothing outside the devices drops any voltage."""
        return self == Wires()


def _resistance(name: str, value: ArrayLike) -> Resistance:
    """One number or a read-only array; only `source` may be infinite."""
    if name == "source":
        array = plain_array("source resistance [ohm]", value)
        floating = (array == np.inf) if array.dtype.kind == "f" else np.zeros(array.shape, bool)
        finite = np.where(floating, 0.0, array) if floating.any() else array
        array = np.where(floating, np.inf, nonnegative_array("source resistance", finite, "ohm"))
    else:
        array = nonnegative_array(f"{name} resistance", value, "ohm")
    most = 1 if name in ("source", "sense") else 2
    if array.ndim > most:
        raise ValueError(f"{name} resistance [ohm] has shape {array.shape}; expected one number "
                         f"or an array of at most {most} dimensions")
    if array.ndim == 0:
        return float(array)
    return read_only(array)
