"""Trained networks with the record of how they were trained, bundled or from a path.

A network is two files: `NAME.keras` (weights without optimiser state) and `NAME.json` (`Metadata`).
The record names the test images by digest, so that a network is never tested on images that it may
have seen.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.inputs.datasets import CLASSES, PIXELS, DataError, ImageSet
from benchmarks.output.files import replacing, write_json
from benchmarks.output.records import RecordError, from_json
from benchmarks.program import program
from device_models.checks import known

if TYPE_CHECKING:
    import keras

BUNDLED_FOLDER = Path(__file__).parent / "weights"
DENSE = "dense"  # the network of the reference study
BUNDLED_SEEDS = {DENSE: (0, 1, 2, 3, 4), "lenet": (0,)}  # of each network, for every image set


@dataclass(frozen=True)
class Metadata:
    """How a network was trained.

    Args:
        dataset: key in `datasets.DATASETS`.
        training_source: which split of it, in words.
        train_digest, test_digest: `ImageSet.digest` of the two parts.
        seed: of initial weights and data order.
        epochs, batch_size: passes over the training images; images per step.
        learning_rate, optimizer: step size [1] and name of the optimiser.
        test_accuracy: fraction of the test images classified correctly [1].
        versions: of python, tensorflow, keras and numpy.
        date: day of training, ISO 8601 (UTC).
        network: its name; records from before there were several lack it.
    """

    dataset: str
    training_source: str
    train_digest: str
    test_digest: str
    seed: int
    epochs: int
    batch_size: int
    learning_rate: float
    optimizer: str
    test_accuracy: float
    versions: dict[str, str]
    date: str
    network: str = DENSE


@dataclass(frozen=True, eq=False)
class TrainedModel:
    """A Keras model, (images, 784) -> (images, 10), and the record of its training."""

    model: keras.Model
    metadata: Metadata


def file_stem(name: str, seed: int, network: str = DENSE) -> str:
    """Name of the files of a training on dataset `name`, without ending."""
    return f"{name}_seed{seed}" if network == DENSE else f"{name}_{network}_seed{seed}"


def load_trained(
    name: str,
    test: ImageSet,
    path: str | Path | None = None,
    seed: int = 0,
    network: str | None = DENSE,
) -> TrainedModel:
    """Load a network for dataset `name`, compiled: the bundled one called `network`, trained with
    `seed` (one of its `BUNDLED_SEEDS`), or the `.keras` file at `path`.

    `test` are the images it is going to be tested on: they must be the ones set aside at training.
    The record of a file must name `network`; None takes a file of any network.
    """
    if path is None:
        stem = file_stem(name, seed, known("network", network or DENSE, BUNDLED_SEEDS))
        weights = BUNDLED_FOLDER / f"{stem}.keras"
    else:
        weights = Path(path).expanduser()
    if weights.suffix != ".keras" or not weights.is_file():
        problem = "is missing" if weights.suffix == ".keras" else "is no .keras file"
        raise DataError(f"weights {weights}: this {problem}; "
                        f"{_advice(name, seed, network or DENSE, bundled=path is None)}")
    metadata = read_metadata(weights.with_suffix(".json"))
    if network not in (None, metadata.network):
        raise DataError(
            f"{weights} holds a network {metadata.network!r}, as its record says, and "
            f"{network!r} was asked for: give the file of another training."
        )
    _check_test_set(name, metadata, test)
    return TrainedModel(_load_model(weights), metadata)


def save_trained(trained: TrainedModel, folder: Path, name: str) -> Path:
    """Write `name`.keras and `name`.json into `folder`; returns the path of the former.

    Each appears whole or not at all, and new weights never stand beside an old record.
    """
    path = folder / f"{name}.keras"
    record = path.with_suffix(".json")
    record.unlink(missing_ok=True)
    with replacing(path) as temporary:
        trained.model.save(temporary)
    write_json(record, asdict(trained.metadata))
    return path


def accuracy_on(model: keras.Model, images: ImageSet) -> float:
    """Fraction of the images that `model` classifies correctly [1]."""
    scores = model.predict(images.x, batch_size=1000, verbose=0)
    return float(np.mean(np.argmax(scores, axis=1) == images.y))


def read_metadata(path: Path) -> Metadata:
    """Read and check the record of a training."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(
            f"{path} is missing: weights need the .json that the training wrote beside them, which "
            "says what images they have seen; copy it there or train again."
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is no JSON ({error}): copy it again or train again.") from error
    possible = {field.name for field in fields(Metadata)}
    needed = {field.name for field in fields(Metadata) if field.default is MISSING}
    found = set(values) if isinstance(values, dict) else set()
    try:
        if not needed <= found <= possible:
            raise RecordError(
                f"missing: {sorted(needed - found)}, unknown: {sorted(found - possible)}")
        return from_json(Metadata, values)
    except RecordError as error:
        raise DataError(
            f"{path} is no record of a training ({error}): copy it again or train again."
        ) from error


def _advice(name: str, seed: int, network: str, *, bundled: bool) -> str:
    """What to do where a file is missing."""
    first, *others = BUNDLED_SEEDS.get(network, (0,))
    there = f"seeds {first} to {others[-1]} are" if others else f"seed {first} is"
    flag = "" if network == DENSE else f"--network {network} "
    return (f"{f'{there} bundled; ' if bundled else ''}train them with '{program()} train {flag}"
            f"--dataset {name} --seed {seed}' and give the .keras file it writes, or its folder "
            "where several trainings are asked for.")


def _check_test_set(name: str, metadata: Metadata, test: ImageSet) -> None:
    if not metadata.dataset == name == test.name:
        raise DataError(
            f"weights for {name!r} were asked for, these are trained on {metadata.dataset!r} and "
            f"to be tested on {test.name!r}: all three must be the same dataset."
        )
    if metadata.test_digest != test.digest:
        raise DataError(
            f"weights trained on {metadata.dataset} ({metadata.training_source}) must not be "
            f"tested on these {test.split} images of {test.name} from {test.source!r}: some of its "
            "images may have been trained on. Test on the images set aside at that training, or "
            "give weights trained with these set aside."
        )


def _load_model(path: Path) -> keras.Model:
    import keras

    try:
        model = keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras has no error type of its own for a damaged file
        raise DataError(
            f"{path} cannot be read as a Keras model ({' '.join(str(error).split())}): "
            "copy it again or train again."
        ) from error
    ends = () if isinstance(model, keras.Sequential) else (model.input, model.output)
    if not all(isinstance(end, keras.KerasTensor) for end in ends):
        raise DataError(
            f"{path} takes or gives arrays in a dict or list; expected one array of 28 x 28 images "
            "and one of probabilities: give a network that does."
        )
    shapes = (model.input_shape, model.output_shape)
    if shapes != ((None, PIXELS), (None, CLASSES)):
        raise DataError(
            f"{path} maps {shapes[0]} to {shapes[1]}; expected (None, {PIXELS}) to "
            f"(None, {CLASSES}): give a network for 28 x 28 images."
        )
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
