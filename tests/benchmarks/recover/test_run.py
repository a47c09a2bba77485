"""Laws of a study: which images it takes, and what it goes on with."""

from pathlib import Path

import keras
import numpy as np
import pytest
from tqdm import tqdm

from benchmarks.inputs.datasets import DataError, ImageSet
from benchmarks.recover import run
from benchmarks.recover.arrays import arrays
from benchmarks.recover.recipe import Recipe
from benchmarks.recover.steps import VALIDATION
from crossbar import Hardware
from device_models import CompoundMTJ, load_stack

SYNAPSE = CompoundMTJ(load_stack("kumar2024").mtj(), 3)


def images(split: str, numbers: range) -> ImageSet:
    """One of each number."""
    x = np.zeros((len(numbers), 784), np.float32)
    x[:, 0] = numbers
    return ImageSet("mnist", "here", split, x, np.zeros(len(numbers), np.int64))


def study(calibration: int) -> run.Study:
    return run.Study("dense", images("test", range(10)), "here", Hardware(SYNAPSE), (), Recipe(),
                     calibration, anew=False, folder=Path())


def test_images_of_validation_are_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of so many that calibration just leaves them, test images among them put aside."""
    monkeypatch.setattr(run, "load_train", lambda *_: images("train", range(5, VALIDATION + 74)))
    found = study(64).images.x[:, 0]
    assert not set(found) & set(range(10))
    assert not set(found[:64]) & set(found[-VALIDATION:])
    with pytest.raises(DataError, match=r"5064 training images.*--calibration 65"):
        _ = study(65).images


def test_a_training_that_was_interrupted_goes_on_with_the_same_hardware_only() -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    array = arrays("8x8:1")[0]
    found = {chip.checkpoint for hardware in (Hardware(SYNAPSE), Hardware(SYNAPSE, adc_bits=6))
             for chip in (run._Chip(study(64), model, array, hardware, 0, tqdm(disable=True)),)}
    assert len(found) == 2
