"""The analog layers of a model, as far as their cost goes."""

from dataclasses import dataclass
from typing import Any

import keras

from crossbar.conversion.report import conversion_report, leaves
from crossbar.cost.surroundings import Numbers
from crossbar.hardware import Hardware
from crossbar.layers.cells import AnalogCell, AnalogGRUCell, AnalogLSTMCell
from crossbar.layers.model import all_layers, products_of, programmed_products
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
        return self.hardware.read_voltage * (high - low) / self.product.input_range[1]


def products_in(model: keras.Model) -> list[AnalogProduct]:
    """Those of an analog model, in the network's order; raises ValueError if it has none."""
    programmed_products(model)
    found = [made for name, layer in leaves(model) for made in _of_layer(name, layer)]
    return sorted(found, key=lambda each: each.product.number)


def digital_layers(model: keras.Model) -> tuple[str, ...]:
    """Names and kinds of layers that compute without crossbars, and what others do beside them."""
    report = conversion_report(model).layers
    whole = [f"{row.name} ({row.kind})" for row in report
             if not row.analog and row.kind not in _MOVED_ONLY]
    beside = [f"{name} ({_beside(layer)})" for name, layer in leaves(model)
              if products_of(layer) and _beside(layer)]
    return (*whole, *beside)


def _beside(layer: keras.Layer) -> str:
    """What an analog layer multiplies without crossbars, in words."""
    if isinstance(layer, (keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention)):
        return "scores and what they weight"
    gated = isinstance(layer, keras.layers.RNN) and any(
        isinstance(each, (AnalogLSTMCell, AnalogGRUCell)) for each in all_layers(layer))
    return "products of gates and states" if gated else ""


def _of_layer(name: str, layer: keras.Layer) -> list[AnalogProduct]:
    """Those of one layer; its activation function follows the last."""
    functions, found = _functions(layer), []
    for number, product in enumerate(products_of(layer)):
        _, inputs, outputs = product.shape
        bias = product.use_bias and not product.bias_row
        found.append(AnalogProduct(name, number, product, Numbers(
            inputs, outputs, product.row_tiles, bias or product.corrected, product.per_tile,
            _simple(functions.get(id(product))))))
    return found


def _functions(layer: keras.Layer) -> dict[int, Any]:
    """The activation function behind a product, by its id: of cells behind that of their inputs,
    which has a column for each gate; of all others behind the last."""
    found: dict[int, Any] = {}
    for each in all_layers(layer):
        products, function = products_of(each), getattr(each, "activation", None)
        if not products or function is None:
            continue
        if isinstance(each, AnalogCell):
            gates = each.recurrent_activation
            linear = gates is keras.activations.linear
            found[id(products[0])] = function if linear else gates
        else:
            found[id(products[-1])] = function
    return found


def _simple(function: Any) -> bool | None:
    """Whether an activation function is no more than comparisons; None if it is none."""
    name = getattr(function, "__name__", type(function).__name__)
    return None if function is None or name == "linear" else name in _SIMPLE
