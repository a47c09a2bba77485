"""The commands there are: every folder of `benchmarks` with a `command.py` in it.

A command module has `add_parser(commands)`, which adds its parser and sets `run`, a function of the
parsed arguments that returns the exit status.
"""

import importlib
from pathlib import Path
from types import ModuleType

import benchmarks


def find_commands() -> list[ModuleType]:
    """The command modules, in the order of their folders' names."""
    folder = Path(benchmarks.__file__).parent
    return [importlib.import_module(f"benchmarks.{path.parent.name}.command")
            for path in sorted(folder.glob("*/command.py"))]
