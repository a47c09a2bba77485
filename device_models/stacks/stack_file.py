"""Reading a stack's file into a `Stack`, checked as a whole."""

import tomllib
from pathlib import Path

from device_models.checks import known
from device_models.stacks.errors import StackError
from device_models.stacks.registry import stack_path, stack_sources
from device_models.stacks.schema import Section
from device_models.stacks.stack import Stack
from device_models.stacks.whole_file import read_stack


def available_stacks() -> list[str]:
    """Names of the stacks that come with the package, or that another one registers."""
    return sorted(stack_sources())


def load_stack(name: str | Path, area_convention: str | None = None) -> Stack:
    """The stack of a name in `available_stacks()`, or of a path to a .toml file.

    `area_convention` ("ellipse" or "rectangle") overrides the file's. StackError says all that is
    wrong with the file at once.
    """
    if not isinstance(name, str | Path):
        raise TypeError(f"stack is {name!r}; expected a name, one of "
                        f"{', '.join(available_stacks())}, or the path of a .toml file")
    path = Path(name)
    if path.suffix != ".toml":
        sources = stack_sources()
        path = stack_path(str(name), sources[known("stack", str(name), sources)])
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"no stack file {path}; give an existing .toml file, or one of: "
            f"{', '.join(available_stacks())}"
        ) from None
    except IsADirectoryError:
        raise StackError(f"{path} is a folder; expected a .toml file: give one inside it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StackError(f"{path} is not valid TOML: {error}") from error
    return read_stack(Section(str(path), "", data), path.stem, area_convention)
