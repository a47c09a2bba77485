"""The version of this software. The one place it is written in is setup.cfg."""

import re
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "spintronic-crossbar"


def find_version(setup: Path) -> str:
    """That of the folder the code is run from, if `setup` is its setup.cfg; else the installed."""
    if setup.exists():
        name, number = (re.search(rf"^{key} = (.+)$", setup.read_text(encoding="utf-8"), re.M)
                        for key in ("name", "version"))
        if name and number and name[1] == DISTRIBUTION:
            return number[1]
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown: neither setup.cfg nor an installation is there"


__version__ = find_version(Path(__file__).parents[1] / "setup.cfg")
