"""The flags of how cells differ, and what they set."""

import argparse
from dataclasses import replace
from typing import Any

from benchmarks.cli import settings
from benchmarks.cli.parser import seed
from benchmarks.cli.quantities import CORRELATION, OHM, PROBABILITY, SHARE, SPREAD
from device_models import Variability
from device_models.stacks.stack import Stack

STARTS = ("stack", "default")
VARIABILITY = {
    **dict.fromkeys(("sigma_r_p", "sigma_tmr", "sigma_h_c", "sigma_v_c", "sigma_cycle_v_c"),
                    SPREAD),
    **dict.fromkeys(("correlation_r_p_tmr", "correlation_h_c_v_c"), CORRELATION),
    "shared": SHARE,
    **dict.fromkeys(("stuck_parallel", "stuck_antiparallel", "shorted", "open_"), PROBABILITY),
    "short_resistance": OHM,
}
"""Settings of a `Variability`."""


def add_flags(group: argparse._ArgumentGroup) -> None:
    """How cells differ from one another, by chance."""
    add = group.add_argument
    add("--seed", type=seed, default=0, help="the chip: of everything that is drawn")
    add("--spread", type=SPREAD, default=0.0, metavar="PERCENT",
        help="of the conductance from device to device, below 100 [%%]")
    add("--variability", nargs="?", const="stack", metavar="stack|default[:KEY=VALUE..]",
        help="spreads and faults cell by cell: those of the stack's [variability], which is meant "
             "without a name, or of device_models.Variability(); then settings, as "
             f"stack:sigma_r_p=4:shorted=0.1, of {settings.listed(VARIABILITY)}")
    add("--by-pattern", action=argparse.BooleanOptionalAction, default=True,
        help="on a channel, a device conducts as chance has put its parallel cells; else as the "
             "mean over all patterns of its state")


def fields(args: argparse.Namespace) -> dict[str, Any]:
    """By name, all but `variability`."""
    return {"seed": args.seed, "spread": SPREAD.to_si(args.spread), "by_pattern": args.by_pattern}


def variability(args: argparse.Namespace, stack: Stack) -> Variability | None:
    """Spreads and faults of cells, if asked for."""
    if args.variability is None:
        return None
    start, given = settings.split("--variability", args.variability, STARTS)
    plain = stack.variability() if start == "stack" else Variability()
    return replace(plain, **settings.read("--variability", given, VARIABILITY))
