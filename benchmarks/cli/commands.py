"""The commands there are: every folder of `benchmarks` with a `command.py` in it.

A command module has `add_parser(commands)`, which adds its parser and sets `run`, a function of the
parsed arguments that returns the exit status.
"""

import importlib
from pathlib import Path

import benchmarks
from benchmarks.cli.parser import Parser, Subparsers


class CommandError(ImportError):
    """A folder that is no command: the fault of who wrote it, not of the user's input."""


def add_commands(commands: "Subparsers[Parser]") -> None:
    """Add the parser of each command, in the order of their folders' names."""
    folders = {path.parent.name: path.parent for place in benchmarks.__path__
               for path in Path(place).glob("*/command.py")}
    for name, folder in sorted(folders.items()):
        try:
            module = importlib.import_module(f"benchmarks.{name}.command")
            module.add_parser(commands)
        except Exception as error:  # of whatever kind: the folder must be named
            raise CommandError(
                f"{folder} is no command ({type(error).__name__}: {error}): its command.py must "
                "import and have a function add_parser(commands); mend it, or move the folder "
                "elsewhere") from error
