"""Accuracies and read energy of one network on one hardware."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

import crossbar
from benchmarks.inputs.datasets import CALIBRATION, ImageSet
from crossbar import Hardware, Periphery
from device_models.checks import Floats

if TYPE_CHECKING:
    import keras

    from crossbar import EnergyReport

_BATCH, _LARGE = 500, 2500  # images at once; of circuits that are solved, where more are faster


@dataclass(frozen=True, eq=False)
class Outcome:
    """Results of one run of the main job.

    Parameters
    ----------
    software, ideal, analog : float
        Accuracies [1].
    energy : EnergyReport
        Read energy of an inference [J].
    first : str
        Name of the first analog layer.
    quantised, realised : (inputs, outputs) arrays
        Its weights, ideal and through the circuit [1].
    calibrated : float, optional
        Accuracy of the analog network once it is calibrated [1].
    """

    software: float
    ideal: float
    analog: float
    energy: "EnergyReport"
    first: str
    quantised: Floats
    realised: Floats
    calibrated: float | None = None


def compare(model: "keras.Model", hardware: Hardware, test: ImageSet, images: int,
            aside: NDArray[np.float32] | None = None, periphery: Periphery | None = None
            ) -> Outcome:
    """Accuracies and energy on the first `images` images, with a progress bar on a terminal.

    Energy is with a `periphery`, by default `Periphery()`. With images set `aside` (n, 784), the
    analog network is calibrated on them besides, and ranges are of them too: then no image counts
    that anything was fitted to.
    """
    x, y = test.x[:images], test.y[:images]
    calibration = test.x[:CALIBRATION] if aside is None else aside
    tiles = crossbar.count_tiles(model, hardware)
    runs = 3 if aside is None else 4
    with tqdm(total=runs * images + 3 * tiles * _BATCH, disable=None, leave=False,
              bar_format="{desc:24}{bar}{percentage:4.0f}%  {elapsed} < {remaining}") as bar:
        def tile_done(_: int) -> None:
            bar.update(_BATCH)

        def evaluate(name: str, network: "keras.Model") -> float:
            bar.set_description_str(f"{name}: {images} images")
            solving = name in ("analog", "calibrated") and hardware.by_circuit
            return _accuracy(network, x, y, bar, _LARGE if solving else _BATCH)

        software = evaluate("software", model)
        bar.set_description_str("ideal: quantising")
        ideal = crossbar.to_analog(model, hardware.ideal(), calibration, tile_done)
        ideal_accuracy = evaluate("ideal", ideal)
        bar.set_description_str(f"analog: solving {tiles} tiles")
        analog = crossbar.to_analog(model, hardware, calibration, tile_done)
        analog_accuracy = evaluate("analog", analog)
        calibrated = None
        if aside is not None:
            bar.set_description_str("calibrated: fitting")
            calibrated = evaluate("calibrated", crossbar.calibrate(
                analog, aside, progress=lambda _: None))
        bar.set_description_str("energy: solving tiles")
        energy = crossbar.read_energy(analog, x, tile_done, periphery=periphery)
    layer, realised = first_weights(analog)
    return Outcome(software, ideal_accuracy, analog_accuracy, energy, layer,
                   first_weights(ideal)[1], realised, calibrated)


def first_weights(network: "keras.Model") -> tuple[str, Floats]:
    """Name and weights (inputs, outputs) of the first analog layer, as its circuit realises them.

    Of a layer of several matrices, one below the other.
    """
    from keras import ops

    from crossbar.layers.model import products_of

    first = products_of(network)[0]
    kernel = np.asarray(ops.convert_to_numpy(first.kernel), np.float64)
    return first.layer, kernel.reshape(-1, kernel.shape[-1])


def _accuracy(model: "keras.Model", x: NDArray[np.float32], y: NDArray[np.int64],
              bar: "tqdm[None]", batch: int) -> float:
    """Fraction of images classified correctly [1]."""
    right = 0
    for start in range(0, len(x), batch):
        scores = model.predict_on_batch(x[start : start + batch])
        right += int(np.sum(np.argmax(scores, axis=1) == y[start : start + batch]))
        bar.update(len(scores))
    return right / len(x)
