"""The main job: software, ideal and analog accuracy of a network, and its read energy."""

import argparse
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.accuracy.run import Outcome, compare
from benchmarks.cli.hardware import add_hardware, describe, hardware_of
from benchmarks.cli.networks import add_images
from benchmarks.cli.parser import Parser, Subparsers, add_out, count, flags_of
from benchmarks.cli.periphery import add_periphery, described, periphery_of
from benchmarks.inputs.aside import Aside, aside_of
from benchmarks.inputs.datasets import DATASETS, ImageSet, load_test
from benchmarks.inputs.network import describe_network
from benchmarks.inputs.quiet import load_keras
from benchmarks.inputs.weights import BUNDLED_SEEDS, DENSE, TrainedModel, load_trained
from benchmarks.output.files import prepare_folder, versions, write_json
from benchmarks.output.pictures import replacing_picture
from circuits.threads import available_threads
from crossbar import Hardware
from crossbar.stored import Plain, to_plain
from device_models.checks import known

DESCRIPTION = """\
Accuracy of a network in software, with quantised weights, and through the circuit; read energy
of the arrays, which are solved, and with all that stands around them, which is estimated.

  software  the trained Keras model
  ideal     its weights quantised to the synapse's states: no wires, no converters
  analog    the same states in tiles with wires, written, read and converted as given
  calibrated, with --calibrate N: the same with a digital gain and offset per output, fitted on
            N images that none of these figures counts

A number in per cent that looks like a fraction, or in ns like seconds, is asked about; with its
unit, as 0.05%%, it is taken as it is.

Writes accuracy.json, and accuracy.png and .svg. All images are bundled; nothing is downloaded.

examples:
  %(prog)s
  %(prog)s --dataset fashion_mnist --cells 6 --wire 13
  %(prog)s --model lenet --dataset fashion_mnist
  %(prog)s --stack mine.toml --thickness 2.0 --adc-bits 8 --out mine
  %(prog)s --variability stack:shorted=0.1 --write verify --age 10y --seed 3
  %(prog)s --adc 8:offset_spread=0.5:dnl=0.3 --bit-serial 6 --columns-per-adc 8
  %(prog)s --tile 128x128 --wire 3 --calibrate 256
"""


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `accuracy` to the command line."""
    parser = subparsers.add_parser(
        "accuracy", help="the main job: ideal against analog accuracy, and read energy",
        description=DESCRIPTION)
    group = parser.add_argument_group("network")
    add_images(group)
    network = group.add_argument
    network("--model", type=_model, default=DENSE, metavar="NAME",
            help=f"a bundled network, {' or '.join(BUNDLED_SEEDS)}; or the path of a .keras file "
                 "that 'train' wrote")
    network("--images", type=count, metavar="N", help="use the first N test images only")
    network("--calibrate", type=count, metavar="N",
            help="calibrate on N images as well, a fourth figure: the first N training images of "
                 "--data; of the bundled images the last N test images, which are then tested on "
                 "by none of the figures. Ranges of converters are of them too")
    add_hardware(parser)
    add_periphery(parser)
    add_out(parser, "results")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check, compute, print, save."""
    hardware, periphery = hardware_of(args), periphery_of(args)
    stored = to_plain(hardware)  # refuses what could not be read again before anything is solved
    test = load_test(args.dataset, args.data)
    prepare_folder(args.out)
    starting = load_keras()
    trained = _load(args.model, args.dataset, test)
    network = describe_network(args.model, trained.model)
    aside = aside_of(test, args.calibrate)
    left = len(test) - aside.of_test
    images = min(args.images or left, left)
    outcome = compare(trained.model, hardware, test, images, aside.x, periphery)
    seconds = time.perf_counter() - args.start
    result = {"network": network, "seconds": seconds, "seconds_tensorflow_start": starting,
              **_result(args, stored, outcome, trained, images), **_calibrated(outcome, aside)}
    _print(args, network, hardware, outcome, images, aside)
    print(f"time               {seconds:8.1f} s on {available_threads()} processors, "
          f"{starting:.1f} s of it the start of TensorFlow\n")
    print(outcome.energy)
    from benchmarks.accuracy.figure import draw

    with replacing_picture(args.out / "accuracy.png") as picture:
        draw(picture, outcome, images, DATASETS[args.dataset].title)
        write_json(args.out / "accuracy.json", result)
    print(f"\nwrote {args.out / 'accuracy.json'} and {args.out / 'accuracy.png'}, .svg")
    return 0


def _model(text: str) -> str | Path:
    """The name of a bundled network, or a path: what has an ending, or a folder."""
    path = Path(text)
    if path.suffix or path.name != text:
        return path
    try:
        return known("network", text, BUNDLED_SEEDS)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; or give the path of a .keras file") from None


def _load(model: str | Path, dataset: str, test: ImageSet) -> TrainedModel:
    """What --model says: a bundled network, or a file of any network."""
    if isinstance(model, Path):
        return load_trained(dataset, test, model, network=None)
    return load_trained(dataset, test, network=model)


def _result(args: argparse.Namespace, hardware: Plain, outcome: Outcome, trained: TrainedModel,
            images: int) -> dict[str, object]:
    """Everything about a run, for JSON."""
    return {
        "software_accuracy": outcome.software,
        "ideal_accuracy": outcome.ideal,
        "analog_accuracy": outcome.analog,
        "energy_per_inference_j": outcome.energy.total,
        "energy_array_j": outcome.energy.array,
        "energy_periphery_j": outcome.energy.periphery,
        "energy_split_j": outcome.energy.split,
        "energy_layers_j": outcome.energy.layers,
        "images": images,
        "configuration": {**flags_of(args), "hardware": hardware,
                          "periphery": to_plain(outcome.energy.surroundings),
                          "training": asdict(trained.metadata),
                          "versions": versions(), "threads": available_threads()},
    }


def _calibrated(outcome: Outcome, aside: Aside) -> dict[str, object]:
    """What there is to say of a calibration, for JSON."""
    if outcome.calibrated is None:
        return {}
    return {"calibrated_accuracy": outcome.calibrated,
            "calibration": {"images": aside.count, "which": aside.which}}


def _print(args: argparse.Namespace, network: str, hardware: Hardware, outcome: Outcome,
           images: int, aside: Aside) -> None:
    """The result as a table."""
    stack = f"{args.stack}, {args.thickness:g} nm free layer, {args.cells} cells"
    tested = f"{network}; {DATASETS[args.dataset].title}, {images} test images"
    lines = [("network", tested), ("stack", stack), *describe(hardware)]
    print("\n".join(f"{name:<10}{text}" for name, text in lines))
    print(f"\nsoftware accuracy  {outcome.software:8.2%}")
    print(f"ideal accuracy     {outcome.ideal:8.2%}   quantised to the states")
    print(f"analog accuracy    {outcome.analog:8.2%}   through the circuit")
    if outcome.calibrated is not None:
        print(f"calibrated accuracy{outcome.calibrated:8.2%}   digital gain and offset per output, "
              f"fitted on {aside.which}")
    energy = outcome.energy
    print(f"array energy       {energy.array * 1e12:8.1f} pJ   per inference, solved: junctions, "
          "wires and the ends of lines")
    print(f"with periphery     {energy.total * 1e12:8.0f} pJ   estimated: converters, amplifiers, "
          f"drivers, lines, numbers;\n{'':30}{described(energy.surroundings)}")
