"""What a network does on crossbars: weight mappings, tiles, Keras layers, read energy.

>>> import crossbar
>>> hardware = crossbar.Hardware(synapse, wires=wires, tile=(64, 64))
>>> analog = crossbar.to_analog(model, hardware, calibration=x[:512])
>>> analog.evaluate(x, y)
>>> print(crossbar.read_energy(analog, x))

What needs Keras is imported when it is first used. The layers of analog models are made known to
Keras as soon as anyone imports it, so that `keras.saving.load_model` finds them.
"""

import importlib
from typing import TYPE_CHECKING

import wrapt

import circuits

if not hasattr(circuits, "CrossbarCircuit"):
    raise ImportError(
        f"crossbar needs the circuits of spintronic-crossbar, but Python found another first: "
        f"{circuits}; rename that or start in another folder, or, where it was "
        "installed with pip, give spintronic-crossbar an environment of its own"
    )

from crossbar.cost import EnergyReport
from crossbar.cost.periphery import Periphery, SurveyADC
from crossbar.diagnosis import Explanation
from crossbar.hardware import Hardware
from crossbar.imperfections import ReadNoise
from crossbar.mapping import (
    BitSliced,
    ColumnWise,
    ConductanceSwing,
    Differential,
    Gain,
    LeastSquares,
    Mapping,
    MaxWeight,
    MeanMagnitude,
    OffsetColumns,
    Percentile,
    Placement,
    ReadBack,
    ReferenceColumn,
    Renormalised,
    Scale,
    SignedLevel,
    StandardDeviation,
    Subtraction,
)
from crossbar.recovery.gains import CalibrateOn, PerOutput, PerTile
from crossbar.recovery.wire_aware import WireAware
from crossbar.stored import register
from crossbar.tiles import Quantised, TiledMatrix, quantise_weights
from device_models.version import __version__ as __version__

if TYPE_CHECKING:
    from crossbar.conversion import (
        ConversionReport,
        conversion_report,
        count_tiles,
        to_analog,
    )
    from crossbar.cost.performance import performance
    from crossbar.cost.reading import read_energy
    from crossbar.cost.writing import write_cost
    from crossbar.diagnosis.chips import Chips, chips
    from crossbar.diagnosis.explaining import explain
    from crossbar.diagnosis.scores import accuracy
    from crossbar.diagnosis.tile_figure import draw_tile
    from crossbar.layers import AnalogDense, AnalogLayer
    from crossbar.recovery.calibrating import calibrate
    from crossbar.recovery.hardware_aware import hardware_aware
    from crossbar.recovery.renewing import RenewCircuit
    from crossbar.tiles.differentiable import PortMerging

_KERAS = {
    "AnalogDense": "layers",
    "AnalogLayer": "layers",
    "Chips": "diagnosis.chips",
    "ConversionReport": "conversion",
    "PortMerging": "tiles.differentiable",
    "RenewCircuit": "recovery.renewing",
    "accuracy": "diagnosis.scores",
    "calibrate": "recovery.calibrating",
    "chips": "diagnosis.chips",
    "conversion_report": "conversion",
    "count_tiles": "conversion",
    "draw_tile": "diagnosis.tile_figure",
    "explain": "diagnosis.explaining",
    "hardware_aware": "recovery.hardware_aware",
    "performance": "cost.performance",
    "read_energy": "cost.reading",
    "write_cost": "cost.writing",
    "to_analog": "conversion",
}

__all__ = [
    "AnalogDense", "AnalogLayer", "BitSliced", "CalibrateOn", "Chips", "ColumnWise",
    "ConductanceSwing", "ConversionReport", "Differential", "EnergyReport", "Explanation",
    "Gain", "Hardware", "LeastSquares", "Mapping", "MaxWeight", "MeanMagnitude",
    "OffsetColumns", "PerOutput", "PerTile", "Percentile", "Periphery", "Placement",
    "PortMerging", "Quantised", "ReadBack", "ReadNoise", "ReferenceColumn", "RenewCircuit",
    "Renormalised", "Scale", "SignedLevel", "StandardDeviation", "Subtraction", "SurveyADC",
    "TiledMatrix", "WireAware", "accuracy", "calibrate", "chips", "conversion_report",
    "count_tiles", "draw_tile", "explain", "hardware_aware", "performance", "quantise_weights",
    "read_energy", "register", "to_analog", "write_cost",
]


def __getattr__(name: str) -> object:
    if name not in _KERAS:
        raise AttributeError(f"module 'crossbar' has no attribute {name!r}")
    return getattr(importlib.import_module(f"crossbar.{_KERAS[name]}"), name)


@wrapt.when_imported("keras")
def _make_layers_known(_: object) -> None:
    importlib.import_module("crossbar.layers")
