"""Material stacks: the TOML files of published and own devices,
and what reads and checks them."""

from device_models.stacks.schema import StackError
from device_models.stacks.stack import Stack, ThicknessLaw
from device_models.stacks.stack_file import available_stacks, load_stack

__all__ = ["Stack", "StackError", "ThicknessLaw", "available_stacks", "load_stack"]
