"""What people bring: loops and tables measured in the laboratory,
read from CSV files."""

from device_models.measured.csv_columns import MeasuredError
from device_models.measured.loop import Loop
from device_models.measured.measured import read_loop, stack_from_table

__all__ = ["Loop", "MeasuredError", "read_loop", "stack_from_table"]
