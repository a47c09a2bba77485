"""How much accuracy can be won back: a table of arrays by steps, and a picture of it."""

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.cli.hardware import add_hardware, describe, hardware_of
from benchmarks.cli.networks import first_seeds, network
from benchmarks.cli.parser import Parser, Subparsers, add_out, count
from benchmarks.inputs.datasets import DATASETS, load_test
from benchmarks.inputs.quiet import load_keras
from benchmarks.inputs.weights import BUNDLED_SEEDS, DENSE
from benchmarks.output.files import prepare_folder, versions, write_json
from benchmarks.output.pictures import replacing_picture
from benchmarks.recover.arrays import DEFAULT, arrays
from benchmarks.recover.recipe import Recipe
from benchmarks.recover.result import RecoverResult
from circuits.threads import available_threads
from crossbar import Hardware
from crossbar.stored import to_plain
from device_models.checks import known

STEP_NAMES = ("calibrate", "map", "train")
SHIFTS = {"mnist": 1}
"""Pixels by which images of a set are shifted in training, if it does not say."""

DESCRIPTION = """\
How much of the accuracy that arrays cost can be won back, step by step.

  as mapped  each weight in its nearest state
  calibrate  a digital gain and offset for every output, fitted on a few hundred images
  map        states, rows and columns chosen so that what comes through the wires is nearest to the
             weights; calibrated
  train      trained further in these states, through the wires; calibrated

Test images are seen by none of these: gains, maps and training take training images, whose last
5,000 are left out and tried as validation (the networks in full precision have seen these).
For the default arrays and hardware the states of every step are bundled: the table takes under a
minute and no training images. Anything else is computed from those of --data, and kept in
OUT/states, so that the same command goes on where it was interrupted.

Devices are read without the channel between their cells; --channel for it.

Writes recover.json, and recover.png and .svg.

examples:
  %(prog)s
  %(prog)s --dataset fashion_mnist --seeds 3
  %(prog)s --arrays 128x128:10 --data keras --steps calibrate,map
  %(prog)s --cells 1 --data ~/images --train --epochs 20 --out one_cell
  %(prog)s --model lenet --dataset fashion_mnist --arrays 128x128:3 --seeds 1 --data keras
"""


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `recover` to the command line."""
    parser = subparsers.add_parser(
        "recover", help="accuracy won back: calibration, mapping through the wires, training",
        description=DESCRIPTION)
    study = parser.add_argument_group("study").add_argument
    study("--dataset", default="mnist", help=" or ".join(DATASETS))
    study("--data", default="bundled", metavar="SOURCE",
          help="of training images where they are needed: 'keras' (downloads) or a folder with "
               "Keras' npz files; test images come from there too. 'bundled' has none")
    study("--model", type=network, default=DENSE, metavar="NAME", help=" or ".join(BUNDLED_SEEDS))
    study("--arrays", type=arrays, default=DEFAULT, metavar="ROWSxCOLUMNS:OHM,..",
          help="size of arrays and resistance of a wire segment")
    study("--steps", type=_steps, default=",".join(STEP_NAMES), metavar="STEP,..",
          help=f"some of {', '.join(STEP_NAMES)}")
    study("--seeds", type=count, default=3, metavar="N",
          help="networks, and chips where devices differ from chip to chip; 95%% intervals are "
               "over these")
    study("--calibration", type=count, default=2048, metavar="N",
          help="training images for ranges, gains and maps")
    recipe = parser.add_argument_group("training").add_argument
    recipe("--train", action="store_true", help="compute again what is bundled")
    default = Recipe()
    recipe("--baseline", action="store_true",
           help="train the networks further in full precision, too, by the same recipe: what of "
                "the gain is the training alone, without any array")
    recipe("--epochs", type=count, default=default.epochs, help="passes over the images")
    recipe("--batch-size", type=count, default=default.batch_size, help="images per step")
    recipe("--shift", type=_whole, metavar="PIXELS",
           help="each image moves by up to so many pixels each time it is seen; 1 for digits and 0 "
                "for fashion if not given")
    recipe("--renew", type=count, default=default.renew, metavar="STEPS",
           help="steps between solutions of the circuits")
    recipe("--chips", type=_whole, metavar="N",
           help="chips that are drawn at each renewal, so that what is trained suits any; 0 trains "
                "for the one chip. 4 if not given where devices differ, else 0")
    add_hardware(parser)
    parser.set_defaults(channel=False, tile=None, wire=None)
    add_out(parser, "results")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check, compute, print, save."""
    for name in ("tile", "wire", "row", "column"):
        if getattr(args, name) is not None:
            raise ValueError(f"--{name} is of all arrays here; expected it in --arrays, as "
                             "--arrays 64x64:1")
    args.tile, args.wire = args.arrays[0].tile, args.arrays[0].wire
    hardware = hardware_of(args)
    if hardware.analog_bias:
        raise ValueError("--analog-bias leaves no digital bias to hold offsets; expected without")
    seeds = first_seeds(args.model, args.seeds)
    test = load_test(args.dataset, args.data)
    folder: Path = args.out / "states"
    prepare_folder(folder)
    load_keras()
    from benchmarks.recover.figure import draw
    from benchmarks.recover.run import Study

    differ = bool(hardware.imperfections.effects or hardware.imperfections.variability is not None)
    chips = args.chips if args.chips is not None else 4 if differ else 0
    shift = args.shift if args.shift is not None else SHIFTS.get(args.dataset, 0)
    recipe = Recipe(args.epochs, args.batch_size, shift=shift, renew=args.renew, chips=chips)
    study = Study(args.model, test, args.data, hardware, args.steps, recipe, args.calibration,
                  args.train, folder)
    software, found = study.run(args.arrays, seeds)
    baselines = study.baselines(seeds) if args.baseline else None
    result = RecoverResult(
        DATASETS[args.dataset].title, args.model, len(test), seeds, software, found,
        time.perf_counter() - args.start,
        {"hardware": to_plain(hardware), "recipe": asdict(recipe), "calibration": args.calibration,
         "versions": versions(), "threads": available_threads()}, baselines)
    _print(result, hardware)
    with replacing_picture(args.out / "recover.png") as picture:
        draw(picture, result)
        write_json(args.out / "recover.json", result)
    print(f"\nwrote {args.out / 'recover.json'} and {args.out / 'recover.png'}, .svg")
    return 0


def _whole(text: str) -> int:
    """A whole number, 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def _steps(text: str) -> tuple[str, ...]:
    """Some steps, in their order."""
    asked = [part.strip() for part in text.split(",") if part.strip()]
    try:
        chosen = {known("step", part, STEP_NAMES) for part in asked}
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return tuple(name for name in STEP_NAMES if name in chosen)


def _print(result: RecoverResult, hardware: Hardware) -> None:
    """The table: mean accuracies with intervals, and what each step took."""
    ends = hardware.wires.source or hardware.wires.sense
    lines = [("network", f"{result.network}; {result.title}, {result.images} test images"),
             *[(name, text) for name, text in describe(hardware)
               if name not in (("tiles",) if ends else ("tiles", "wires"))]]
    print("\n".join(f"{name:<10}{text}" for name, text in lines))
    steps = [each.step for each in result.arrays[0].steps]
    print(f"\n{'accuracy, %':<24}{'software':>10}" + "".join(f"{step:>16}" for step in steps))
    software = sum(result.software) / len(result.software)
    for row in result.arrays:
        cells = "".join(f"{_cell(each.mean, each.half):>16}" for each in row.steps)
        print(f"{row.array:<24}{100 * software:>10.2f}{cells}")
    if result.baselines is not None:
        further = 100 * sum(result.baselines) / len(result.baselines)
        print(f"{'in full precision, trained further by the same recipe':<24}{further:>8.2f}")
    print(f"\n{'seconds a network':<24}{'':>10}{'':>16}")
    for row in result.arrays:
        cells = "".join(f"{sum(each.seconds) / len(each.seconds):>16.1f}" for each in row.steps)
        print(f"{row.array:<24}{'':>10}{cells}")
    many = f"mean of {len(result.seeds)} seeds with its 95 % interval" if len(
        result.seeds) > 1 else f"seed {result.seeds[0]}"
    bundled = any(each.source == "bundled" for row in result.arrays for each in row.steps)
    print(f"\n{many}; seconds are those of the step by itself"
          + (", when the bundled states were made" if bundled else ""))


def _cell(mean: float, half: float | None) -> str:
    return f"{100 * mean:.2f}" + ("" if half is None else f" +- {100 * half:.2f}")
