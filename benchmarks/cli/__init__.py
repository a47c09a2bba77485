"""What all commands share on the command line:
the parser, arguments with units, and the flags that describe hardware."""

from pathlib import Path

import benchmarks
import crossbar

if Path(benchmarks.__file__ or "").parent != Path(__file__).parents[1]:
    raise ImportError(
        f"the working folder has a benchmarks of its own, which Python found first: {benchmarks}; "
        "use spintronic-crossbar COMMAND there, or start in another folder"
    )
if not hasattr(crossbar, "Hardware"):
    raise ImportError(
        f"benchmarks needs the crossbar of spintronic-crossbar, but Python found another first: "
        f"{crossbar}; rename that or start in another folder, or, where it was "
        "installed with pip, give spintronic-crossbar an environment of its own"
    )

from benchmarks.cli.choices import choose, listed, text_of
from benchmarks.cli.commands import CommandError, add_commands
from benchmarks.cli.hardware import add_hardware, describe, hardware_of
from benchmarks.cli.parser import Parser, Subparsers, add_out, count, number, seed, size

__all__ = [
    "CommandError", "Parser", "Subparsers", "add_commands", "add_hardware", "add_out", "choose",
    "count", "describe", "hardware_of", "listed", "number", "seed", "size", "text_of",
]
