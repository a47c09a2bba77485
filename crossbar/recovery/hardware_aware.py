"""A model that trains in the states of its devices, behind their wires."""

from collections.abc import Sequence

import keras

from crossbar.conversion.choosing import States
from crossbar.conversion.convert import Conversion, Hardwares
from crossbar.conversion.plan import Digital
from crossbar.conversion.rebuild import copy_compilation
from crossbar.conversion.samples import Samples
from crossbar.layers.aware import AwareProduct
from crossbar.tiles.progress import Progress


def hardware_aware(
    model: keras.Model, hardware: Hardwares, calibration: Samples | None = None,
    progress: Progress | None = None, *, states: States | None = None, chips: int = 0,
    exact_wires: bool = False,
    digital: Digital | Sequence[Digital] = (), fold: bool = False,
    percentile: float | None = 100.0,
) -> keras.Model:
    """A trainable model whose layers compute with the states of devices, behind their wires.

    It is an ordinary model of Keras: compile and fit it with any optimiser, losses and callbacks.
    Its weights, in the units of those of `model`, stand in the nearest state of their devices, and
    gradients pass straight through that choice; a gain to each output and the biases train as well.
    In training circuits are those that were last solved, see `RenewCircuit`; `evaluate`, `predict`
    and plain calls compute with circuits that are solved for the present states. What was trained
    is programmed by `to_analog(aware, hardware)`: exactly these states and gains.

    Parameters
    ----------
    model, hardware, calibration, progress, states, digital, fold, percentile
        As in `to_analog`. Training starts from the weights of `model`, which stays as it is (layers
        without analog twin are copied), or from `states` that are chosen for them.
    chips : int
        For hardware on which devices differ from chip to chip. 0 trains for the one chip of the
        hardware's seed (chip in the loop). Else so many chips are drawn at each renewal, and
        batches meet one after another (without `RenewCircuit` only the first): what is trained does
        not rely on any of them.
    exact_wires : bool
        Whether the circuits of all tiles are solved in each step, with gradients through all of
        them: exact, and slow. Else each device keeps, until the next renewal, the attenuation that
        wires gave it at the last one. Nonlinear devices are linear ones in training, either way.

    Returns
    -------
    keras.Model
        Compiled as `model` is.

    Raises
    ------
    TypeError, ValueError, MemoryError
        As `to_analog`.

    Examples
    --------
    >>> aware = crossbar.hardware_aware(model, hardware, calibration=x[:512])
    >>> aware.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    >>> aware.fit(x, y, callbacks=[crossbar.RenewCircuit()])
    >>> analog = crossbar.to_analog(aware, hardware)
    """
    conversion = Conversion.of(
        model, hardware, calibration, digital=digital, fold=fold, percentile=percentile,
        kind=AwareProduct, settings={"chips": chips, "exact_wires": exact_wires, "given": True})
    conversion.program(progress, states)
    copy_compilation(model, conversion.analog)
    return conversion.analog
