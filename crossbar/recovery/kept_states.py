"""The states of a network on crossbars in one small file, to be programmed again."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import keras
import numpy as np

from crossbar.conversion.convert import Conversion, Hardwares
from crossbar.hardware import Hardware
from crossbar.layers.model import programmed_products
from crossbar.layers.product import CrossbarProduct
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.order import Order
from crossbar.tiles.progress import Progress, told
from crossbar.tiles.ranges import Range
from device_models.checks import Floats

_FORMAT = "states of a network on crossbars, 1"


@dataclass(frozen=True, eq=False)
class KeptProduct:
    """One matrix product.

    Parameters
    ----------
    level : (groups, rows, outputs) array of int
        Which of the mapping's levels each weight stands on.
    scale : (groups, outputs) array
        Weight per siemens, as read, digital gains included [1/S].
    bias : (groups, outputs) array, optional
        What is added digitally, offsets included.
    order : Order, optional
        Where rows and outputs stand.
    input_range, current_range : (float, float)
        Of the converters.
    calibrated : bool
        Whether the former is of typical inputs.
    gain : (groups, outputs) array, optional
        Digital gains that are not above zero, which no scale holds, and ones; if there are any [1].
    """

    level: np.ndarray[Any, Any]
    scale: Floats
    bias: Floats | None
    order: Order | None
    input_range: Range
    current_range: Range
    calibrated: bool
    gain: Floats | None = None

    @classmethod
    def of(cls, product: CrossbarProduct) -> Self:
        """Of a programmed product; raises ValueError where its results cannot be had again."""
        written, hardware = product.written, product.hardware
        levels = hardware.levels
        groups, _, outputs = product.shape
        scale = np.broadcast_to(product.scale, (groups, outputs)).astype(np.float64)
        bias = np.asarray(keras.ops.convert_to_numpy(product.bias), np.float64) \
            if product.use_bias and not product.bias_row else None
        odd = None
        if product.correction is not None:
            gain, offset = (np.asarray(keras.ops.convert_to_numpy(each), np.float64) for each in (
                product.correction.gain, product.correction.offset))
            if np.any(gain <= 0):
                odd, gain = np.where(gain > 0, 1.0, gain), np.where(gain > 0, gain, 1.0)
            scale = scale * gain
            if bias is None and np.any(offset):
                raise ValueError(f"layer {product.layer!r} has digital offsets and no digital "
                                 "biases to keep them in")
            bias = None if bias is None else bias + offset
            if product.correction.trim is not None:
                raise ValueError(f"layer {product.layer!r} has gains per tile, which are not kept")
        if levels.continuous:
            raise ValueError(f"layer {product.layer!r} has devices without levels")
        return cls(levels.number(written.difference), scale, bias, written.order,
                   product.input_range, product.current_range, product.calibrated, odd)

    def wanted(self, hardware: Hardware) -> Wanted:
        """The same for a product on `hardware`."""
        levels = hardware.levels
        if self.level.max() >= len(levels.values) or self.level.min() < 0:
            raise ValueError(f"states go from level {self.level.min()} to {self.level.max()}, and "
                             f"the hardware has {len(levels.values)}; expected the hardware they "
                             "were chosen for")
        return Wanted(levels.values[self.level], self.scale, order=self.order)

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """For a file."""
        small = np.int8 if self.level.max() < 128 else np.int32
        found: dict[str, np.ndarray[Any, Any]] = {
            "level": self.level.astype(small), "scale": self.scale,
            "ranges": np.array([self.input_range, self.current_range]),
            "calibrated": np.array(self.calibrated)}
        found |= {name: each for name, each in (("bias", self.bias), ("gain", self.gain))
                  if each is not None}
        if self.order is not None:
            found |= {"row_order": np.asarray(self.order.rows, np.int32),
                      "output_order": np.asarray(self.order.outputs, np.int32)}
        return found

    @classmethod
    def of_arrays(cls, found: dict[str, np.ndarray[Any, Any]]) -> Self:
        """What `arrays` made."""
        order = Order(found["row_order"], found["output_order"]) if "row_order" in found else None
        inputs, currents = ((float(low), float(high)) for low, high in found["ranges"])
        return cls(found["level"].astype(np.intp), found["scale"], found.get("bias"), order,
                   inputs, currents, bool(found["calibrated"]), found.get("gain"))


@dataclass(frozen=True, eq=False)
class KeptStates:
    """All products of a network, in its order.

    Parameters
    ----------
    products : tuple of KeptProduct
        Each of them.
    record : dict
        Whatever is to be known of them, as plain data.
    """

    products: tuple[KeptProduct, ...]
    record: dict[str, Any]

    @classmethod
    def of(cls, analog: keras.Model, record: dict[str, Any]) -> Self:
        """Of an analog model."""
        return cls(tuple(map(KeptProduct.of, programmed_products(analog))), record)

    def model(self, model: keras.Model, hardware: Hardwares, progress: Progress | None = None
              ) -> keras.Model:
        """`model`, whose weights they were chosen for, on `hardware` in these states."""
        odd = any(each.gain is not None for each in self.products)
        conversion = Conversion.of(model, hardware, None, settings={
            "given": True, "corrected": odd})
        found = [(job.product.shape[0], job.product.rows, job.product.shape[2])
                 for job in conversion.jobs]
        if found != [each.level.shape for each in self.products]:
            raise ValueError(f"model {model.name!r} has matrices {found}, and the states are of "
                             f"{[each.level.shape for each in self.products]}")
        with told(progress, conversion.tiles, "solving tiles") as done:
            for job, kept in zip(conversion.jobs, self.products, strict=True):
                product = job.product
                product.input_range, product.calibrated = kept.input_range, kept.calibrated
                replace(job, bias=job.bias if kept.bias is None else kept.bias,
                        chosen=kept.wanted(product.hardware),
                        current_range=kept.current_range).do(done)
                if kept.gain is not None and product.correction is not None:
                    product.correction.take(kept.gain, np.zeros_like(kept.gain))
        return conversion.analog

    def save(self, path: Path) -> None:
        """Write them into a NumPy archive, without pickles."""
        arrays = {f"{number}/{name}": array for number, each in enumerate(self.products)
                  for name, array in each.arrays().items()}
        with path.open("wb") as file:
            np.savez_compressed(file, **{  # type: ignore[arg-type]  # its stub has a flag of them
                "format": np.array(_FORMAT), "record": np.array(json.dumps(self.record)), **arrays})

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `save` wrote; raises ValueError for anything else."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                arrays = dict(archive)
        except Exception as error:  # NumPy has no error of its own for a damaged archive
            raise ValueError(f"{path} holds no states of a network ({error})") from error
        if str(arrays.pop("format", "")) != _FORMAT:
            raise ValueError(f"{path} holds no states of a network, in this version's format")
        try:
            record = dict(json.loads(str(arrays.pop("record"))))
            products: list[KeptProduct] = []
            while any(name.startswith(f"{len(products)}/") for name in arrays):
                head = f"{len(products)}/"
                products.append(KeptProduct.of_arrays({
                    name.removeprefix(head): array for name, array in arrays.items()
                    if name.startswith(head)}))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} holds states that something is missing of, or wrong with "
                             f"({error})") from error
        return cls(tuple(products), record)
