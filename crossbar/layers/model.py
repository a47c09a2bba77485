"""Models with analog layers: what a run has seen is looked at when it is done."""

import warnings
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Self

import keras
import numpy as np

from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Setting, Tensor
from crossbar.layers.watching import is_value

_RUNS = ("evaluate", "predict", "predict_on_batch", "test_on_batch", "fit", "train_on_batch")
_BEYOND = 2.0  # calibration is a sample: what is less beyond it is no surprise


def products_of(model: keras.Layer) -> list[CrossbarProduct]:
    """All products in a model or layer, at any depth, each once, in the network's order."""
    found = [layer for layer in all_layers(model) if isinstance(layer, CrossbarProduct)]
    return sorted(found, key=lambda product: product.number)  # Keras' order changes on loading


def programmed_products(model: keras.Model) -> list[CrossbarProduct]:
    """Those of an analog model, in the network's order, with their present states in them; raises
    ValueError if it has none."""
    found = products_of(model) if isinstance(model, keras.Model) else []
    if not found:
        raise ValueError(f"model {getattr(model, 'name', model)!r} has no programmed crossbars; "
                         "pass what crossbar.to_analog returned")
    settle(model)
    return found


def all_layers(model: keras.Layer) -> list[keras.Layer]:
    """All layers in a model or layer, itself included, at any depth, each once."""
    return list({id(layer): layer for layer in model._flatten_layers()}.values())


def own_variables(layer: keras.Layer) -> list[keras.Variable]:
    """Variables of a layer that are not its products'."""
    theirs = {id(v) for product in products_of(layer) for v in product.variables}
    return [v for v in layer.variables if id(v) not in theirs]


def settle(model: keras.Layer) -> None:
    """Have products that train write and solve their present states, where they have not."""
    for product in products_of(model):
        if product.TRAINS:
            product.settle()


def look(products: Iterable[CrossbarProduct]) -> None:
    """Warn or raise for what `products` have seen since the last look.

    Raises
    ------
    ValueError
        If an output was not finite, a voltage would break junctions, or nothing is programmed.
    """
    # of all of them, so that an error is not told again next time
    found = [(product, *product.take_seen()) for product in products]
    for product, low, high, bad in found:
        if bad or not np.isfinite([low, high]).all():
            raise ValueError(
                f"layer {product.layer!r} has outputs that are not finite, for inputs from {low:g} "
                f"to {high:g}: look for such numbers in the model's inputs, or for a range that "
                f"{product.dtype} cannot hold")
        look_at_range(product, low, high, callers=3)


def look_at_range(product: CrossbarProduct, low: float, high: float, callers: int = 2) -> None:
    """Warn of inputs beyond the range of a product, or raise if they break junctions.

    The warning is of the line so many `callers` above.
    """
    reach, hardware = product.input_range[1], product.hardware
    voltage = hardware.read_voltage * max(high, -low) / reach
    breaks = getattr(hardware.synapse, "breakdown_voltage", None)
    seen = f"layer {product.layer!r} has inputs from {low:g} to {high:g}"
    remedy = ("pass typical inputs as calibration=... to crossbar.to_analog" if not
              product.calibrated else "calibrate with inputs as large as these")
    if breaks is not None and voltage > breaks:
        raise ValueError(f"{seen}, which drive rows at {voltage:.3g} V; junctions break at "
                         f"{breaks:.3g} V, and {reach:g} stands for {hardware.read_voltage:g} V: "
                         f"{remedy}, or scale the model's inputs")
    tolerated = _BEYOND if product.calibrated else 1.0 + 1e-6
    clipped = hardware.converters.dac_bits is not None
    beyond = max(high, -low) > tolerated * reach or (
        clipped and low < tolerated * product.input_range[0] - 1e-6)
    if beyond and not product.warned:
        product.warned = True
        what = (f"; its converter clips them to {product.input_range[0]:g} .. {reach:g}" if clipped
                else f", which drive rows at {voltage:.3g} V, not {hardware.read_voltage:g} V")
        warnings.warn(f"{seen}{what}: {remedy}", UserWarning, stacklevel=callers + 1)


def check_exportable(products: Iterable[CrossbarProduct]) -> None:
    """Refuse, with ValueError, products that no graph can compute without this package."""
    for product in products:
        if product.hardware.by_circuit and not product.exact:
            raise ValueError(
                f"layer {product.layer!r} solves its circuits, or draws noise, at each read, "
                "which an exported graph cannot: save() the model instead, or convert it without "
                "nonlinear=True and read_noise")


def looking(model: keras.Model) -> keras.Model:
    """`model`, which from now on looks at what its products have seen after each of its runs.

    One of a class that does not call this as it is made forgets it when it is saved and loaded.
    """
    def followed(run: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(run)
        def run_and_look(*args: Any, **settings: Setting) -> Any:
            if run.__name__ not in ("fit", "train_on_batch"):
                settle(model)
            result = run(*args, **settings)
            look(products_of(model))
            return result
        return run_and_look

    def checked(export: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(export)
        def check_and_export(*args: Any, **settings: Setting) -> Any:
            check_exportable(products_of(model))
            settle(model)
            return export(*args, **settings)
        return check_and_export

    for name in _RUNS:
        object.__setattr__(model, name, followed(getattr(model, name)))
    object.__setattr__(model, "export", checked(model.export))
    object.__setattr__(model, "reasons", {})
    return model


class _Looking:
    """A model of Keras that looks after its runs, and after each call.

    Attributes
    ----------
    reasons : dict
        Why each layer that is not analog is digital, by its name.
    """

    reasons: dict[str, str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # Keras knows functional models by these names
        looking(self)

    def __call__(self, *args: Any, **settings: Setting) -> Tensor:
        if not settings.get("training") and all(map(is_value, keras.tree.flatten(args))):
            settle(self)
        outputs = super().__call__(*args, **settings)  # type: ignore[misc]
        if all(is_value(y) for y in keras.tree.flatten(outputs)):
            look(products_of(self))
        return outputs

    def get_config(self) -> dict[str, Setting]:
        return {**super().get_config(), "reasons": dict(self.reasons)}  # type: ignore[misc]

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self:
        config = dict(config)
        reasons = config.pop("reasons", {})
        made: Self = super().from_config(config, custom_objects)  # type: ignore[misc]
        made.reasons.update((str(name), str(why)) for name, why in dict(reasons).items())
        return made


@keras.saving.register_keras_serializable("crossbar")
class AnalogModel(_Looking, keras.Model):
    """A functional model with analog layers."""


@keras.saving.register_keras_serializable("crossbar")
class AnalogSequential(_Looking, keras.Sequential):
    """A `Sequential` model with analog layers."""


# HDF5 files name models without their package.
keras.saving.get_custom_objects().update(AnalogModel=AnalogModel, AnalogSequential=AnalogSequential)
