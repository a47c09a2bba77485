"""What all commands share: help, arguments with units, and errors that say what to do."""

import argparse
import difflib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from device_models.checks import known


class HelpFormatter(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Shows defaults where there are any and keeps the line breaks of the description."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help if action.default is None else super()._get_help_string(action)


class Parser(argparse.ArgumentParser):
    """A parser that names the nearest match of an unknown flag or command."""

    def __init__(self, prog: str | None = None, description: str | None = None) -> None:
        super().__init__(prog, description=description, formatter_class=HelpFormatter,
                         allow_abbrev=False)

    def parse_known_args(  # type: ignore[override]  # its namespaces of other classes are unused
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As the base class, but unknown flags are errors of the command they were given to."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(self._unknown(unknown[0]))
        return found, unknown

    def _check_value(self, action: argparse.Action, value: str) -> None:
        if action.choices is not None and value not in action.choices:
            try:
                known(str(action.metavar).lower(), value, action.choices)
            except ValueError as error:
                raise argparse.ArgumentError(None, str(error)) from None

    def error(self, message: str) -> NoReturn:
        """Print one line and end with status 2."""
        self.exit(2, f"{self.prog}: {message}\ntry: {self.prog} --help\n")

    def _unknown(self, argument: str) -> str:
        flags = [flag for flag in self._option_string_actions if flag.startswith("--")]
        close = difflib.get_close_matches(argument.split("=")[0], flags, n=1, cutoff=0.5)
        return f"unknown argument {argument!r}" + (f"; did you mean {close[0]}?" if close else "")


Subparsers = argparse._SubParsersAction  # the type argparse has no public name for


def count(text: str) -> int:
    """A whole number, 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return int(text)


def seed(text: str) -> int:
    """A seed of NumPy and TensorFlow."""
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 4294967295")
    return int(text)


def number(text: str) -> float:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not a finite number")
    return value


def size(text: str) -> tuple[int, int]:
    """ROWSxCOLUMNS, as 64x64."""
    rows, _, columns = text.lower().partition("x")
    try:
        return count(rows), count(columns)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{text!r} is not ROWSxCOLUMNS, as 64x64") from None


def add_out(parser: argparse.ArgumentParser, default: str) -> None:
    """The flag --out."""
    parser.add_argument("--out", type=Path, default=Path(default), metavar="DIR",
                        help="folder for the results; made if missing")


def flags_of(args: argparse.Namespace) -> dict[str, object]:
    """All flags of a command, for JSON."""
    return {name: str(value) if isinstance(value, Path) else value
            for name, value in vars(args).items() if name not in ("run", "start", "command")}
