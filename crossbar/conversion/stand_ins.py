"""Products in the places of others, for a while: the model stays what it is."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Self

import keras

from crossbar.conversion.report import names_of_products
from crossbar.hardware import Hardware
from crossbar.layers.maker import copy_into
from crossbar.layers.model import all_layers, look, programmed_products
from crossbar.layers.periphery import decoded
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Setting, Tensor
from crossbar.tiles.progress import Progress, unseen
from device_models.checks import Floats


class StandIn(CrossbarProduct):
    """A product like another one, that keeps nothing of what it sees.

    Its results are those of its circuits also while it is shown what drives it.
    """

    @classmethod
    def of(cls, product: CrossbarProduct, hardware: Hardware | None = None, **settings: Setting
           ) -> Self:
        """Like `product`, for its own or another hardware, with nothing in it yet; not corrected,
        unless `settings` say so."""
        scale = product.scale if isinstance(product.scale, float) else product.scale.tolist()
        same = {"use_bias": product.use_bias, "input_range": product.input_range,
                "calibrated": product.calibrated, "current_range": product.current_range,
                "scale": scale, "number": product.number, "layer": product.layer,
                "place": product.place, "given": product.given, "ordered": product.ordered,
                "name": product.name, "dtype": product.dtype_policy}
        made = cls(product.shape, hardware or product.hardware, **{**same, **settings})
        made.build()
        return made

    @classmethod
    def copied(cls, product: CrossbarProduct) -> Self:
        """The very same, devices and solved circuits included."""
        made = cls.of(product, corrected=product.corrected, per_tile=product.per_tile,
                      ranges_before=product.ranges_before)
        for mine, its in zip(made.variables, product.variables, strict=True):
            copy_into(mine, its)
        return made

    @classmethod
    def uncorrected(cls, product: CrossbarProduct, per_tile: bool) -> Self:
        """The very same as it was before any correction, made to have one."""
        inputs, currents = product.ranges_before or (product.input_range, product.current_range)
        made = cls.of(product, corrected=True, per_tile=per_tile, input_range=inputs,
                      current_range=currents)
        copy_devices(product, made)
        return made

    @classmethod
    def exactly(cls, product: CrossbarProduct) -> Self:
        """With the weights as they were wanted, and ideal converters."""
        made = cls.of(product, given=False, ordered=False)
        made.hold(*wanted_of(product))
        return made

    @classmethod
    def programmed(cls, product: CrossbarProduct, hardware: Hardware, progress: Progress = unseen
                   ) -> Self:
        """The same weights written into other hardware, for the same range of inputs; made to be
        corrected if `product` is, but not corrected."""
        made = cls.of(product, hardware, corrected=product.corrected, per_tile=product.per_tile)
        made.program(*wanted_of(product), progress, product.written if product.given else None)
        return made

    def call(self, x: Tensor, training: bool | None = None) -> Tensor:
        """As of any product, with noise and nonlinear devices also while it is shown."""
        show, self.show = self.show, None
        try:
            return super().call(x, training)
        finally:
            self.show = show

    def observe(self, inputs: Tensor, outputs: Tensor) -> None:
        """Nothing is kept."""


def copy_devices(product: CrossbarProduct, other: CrossbarProduct) -> None:
    """Devices, solved circuits and what has been seen, from `product` into `other`, which is like
    it but for corrections; these find offsets anew, so that those of chosen states stay behind."""
    for name in ("kernel", "bias", "devices", "wanted", "transconductance", "decoder", "seen"):
        if hasattr(product, name):
            copy_into(getattr(other, name), getattr(product, name))
    if product.given:
        other.hold_states(replace(product.written, offset=None))
        bias = wanted_of(product)[1]
        if bias is not None and not product.bias_row:
            other.bias.assign(bias)


def wanted_of(product: CrossbarProduct) -> tuple[Floats, Floats | None]:
    """Weights (groups, inputs, outputs) and biases (groups, outputs) that were to be programmed."""
    rows = decoded(product.wanted)
    weights = rows[:, : product.shape[1]]
    if product.bias_row:
        return weights, product.input_range[1] * rows[:, -1]
    if not product.use_bias:
        return weights, None
    bias, offset = keras.ops.convert_to_numpy(product.bias), product.written.offset
    return weights, bias if offset is None else bias - offset


def looked_at(model: keras.Model) -> list[CrossbarProduct]:
    """The products of an analog model, in its order, after a look at what they have seen; raises
    ValueError for those that train."""
    found = programmed_products(model)
    if any(product.TRAINS for product in found):
        raise ValueError(f"model {model.name!r} is one that trains in states of devices; expected "
                         "what crossbar.to_analog(it, hardware) programs of it")
    look(found)
    return found


@contextmanager
def standing_in(model: keras.Model, products: Sequence[CrossbarProduct],
                stand_ins: Sequence[StandIn]) -> Iterator[None]:
    """While it lasts, layers of `model` compute with `stand_ins` in the places of `products`.

    Run the model eagerly, and nowhere else meanwhile. Nothing of it is written to, and Keras' own
    lists of its layers and variables stay as they are.
    """
    others = {id(old): new for old, new in zip(products, stand_ins, strict=True)}
    done: set[int] = set()
    with ExitStack() as restored:
        for layer, name, held in _held(model):
            done |= {id(each) for each in _several(held)}
            new = [others[id(each)] for each in _several(held)]
            if name in vars(layer):
                restored.callback(object.__setattr__, layer, name, held)
            else:  # PyTorch keeps layers elsewhere
                restored.callback(object.__delattr__, layer, name)
            object.__setattr__(layer, name, new if isinstance(held, list) else new[0])
        for product in products:
            if id(product) not in done:
                raise ValueError(f"layer {product.layer!r} has its product in no attribute of its "
                                 "own, as `product` of crossbar.AnalogLayer; expected one")
        yield


def labels(model: keras.Model, products: Sequence[CrossbarProduct]) -> list[str]:
    """Names of products: those of the report, and where a layer has several what tells them apart.
    """
    names = names_of_products(model)
    holders = {id(each): layer.name for layer, _, held in _held(model) for each in _several(held)}
    parts = [(names.get(id(each), each.layer), holders[id(each)], each.name.rpartition("_")[0])
             for each in products]
    found = []
    for layer, holder, part in parts:
        same = [each for each in parts if each[0] == layer]
        within = [each for each in same if each[1] == holder]
        found.append("/".join([layer, *([holder] if len(within) < len(same) else []),
                               *([part] if len(within) > 1 else [])]))
    return found


def _held(model: keras.Model) -> Iterator[tuple[keras.Layer, str, Any]]:
    """Layers with the names and values of attributes that hold products, or lists of them."""
    for layer in all_layers(model):
        attributes = {**vars(layer).get("_modules", {}), **vars(layer)}
        for name, value in list(attributes.items()):
            some = _several(value)
            if not name.startswith("_") and some and all(
                    isinstance(each, CrossbarProduct) for each in some):
                yield layer, name, value


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
