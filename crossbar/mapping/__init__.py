"""From a weight to conductance states: pairs and references,
scales, and the gain behind the columns."""

from crossbar.mapping.differential import Differential
from crossbar.mapping.gains import ConductanceSwing, Gain, Renormalised
from crossbar.mapping.levels import Levels
from crossbar.mapping.mapping import Mapping
from crossbar.mapping.reference_column import ReferenceColumn
from crossbar.mapping.registry import GAINS, MAPPINGS, SCALES
from crossbar.mapping.scales import (
    LeastSquares,
    MaxWeight,
    MeanMagnitude,
    Percentile,
    Scale,
    StandardDeviation,
)
from crossbar.mapping.signed_level import SignedLevel

__all__ = [
    "GAINS", "MAPPINGS", "SCALES", "ConductanceSwing", "Differential", "Gain", "LeastSquares",
    "Levels", "Mapping", "MaxWeight", "MeanMagnitude", "Percentile", "ReferenceColumn",
    "Renormalised", "Scale", "SignedLevel", "StandardDeviation",
]
