"""What people bring: loops and tables measured in the laboratory,
read from what instruments and spreadsheets write."""

from device_models.measured.compound_loop import CompoundLoop, Steps, compound_loop
from device_models.measured.errors import MeasuredError
from device_models.measured.loop import Loop
from device_models.measured.loop_file import read_loop
from device_models.measured.stack_table import stack_from_table

__all__ = ["CompoundLoop", "Loop", "MeasuredError", "Steps", "compound_loop", "read_loop",
           "stack_from_table"]
