"""From a weight to conductance states: pairs and references,
scales, and the gain behind the columns."""

from crossbar.mapping.gains import ConductanceSwing, Gain, Renormalised
from crossbar.mapping.mappings import Differential, Mapping, ReferenceColumn, SignedLevel
from crossbar.mapping.scales import (
    LeastSquares,
    Levels,
    MaxWeight,
    MeanMagnitude,
    Percentile,
    Scale,
    StandardDeviation,
)

__all__ = [
    "ConductanceSwing", "Differential", "Gain", "LeastSquares", "Levels", "Mapping",
    "MaxWeight", "MeanMagnitude", "Percentile", "ReferenceColumn", "Renormalised", "Scale",
    "SignedLevel", "StandardDeviation",
]
