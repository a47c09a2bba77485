"""Writing: critical current, switching probability and pulses, as laws and as the integrated
LLG equation, for in-plane and perpendicular free layers."""

from device_models.switching.laws import Pulse
from device_models.switching.pulses import (
    breakdown_voltage,
    critical_current,
    critical_voltage,
    damping_time,
    easy_axis_field,
    equation_1,
    equation_1_consistent,
    field_free_probability,
    helping_field,
    pulse_field,
    pulse_probabilities,
    return_probability,
    stability,
    switching_probability,
    write_energy,
    write_error_rate,
)
from device_models.switching.sequential import (
    VoltageLoop,
    cell_factors,
    compound_resistance,
    pulse_once,
    resistance_voltage_loop,
    voltage_sweep,
)

__all__ = [
    "Pulse", "VoltageLoop", "breakdown_voltage", "cell_factors", "compound_resistance",
    "critical_current", "critical_voltage", "damping_time", "easy_axis_field", "equation_1",
    "equation_1_consistent", "field_free_probability", "helping_field", "pulse_field",
    "pulse_once", "pulse_probabilities", "resistance_voltage_loop", "return_probability",
    "stability", "switching_probability", "voltage_sweep", "write_energy", "write_error_rate",
]
