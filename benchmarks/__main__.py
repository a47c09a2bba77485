"""The command line: python -m benchmarks COMMAND."""

import time

_START = time.perf_counter()

import sys  # noqa: E402  # the clock starts before the imports
from collections.abc import Sequence  # noqa: E402

from benchmarks import accuracy, speed, train  # noqa: E402
from benchmarks.commandline import Parser  # noqa: E402

DESCRIPTION = """\
Neural networks on crossbars of compound SOT-MTJ synapses: what does the circuit cost?

  python -m benchmarks accuracy --out results     the main job, under half a minute
  python -m benchmarks COMMAND --help             explains a command and its defaults
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; bad input ends in one line on standard error and status 2."""
    parser = Parser(prog="python -m benchmarks", description=DESCRIPTION)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in (accuracy, speed, train):
        module.add_parser(commands)
    args = parser.parse_args(arguments)
    args.start = _START
    try:
        return int(args.run(args))
    except (ValueError, OSError) as error:
        print(f"{parser.prog} {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{parser.prog} {args.command}: interrupted, no result was written", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
