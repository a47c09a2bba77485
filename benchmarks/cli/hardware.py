"""The flags that describe hardware, and the hardware they describe."""

import argparse
import warnings

from benchmarks.cli.choices import choose, listed, text_of
from benchmarks.cli.parser import count, number, seed, size, spread
from circuits import Wires
from crossbar import Hardware
from crossbar.mapping import GAINS, MAPPINGS, SCALES
from device_models import MTJ, CompoundMTJ, load_stack
from device_models.checks import MOST_TMR


def add_hardware(parser: argparse.ArgumentParser) -> None:
    """Flags for the device, the array and its periphery."""
    device = parser.add_argument_group("device").add_argument
    device("--stack", default="kumar2024", help="name of a stack, or path to a .toml file")
    device("--thickness", type=number, default=1.9, metavar="NM", help="free layer [nm]")
    device("--extrapolate", action="store_true", help="allow a thickness outside the stack's range")
    device("--cells", type=count, default=3, metavar="N", help="junctions per synapse")
    device("--tmr", type=number, metavar="PERCENT",
           help="override the stack's TMR [%%], 1000 or less: what if it were 260")
    device("--r-p", type=number, metavar="KOHM", help="override the parallel resistance [kohm]")
    device("--spread", type=spread, default=0.0, metavar="PERCENT",
           help="device-to-device spread of conductance, below 100 [%%]")
    array = parser.add_argument_group("array").add_argument
    array("--mapping", default="differential", help=listed(MAPPINGS))
    array("--scale", default="least-squares", help=f"at which states are found: {listed(SCALES)}")
    array("--gain", default="renormalised", help=f"behind the columns: {listed(GAINS)}")
    array("--wire", type=number, default=1.0, metavar="OHM",
          help="one segment of a row or column [ohm]; 1 is about a wire 1 um wide at the "
               "compound's pitch of 4-5 um")
    array("--row", type=number, metavar="OHM", help="one row segment, if not --wire [ohm]")
    array("--column", type=number, metavar="OHM", help="one column segment, if not --wire [ohm]")
    array("--source", type=number, default=0.0, metavar="OHM", help="driver output [ohm]")
    array("--sense", type=number, default=0.0, metavar="OHM", help="amplifier input [ohm]")
    array("--tile", type=size, default="64x64", metavar="ROWSxCOLUMNS",
          help="physical size of one array")
    read = parser.add_argument_group("read").add_argument
    read("--read-voltage", type=number, default=0.1, metavar="V", help="of a full input [V]")
    read("--read-time", type=number, default=30.0, metavar="NS", help="pulse length [ns]")
    read("--dac-bits", type=count, metavar="BITS", help="input resolution; ideal if not given")
    read("--adc-bits", type=count, metavar="BITS", help="current resolution; ideal if not given")
    read("--analog-bias", action="store_true", help="biases as a row, instead of digital")
    read("--seed", type=seed, default=0, help="of the device spread")


def hardware_of(args: argparse.Namespace) -> Hardware:
    """The hardware that the flags describe; command-line units become SI here."""
    mtj = _junction(args)
    row = args.wire if args.row is None else args.row
    column = args.wire if args.column is None else args.column
    return Hardware(
        CompoundMTJ(mtj, args.cells),
        wires=Wires(row, column, args.source, args.sense),
        mapping=choose("mapping", args.mapping, MAPPINGS),
        scale=choose("scale", args.scale, SCALES),
        gain=choose("gain", args.gain, GAINS),
        tile=args.tile,
        read_voltage=args.read_voltage,
        read_time=args.read_time * 1e-9,
        dac_bits=args.dac_bits,
        adc_bits=args.adc_bits,
        seed=args.seed,
        spread=args.spread / 100,
        analog_bias=args.analog_bias,
    )


def _junction(args: argparse.Namespace) -> MTJ:
    """The junction that the flags describe; of a TMR that is too large they ask in per cent."""
    stack, override = load_stack(args.stack), args.tmr is not None
    if override and args.tmr > 100 * MOST_TMR:
        warnings.warn(f"--tmr is {args.tmr:g} %; expected {100 * MOST_TMR:g} or less: it is in per "
                      "cent", UserWarning, 3)
    with warnings.catch_warnings():
        if override:
            warnings.filterwarnings("ignore", "tmr is", UserWarning)  # which asks for a fraction
        return stack.mtj(
            args.thickness * 1e-9,
            r_p=None if args.r_p is None else args.r_p * 1e3,
            tmr=args.tmr / 100 if override else None,
            extrapolate=args.extrapolate,
        )


def describe(hardware: Hardware) -> list[tuple[str, str]]:
    """What a reader of a result needs to know of the hardware: pairs of name and text."""
    synapse, wires = hardware.synapse, hardware.wires
    g = synapse.conductances(hardware.read_voltage) * 1e6
    bits = [("ideal" if b is None else f"{b} bit") for b in (hardware.dac_bits, hardware.adc_bits)]
    return [
        ("states", f"{len(g)}, {g[0]:.1f} to {g[-1]:.1f} uS at {hardware.read_voltage:g} V"),
        ("mapping", f"{text_of(hardware.mapping, MAPPINGS)}, scale "
                    f"{text_of(hardware.scale, SCALES)}, gain {text_of(hardware.gain, GAINS)}"),
        ("wires", f"{wires.row:g} ohm per row segment, {wires.column:g} per column segment, "
                  f"source {wires.source:g}, sense {wires.sense:g}"),
        ("tiles", f"{hardware.tile[0]} x {hardware.tile[1]}"),
        ("read", f"{hardware.read_voltage:g} V, {hardware.read_time * 1e9:g} ns, "
                 f"inputs {bits[0]}, currents {bits[1]}"),
        ("spread", f"{hardware.spread * 100:g} %, seed {hardware.seed}"),
    ]
