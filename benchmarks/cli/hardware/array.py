"""The flags of an array, and the fields of `Hardware` that they set."""

import argparse
from typing import Any

from benchmarks.cli.choices import choose, listed
from benchmarks.cli.parser import number, size
from circuits import ColumnSense, RowDrive, Wires
from crossbar.mapping import GAINS, MAPPINGS, SCALES

DRIVES = {end.name.lower(): end for end in RowDrive}
SENSES = {end.name.lower(): end for end in ColumnSense}


def add_flags(group: argparse._ArgumentGroup) -> None:
    """How weights stand in arrays, and what their wires are."""
    add = group.add_argument
    add("--mapping", default="differential", help=listed(MAPPINGS))
    add("--scale", default="least-squares", help=f"at which states are found: {listed(SCALES)}")
    add("--gain", default="renormalised", help=f"behind the columns: {listed(GAINS)}")
    add("--analog-bias", action="store_true", help="biases as a row, instead of digital")
    add("--wire", type=number, default=1.0, metavar="OHM",
        help="one segment of a row or column [ohm]; 1 is about a wire 1 um wide at the "
             "compound's pitch of 4-5 um")
    add("--row", type=number, metavar="OHM", help="one row segment, if not --wire [ohm]")
    add("--column", type=number, metavar="OHM", help="one column segment, if not --wire [ohm]")
    add("--source", type=number, default=0.0, metavar="OHM", help="driver output [ohm]")
    add("--sense", type=number, default=0.0, metavar="OHM", help="amplifier input [ohm]")
    add("--access", type=number, default=0.0, metavar="OHM",
        help="access transistor in series with each device, switched on [ohm]")
    add("--row-drive", choices=DRIVES, default="left", metavar="END",
        help=f"driven end of every row: {', '.join(DRIVES)}")
    add("--column-sense", choices=SENSES, default="bottom", metavar="END",
        help=f"sensed end of every column: {', '.join(SENSES)}")
    add("--tile", type=size, default="64x64", metavar="ROWSxCOLUMNS",
        help="physical size of one array")


def fields(args: argparse.Namespace) -> dict[str, Any]:
    """By name."""
    return {
        "wires": _wires(args),
        "mapping": choose("mapping", args.mapping, MAPPINGS),
        "scale": choose("scale", args.scale, SCALES),
        "gain": choose("gain", args.gain, GAINS),
        "analog_bias": args.analog_bias,
        "drive": DRIVES[args.row_drive],
        "sense": SENSES[args.column_sense],
        "tile": args.tile,
    }


def _wires(args: argparse.Namespace) -> Wires:
    row = args.wire if args.row is None else args.row
    column = args.wire if args.column is None else args.column
    cold = Wires(row, column, args.source, args.sense, args.access)
    return cold if args.temperature is None else cold.at_temperature(args.temperature)
