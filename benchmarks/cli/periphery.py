"""The flags of what stands around the arrays, as far as it costs."""

import argparse

from benchmarks.cli.parser import count
from benchmarks.cli.quantities import Quantity
from crossbar import Periphery
from crossbar.cost.periphery.nodes import NODES
from device_models.checks import known

PRESETS = {"median": Periphery.median, "best-tenth": Periphery.best_tenth, "best": Periphery.best}
NODE = Quantity("nm", -9, "in metres", (1.0, 1000.0))


def add_periphery(parser: argparse.ArgumentParser) -> None:
    """Flags that set a `Periphery`."""
    add, default = parser.add_argument_group("periphery").add_argument, Periphery()
    add("--periphery", type=_preset, default="median", metavar="PRESET",
        help=f"current converters as good as those published since 2020: {', '.join(PRESETS)}")
    add("--node", type=NODE, default=NODE.of_si(default.node), metavar="NM",
        help=f"CMOS around the arrays, {NODE.of_si(NODES[-1].length):g} to "
             f"{NODE.of_si(NODES[0].length):g} [nm]")
    add("--assumed-bits", type=count, default=default.assumed_bits, metavar="BITS",
        help="what converters are counted with whose bits are not given")
    add("--tiles-in-turn", action="store_true",
        help="arrays of a layer one after another, with one periphery for all")


def periphery_of(args: argparse.Namespace) -> Periphery:
    """What the flags describe."""
    return PRESETS[args.periphery](node=NODE.to_si(args.node), assumed_bits=args.assumed_bits,
                                   parallel_tiles=not args.tiles_in_turn)


def described(periphery: Periphery) -> str:
    """What a periphery is, in a line."""
    share = getattr(periphery.adc, "share", None)
    adc = f"ADC {share} of the survey" if share else type(periphery.adc).__name__
    return (f"{NODE.of_si(periphery.node):g} nm, {adc}, {periphery.assumed_bits} bits where none "
            "are given")


def _preset(text: str) -> str:
    try:
        return known("preset", text, PRESETS)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
