"""What analog layers are made with while a model is converted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from crossbar.hardware import Hardware
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Setting
from crossbar.tiles.grid import count_arrays
from crossbar.tiles.layer import device_rows
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.ranges import Range
from crossbar.tiles.realised import Realised
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class Job:
    """A product and what is to be programmed into it.

    Parameters
    ----------
    product : CrossbarProduct
        Built, and as yet exact.
    weights : (groups, inputs, outputs) array
        Wanted weights.
    bias : (groups, outputs) array, optional
        Wanted biases.
    chosen : Wanted, optional
        States of devices that were chosen for them elsewhere; those next to them by default.
    current_range : (float, float), optional
        That the current converters had where these were chosen, for as long as nothing else is
        known.
    """

    product: CrossbarProduct
    weights: Floats
    bias: Floats | None
    chosen: Wanted | None = None
    current_range: Range | None = None

    @property
    def tiles(self) -> int:
        """How many tiles it takes."""
        groups, _, outputs = self.product.shape
        return groups * count_arrays((self.product.rows, outputs), self.product.hardware)

    @property
    def rows(self) -> Floats:
        """What is to stand in devices, with biases where these are analog."""
        product = self.product
        return device_rows(self.weights, self.bias, product.hardware, product.input_range[1])

    @property
    def wanted(self) -> Wanted:
        """What devices are to be, whatever the chip."""
        return Wanted.of(self.rows, self.product.hardware) if self.chosen is None else self.chosen

    def do(self, progress: Progress = unseen) -> None:
        """Programme the product."""
        self.product.program(self.weights, self.bias, progress, self.chosen)
        self._set_currents()

    def take(self, realised: Realised, rows: Floats) -> None:
        """The same with tiles that are solved, and were to hold `rows`."""
        self.product.take(realised, rows, self.bias)
        self._set_currents()

    def _set_currents(self) -> None:
        if self.current_range is not None:
            self.product.current_range = self.current_range


@dataclass(eq=False)
class Maker:
    """Makes products for the layers of one network, and remembers what to programme into them.

    Parameters
    ----------
    child : callable
        The analog twin of a layer within a layer, or that layer itself.
    hardware : Hardware
        Of the layer being made.
    name, place : str
        Of that layer: for errors, and by which the chip knows its devices.
    kind : type
        Of products.
    settings : mapping
        What else they are made of.
    jobs : list of Job
        All that was made so far, in the order of the network.
    """

    child: Callable[[keras.Layer], keras.Layer]
    hardware: Hardware | None = None
    name: str = ""
    place: str = ""
    jobs: list[Job] = field(default_factory=list)
    kind: type[CrossbarProduct] = CrossbarProduct
    settings: Mapping[str, Setting] = field(default_factory=dict)
    _before: int = 0  # jobs of other layers

    def begin(self, name: str, place: str, hardware: Hardware) -> None:
        """What is made from now on is of another layer."""
        self.name, self.place, self.hardware, self._before = name, place, hardware, len(self.jobs)

    def product(self, weights: Floats, bias: Floats | None, dtype: str, name: str = "product",
                chosen: Wanted | None = None) -> CrossbarProduct:
        """A built product that computes exactly with `weights`, until its job is done; states may
        be `chosen` for it."""
        if self.hardware is None:
            raise ValueError(f"layer {self.name!r} has no hardware")
        for what, array in (("weights", weights), ("biases", bias)):
            if array is not None and not np.all(np.isfinite(array)):
                raise ValueError(f"layer {self.name!r} has {what} that are not finite")
        made = self.kind(weights.shape, self.hardware, use_bias=bias is not None,
                         number=len(self.jobs), layer=self.name, dtype=dtype,
                         place=f"{self.place}/{len(self.jobs) - self._before}",
                         name=f"{name}_{len(self.jobs)}",  # HDF5 wants names to differ
                         **self.settings)
        made.build()
        made.hold(weights, bias)
        self.jobs.append(Job(made, weights, bias, chosen))
        return made


def part_of(setting: Any) -> keras.Layer:
    """A layer within a layer, given as it is, or as a configuration holds it."""
    return keras.saving.deserialize_keras_object(setting) if isinstance(
        setting, Mapping) else setting


def replace_part(layer: keras.Layer, name: str, part: keras.Layer) -> None:
    """Put `part` into the place of the attribute `name`; nothing of the old one stays in `layer`.

    Keras alone would go on counting the variables of the old one, and put the new one's last, which
    is another order than that of a model that is loaded; HDF5 files have only the order.
    """
    old = getattr(layer, name)
    place = [id(each) for each in layer._layers].index(id(old))
    layer._tracker.untrack(old)
    delattr(layer, name)
    setattr(layer, name, part)
    if layer._layers[-1] is part:
        layer._layers.insert(place, layer._layers.pop())


def array_of(variable: object) -> Floats:
    """A weight of a layer of Keras in float64."""
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(variable, "float32")
                                                 if _is_half(variable) else variable), np.float64)


def copy_into(mine: Any, its: Any) -> None:
    """What a variable holds into another: a copy, since JAX frees what a training has used up."""
    mine.assign(np.array(keras.ops.convert_to_numpy(its)))


def _is_half(variable: object) -> bool:
    return str(getattr(variable, "dtype", "")) in ("bfloat16", "float16")


def precision_of(layer: keras.Layer) -> str:
    """What currents of a twin of `layer` are computed in: float64 where it is, else float32."""
    return "float64" if layer.compute_dtype == "float64" else "float32"
