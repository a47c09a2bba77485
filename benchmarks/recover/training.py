"""Training in the states of devices: the recipe, resumable after every epoch."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

import crossbar
from benchmarks.inputs.datasets import IMAGE_SHAPE, ImageSet
from benchmarks.output.files import replacing
from benchmarks.recover.recipe import Recipe

Images = NDArray[np.float32]


def train(aware: keras.Model, images: ImageSet, recipe: Recipe, seed: int, checkpoint: Path,
          progress: Callable[[int], object]) -> keras.Model:
    """A `hardware_aware` model trained on `images`; from `checkpoint` on, if that file is there.

    It is rewritten after every epoch. `progress` is called with the steps that were done.
    """
    identity = json.dumps({"images": images.digest, "seed": seed, **asdict(recipe)})
    begun, aware = _restored(aware, checkpoint, identity)
    if not begun:
        _note(checkpoint).write_text(identity, encoding="utf-8")
        _compile(aware, images, recipe)
    each = recipe.steps(len(images)) // recipe.epochs
    done = int(keras.ops.convert_to_numpy(aware.optimizer.iterations)) // each
    progress(done * each)
    counting = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: progress(1))
    for epoch in range(done, recipe.epochs):
        aware.fit(_Epoch(images, recipe, seed, epoch), epochs=epoch + 1, initial_epoch=epoch,
                  verbose=0, shuffle=False,
                  callbacks=[crossbar.RenewCircuit(recipe.renew), counting])
        with replacing(checkpoint) as temporary:
            aware.save(temporary)
    return aware


def trained_further(model: keras.Model, images: ImageSet, recipe: Recipe, seed: int) -> None:
    """Train a model in full precision by the same recipe, on the same images in the same order."""
    _compile(model, images, recipe)
    for epoch in range(recipe.epochs):
        model.fit(_Epoch(images, recipe, seed, epoch), epochs=epoch + 1, initial_epoch=epoch,
                  verbose=0, shuffle=False)


def forget(checkpoint: Path) -> None:
    """Remove what a finished training has left."""
    _note(checkpoint).unlink(missing_ok=True)
    checkpoint.unlink(missing_ok=True)


def _compile(model: keras.Model, images: ImageSet, recipe: Recipe) -> None:
    steps = recipe.steps(len(images))
    rate = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate / recipe.warm_up, max(1, steps - recipe.warm_up),
        warmup_target=recipe.learning_rate, warmup_steps=recipe.warm_up)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")


def _note(checkpoint: Path) -> Path:
    """Of what the checkpoint is of, written before it."""
    return checkpoint.with_suffix(".json")


def _restored(aware: keras.Model, checkpoint: Path, identity: str) -> tuple[bool, keras.Model]:
    """Whether this training has been begun, and the model as far as it has come."""
    note = _note(checkpoint)
    if checkpoint.exists() and note.exists() and note.read_text(encoding="utf-8") == identity:
        try:
            return True, keras.saving.load_model(checkpoint)
        except Exception as error:  # Keras has none of its own for a damaged file
            raise ValueError(f"{checkpoint} holds no training that goes on ({error}); delete it to "
                             "begin again") from error
    forget(checkpoint)
    return False, aware


class _Epoch(keras.utils.PyDataset):
    """One pass over images, in an order and with shifts that follow from seed and epoch."""

    def __init__(self, images: ImageSet, recipe: Recipe, seed: int, epoch: int) -> None:
        super().__init__()
        self.images, self.recipe = images, recipe
        rng = np.random.default_rng([seed, epoch])
        self.order = rng.permutation(len(images))
        self.by = rng.integers(-recipe.shift, recipe.shift + 1, (len(images), 2))

    def __len__(self) -> int:
        return -(-len(self.images) // self.recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        size = self.recipe.batch_size
        some = self.order[index * size : (index + 1) * size]
        return shifted(self.images.x[some], self.by[some]), self.images.y[some]


def shifted(x: Images, by: NDArray[np.int64]) -> Images:
    """Images (n, 784), each moved down and right by so many pixels `by` (n, 2), black behind."""
    most = int(np.abs(by).max(initial=0))
    if not most:
        return x
    rows, columns = IMAGE_SHAPE
    padded = np.pad(x.reshape(-1, rows, columns), ((0, 0), (most, most), (most, most)))
    down, right = (most - by[:, axis, None, None] for axis in (0, 1))
    each = np.arange(len(x))[:, None, None]
    moved = padded[each, down + np.arange(rows)[:, None], right + np.arange(columns)]
    return np.ascontiguousarray(moved.reshape(x.shape))
