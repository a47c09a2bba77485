"""From a weight to conductance states: pairs and references,
scales, and the gain behind the columns."""

from crossbar.mapping.bit_sliced import BitSliced
from crossbar.mapping.column_wise import ColumnWise
from crossbar.mapping.differential import Differential
from crossbar.mapping.gains import ConductanceSwing, Gain, ReadBack, Renormalised
from crossbar.mapping.levels import Levels
from crossbar.mapping.mapping import Mapping
from crossbar.mapping.offset_columns import OffsetColumns
from crossbar.mapping.placement import Placement
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
from crossbar.mapping.subtraction import Subtraction

__all__ = [
    "GAINS", "MAPPINGS", "SCALES", "BitSliced", "ColumnWise", "ConductanceSwing", "Differential",
    "Gain", "LeastSquares", "Levels", "Mapping", "MaxWeight", "MeanMagnitude", "OffsetColumns",
    "Percentile", "Placement", "ReadBack", "ReferenceColumn", "Renormalised", "Scale",
    "SignedLevel", "StandardDeviation", "Subtraction",
]
