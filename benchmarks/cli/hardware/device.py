"""The flags of one device, and the compound that they describe."""

import argparse
import warnings

from benchmarks.cli.parser import count
from benchmarks.cli.quantities import KILOHM, NANOMETRES, TMR, kelvin, numbers
from device_models import MTJ, CompoundMTJ
from device_models.checks import MOST_TMR
from device_models.compound.channel import Channel
from device_models.compound.patterns import MOST_CELLS
from device_models.stacks.errors import OutsideRangeError
from device_models.stacks.stack import Stack

_THICKNESS = 1.9  # [nm] if none is given: that of the paper's networks


def add_flags(group: argparse._ArgumentGroup) -> None:
    """What stands at every cross-point."""
    add = group.add_argument
    add("--stack", default="kumar2024", help="name of a stack, or path to a .toml file")
    add("--thickness", type=NANOMETRES, default=_THICKNESS, metavar="NM", help="free layer [nm]")
    add("--extrapolate", action="store_true", help="allow a thickness outside the stack's range")
    add("--cells", type=count, default=3, metavar="N", help="junctions per synapse")
    add("--areas", type=numbers, metavar="A,A,..",
        help="area of each cell, in junction areas, from the end that is read on: 1,2,4 with "
             "--cells 3 has eight states; equal if not given")
    add("--tmr", type=TMR, metavar="PERCENT",
        help="override the stack's TMR [%%], 1000 or less: what if it were 260")
    add("--r-p", type=KILOHM, metavar="KOHM", help="override the parallel resistance [kohm]")
    add("--temperature", type=kelvin, metavar="K",
        help="of junctions, by the stack's [temperature], and of rows and columns, as of copper "
             "[K]; --wire, --row and --column are those at 300 K")
    add("--channel", action=argparse.BooleanOptionalAction,
        help="read through the write channel that the cells stand on; if neither is given, "
             "through the stack's own where its file has a [channel]")
    add("--both-ends", action="store_true",
        help="the read leaves the channel by both ends, not by one")


def synapse(args: argparse.Namespace, stack: Stack) -> CompoundMTJ:
    """The compound that the flags describe."""
    if args.areas is not None and len(args.areas) != args.cells:
        raise ValueError(f"--areas has {len(args.areas)} areas and --cells is {args.cells}; "
                         "expected one area for each cell")
    return CompoundMTJ(_junction(args, stack), args.cells, _channel(args, stack), args.areas)


def thickness(args: argparse.Namespace, stack: Stack) -> float:
    """Of the free layer [m]; OutsideRangeError, which names the flags, where the stack ends."""
    t = NANOMETRES.to_si(args.thickness)
    if args.extrapolate:
        return t
    try:
        return stack.inside(t)
    except OutsideRangeError:
        low, high = (NANOMETRES.of_si(end) for end in stack.thickness_range)
        near = min(max(args.thickness, low), high)
        came = ", its default" if args.thickness == _THICKNESS else ""
        raise OutsideRangeError(
            f"--thickness is {args.thickness:g} nm{came}; expected {low:g} to {high:g} nm, which "
            f"stack {stack.name!r} covers: give --thickness {near:g}, or add --extrapolate to go "
            "beyond it on purpose") from None


def _channel(args: argparse.Namespace, stack: Stack) -> Channel | None:
    """The stack's own, unless it is not wanted or, with neither flag given, there is none."""
    wanted = args.channel
    if wanted is None:
        wanted = stack.tables.channel is not None
    if args.both_ends and not wanted:
        why = ("--no-channel says" if args.channel is False else
               f"the file of stack {stack.name!r} has no [channel]; it follows")
        raise ValueError(f"--both-ends is of a channel, and {why} that there is none; leave one "
                         "of them out")
    if wanted and args.channel is None and args.cells > MOST_CELLS:
        raise ValueError(f"--cells is {args.cells}; expected {MOST_CELLS} or fewer on the channel "
                         f"of stack {stack.name!r}: add --no-channel to read more without it")
    return stack.write_channel(args.both_ends) if wanted else None


def _junction(args: argparse.Namespace, stack: Stack) -> MTJ:
    """The junction that the flags describe; of a TMR that is too large they ask in per cent."""
    override = args.tmr is not None
    if override and args.tmr > 100 * MOST_TMR:
        warnings.warn(f"--tmr is {args.tmr:g} %; expected {100 * MOST_TMR:g} or less: it is in per "
                      "cent", UserWarning, 4)
    with warnings.catch_warnings():
        if override:
            warnings.filterwarnings("ignore", "tmr is", UserWarning)  # which asks for a fraction
        return stack.mtj(
            thickness(args, stack),
            r_p=None if args.r_p is None else KILOHM.to_si(args.r_p),
            tmr=TMR.to_si(args.tmr) if override else None,
            temperature=args.temperature,
            extrapolate=args.extrapolate,
        )
