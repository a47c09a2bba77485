"""Where the file of each stack is: in this folder, or in another installed package.

A package `mylab` brings its mylab/mine.toml as the stack "mine" by an entry point that is a `Path`:

    # setup.cfg
    [options.entry_points]
    spintronic_crossbar.stacks =
        mine = mylab:MINE

    # mylab/__init__.py
    MINE = importlib.resources.files(__name__) / "mine.toml"

An entry point is loaded when its stack is asked for, so that a broken one harms no other stack.
"""

from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from device_models.stacks.errors import StackError

GROUP = "spintronic_crossbar.stacks"
_FOLDER = Path(__file__).parent
Source = Path | metadata.EntryPoint


def stack_sources() -> dict[str, list[Source]]:
    """What says it brings a stack, by the stack's name; more than one is refused when it is used.
    """
    sources: dict[str, list[Source]] = {path.stem: [path] for path in _FOLDER.glob("*.toml")}
    for point in metadata.entry_points(group=GROUP):
        sources.setdefault(point.name, []).append(point)
    return sources


def stack_path(name: str, sources: Sequence[Source]) -> Path:
    """The file of a stack; StackError unless one source has it, and has it for certain."""
    if len(sources) != 1:
        raise StackError(f"stack {name!r} comes from {' and from '.join(map(_owner, sources))}; "
                         "expected one: rename or uninstall the other, or give the path of a file")
    source = sources[0]
    if isinstance(source, Path):
        return source
    entry = f"stack {name!r} of {_owner(source)}: its entry point {source.value}"
    try:
        path = source.load()
    except Exception as error:  # of whatever kind: it is another package's code
        raise StackError(f"{entry} cannot be loaded ({type(error).__name__}: {error}); mend or "
                         "uninstall it") from error
    if not isinstance(path, Path) or not path.is_file():
        raise StackError(f"{entry} is {path!r}; expected the pathlib.Path of an existing TOML file")
    return path


def _owner(source: Source) -> str:
    """Who brings a stack, in words."""
    if isinstance(source, Path):
        return "spintronic-crossbar itself"
    return f"the distribution {source.dist.name}" if source.dist else f"{source.value}"
