"""A compound as a device of circuit simulators: the flags, and the file."""

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks.cli.hardware import device
from benchmarks.output.files import OutputError, replacing
from circuits import spice
from device_models import load_stack

LANGUAGES: dict[str, Callable[..., str]] = {
    ".sp": spice.subcircuit, ".cir": spice.subcircuit, ".va": spice.verilog_a}


def add_flags(parser: argparse.ArgumentParser) -> None:
    """`--stack`, and the compound that is written."""
    group = parser.add_argument_group(
        "compound", "for --export; the gallery and the table need --stack alone")
    group.add_argument("--export", type=Path, metavar="FILE",
                       help="write the compound for circuit simulators, and nothing else: a .sp or "
                            ".cir for ngspice, a .va in Verilog-A; its device is named as the file")
    group.add_argument("--per-cell", action="store_true",
                       help="each cell with a state of its own, on the nodes of the channel")
    device.add_flags(group)
    parser.set_defaults(of_export={
        action.dest: (action.option_strings[0], action.default)
        for action in group._group_actions if action.dest not in ("stack", "export")})


def refuse_alone(args: argparse.Namespace) -> None:
    """Flags of a compound that nobody writes."""
    for name, (flag, default) in args.of_export.items():
        if getattr(args, name) != default:
            raise ValueError(f"{flag} is of the compound that --export writes; add --export FILE, "
                             f"or leave {flag} out")


def write(args: argparse.Namespace) -> int:
    """The file, and a line on it."""
    path: Path = args.export
    if path.suffix not in LANGUAGES:
        raise ValueError(f"--export is {str(path)!r}; expected a file that ends with "
                         f"{', '.join(LANGUAGES)}")
    compound = device.synapse(args, load_stack(args.stack))
    text = LANGUAGES[path.suffix](compound, path.stem, per_cell=args.per_cell)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="ascii")
    except OSError as error:
        raise OutputError(f"cannot write --export {path} ({error.strerror}): choose another "
                          "place") from error
    kind = f"{compound.cells} cells apart" if args.per_cell else f"{compound.states} states"
    print(f"wrote {path}: {path.stem}, {kind}")
    return 0
