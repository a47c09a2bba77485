"""From a Keras model to the same model on crossbars."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras.layers import Dense

from crossbar.conversion.probe import Inputs, layer_inputs
from crossbar.hardware import Hardware
from crossbar.layers.dense import AnalogDense, stacked_transconductance
from crossbar.tiles.matrix import TiledMatrix
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
    progress: Callable[[int], object] = lambda n: None,
) -> keras.Model:
    """The same model with every `Dense` layer computed by crossbars.

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
        Compiled as `model` is. Its `AnalogDense` layers keep the names of those they replace.

    Raises
    ------
    TypeError
        If `model` is not a built Sequential or functional model, or `hardware` not a `Hardware`.
    ValueError
        If a layer cannot be converted (its name is given), or numbers are not finite.
    """
    _check(model, hardware)
    inputs = {} if calibration is None else _calibrated(model, calibration)
    names = [layer.name for layer in model.layers if isinstance(layer, Dense)]
    programmed: dict[str, tuple[AnalogDense, dict[str, Floats]]] = {}

    def convert(layer: keras.Layer) -> keras.Layer:
        if not isinstance(layer, Dense):
            return type(layer).from_config(layer.get_config())
        stream = names.index(layer.name)
        made = _program(layer, hardware, stream, inputs.get(layer.name), progress)
        programmed[layer.name] = made
        return made[0]

    analog = keras.models.clone_model(model, clone_function=convert)
    for layer in model.layers:
        if layer.name in programmed:
            _set_weights(*programmed[layer.name])
        elif layer.weights:
            analog.get_layer(layer.name).set_weights(layer.get_weights())
    if model.compiled and model.get_compile_config() is not None:
        analog.compile_from_config(model.get_compile_config())
    return analog


def count_tiles(model: keras.Model, hardware: Hardware) -> int:
    """How many tiles `to_analog` will solve."""
    _check(model, hardware)
    rows, width = hardware.tile[0], hardware.mapping.outputs_per_tile(hardware.tile[1])
    total = 0
    for layer in model.layers:
        if isinstance(layer, Dense):
            inputs, outputs = layer.kernel.shape
            inputs += hardware.analog_bias and layer.use_bias
            total += -(-inputs // rows) * -(-outputs // width)
    return total


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
    for layer in model.layers:
        if type(layer) is Dense or not layer.weights or isinstance(layer, _DIGITAL):
            continue
        nested = "a model inside the model; call to_analog on it, or build the model flat" if (
            isinstance(layer, keras.Model)) else (
            "analog already" if isinstance(layer, AnalogDense) else
            "not supported on crossbars; only Dense layers are")
        raise ValueError(f"layer {layer.name!r} ({type(layer).__name__}) is {nested}")
    if not any(isinstance(layer, Dense) for layer in model.layers):
        raise ValueError(f"model {model.name!r} has no Dense layer, so nothing would be analog")


def _program(
    layer: Dense, hardware: Hardware, stream: int, inputs: Floats | None,
    progress: Callable[[int], object],
) -> tuple[AnalogDense, dict[str, Floats]]:
    """The analog twin of one layer, and its weights to be set once it is built."""
    kernel = np.asarray(layer.kernel, np.float64)
    bias = np.asarray(layer.bias, np.float64) if layer.use_bias else np.zeros(layer.units)
    if not (np.all(np.isfinite(kernel)) and np.all(np.isfinite(bias))):
        raise ValueError(f"layer {layer.name!r} has weights that are not finite")
    reach = _reach(inputs, hardware.dac_bits)
    as_row = hardware.analog_bias and layer.use_bias
    if as_row:
        kernel = np.vstack([kernel, bias / reach[1]])
    matrix = TiledMatrix.program(kernel, hardware, stream)
    matrix.solve(progress)
    weights: dict[str, Floats] = {"bias": np.zeros_like(bias) if as_row else bias}
    settings: dict[str, Any] = {}
    if hardware.adc_bits is None:
        weights["kernel"] = matrix.weights
    else:
        stacked, decoder = stacked_transconductance(matrix, hardware.tile[0])
        weights |= {"transconductance": stacked, "decoder": decoder}
        settings = {"row_tiles": len(stacked), "tile_rows": hardware.tile[0],
                    "columns": stacked.shape[2],
                    "adc_range": _adc_range(stacked, _with_bias(inputs, reach, as_row), reach)}
    analog = AnalogDense(
        layer.units, activation=layer.activation, bias_row=as_row, input_range=reach,
        dac_bits=hardware.dac_bits, adc_bits=hardware.adc_bits, name=layer.name,
        dtype=layer.dtype_policy, **settings,
    )
    analog.matrix = matrix
    return analog, weights


def _calibrated(model: keras.Model, calibration: Inputs) -> dict[str, Floats]:
    """Inputs of each `Dense` layer for the calibration samples."""
    try:
        return layer_inputs(model, calibration, Dense)
    except ValueError as error:
        raise ValueError(f"calibration: {error}") from error


def _reach(inputs: Floats | None, bits: int | None) -> tuple[float, float]:
    """Smallest and largest input of a layer; the largest gets the read voltage.

    One-sided if no input is negative. A converter's two-sided range is that of two's complement,
    so that zero is one of its levels.
    """
    reach = 1.0 if inputs is None else max(1.0, float(np.abs(inputs).max()))
    if inputs is not None and inputs.min() >= 0:
        return 0.0, reach
    half = 2.0 ** ((bits or 2) - 1)
    return (-reach * half / (half - 1) if bits is not None and bits > 1 else -reach), reach


def _with_bias(inputs: Floats | None, reach: tuple[float, float], as_row: bool) -> Floats | None:
    """Inputs as the rows see them: with the bias row, if there is one."""
    if inputs is None or not as_row:
        return inputs
    return np.hstack([inputs, np.full((len(inputs), 1), reach[1])])


def _adc_range(
    stacked: Floats, inputs: Floats | None, reach: tuple[float, float]
) -> tuple[float, float]:
    """Smallest and largest column current of one tile, per unit input [S].

    Those of `inputs`; without any, those of the worst input.
    """
    total = stacked.sum(axis=1)
    widest = float((reach[0] * total).min()), float((reach[1] * total).max())
    if inputs is None or not np.any(inputs):
        return widest
    rows = stacked.shape[1]
    padded = np.zeros((len(inputs), stacked.shape[0] * rows))
    padded[:, : inputs.shape[1]] = inputs
    currents = [padded[:, i * rows : (i + 1) * rows] @ t for i, t in enumerate(stacked)]
    return min(0.0, *(float(c.min()) for c in currents)), max(float(c.max()) for c in currents)


def _set_weights(layer: AnalogDense, weights: dict[str, Floats]) -> None:
    for name, value in weights.items():
        getattr(layer, name).assign(value.astype(np.float32))
