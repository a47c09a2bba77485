"""The command line: python -m benchmarks COMMAND, or spintronic-crossbar COMMAND."""

import sys
import time
from collections.abc import Sequence

from benchmarks.program import program

_START = time.perf_counter()

DESCRIPTION = """\
Neural networks on crossbars of compound SOT-MTJ synapses: what does the circuit cost?

  %(prog)s accuracy --out results     the main job, under half a minute
  %(prog)s COMMAND --help             explains a command and its defaults
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; bad input ends in one line on standard error and status 2."""
    name = program()
    try:
        # here, so that Ctrl-C is caught from now on
        from benchmarks.cli.commands import add_commands
        from benchmarks.cli.parser import Parser

        parser = Parser(prog=name, description=DESCRIPTION)
        add_commands(parser.add_subparsers(dest="command", metavar="COMMAND", required=True))
        args = parser.parse_args(arguments)
        args.start = _START
        name = f"{name} {args.command}"
        return int(args.run(args))
    except (ValueError, OSError, ArithmeticError, MemoryError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{name}: interrupted, no result was written", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
