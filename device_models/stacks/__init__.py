"""Material stacks: the TOML files of published and own devices,
what reads and checks them, and the loops their numbers give."""

from device_models.stacks.errors import (
    MissingEntryError,
    MissingTableError,
    NotGivenError,
    OutsideRangeError,
    StackError,
)
from device_models.stacks.hysteresis import (
    film_branches,
    film_major_loop,
    major_loop,
    slow_coercivity,
)
from device_models.stacks.stack import Stack
from device_models.stacks.stack_file import available_stacks, load_stack
from device_models.stacks.thickness_law import ThicknessLaw

__all__ = [
    "MissingEntryError", "MissingTableError", "NotGivenError", "OutsideRangeError", "Stack",
    "StackError", "ThicknessLaw", "available_stacks", "film_branches", "film_major_loop",
    "load_stack", "major_loop", "slow_coercivity",
]
