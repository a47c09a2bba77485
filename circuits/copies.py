"""What pickles and copies hold: what cannot be worked out again, and arrays still read-only.

Worker processes get circuits and return operating points. NumPy's copies may be written to, which
would leave what was computed from the original; and locks, factors and machine code are not copied.
"""

from dataclasses import fields
from typing import ClassVar, TypeVar

import numpy as np

T = TypeVar("T")


class ReadOnly:
    """A frozen dataclass with arrays that nobody may write to, in copies and pickles either.

    Its state is its fields and those of its cached properties that `_kept` names.
    """

    _kept: ClassVar[tuple[str, ...]] = ()

    def __getstate__(self) -> dict[str, object]:
        names = [field.name for field in fields(self)]  # type: ignore[arg-type]  # a dataclass
        return {name: vars(self)[name] for name in (*names, *self._kept) if name in vars(self)}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(read_only(state))


def read_only(values: T) -> T:
    """`values` with its arrays read-only: an array, or a tuple or dict with arrays."""
    if isinstance(values, np.ndarray):
        values.flags.writeable = False
    elif isinstance(values, tuple):
        for value in values:
            read_only(value)
    elif isinstance(values, dict):
        for value in values.values():
            read_only(value)
    return values
