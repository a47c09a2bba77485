"""Writing: critical current, switching probability and pulses, as laws and as the integrated
LLG equation, for in-plane and perpendicular free layers."""

from device_models.reliability.breakdown import breakdown_voltage
from device_models.switching.batch import Written
from device_models.switching.equation_1 import equation_1, equation_1_consistent
from device_models.switching.kinds import laws_of
from device_models.switching.laws import SwitchingLaws
from device_models.switching.outcome import Outcome
from device_models.switching.path import WritePath
from device_models.switching.probability import (
    pulse_probabilities,
    return_probability,
    switching_probability,
    write_error_rate,
)
from device_models.switching.programming import Programming
from device_models.switching.pulse import Pulse
from device_models.switching.sequential import (
    VoltageLoop,
    cell_factors,
    compound_resistance,
    pulse_once,
    resistance_voltage_loop,
    voltage_sweep,
)
from device_models.switching.shares import Conditions, switched_share, voltage_of_share
from device_models.switching.thresholds import (
    critical_current,
    critical_currents,
    critical_voltage,
    damping_time,
    easy_axis_field,
    helping_field,
    pulse_field,
    stability,
)
from device_models.switching.write import (
    Write,
    field_free_probability,
    tolerated_field,
    tolerated_write,
    write_energy,
)

__all__ = [
    "Conditions", "Outcome", "Programming", "Pulse", "SwitchingLaws", "VoltageLoop", "Write",
    "WritePath", "Written", "breakdown_voltage", "cell_factors", "compound_resistance",
    "critical_current", "critical_currents", "critical_voltage", "damping_time",
    "easy_axis_field", "equation_1", "equation_1_consistent", "field_free_probability",
    "helping_field", "laws_of", "pulse_field",
    "pulse_once", "pulse_probabilities", "resistance_voltage_loop", "return_probability",
    "stability", "switched_share", "switching_probability", "tolerated_field", "tolerated_write",
    "voltage_of_share", "voltage_sweep", "write_energy", "write_error_rate",
]
