"""What the user called: the same commands answer to the installed script and to the package."""

import sys
from pathlib import Path

SCRIPT, PACKAGE = "spintronic-crossbar", "python -m benchmarks"


def program() -> str:
    """The name to show in usage, errors and advice; that of the package if called from Python."""
    return SCRIPT if Path(sys.argv[0]).stem == SCRIPT else PACKAGE
