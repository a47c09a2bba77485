"""What a read costs: where the energy of an inference goes, and what accuracy costs in energy."""

import argparse
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from benchmarks.cli.hardware import add_hardware, describe, hardware_of
from benchmarks.cli.networks import add_images, first_seeds, network
from benchmarks.cli.parser import Parser, Subparsers, add_out, count, flags_of
from benchmarks.cli.periphery import add_periphery, described, periphery_of
from benchmarks.energy.vary import VARIED, listed, varied
from benchmarks.inputs.datasets import DATASETS, ImageSet, load_test
from benchmarks.inputs.network import describe_network
from benchmarks.inputs.quiet import load_keras
from benchmarks.inputs.weights import BUNDLED_SEEDS, DENSE
from benchmarks.output.files import prepare_folder, versions, write_json
from benchmarks.output.pictures import replacing_picture
from circuits.threads import available_threads
from crossbar.stored import to_plain

if TYPE_CHECKING:
    from benchmarks.energy.result import VaryResult

DESCRIPTION = """\
What an inference costs: energy by part, layer and image, latency, area, and figures of merit.

The arrays' energy is that of the solved circuits, for the actual images; what stands around them
is estimated ('print(crossbar.Periphery())' states every number with its source). Converters whose
bits are not given count with those of --assumed-bits. With --write, what writing took is printed
too.

With --vary accuracy is drawn against energy while one parameter changes, with its Pareto front, its
knee and 95 %% intervals over networks and chips. Read noise makes the read voltage a trade-off: add
--read-noise.

Writes energy.json, and energy.png and .svg; with --vary energy_NAME.json, .png and .svg, and keeps
points that are done in energy_points.jsonl: the same command goes on where it was interrupted.

examples:
  %(prog)s
  %(prog)s --model lenet --dataset fashion_mnist --adc-bits 8 --dac-bits 8 --periphery best-tenth
  %(prog)s --write verify --images 1000
  %(prog)s --vary read_voltage --read-noise --images 1000
  %(prog)s --vary adc_bits=4,5,6,8 --dac-bits 8 --seeds 5
"""
_IMAGES = 1000  # of a point, by default


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `energy` to the command line."""
    parser = subparsers.add_parser(
        "energy", help="what a read costs: energy, latency, area; accuracy against energy",
        description=DESCRIPTION)
    group = parser.add_argument_group("study")
    add_images(group)
    study = group.add_argument
    study("--model", type=network, default=DENSE, metavar="NAME", help=" or ".join(BUNDLED_SEEDS))
    study("--images", type=count, metavar="N",
          help=f"the first N test images; all if not given, {_IMAGES} with --vary")
    study("--vary", type=varied, metavar="NAME[=VALUE,..]", help=listed())
    study("--seeds", type=count, metavar="N",
          help="networks, each on a chip of its own, with --vary; 3, or as many as there are")
    add_hardware(parser)
    add_periphery(parser)
    add_out(parser, "results")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check, compute, print, save."""
    if args.vary is None and args.seeds is not None:
        raise ValueError("--seeds is of points of --vary; expected it with --vary, or --seed for "
                         "another chip")
    if args.vary is not None:
        _check_flags(args)
    test = load_test(args.dataset, args.data)
    images = args.images or (len(test) if args.vary is None else _IMAGES)
    if images > len(test):
        raise ValueError(f"--images is {images}; expected {len(test)} or fewer")
    return (_whole if args.vary is None else _varied)(args, test, images)


def _whole(args: argparse.Namespace, test: ImageSet, images: int) -> int:
    """One network on one hardware."""
    hardware, periphery = hardware_of(args), periphery_of(args)
    stored = to_plain(hardware)
    prepare_folder(args.out)
    load_keras()
    from benchmarks.energy.split import measure
    from benchmarks.energy.split_figure import draw

    model, found = measure(args.model, test, images, hardware, periphery)
    lines = [("network", f"{describe_network(args.model, model)}; {DATASETS[args.dataset].title}, "
                         f"{images} test images"),
             *describe(hardware), ("periphery", described(periphery))]
    print("\n".join(f"{name:<10}{text}" for name, text in lines))
    print("\n" + "\n\n".join(found.printed()))
    with replacing_picture(args.out / "energy.png") as picture:
        draw(picture, found, DATASETS[args.dataset].title)
        write_json(args.out / "energy.json", {
            **found.numbers(), "seconds": time.perf_counter() - args.start,
            "configuration": _configuration(args, hardware=stored,
                                            periphery=to_plain(periphery))})
    print(f"\nwrote {args.out / 'energy.json'} and {args.out / 'energy.png'}, .svg")
    return 0


def _varied(args: argparse.Namespace, test: ImageSet, images: int) -> int:
    """A parameter at several values."""
    name, values = args.vary
    periphery = periphery_of(args)
    seeds = first_seeds(args.model, args.seeds or min(3, len(BUNDLED_SEEDS[args.model])))
    hardware = [hardware_of(VARIED[name].flags(args, value)) for value in values]
    stored = [to_plain(each) for each in hardware]
    prepare_folder(args.out)
    load_keras()
    from benchmarks.energy.result import VaryResult
    from benchmarks.energy.run import Study, code
    from benchmarks.energy.vary_figure import draw
    from benchmarks.output.points import Points

    points = Points(args.out / "energy_points.jsonl", code())
    if points.told:
        print(f"{args.out}: {points.told}", file=sys.stderr)
    try:
        found = Study(args.model, test, images, periphery, points).run(values, hardware, seeds)
    finally:
        points.close()
    result = VaryResult(
        DATASETS[args.dataset].title, args.model, name, VARIED[name].title, images, seeds, found,
        time.perf_counter() - args.start,
        _configuration(args, hardware=stored, periphery=to_plain(periphery)))
    _print(result, described(periphery))
    files = [args.out / f"energy_{name}{ending}" for ending in (".json", ".png")]
    with replacing_picture(files[1]) as picture:
        draw(picture, result)
        write_json(files[0], {**asdict(result), "front": result.front("total"),
                              "knee": result.knee("total")})
    print(f"\nwrote {files[0]} and {files[1]}, .svg")
    return 0


def _check_flags(args: argparse.Namespace) -> None:
    """Refuse flags that the values of --vary would overrule."""
    name, _ = args.vary
    parser = Parser()
    add_hardware(parser)
    default = parser.parse_args([])
    for flag in VARIED[name].instead_of:
        if getattr(args, flag) != getattr(default, flag):
            raise ValueError(f"--{flag.replace('_', '-')} is what --vary {name} changes; expected "
                             "one of them")


def _configuration(args: argparse.Namespace, **more: object) -> dict[str, object]:
    return {**flags_of(args), **more, "versions": versions(), "threads": available_threads()}


def _print(result: "VaryResult", periphery: str) -> None:
    """The table, and what is best in it."""
    many = f"mean of {len(result.seeds)} networks and chips with its 95 % interval" if len(
        result.seeds) > 1 else "one network on one chip"
    print(f"{result.title}, {result.network}, {result.images} test images; {many}\nperiphery "
          f"{periphery}\n")
    print(f"{result.parameter:>28}{'accuracy, %':>18}{'arrays, pJ':>14}{'in all, nJ':>14}"
          f"{'latency, us':>14}{'area, mm2':>12}")
    front, knee = result.front("total"), result.knee("total")
    for number, point in enumerate(result.points):
        half = point.half("accuracy")
        accuracy = f"{100 * point.mean('accuracy'):.2f}" + (
            "" if half is None else f" +- {100 * half:.2f}")
        mark = "  knee" if number == knee else "  front" if number in front else ""
        print(f"{point.value:>28g}{accuracy:>18}{1e12 * point.mean('array'):>14.4g}"
              f"{1e9 * point.mean('total'):>14.4g}{1e6 * point.mean('latency'):>14.4g}"
              f"{1e6 * point.mean('area'):>12.4g}{mark}")
    alone = result.knee("array")
    if alone is not None:
        print(f"\nknee of accuracy against the energy of the arrays alone: "
              f"{result.points[alone].value:g}")
    print("\nfront: no other value has more accuracy for less energy in all; knee: the point of "
          "the front\nfarthest above the line between its ends, over the logarithm of energy")
