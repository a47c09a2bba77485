"""Mappings, scales and gains by the names that the command line knows.

A new one is a new file and its line here; the study of the paper names its own readings, so it
stays as it is.
"""

from crossbar.mapping.bit_sliced import BitSliced
from crossbar.mapping.column_wise import ColumnWise
from crossbar.mapping.differential import Differential
from crossbar.mapping.gains import ConductanceSwing, Gain, ReadBack, Renormalised
from crossbar.mapping.mapping import Mapping
from crossbar.mapping.offset_columns import OffsetColumns
from crossbar.mapping.reference_column import ReferenceColumn
from crossbar.mapping.scales import (
    LeastSquares,
    MaxWeight,
    MeanMagnitude,
    Percentile,
    Scale,
    StandardDeviation,
)
from crossbar.mapping.signed_level import SignedLevel

MAPPINGS: dict[str, type[Mapping]] = {
    "differential": Differential,
    "reference": ReferenceColumn,
    "signed": SignedLevel,
    "offset": OffsetColumns,
    "sliced": BitSliced,
}
SCALES: dict[str, type[Scale]] = {
    "least-squares": LeastSquares,
    "max": MaxWeight,
    "percentile": Percentile,
    "mean": MeanMagnitude,
    "deviation": StandardDeviation,
    "column-wise": ColumnWise,
}
GAINS: dict[str, type[Gain]] = {
    "renormalised": Renormalised,
    "swing": ConductanceSwing,
    "read-back": ReadBack,
}
