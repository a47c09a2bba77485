"""States that are chosen for what drives the arrays, layer by layer through those before."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import keras
import numpy as np

from crossbar.conversion.check import run
from crossbar.conversion.moments import Moments
from crossbar.conversion.samples import Batch
from crossbar.hardware import Hardware
from crossbar.layers.maker import Job
from crossbar.layers.watching import shown
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.progress import told
from device_models.checks import Floats


class Choice(Protocol):
    """What is chosen for the matrices of a layer."""

    @property
    def wanted(self) -> Wanted:
        """States, scale and order."""

    @property
    def weights(self) -> Floats:
        """That are realised: (groups, rows, outputs) [1]."""


class States(Protocol):
    """A way to choose states, as `crossbar.WireAware`."""

    def choose(self, weights: Floats, hardware: Hardware, moments: Floats | None = None) -> Choice:
        """For `weights` (groups, rows, outputs) [1] and second moments of what drives the rows."""


def check_states(states: Any) -> None:
    """Refuse what is no way to choose states."""
    if not hasattr(states, "choose") or isinstance(states, type):
        raise TypeError(f"states is {states!r}; expected crossbar.WireAware(...), or None for the "
                        "level next to each weight")


def choose(jobs: list[Job], model: keras.Model, given: Sequence[Batch], states: States) -> None:
    """Choose states for each of the `jobs` of a model that is programmed, and programme them.

    Where biases are digital they make up for what the states are off in the mean, which is then
    left out of what states are chosen for.
    """
    with told(None, len(jobs), "choosing states") as done:
        for number, job in enumerate(jobs):
            moments, product = Moments(job.product), job.product
            with shown([product], moments.see):
                for batch in given:
                    run(model, batch)
            offsets = product.use_bias and not product.bias_row and moments.count > 0
            found = states.choose(job.rows, product.hardware, moments.second(centred=offsets))
            off = np.einsum("gi,gio->go", moments.mean, job.rows - found.weights)
            jobs[number] = replace(job, chosen=replace(
                found.wanted, offset=off if offsets else None))
            jobs[number].do()
            done(1)
