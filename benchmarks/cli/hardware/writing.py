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
    numbers,
)
from device_models import CompoundMTJ, Variability
from device_models.stacks.errors import MissingEntryError, NotGivenError
from device_models.stacks.stack import Stack
from device_models.switching import Programming, field_free_probability

WAYS = ("open", "verify")
_PULSES = ("pulse_width", "assist_field", "set_voltages", "reset_voltage", "missed")
_MISSED = 1.0  # [%] assumed: 1.4 V of the 1.8 V that three cells of the paper's device bear
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
             f"are chosen [%%]; {_MISSED:g} if not given: less takes them towards breakdown")
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
        made = Programming(**_pulses(args, stack), **_conditions(args, stack, synapse, variability),
                           **_verified(args))
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
    """Width [s], field [T] and voltages [V], given or the stack's own."""
    pulse, field = stack.switching.pulse, stack.switching.assist_field
    if args.pulse_width is None and pulse is None:
        raise MissingEntryError("pulse_ns in [switching]; give --pulse-width NS")
    if args.assist_field is None and field is None:
        raise MissingEntryError("assist_field_mt in [switching]; give --assist-field MT")
    return {
        "pulse": pulse if args.pulse_width is None else NANOSECONDS.to_si(args.pulse_width),
        "assist_field": (sum(field or ()) / 2 if args.assist_field is None
                         else MILLITESLA.to_si(args.assist_field)),
        "set_voltages": args.set_voltages,
        "reset_voltage": args.reset_voltage,
    }


def _conditions(args: argparse.Namespace, stack: Stack, synapse: CompoundMTJ,
                variability: Variability | None) -> dict[str, Any]:
    """The magnet, its temperature, what is known of its spread, and what the barrier bears."""
    t = thickness(args)
    return {
        "magnet": stack.writing_magnet(t, synapse.cells, extrapolate=args.extrapolate),
        "temperature": synapse.mtj.temperature,
        "spread": variability.sigma_v_c if variability else 0.0,
        "cycle_spread": variability.sigma_cycle_v_c if variability else 0.0,
        "field_free": _field_free(stack, t),
        "breakdown_voltage": _breakdown(stack, t, synapse.cells),
    }


def _field_free(stack: Stack, t: float) -> float:
    """Share of compounds that switch without field [1] at the thickness `t` [m]; all, where the
    stack does not say."""
    middle, width = stack.switching.field_free_middle, stack.switching.field_free_width
    if middle is None or width is None:
        return 1.0
    return float(field_free_probability(t, middle, width))


def _breakdown(stack: Stack, t: float, cells: int) -> float | None:
    """Mean breakdown voltage of a compound [V] at the thickness `t` [m], where the stack has one.
    """
    try:
        return float(stack.breakdown.voltage(t, cells))
    except NotGivenError:
        return None


def _verified(args: argparse.Namespace) -> dict[str, Any]:
    """Whether states are read, what may be missed, and what is not as by default."""
    given = {"most_pulses": args.most_pulses,
             "step": SPREAD.to_si(args.voltage_step) if args.voltage_step is not None else None}
    missed = _MISSED if args.missed is None else args.missed
    return {"verify": args.write == "verify", "missed": PROBABILITY.to_si(missed),
            **{name: value for name, value in given.items() if value is not None}}
