"""The analog layers of a model, as far as their cost goes."""

from dataclasses import dataclass
from typing import Any

import keras

from crossbar.conversion.report import conversion_report, leaves
from crossbar.cost.surroundings import Numbers
from crossbar.hardware import Hardware
from crossbar.layers.model import products_of, programmed_products
from crossbar.layers.product import CrossbarProduct

_SIMPLE = ("relu", "relu6", "leaky_relu", "hard_sigmoid", "hard_tanh", "hard_shrink")
_MOVED_ONLY = ("Flatten", "Reshape", "Permute", "RepeatVector", "Concatenate", "Identity",
               "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
               "GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization",
               "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D", "Cropping1D", "Cropping2D",
               "Cropping3D", "UpSampling1D", "Masking")  # no arithmetic when inferring


@dataclass(frozen=True, eq=False)
class AnalogProduct:
    """One product of an analog layer.

    Parameters
    ----------
    name : str
        Of the layer, as in `conversion_report`.
    number : int
        Which of the layer's products.
    product : CrossbarProduct
        Programmed.
    numbers : Numbers
        What is done behind the converters of each of its matrices.
    """

    name: str
    number: int
    product: CrossbarProduct
    numbers: Numbers

    @property
    def hardware(self) -> Hardware:
        """Of its layer."""
        return self.product.hardware

    @property
    def tiles(self) -> int:
        """How many arrays it takes."""
        return sum(len(matrix.tiles) for matrix in self.product.matrices)

    @property
    def span(self) -> float | None:
        """Of the currents that its converters are set for [A]; None where these are ideal."""
        if self.hardware.converters.adc_bits is None:
            return None
        low, high = self.product.current_range
        return self.hardware.read_voltage * self.product.input_range[1] * (high - low)


def products_in(model: keras.Model) -> list[AnalogProduct]:
    """Those of an analog model, in the network's order; raises ValueError if it has none."""
    programmed_products(model)
    found = [made for name, layer in leaves(model) for made in _of_layer(name, layer)]
    return sorted(found, key=lambda each: each.product.number)


def digital_layers(model: keras.Model) -> tuple[str, ...]:
    """Names and kinds of layers that compute without crossbars."""
    return tuple(f"{row.name} ({row.kind})" for row in conversion_report(model).layers
                 if not row.analog and row.kind not in _MOVED_ONLY)


def _of_layer(name: str, layer: keras.Layer) -> list[AnalogProduct]:
    """Those of one layer; its activation function follows the last."""
    products = products_of(layer)
    found = []
    for number, product in enumerate(products):
        function = getattr(layer, "activation", None) if product is products[-1] else None
        _, inputs, outputs = product.shape
        bias = product.use_bias and not product.bias_row
        found.append(AnalogProduct(name, number, product, Numbers(
            inputs, outputs, product.row_tiles, bias or product.corrected, product.per_tile,
            _simple(function))))
    return found


def _simple(function: Any) -> bool | None:
    """Whether an activation function is no more than comparisons; None if it is none."""
    name = getattr(function, "__name__", type(function).__name__)
    return None if function is None or name == "linear" else name in _SIMPLE
