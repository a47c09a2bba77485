"""Laws of the training: shifts move and nothing else, an interruption changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

import crossbar
from benchmarks.inputs.datasets import ImageSet
from benchmarks.recover.recipe import Recipe
from benchmarks.recover.training import forget, shifted, train
from circuits import Wires
from device_models import CompoundMTJ, load_stack

RNG = np.random.default_rng(0)
IMAGES = ImageSet("mnist", "drawn", "train", RNG.random((60, 784)).astype(np.float32),
                  RNG.integers(0, 10, 60))
RECIPE = Recipe(epochs=3, batch_size=16, warm_up=2, renew=3)
HARDWARE = crossbar.Hardware(CompoundMTJ(load_stack("kumar2024").mtj(thickness=1.9e-9), 3),
                             wires=Wires(row=3.0, column=3.0), tile=(128, 32))


def test_each_image_moves_by_its_own_shift() -> None:
    x = np.zeros((3, 28, 28), np.float32)
    x[:, 10, 20] = 1.0
    by = np.array([[0, 0], [2, -1], [-1, 2]])
    moved = shifted(x.reshape(3, 784), by).reshape(3, 28, 28)
    for image, (down, right) in zip(moved, by, strict=True):
        assert np.argwhere(image).tolist() == [[10 + down, 20 + right]]


def test_what_leaves_the_picture_is_gone_and_black_follows() -> None:
    x = np.ones((1, 784), np.float32)
    moved = shifted(x, np.array([[1, 0]])).reshape(28, 28)
    assert not moved[0].any()
    assert moved[1:].all()
    np.testing.assert_array_equal(shifted(x, np.zeros((1, 2), int)), x)


def aware() -> keras.Model:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(8, "sigmoid"),
                              keras.layers.Dense(10, "softmax")])
    return crossbar.hardware_aware(model, HARDWARE)


class StoppedError(Exception):
    """As by Ctrl-C."""


def after(steps: int) -> Callable[[int], None]:
    """A progress that interrupts after so many steps."""
    seen = []

    def count(more: int) -> None:
        seen.append(more)
        if sum(seen) >= steps:
            raise StoppedError

    return count


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """What is trained without an interruption."""
    made = train(aware(), IMAGES, RECIPE, 0, tmp_path_factory.mktemp("whole") / "whole.keras",
                 lambda n: None)
    return np.asarray(made.predict(IMAGES.x, verbose=0))


@pytest.mark.parametrize("steps", [1, 5, 9])
def test_an_interrupted_training_goes_on_as_if_it_had_not_been(
    tmp_path: Path, steps: int, whole: np.ndarray
) -> None:
    path = tmp_path / "cut.keras"
    with pytest.raises(StoppedError):
        train(aware(), IMAGES, RECIPE, 0, path, after(steps))
    counted: list[int] = []
    again = train(aware(), IMAGES, RECIPE, 0, path, counted.append)
    assert sum(counted) == RECIPE.steps(len(IMAGES)) == 12
    assert np.array_equal(again.predict(IMAGES.x, verbose=0), whole)
    forget(path)
    assert not list(tmp_path.glob("cut*"))


def test_another_training_does_not_go_on_from_what_this_has_left(tmp_path: Path) -> None:
    path = tmp_path / "t.keras"
    train(aware(), IMAGES, RECIPE, 0, path, lambda n: None)
    counted: list[int] = []
    train(aware(), IMAGES, replace(RECIPE, epochs=1), 0, path, counted.append)
    assert sum(counted) == 4


def test_seeds_and_shifts_change_what_is_trained(tmp_path: Path, whole: np.ndarray) -> None:
    found = [train(aware(), IMAGES, recipe, seed, tmp_path / f"{n}.keras", lambda n: None).predict(
        IMAGES.x, verbose=0) for n, (recipe, seed) in enumerate([
            (RECIPE, 1), (replace(RECIPE, shift=0), 0)])]
    for each in found:
        assert not np.array_equal(each, whole)


def test_a_damaged_checkpoint_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.keras"
    train(aware(), IMAGES, replace(RECIPE, epochs=1), 0, path, lambda n: None)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ValueError, match=r"t\.keras holds no training that goes on"):
        train(aware(), IMAGES, replace(RECIPE, epochs=1), 0, path, lambda n: None)
