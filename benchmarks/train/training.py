"""Training a network in full precision, reproducibly and resumably.

Adam, sparse categorical cross-entropy (Kumar et al., Nanoscale Horizons 2024, 9, 1522). Assumed,
for the paper does not say: batches of 128; Adam with Keras' step of 1e-3.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from benchmarks.inputs.datasets import NPZ_ERRORS, DataError, ImageSet
from benchmarks.inputs.weights import DENSE
from benchmarks.output.files import replacing
from benchmarks.train.networks import DENSE_EPOCHS, build_network

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Settings:
    """What a training depends on, besides its images.

    Args:
        seed: of initial weights and data order, 0 to 2**32 - 1.
        epochs: passes over the training images.
        batch_size: images per step.
        learning_rate: of Adam [1].
        network: key in `networks.NETWORKS`.
    """

    seed: int = 0
    epochs: int = DENSE_EPOCHS
    batch_size: int = 128
    learning_rate: float = 1e-3
    network: str = DENSE


def train(data: ImageSet, settings: Settings, checkpoint: Path) -> keras.Model:
    """Train on `data`, from `checkpoint` if that file exists; it is rewritten after every epoch.

    Sets Keras' global seed and TensorFlow's deterministic mode for the whole process. Shows a
    progress bar on a terminal.
    """
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(settings.seed)
    tf.config.experimental.enable_op_determinism()
    model = build_network(settings.network)
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


def _train_epoch(model: keras.Model, data: ImageSet, settings: Settings, epoch: int) -> float:
    # an order that depends on nothing but seed and epoch survives an interruption
    order = np.random.default_rng([settings.seed, epoch]).permutation(len(data))
    batches = np.split(order, range(settings.batch_size, len(data), settings.batch_size))
    # not fit(): under deterministic operations its input pipeline costs more than the training
    losses = [model.train_on_batch(data.x[batch], data.y[batch]) for batch in batches]
    return float(np.mean(losses))


def _state(model: keras.Model) -> list[keras.Variable]:
    """All variables that a training changes: weights, then optimiser (moments and step count)."""
    return [*model.variables, *model.optimizer.variables]


def _save(model: keras.Model, checkpoint: Path, identity: str, done: int) -> None:
    arrays = {
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
