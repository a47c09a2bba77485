"""The flags of how states are written, and the fields of `Hardware` that they set."""

import argparse
from typing import Any

from benchmarks.cli.hardware.device import thickness
from benchmarks.cli.parser import count, number
from benchmarks.cli.quantities import (
    MILLITESLA,
    NANOSECONDS,
    PROBABILITY,
    SPREAD,
    WRITES,
    Quantity,
    numbers,
)
from device_models import CompoundMTJ, Variability
from device_models.stacks.errors import MissingEntryError, NotGivenError
from device_models.stacks.stack import Stack
from device_models.stacks.writing import MISSED
from device_models.switching import Programming

WAYS = ("open", "verify")
_PULSES = ("pulse_width", "assist_field", "set_voltages", "reset_voltage", "missed")
_VERIFY = ("most_pulses", "voltage_step")


def add_flags(group: argparse._ArgumentGroup) -> None:
    """Pulses, or a probability alone; nothing fails if neither is given."""
    add = group.add_argument
    add("--write", nargs="?", const="open", choices=WAYS, metavar="WAY",
        help="write by pulses, cell by cell, with the critical currents of --variability: open, a "
             "pulse and no look, which is meant without a word; or verify, reading and correcting "
             "after every pulse")
    add("--pulse-width", type=NANOSECONDS, metavar="NS",
        help="of write pulses [ns]; the stack's pulse_ns if not given")
    add("--assist-field", type=MILLITESLA, metavar="MT",
        help="magnitude [mT]; the middle of the stack's assist_field_mt if not given")
    add("--missed", type=PROBABILITY, metavar="PERCENT",
        help="share of cells that the reset and the last state's pulse may miss, by which voltages "
             f"are chosen [%%]; {PROBABILITY.of_si(MISSED):g} if not given: less takes them "
             "towards breakdown")
    add("--set-voltages", type=numbers, metavar="V,V,..",
        help="of the states from 1 on [V]; chosen if not given")
    add("--reset-voltage", type=number, metavar="V", help="likewise [V]")
    add("--most-pulses", type=count, metavar="N",
        help=f"that --write verify spends on a device; {Programming.most_pulses} if not given")
    add("--voltage-step", type=SPREAD, metavar="PERCENT",
        help="growth of the set voltage from try to try of --write verify [%%]; "
             f"{SPREAD.of_si(Programming.step):g} if not given")
    add("--write-probability", type=WRITES, metavar="PERCENT",
        help="that a cell which a state needs switches at all, instead of --write [%%]")


def fields(args: argparse.Namespace, stack: Stack, synapse: CompoundMTJ,
           variability: Variability | None) -> dict[str, Any]:
    """By name."""
    _check(args)
    if args.write_probability is not None:
        return {"write_probability": WRITES.to_si(args.write_probability)}
    if args.write is None:
        return {}
    try:
        made = stack.programming(
            thickness(args, stack), synapse.cells, variability=variability,
            areas=synapse.areas,
            extrapolate=args.extrapolate, temperature=synapse.mtj.temperature,
            **_pulses(args, stack), **_verified(args))
        return {"programming": made.with_voltages(synapse.cells, synapse.areas)}
    except NotGivenError:
        raise
    except ValueError as error:
        raise ValueError(f"--write: {error} (as flags, --missed in per cent)") from None


def _check(args: argparse.Namespace) -> None:
    """Refuse flags that contradict one another or describe what is not there."""
    if args.write is not None and args.write_probability is not None:
        raise ValueError("--write and --write-probability both say how states are written; "
                         "expected one of them")
    for names, ways in ((_PULSES, WAYS), (_VERIFY, WAYS[1:])):
        for name in names:
            if getattr(args, name) is not None and args.write not in ways:
                needed = " or ".join(f"--write {way}" for way in ways)
                came = "not given" if args.write is None else args.write
                raise ValueError(f"--{name.replace('_', '-')} is of {needed}, and --write is "
                                 f"{came}; add {needed}, or leave it out")


def _pulses(args: argparse.Namespace, stack: Stack) -> dict[str, Any]:
    """Width [s], field [T], voltages [V] and share missed [1], where they are given."""
    drive = stack.switching
    if args.pulse_width is None and drive.pulse is None:
        raise MissingEntryError("pulse_ns in [switching]; give --pulse-width NS")
    if args.assist_field is None and drive.assist_field is None:
        raise MissingEntryError("assist_field_mt in [switching]; give --assist-field MT")
    return {"set_voltages": args.set_voltages, "reset_voltage": args.reset_voltage, **_given(
        pulse=(NANOSECONDS, args.pulse_width), assist_field=(MILLITESLA, args.assist_field),
        missed=(PROBABILITY, args.missed))}


def _verified(args: argparse.Namespace) -> dict[str, Any]:
    """Whether states are read, and what of that is not as by default."""
    most = {} if args.most_pulses is None else {"most_pulses": args.most_pulses}
    return {"verify": args.write == "verify", **most, **_given(step=(SPREAD, args.voltage_step))}


def _given(**flags: tuple[Quantity, float | None]) -> dict[str, float]:
    """Those that are given, in SI."""
    return {name: unit.to_si(value) for name, (unit, value) in flags.items() if value is not None}
