"""The version of this software. The one place it is written in is setup.cfg."""

import re
from functools import cache
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "spintronic-crossbar"
_SETUP = Path(__file__).parents[1] / "setup.cfg"


@cache
def version() -> str:
    """Of the folder that the code is run from, whatever is installed beside it; else as installed.
    """
    if _SETUP.exists():
        name, number = (re.search(rf"^{key} = (.+)$", _SETUP.read_text(encoding="utf-8"), re.M)
                        for key in ("name", "version"))
        if name and number and name[1] == DISTRIBUTION:
            return number[1]
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown: neither setup.cfg nor an installation is there"
