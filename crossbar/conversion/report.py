"""What became of each layer of a model."""

from collections.abc import Iterator
from dataclasses import dataclass

import keras

from crossbar.conversion.plan import children, is_graph
from crossbar.layers.model import products_of, programmed_products
from crossbar.layers.registry import WRAPPERS
from crossbar.tables import aligned

Reasons = dict[str, str]
"""Why layers are digital, by name."""


@dataclass(frozen=True)
class LayerReport:
    """One layer.

    Parameters
    ----------
    name : str
        With the models and wrappers that it is in, from the outermost: "encoder/dense".
    kind : str
        Its class.
    analog : bool
        Whether its products are those of crossbars.
    why : str
        Why not, if it is not.
    matrices : tuple of (int, int, int)
        Of each product: matrices side by side, their inputs, their outputs.
    tiles : int
        Arrays that hold them.
    """

    name: str
    kind: str
    analog: bool
    why: str = ""
    matrices: tuple[tuple[int, int, int], ...] = ()
    tiles: int = 0


@dataclass(frozen=True)
class ConversionReport:
    """All layers of an analog model; printed as a table.

    Parameters
    ----------
    layers : tuple of LayerReport
        In the model's order.
    """

    layers: tuple[LayerReport, ...]

    @property
    def tiles(self) -> int:
        """Arrays of the whole model."""
        return sum(layer.tiles for layer in self.layers)

    def __str__(self) -> str:
        rows = [("layer", "class", "", "matrices", "tiles", "why")]
        for layer in self.layers:
            sizes = " + ".join((f"{g} of " if g > 1 else "") + f"{i} x {o}"
                               for g, i, o in layer.matrices)
            rows.append((layer.name, layer.kind, "analog" if layer.analog else "digital", sizes,
                         str(layer.tiles or ""), layer.why))
        return "\n".join(aligned(rows, left=len(rows[0])))


def conversion_report(model: keras.Model) -> ConversionReport:
    """What became of each layer when `crossbar.to_analog` made `model`, and why.

    Raises ValueError if it holds no analog layer.
    """
    programmed_products(model)
    return ConversionReport(tuple(_row(*each) for each in _leaves(model, "", {}, set())))


def leaves(model: keras.Model) -> list[tuple[str, keras.Layer]]:
    """The layers of the report, by the names that it calls them."""
    return [(name, layer) for name, layer, _ in _leaves(model, "", {}, set())]


def names_of_products(model: keras.Model) -> dict[int, str]:
    """What the report calls the layer of each product, by the product's id."""
    return {id(product): name for name, layer in leaves(model) for product in products_of(layer)}


def _leaves(model: keras.Model, before: str, reasons: Reasons, done: set[int]
            ) -> Iterator[tuple[str, keras.Layer, Reasons]]:
    """Name and layer of what is in `model` and not `done`: each is told of where it comes first."""
    known = {**reasons, **getattr(model, "reasons", {})}
    for layer in model.layers:
        if not isinstance(layer, keras.layers.InputLayer):
            yield from _within(layer, before, known, done)


def _within(layer: keras.Layer, before: str, reasons: Reasons, done: set[int]
            ) -> Iterator[tuple[str, keras.Layer, Reasons]]:
    """The layer itself, or what it is around."""
    if id(layer) in done:
        return
    done.add(id(layer))
    name = before + layer.name
    wrapper = any(isinstance(layer, kind) for kind in WRAPPERS)
    if is_graph(layer):
        yield from _leaves(layer, f"{name}/", reasons, done)
    elif wrapper and (products_of(layer) or layer.name not in reasons):
        for child in children(layer):
            yield from _within(child, f"{name}/", reasons, done)
    else:
        yield name, layer, reasons


def _row(name: str, layer: keras.Layer, reasons: Reasons) -> LayerReport:
    kind, products = type(layer).__name__, products_of(layer)
    if not products:
        why = reasons.get(layer.name) or ("has weights, and stayed digital" if layer.weights else
                                          "has no weights")
        return LayerReport(name, kind, False, why)
    tiles = sum(len(matrix.tiles) for product in products for matrix in product.matrices)
    return LayerReport(name, kind, True, "", tuple(p.shape for p in products), tiles)
