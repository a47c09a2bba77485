"""From a Keras model to the same model on crossbars."""

import keras

from crossbar.conversion.probe import Inputs, layer_inputs
from crossbar.hardware import Hardware
from crossbar.layers.base import AnalogLayer
from crossbar.layers.registry import ANALOG, analog_twin
from crossbar.tiles.matrix import Progress, unseen
from device_models.checks import Floats

# Layers with weights that are computed digitally, beside the arrays.
_DIGITAL = (
    keras.layers.BatchNormalization,
    keras.layers.LayerNormalization,
    keras.layers.Normalization,
)


def to_analog(
    model: keras.Model,
    hardware: Hardware,
    calibration: Inputs | None = None,
    progress: Progress = unseen,
) -> keras.Model:
    """The same model with every layer that has an analog twin, as `Dense`, computed by crossbars.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, built. Layers without weights and normalisations stay digital.
    hardware : Hardware
        What the layers are programmed into.
    calibration : (samples, ...) array or list of them, optional
        Typical inputs of the model, one array for each. They set each layer's input range where
        activations exceed 1 (without them: -1 to 1) and the range of the current converters
        (without them: the largest current any input can make).
    progress : callable
        Called with 1 after each solved tile; `count_tiles` says how many there are.

    Returns
    -------
    keras.Model
        Compiled as `model` is. Its analog layers keep the names of those they replace.

    Raises
    ------
    TypeError
        If `model` is not a built Sequential or functional model, or `hardware` not a `Hardware`.
    ValueError
        If a layer cannot be converted (its name is given), or numbers are not finite.
    """
    _check(model, hardware)
    inputs = {} if calibration is None else _calibrated(model, calibration)
    analog_names = [layer.name for layer in model.layers if analog_twin(layer)]

    def convert(layer: keras.Layer) -> keras.Layer:
        twin = analog_twin(layer)
        if twin is None:
            return _copy(layer)
        stream = analog_names.index(layer.name)
        return twin.program(layer, hardware, inputs.get(layer.name), stream, progress)

    analog = keras.models.clone_model(model, clone_function=convert)
    if model.compiled and model.get_compile_config() is not None:
        analog.compile_from_config(model.get_compile_config())
    return analog


def count_tiles(model: keras.Model, hardware: Hardware) -> int:
    """How many tiles `to_analog` will solve."""
    _check(model, hardware)
    twins = [(layer, analog_twin(layer)) for layer in model.layers]
    return sum(twin.count_tiles(layer, hardware) for layer, twin in twins if twin)


def _check(model: keras.Model, hardware: Hardware) -> None:
    """Refuse what cannot be converted, before any work."""
    if not isinstance(hardware, Hardware):
        raise TypeError(f"hardware is {hardware!r}; expected crossbar.Hardware(...)")
    if not isinstance(model, keras.Model):
        raise TypeError(f"model is {type(model).__name__}; expected a keras.Model")
    if not model.built or not getattr(model, "inputs", None):
        raise TypeError(
            f"model {model.name!r} is a {type(model).__name__} that is not built, or subclassed; "
            "expected a Sequential or functional model with known input shape"
        )
    kinds = " or ".join(kind.__name__ for kind in ANALOG)
    for layer in model.layers:
        if analog_twin(layer) or not layer.weights or isinstance(layer, _DIGITAL):
            continue
        reason = "a model inside the model; call to_analog on it, or build the model flat" if (
            isinstance(layer, keras.Model)) else (
            "analog already" if isinstance(layer, AnalogLayer) else
            f"not supported on crossbars; only {kinds} layers are")
        raise ValueError(f"layer {layer.name!r} ({type(layer).__name__}) is {reason}")
    if not any(analog_twin(layer) for layer in model.layers):
        raise ValueError(f"model {model.name!r} has no {kinds} layer, so nothing would be analog")


def _copy(layer: keras.Operation) -> keras.Operation:
    """A layer, or an operation of `keras.ops`, that stays digital; with its weights as Keras saves
    and loads them."""
    copy = type(layer).from_config(layer.get_config())
    if isinstance(layer, keras.Layer) and layer.weights:
        weights: dict[str, object] = {}
        layer.save_own_variables(weights)
        copy.build_from_config(layer.get_build_config())
        copy.load_own_variables(weights)
    return copy


def _calibrated(model: keras.Model, calibration: Inputs) -> dict[str, Floats]:
    """Inputs of each layer that will be analog, for the calibration samples."""
    try:
        return layer_inputs(model, calibration, lambda layer: analog_twin(layer) is not None)
    except ValueError as error:
        raise ValueError(f"calibration: {error}") from error
