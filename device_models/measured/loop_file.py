"""A measured loop R(H) or R(V) from a CSV file, whose columns are named in its first line."""

from pathlib import Path

from device_models.measured.csv_columns import MeasuredError, positive_column, read_columns
from device_models.measured.loop import Loop

_LOOPS = {"field_mt": ("T", 1e-3), "voltage_v": ("V", 1.0)}


def read_loop(path: str | Path) -> Loop:
    """A loop from a CSV file with the columns `field_mt` or `voltage_v`, and `resistance_kohm`."""
    columns = read_columns(Path(path), ("resistance_kohm",), tuple(_LOOPS))
    swept = [name for name in _LOOPS if name in columns]
    if len(swept) != 1:
        raise MeasuredError(f"{path}: line 1 has {len(swept)} of the columns {', '.join(_LOOPS)}; "
                            "expected one")
    ohms = positive_column(Path(path), columns, "resistance_kohm") * 1e3
    if len(ohms) < 4:
        raise MeasuredError(f"{path}: {len(ohms)} points; a loop takes 4 or more")
    unit, scale = _LOOPS[swept[0]]
    return Loop(columns[swept[0]] * scale, ohms, unit)
