"""The flags that describe hardware, the hardware they describe, and its description."""

import argparse

from benchmarks.cli.hardware import ageing, array, cells, converters, device, reading, writing
from benchmarks.cli.hardware.describe import describe
from crossbar import Hardware
from device_models import load_stack

__all__ = ["add_hardware", "describe", "hardware_of"]

_GROUPS = {"device": device, "array": array, "cells": cells, "write": writing, "time": ageing,
           "read": reading, "converters": converters}


def add_hardware(parser: argparse.ArgumentParser) -> None:
    """Flags for the device, the array and its periphery."""
    for title, group in _GROUPS.items():
        group.add_flags(parser.add_argument_group(title))


def hardware_of(args: argparse.Namespace) -> Hardware:
    """The hardware that the flags describe; command-line units become SI here."""
    stack = load_stack(args.stack)
    synapse, variability = device.synapse(args, stack), cells.variability(args, stack)
    return Hardware(synapse, **array.fields(args), **cells.fields(args), variability=variability,
                    **writing.fields(args, stack, synapse, variability), **ageing.fields(args),
                    **reading.fields(args, stack), **converters.fields(args))
