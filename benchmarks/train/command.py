"""Train the network of the reference study in full precision, reproducibly and resumably.

784 x 128 x 10, sigmoid, Adam, sparse categorical cross-entropy, 40 epochs (Kumar et al., Nanoscale
Horizons 2024, 9, 1522). Assumed, for the paper does not say: softmax instead of sigmoid after the
last layer, so that the cross-entropy is defined; batches of 128; Adam with Keras' step of 1e-3.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.cli.parser import Parser, Subparsers, add_out, count, seed
from benchmarks.inputs.datasets import (
    CLASSES,
    DATASETS,
    NPZ_ERRORS,
    PIXELS,
    DataError,
    ImageSet,
    load_test,
    load_train,
    split_in_words,
)
from benchmarks.inputs.quiet import load_keras
from benchmarks.inputs.weights import Metadata, TrainedModel, file_stem, save_trained
from benchmarks.output.files import prepare_folder, replacing, versions

if TYPE_CHECKING:
    import keras

HIDDEN = 128  # neurons of the hidden layer, as in the paper
THREADS = 1  # this network is too small to gain from more, and one thread sums in one order

DESCRIPTION = """\
Train a 784 x 128 x 10 network in full precision and write NAME.keras and NAME.json.

The same arguments give the same weights, bit for bit, on the same machine and versions.
The state is saved after every epoch: give the same command again to resume an interrupted training.
Files of an earlier training under the same --name are replaced.

example:
  python -m benchmarks train --dataset fashion_mnist --data keras --seed 1 --out trained
"""

DATA_HELP = """\
'keras' (downloads the official split) or a folder holding mnist.npz or fashion_mnist.npz with
x_train, y_train, x_test, y_test; training and test images both come from there"""


@dataclass(frozen=True)
class Settings:
    """What a training depends on, besides its images.

    Args:
        seed: of initial weights and data order, 0 to 2**32 - 1.
        epochs: passes over the training images.
        batch_size: images per step.
        learning_rate: of Adam [1].
    """

    seed: int = 0
    epochs: int = 40
    batch_size: int = 128
    learning_rate: float = 1e-3


def add_parser(subparsers: Subparsers[Parser]) -> None:
    """Add the command `train` to the command line."""
    parser = subparsers.add_parser(
        "train",
        help="train the 784 x 128 x 10 network in full precision",
        description=DESCRIPTION,
    )
    default = Settings()
    add = parser.add_argument
    add("--dataset", default="mnist", help=" or ".join(DATASETS))
    add("--data", default="keras", metavar="SOURCE", help=DATA_HELP)
    add("--seed", type=seed, default=default.seed, help="of initial weights and data order")
    add("--epochs", type=count, default=default.epochs, help="passes over the training images")
    add("--batch-size", type=count, default=default.batch_size, help="images per step")
    add("--learning-rate", type=_rate, default=default.learning_rate, help="of Adam, 0 to 1")
    add_out(parser, "trained")
    add("--name", type=_stem, help="of the files, without ending; DATASET_seedSEED if not given")
    parser.set_defaults(run=run)


def build_network() -> keras.Model:
    """The untrained network, (images, 784) -> (images, 10) class probabilities."""
    import keras

    return keras.Sequential(
        [
            keras.layers.Input((PIXELS,)),
            keras.layers.Dense(HIDDEN, activation="sigmoid", name="hidden"),
            keras.layers.Dense(CLASSES, activation="softmax", name="output"),
        ]
    )


def train(data: ImageSet, settings: Settings, checkpoint: Path) -> keras.Model:
    """Train on `data`, from `checkpoint` if that file exists; it is rewritten after every epoch.

    Sets Keras' global seed and TensorFlow's deterministic mode for the whole process. Shows a
    progress bar on a terminal.
    """
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(settings.seed)
    tf.config.experimental.enable_op_determinism()
    model = build_network()
    model.compile(keras.optimizers.Adam(settings.learning_rate), "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    identity = json.dumps({"train_digest": data.digest, **asdict(settings)})
    done = _restore(model, checkpoint, identity)
    epochs = tqdm(
        range(done, settings.epochs),
        initial=done,
        total=settings.epochs,
        unit="epoch",
        disable=None,
    )
    for epoch in epochs:
        loss = _train_epoch(model, data, settings, epoch)
        _save(model, checkpoint, identity, epoch + 1)
        epochs.set_postfix(loss=f"{loss:.4f}")
    return model


def accuracy_on(model: keras.Model, test: ImageSet) -> float:
    """Fraction of the images that `model` classifies correctly [1]."""
    scores = model.predict(test.x, batch_size=1000, verbose=0)
    return float(np.mean(np.argmax(scores, axis=1) == test.y))


def _train_epoch(model: keras.Model, data: ImageSet, settings: Settings, epoch: int) -> float:
    # an order that depends on nothing but seed and epoch survives an interruption
    order = np.random.default_rng([settings.seed, epoch]).permutation(len(data))
    batches = np.split(order, range(settings.batch_size, len(data), settings.batch_size))
    # not fit(): under deterministic operations its input pipeline costs more than the training
    losses = [model.train_on_batch(data.x[batch], data.y[batch]) for batch in batches]
    return float(np.mean(losses))


def _state(model: keras.Model) -> list[Any]:
    """All variables that a training changes: weights, then optimiser (moments and step count)."""
    return [*model.variables, *model.optimizer.variables]


def _save(model: keras.Model, checkpoint: Path, identity: str, done: int) -> None:
    arrays: dict[str, NDArray[Any]] = {
        f"variable_{index}": np.asarray(variable) for index, variable in enumerate(_state(model))
    }
    with replacing(checkpoint) as temporary:
        np.savez(temporary, done=np.array(done), identity=np.array(identity), **arrays)  # type: ignore[arg-type]  # numpy's stub takes every ** entry for allow_pickle


def _restore(model: keras.Model, checkpoint: Path, identity: str) -> int:
    """Load the state saved in `checkpoint`, if there is one; returns the number of epochs done."""
    if not checkpoint.exists():
        return 0
    try:
        with checkpoint.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            saved = dict(archive)
    except NPZ_ERRORS as error:
        raise DataError(
            f"checkpoint {checkpoint} is damaged ({error}): delete it to start anew."
        ) from error
    found = str(saved.get("identity", "no checkpoint"))
    if found != identity:
        raise DataError(
            f"{checkpoint} is from another training ({found}; now {identity}): finish that one, "
            "delete the file, or choose another --name or --out."
        )
    for index, variable in enumerate(_state(model)):
        variable.assign(saved[f"variable_{index}"])
    return int(saved["done"])


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


def run(args: argparse.Namespace) -> int:
    """Train, test, write the files."""
    data, test = load_train(args.dataset, args.data), load_test(args.dataset, args.data)
    settings = Settings(args.seed, args.epochs, args.batch_size, args.learning_rate)
    name = args.name or file_stem(args.dataset, args.seed)
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
    inference = build_network()  # never compiled, so that no optimiser state is saved
    inference.set_weights(model.get_weights())
    record = _describe(settings, data, test, accuracy)
    path = save_trained(TrainedModel(inference, record), args.out, name)
    checkpoint.unlink()
    print(f"{name}: test accuracy {accuracy:.2%} on {len(test)} images; wrote {path}")
    return 0


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
