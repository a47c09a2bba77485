"""Names of layers by which a chip knows their devices, whatever Keras called them.

A layer that was given a name is known by it, at any place in the network. One that Keras named
("dense_7", a number that counts all layers made since Python began) is known by its kind and how
many of that kind in the same model were made before it.
"""

import re

import keras

from crossbar.conversion.plan import children, is_graph
from crossbar.layers.registry import WRAPPERS, registered


def places_of(model: keras.Model, within: str = "") -> dict[int, str]:
    """The name of each layer at any depth, by its id; of one that is shared, that of its first
    place."""
    found: dict[int, str] = {}
    for layer, name in _names(model.layers):
        _place(layer, within + name, found)
    return found


def _place(layer: keras.Layer, place: str, found: dict[int, str]) -> None:
    found.setdefault(id(layer), place)
    if is_graph(layer):
        for child, name in places_of(layer, f"{place}/").items():
            found.setdefault(child, name)
    elif registered(layer, WRAPPERS) is not None:
        for number, child in enumerate(children(layer)):
            if isinstance(child, keras.Layer):
                _place(child, f"{place}/{number}", found)


def _names(layers: list[keras.Layer]) -> list[tuple[keras.Layer, str]]:
    counted = [(layer, *_automatic(layer)) for layer in layers]
    named = []
    for layer, kind, number in counted:
        before = sum(other == kind and number is not None and count is not None and count < number
                     for _, other, count in counted)
        named.append((layer, layer.name if number is None else f"{kind} {before}"))
    return named


def _automatic(layer: keras.Layer) -> tuple[str, int | None]:
    """Kind of a layer as Keras writes it in names, and the number in its name if Keras chose it."""
    kind = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_",
                  type(layer).__name__).lower()
    found = re.fullmatch(rf"{kind}(?:_(\d+))?", layer.name)
    return (kind, int(found[1] or 0)) if found else (layer.name, None)
