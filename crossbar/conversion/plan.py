"""What becomes of each layer of a model, decided before anything is computed."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras

from crossbar.conversion.trained import TrainedTwin, trained
from crossbar.hardware import Hardware
from crossbar.layers.model import products_of
from crossbar.layers.registry import ANALOG, WRAPPERS, analog_twin, registered

Digital = str | type[keras.Layer]
REST = "*"


@dataclass(frozen=True, eq=False)
class Decision:
    """What becomes of a layer.

    Parameters
    ----------
    layer : keras.Layer
        Of the original model.
    why : str
        Why it stays digital; empty if it is analog.
    twin : Twin, optional
        What stands for it, if it is analog or around layers that may be.
    hardware : Hardware, optional
        What it is programmed into.
    """

    layer: keras.Layer
    why: str = ""
    twin: Any = None
    hardware: Hardware | None = None


class Plan:
    """Decisions for all layers of a model, in its order, at any depth.

    Parameters
    ----------
    model : keras.Model
        As in `to_analog`, and so are the others.
    hardware : Hardware or mapping
    digital : sequence

    Raises
    ------
    TypeError, ValueError
        If something cannot be converted; it is named.
    """

    def __init__(self, model: keras.Model, hardware: Hardware | Mapping[str, Hardware],
                 digital: object) -> None:
        check_model(model)
        self.model = model
        self.hardware = _by_name(hardware)
        self.digital = _as_tuple(digital)
        self.decisions: dict[int, Decision] = {}
        self._decide_all(model.layers)
        self._check_names()
        if not any(each.hardware for each in self.decisions.values()):
            kinds = ", ".join(sorted(kind.__name__ for kind in ANALOG))
            raise ValueError(f"model {model.name!r} has no layer that would be analog; expected "
                             f"one of {kinds}, with weights and not left digital: {self.table}")

    @property
    def analog(self) -> list[Decision]:
        """Those of layers that become analog."""
        return [each for each in self.decisions.values() if each.hardware]

    @property
    def reasons(self) -> dict[str, str]:
        """Why layers stay digital, by name."""
        return {each.layer.name: each.why for each in self.decisions.values() if each.why}

    @property
    def table(self) -> str:
        """The same in words."""
        return "; ".join(f"{name!r}: {why}" for name, why in self.reasons.items())

    def _decide_all(self, layers: list[keras.Layer]) -> None:
        """On layers, and on those in them that are not digital with what they are in."""
        for layer in layers:
            if isinstance(layer, keras.layers.InputLayer) or id(layer) in self.decisions:
                continue
            if is_graph(layer) and not self._is_left_digital(layer):
                self._decide_all(layer.layers)
                continue
            self.decisions[id(layer)] = decision = self._decide(layer)
            if decision.twin is not None and decision.hardware is None:
                self._decide_all(children(layer))

    def _is_left_digital(self, layer: keras.Layer) -> bool:
        return any(layer.name == each if isinstance(each, str) else isinstance(layer, each)
                   for each in self.digital)

    def _decide(self, layer: keras.Layer) -> Decision:
        kind = f"layer {layer.name!r} ({type(layer).__name__})"
        if products_of(layer) and not trained(layer):
            raise ValueError(f"{kind} is analog already; convert the model that it was made of")
        if self._is_left_digital(layer):
            if products_of(layer):
                raise ValueError(f"{kind} was trained in states of devices; expected what is left "
                                 "digital to be so in crossbar.hardware_aware")
            return Decision(layer, "left digital as asked")
        if trained(layer):
            return self._programmed(layer, TrainedTwin, kind)
        if not layer.weights:
            return Decision(layer, "has no weights")
        twin = registered(layer, WRAPPERS)
        if twin is not None:
            return Decision(layer, "", twin)
        if isinstance(layer, keras.Model):
            raise TypeError(f"{kind} is a subclassed model, which says nothing of its layers; "
                            + _REBUILD.format(name="it") + f", or leave it digital with "
                            f"digital=({layer.name!r},)")
        twin = analog_twin(layer)
        if twin is None:
            return Decision(layer, _no_twin(layer))
        refusal = twin.refusal(layer)
        if refusal:
            return Decision(layer, refusal)
        return self._programmed(layer, twin, kind)

    def _programmed(self, layer: keras.Layer, twin: Any, kind: str) -> Decision:
        hardware = self.hardware.get(layer.name, self.hardware.get(REST))
        if hardware is None and products_of(layer):
            raise ValueError(f"{kind} was trained in states of devices, and the mapping has no "
                             "hardware for it; expected some for each layer that was")
        if hardware is None:
            return Decision(layer, "has no hardware in the mapping")
        _check_weights(layer, kind)
        return Decision(layer, "", twin, hardware)

    def _check_names(self) -> None:
        kinds = [each.__name__ for each in self.digital if isinstance(each, type)]
        if kinds and any(each.twin is TrainedTwin for each in self.decisions.values()):
            raise ValueError(f"model {self.model.name!r} was trained in states of devices; leave "
                             f"{', '.join(kinds)} digital in crossbar.hardware_aware")
        inside = {layer.name: within for layer, within in _all_layers(self.model)}
        for name in (*self.digital, *self.hardware):
            if isinstance(name, str) and name != REST and name not in inside:
                near = difflib.get_close_matches(name, inside, 3)
                raise ValueError(f"model {self.model.name!r} has no layer {name!r}; "
                                 + (f"did you mean {', '.join(map(repr, near))}?" if near else
                                    f"it has {', '.join(map(repr, inside))}"))
        for name in self.hardware:
            if inside.get(name):
                raise ValueError(f"hardware is given for {name!r}, which is around other layers; "
                                 f"give it for these: {', '.join(map(repr, inside[name]))}")


_REBUILD = ("make a functional model of {name}: x = keras.Input(...); "
            "keras.Model(x, model.call(x)), where its call() is a graph of layers")


def check_model(model: keras.Model) -> None:
    """Refuse what is no built Sequential or functional model."""
    if not isinstance(model, keras.Model):
        raise TypeError(f"model is {type(model).__name__}; expected a keras.Model")
    if not is_graph(model):
        raise TypeError(
            f"model {model.name!r} is a {type(model).__name__} that is not built, or subclassed; "
            "expected a Sequential or functional model with known input shape: build it, or "
            + _REBUILD.format(name="it"))


def is_graph(model: keras.Layer) -> bool:
    """Whether `model` is a built Sequential or functional model."""
    return isinstance(model, keras.Model) and model.built and bool(getattr(model, "inputs", None))


def children(layer: keras.Layer) -> list[keras.Layer]:
    """The layers that a wrapper of Keras is around."""
    if isinstance(layer, keras.layers.Bidirectional):
        return [layer.forward_layer, layer.backward_layer]
    return [layer.layer]


def _all_layers(model: keras.Model) -> Iterator[tuple[keras.Layer, list[str]]]:
    """Layers at any depth, models and wrappers too, with the names of those that are in them."""
    for layer in _within(model):
        within = _within(layer)
        yield layer, [each.name for each in within]
        if within:
            yield from _all_layers(layer)


def _within(layer: keras.Layer) -> list[keras.Layer]:
    """The layers of a model or a wrapper; none of any other."""
    if is_graph(layer):
        return [each for each in layer.layers if not isinstance(each, keras.layers.InputLayer)]
    return children(layer) if registered(layer, WRAPPERS) is not None else []


def _no_twin(layer: keras.Layer) -> str:
    """Why `layer` has none."""
    kind = type(layer).__name__
    near = [base.__name__ for base in type(layer).__mro__ if base in ANALOG]
    if near:
        return f"{kind} computes something of its own; register an analog twin beside {near[0]}'s"
    return f"{kind} has no analog twin"


def _check_weights(layer: keras.Layer, kind: str) -> None:
    """Refuse weights that are no plain numbers."""
    quantised = getattr(layer, "quantization_mode", None)
    if quantised:
        raise ValueError(f"{kind} is quantised ({quantised}): its weights are codes; convert the "
                         "model as it was before quantize(), or leave the layer digital with "
                         f"digital=({layer.name!r},)")
    for weight in layer.weights:
        values = keras.ops.convert_to_numpy(keras.ops.cast(weight, "float32"))
        if not bool(keras.ops.all(keras.ops.isfinite(values))):
            raise ValueError(f"{kind} has weights that are not finite: {weight.path}")


def _by_name(hardware: object) -> dict[str, Hardware]:
    """Hardware for layers by name, `REST` for those not named."""
    found: dict[Any, Any] = dict(hardware) if isinstance(hardware, Mapping) else {REST: hardware}
    for name, each in found.items():
        if not isinstance(name, str) or not isinstance(each, Hardware):
            raise TypeError(f"hardware is {hardware!r}; expected crossbar.Hardware(...), or a "
                            "mapping from layer names to them, with '*' for the rest")
    return found


def _as_tuple(digital: object) -> tuple[Digital, ...]:
    """Names and classes of layers."""
    each = tuple(digital) if isinstance(digital, Iterable) and not isinstance(
        digital, (str, type)) else (digital,)
    for one in each:
        if not isinstance(one, str) and not (
                isinstance(one, type) and issubclass(one, keras.layers.Layer)):
            raise TypeError(f"digital has {one!r}; expected names or classes of layers, as "
                            "('head', keras.layers.GRU)")
    return each
