"""The wires of an array."""

from dataclasses import dataclass, fields

from device_models.checks import nonnegative


@dataclass(frozen=True)
class Wires:
    """Resistances of an array's wires and of what drives and senses them.

    Any of them may be zero; the nodes it joins then become one. The default is ideal wires.

    Parameters
    ----------
    row, column : float
        One segment between neighbouring cross-points of a row, of a column [ohm].
    source : float
        Output resistance of a row's driver [ohm].
    sense : float
        Input resistance of a column's amplifier [ohm].

    Raises
    ------
    ValueError, TypeError
        If a resistance is negative, not finite, complex or not one number.
    """

    row: float = 0.0
    column: float = 0.0
    source: float = 0.0
    sense: float = 0.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = nonnegative(f"{field.name} resistance", getattr(self, field.name), "ohm")
            object.__setattr__(self, field.name, value)

    @property
    def ideal(self) -> bool:
        """Whether no wire drops any voltage."""
        return self == Wires()
