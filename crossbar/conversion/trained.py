"""From layers whose states were trained to the same layers on crossbars that hold these states."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from crossbar.hardware import Hardware
from crossbar.layers.aware import AwareProduct
from crossbar.layers.maker import Job, Maker, array_of, copy_into
from crossbar.layers.model import own_variables, products_of
from crossbar.layers.product import CrossbarProduct
from crossbar.stored import to_plain
from crossbar.tiles.ranges import Range

_OF_TRAINING = ("step", "read", "chips", "exact_wires")  # settings of a product that trains


class TrainedTwin:
    """Stands for a layer, of any kind, whose products train."""

    @classmethod
    def refusal(cls, layer: keras.Layer) -> str | None:
        """None: of each of them there is one."""
        return None

    @classmethod
    def of(cls, layer: keras.Layer, maker: Maker) -> keras.Layer:
        """The same layer of products that do not train, each with a job of the trained states."""
        if maker.hardware is None:
            raise ValueError(f"layer {layer.name!r} has no hardware")
        plain = to_plain(maker.hardware)
        made = keras.saving.deserialize_keras_object(
            _programmable(keras.saving.serialize_keras_object(layer), plain))
        if not made.built:
            made.build_from_config(layer.get_build_config())
        for mine, its in zip(own_variables(made), own_variables(layer), strict=True):
            copy_into(mine, its)
        for new, old in zip(products_of(made), products_of(layer), strict=True):
            _check_levels(old, maker.hardware)
            old.settle()
            new.number = len(maker.jobs)
            new.hold(array_of(old.kernel), array_of(old.bias) if old.use_bias else None)
            weights, bias = old.meant()
            maker.jobs.append(Job(new, weights, bias, old.states(), _currents(old, new)))
        return made


def trained(layer: keras.Layer) -> bool:
    """Whether all products of `layer`, and there are some, train."""
    found = products_of(layer)
    return bool(found) and all(isinstance(each, AwareProduct) for each in found)


@contextmanager
def exactly(model: keras.Model) -> Iterator[None]:
    """While it lasts, products that train compute with the weights that their circuits realise, and
    without converters or what no matrix describes."""
    products = [each for each in products_of(model) if each.TRAINS]
    before = [each.exact for each in products]
    try:
        for each in products:
            each.exact = True
        yield
    finally:
        for each, was in zip(products, before, strict=True):
            each.exact = was


def _programmable(config: Any, hardware: Any) -> Any:
    """A configuration with products for that hardware in the place of those that train."""
    if isinstance(config, list):
        return [_programmable(each, hardware) for each in config]
    if not isinstance(config, dict):
        return config
    made = {key: _programmable(value, hardware) for key, value in config.items()}
    if "trainable" in made:
        made["trainable"] = False
    if made.get("class_name") == AwareProduct.__name__:
        inner = {key: value for key, value in made["config"].items() if key not in _OF_TRAINING}
        made |= {"class_name": CrossbarProduct.__name__, "module": CrossbarProduct.__module__,
                 "registered_name": f"crossbar>{CrossbarProduct.__name__}",
                 "config": {**inner, "hardware": hardware}}
    return made


def _check_levels(product: AwareProduct, hardware: Hardware) -> None:
    """Refuse hardware whose devices have other states than those that were trained."""
    before, now = product.hardware.levels.values, hardware.levels.values
    if before.shape != now.shape or not np.allclose(before, now, rtol=1e-9, atol=0.0):
        raise ValueError(
            f"layer {product.layer!r} was trained for {len(before)} levels up to {before[-1]:.4g} "
            f"S, and the hardware has {len(now)} up to {now[-1]:.4g} S; expected the same synapse, "
            "mapping and read voltage: train for this hardware with crossbar.hardware_aware")


def _currents(old: AwareProduct, new: CrossbarProduct) -> Range | None:
    """The range of current converters, if they and the arrays are what they were."""
    alike = all(getattr(old.hardware, each) == getattr(new.hardware, each)
                for each in ("array", "converters", "mapping"))
    return old.current_range if alike else None
