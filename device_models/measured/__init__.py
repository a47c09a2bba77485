"""What people bring: loops and tables measured in the laboratory,
read from what instruments and spreadsheets write."""

from device_models.measured.errors import MeasuredError
from device_models.measured.loop import Loop
from device_models.measured.loop_file import read_loop
from device_models.measured.stack_measurements import stack_from_measurements
from device_models.measured.stack_table import stack_from_table
from device_models.measured.step import SwitchingSteps
from device_models.measured.steps import switching_steps

__all__ = ["Loop", "MeasuredError", "SwitchingSteps", "read_loop", "stack_from_measurements",
           "stack_from_table", "switching_steps"]
