"""At which ends an array is driven and sensed."""

from enum import Enum


class RowDrive(Enum):
    """The ends of every row that its source drives, through a driver each."""

    LEFT = (True, False)
    RIGHT = (False, True)
    BOTH = (True, True)

    @property
    def ends(self) -> tuple[bool, bool]:
        """Whether the left and the right end are driven."""
        return self.value


class ColumnSense(Enum):
    """The ends of every column that are sensed, by an amplifier each; their currents are added."""

    BOTTOM = (False, True)
    TOP = (True, False)
    BOTH = (True, True)

    @property
    def ends(self) -> tuple[bool, bool]:
        """Whether the top and the bottom end are sensed."""
        return self.value
