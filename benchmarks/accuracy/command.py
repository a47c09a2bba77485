"""The main job: software, ideal and analog accuracy of a network, and its read energy."""

import argparse
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

import crossbar
from benchmarks.cli.hardware import add_hardware, describe, hardware_of
from benchmarks.cli.parser import Parser, Subparsers, add_out, count
from benchmarks.inputs.datasets import DATASETS, ImageSet, load_test
from benchmarks.inputs.quiet import load_keras
from benchmarks.inputs.weights import TrainedModel, load_trained
from benchmarks.output.files import prepare_folder, replacing, versions, write_json
from circuits.threads import available_threads
from crossbar import Hardware

if TYPE_CHECKING:
    import keras

    from crossbar import EnergyReport

DESCRIPTION = """\
Accuracy of a network in software, with quantised weights, and through the circuit; read energy.

  software  the trained Keras model
  ideal     its weights quantised to the synapse's states: no wires, no converters
  analog    the same states in tiles with wires, read and converted as given

Writes accuracy.json and accuracy.png. All images are bundled; nothing is downloaded.

examples:
  python -m benchmarks accuracy
  python -m benchmarks accuracy --dataset fashion_mnist --cells 6 --wire 13
  python -m benchmarks accuracy --stack mine.toml --thickness 2.0 --adc-bits 8 --out mine
"""

CALIBRATION = 512  # images that set input and converter ranges
_BATCH = 500


@dataclass(frozen=True)
class Outcome:
    """Results of one run of the main job: accuracies in 0..1, energy per inference."""

    software: float
    ideal: float
    analog: float
    energy: "EnergyReport"
    quantised: NDArray[np.float64]
    realised: NDArray[np.float64]


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `accuracy` to the command line."""
    parser = subparsers.add_parser(
        "accuracy", help="the main job: ideal against analog accuracy, and read energy",
        description=DESCRIPTION)
    network = parser.add_argument_group("network").add_argument
    network("--dataset", default="mnist", help=" or ".join(DATASETS))
    network("--data", default="bundled", metavar="SOURCE",
            help="'bundled', 'keras' (downloads) or a folder with Keras' npz files")
    network("--model", type=Path, metavar="FILE",
            help="a .keras file that 'train' wrote; the bundled weights if not given")
    network("--images", type=count, metavar="N", help="use the first N test images only")
    add_hardware(parser)
    add_out(parser, "results")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check, compute, print, save."""
    hardware = hardware_of(args)
    test = load_test(args.dataset, args.data)
    prepare_folder(args.out)
    load_keras()
    trained = load_trained(args.dataset, test, args.model)
    images = min(args.images or len(test), len(test))
    outcome = compare(trained.model, hardware, test, images)
    seconds = time.perf_counter() - args.start
    result = _result(args, outcome, trained, images, seconds)
    _print(args, hardware, outcome, images, seconds)
    from benchmarks.accuracy.figure import draw

    with replacing(args.out / "accuracy.png") as picture:
        draw(picture, outcome, images, DATASETS[args.dataset].title)
        write_json(args.out / "accuracy.json", result)
    print(f"\nwrote {args.out / 'accuracy.json'} and {args.out / 'accuracy.png'}")
    return 0


def compare(model: "keras.Model", hardware: Hardware, test: ImageSet, images: int) -> Outcome:
    """Accuracies and energy on the first `images` images, with a progress bar on a terminal."""
    x, y = test.x[:images], test.y[:images]
    calibration = test.x[:CALIBRATION]
    tiles = crossbar.count_tiles(model, hardware)
    with tqdm(total=3 * images + 3 * tiles * _BATCH, disable=None, leave=False,
              bar_format="{desc:24}{bar}{percentage:4.0f}%  {elapsed} < {remaining}") as bar:
        def tile_done(_: int) -> None:
            bar.update(_BATCH)

        def evaluate(name: str, network: "keras.Model") -> float:
            bar.set_description_str(f"{name}: {images} images")
            return _accuracy(network, x, y, bar)

        software = evaluate("software", model)
        bar.set_description_str("ideal: quantising")
        ideal = crossbar.to_analog(model, hardware.ideal(), calibration, tile_done)
        ideal_accuracy = evaluate("ideal", ideal)
        bar.set_description_str(f"analog: solving {tiles} tiles")
        analog = crossbar.to_analog(model, hardware, calibration, tile_done)
        analog_accuracy = evaluate("analog", analog)
        bar.set_description_str("energy: solving tiles")
        energy = crossbar.read_energy(analog, x, tile_done)
    weights = [network.layers[0].matrix.weights for network in (ideal, analog)]
    return Outcome(software, ideal_accuracy, analog_accuracy, energy, *weights)


def _accuracy(model: "keras.Model", x: Any, y: Any, bar: Any) -> float:
    """Fraction of images classified correctly [1]."""
    right = 0
    for start in range(0, len(x), _BATCH):
        scores = model.predict_on_batch(x[start : start + _BATCH])
        right += int(np.sum(np.argmax(scores, axis=1) == y[start : start + _BATCH]))
        bar.update(len(scores))
    return right / len(x)


def _result(args: argparse.Namespace, outcome: Outcome, trained: TrainedModel, images: int,
            seconds: float) -> dict[str, Any]:
    """Everything about a run, for JSON."""
    flags = {name: str(value) if isinstance(value, Path) else value
             for name, value in vars(args).items() if name not in ("run", "start", "command")}
    return {
        "software_accuracy": outcome.software,
        "ideal_accuracy": outcome.ideal,
        "analog_accuracy": outcome.analog,
        "energy_per_inference_j": outcome.energy.total,
        "energy_split_j": outcome.energy.split,
        "energy_layers_j": outcome.energy.layers,
        "seconds": seconds,
        "images": images,
        "configuration": {**flags, "training": asdict(trained.metadata),
                          "versions": versions(), "threads": available_threads()},
    }


def _print(args: argparse.Namespace, hardware: Hardware, outcome: Outcome, images: int,
           seconds: float) -> None:
    """The result as a table."""
    stack = f"{args.stack}, {args.thickness:g} nm free layer, {args.cells} cells"
    lines = [("network", f"784 x 128 x 10, sigmoid; {DATASETS[args.dataset].title}, "
                         f"{images} test images"), ("stack", stack), *describe(hardware)]
    print("\n".join(f"{name:<10}{text}" for name, text in lines))
    print(f"\nsoftware accuracy  {outcome.software:8.2%}")
    print(f"ideal accuracy     {outcome.ideal:8.2%}   quantised to the states")
    print(f"analog accuracy    {outcome.analog:8.2%}   through the circuit")
    print(f"read energy        {outcome.energy.total * 1e12:8.1f} pJ per inference")
    print(f"time               {seconds:8.1f} s on {available_threads()} processors\n")
    print(outcome.energy)
