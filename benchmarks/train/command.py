"""Train a network of the studies: flags, files and the record of the training."""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cli.parser import Parser, Subparsers, add_out, count, seed
from benchmarks.inputs.datasets import DATASETS, ImageSet, load_test, load_train, split_in_words
from benchmarks.inputs.quiet import load_keras
from benchmarks.inputs.weights import (
    DENSE,
    Metadata,
    TrainedModel,
    accuracy_on,
    file_stem,
    save_trained,
)
from benchmarks.output.files import prepare_folder, versions
from benchmarks.train.networks import NETWORKS, build_network
from benchmarks.train.training import Settings, train

THREADS = 1  # these networks are too small to gain from more, and one thread sums in one order

_TITLES = "\n".join(f"  {name:<8}{each.title}" for name, each in NETWORKS.items())
_EPOCHS = ", ".join(f"{each.epochs} for {name}" for name, each in NETWORKS.items())

DESCRIPTION = f"""\
Train a network in full precision and write NAME.keras and NAME.json.

{_TITLES}

The same arguments give the same weights, bit for bit, on the same machine and versions.
The state is saved after every epoch: give the same command again to resume an interrupted training.
Files of an earlier training under the same --name are replaced.

examples:
  %(prog)s --dataset fashion_mnist --data keras --seed 1 --out trained
  %(prog)s --network lenet --dataset fashion_mnist
"""

DATA_HELP = """\
'keras' (downloads the official split) or a folder holding mnist.npz or fashion_mnist.npz with
x_train, y_train, x_test, y_test; training and test images both come from there"""


def add_parser(subparsers: Subparsers[Parser]) -> None:
    """Add the command `train` to the command line."""
    parser = subparsers.add_parser(
        "train",
        help="train a network in full precision",
        description=DESCRIPTION,
    )
    default = Settings()
    add = parser.add_argument
    add("--network", default=DENSE, choices=tuple(NETWORKS), metavar="NETWORK",
        help=" or ".join(NETWORKS))
    add("--dataset", default="mnist", help=" or ".join(DATASETS))
    add("--data", default="keras", metavar="SOURCE", help=DATA_HELP)
    add("--seed", type=seed, default=default.seed, help="of initial weights and data order")
    add("--epochs", type=count,
        help=f"passes over the training images; {_EPOCHS} if not given")
    add("--batch-size", type=count, default=default.batch_size, help="images per step")
    add("--learning-rate", type=_rate, default=default.learning_rate, help="of Adam, 0 to 1")
    add_out(parser, "trained")
    add("--name", type=_stem,
        help=f"of the files, without ending; if not given DATASET_seedSEED for {DENSE}, "
             "DATASET_NETWORK_seedSEED for others")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train, test, write the files."""
    data, test = load_train(args.dataset, args.data), load_test(args.dataset, args.data)
    epochs = args.epochs or NETWORKS[args.network].epochs
    settings = Settings(args.seed, epochs, args.batch_size, args.learning_rate, args.network)
    name = args.name or file_stem(args.dataset, args.seed, args.network)
    prepare_folder(args.out)
    load_keras()
    _limit_threads()
    checkpoint = args.out / f"{name}.checkpoint.npz"
    try:
        model = train(data, settings, checkpoint)
    except KeyboardInterrupt:
        print("interrupted: the same command resumes after the last whole epoch", file=sys.stderr)
        return 130
    accuracy = accuracy_on(model, test)
    inference = build_network(args.network)  # never compiled, so that no optimiser state is saved
    inference.set_weights(model.get_weights())
    record = _describe(settings, data, test, accuracy)
    path = save_trained(TrainedModel(inference, record), args.out, name)
    checkpoint.unlink()
    print(f"{name}: test accuracy {accuracy:.2%} on {len(test)} images; wrote {path}")
    return 0


def _describe(settings: Settings, data: ImageSet, test: ImageSet, accuracy: float) -> Metadata:
    return Metadata(
        dataset=data.name,
        training_source=split_in_words(test),
        train_digest=data.digest,
        test_digest=test.digest,
        optimizer="Adam",
        test_accuracy=accuracy,
        versions=versions(("tensorflow", "keras", "numpy")),
        date=datetime.now(UTC).date().isoformat(),
        **asdict(settings),
    )


def _limit_threads() -> None:
    import tensorflow as tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(THREADS)
        tf.config.threading.set_inter_op_parallelism_threads(THREADS)
    except RuntimeError:
        print("TensorFlow is running already: it keeps its threads", file=sys.stderr)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0 < rate <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0, up to 1")
    return rate


def _stem(text: str) -> str:
    if not text or text.startswith(".") or Path(text).name != text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a file name; give the folder with --out")
    return text
