"""How long a device keeps what it holds and what wears it out:
retention, read disturb, breakdown, endurance."""

from device_models.reliability.barrier import Barrier
from device_models.reliability.breakdown import (
    breakdown_hazard,
    breakdown_probability,
    breakdown_quantile,
    breakdown_voltage,
    mean_breakdown,
    tolerated_voltage,
)
from device_models.reliability.disturb import (
    IN_PLANE_EXPONENT,
    PERPENDICULAR_EXPONENT,
    disturb_current,
    read_disturb,
    state_disturb_current,
)
from device_models.reliability.endurance import breakdown_of_width, endurance, endurance_failure
from device_models.reliability.margin import breakdown_before_switching, write_margin
from device_models.reliability.retention import (
    YEAR,
    required_stability,
    retention_failure,
    two_state_loss,
)

__all__ = [
    "IN_PLANE_EXPONENT", "PERPENDICULAR_EXPONENT", "YEAR", "Barrier",
    "breakdown_before_switching", "breakdown_hazard", "breakdown_of_width",
    "breakdown_probability",
    "breakdown_quantile", "breakdown_voltage", "disturb_current", "endurance",
    "endurance_failure", "mean_breakdown", "read_disturb", "required_stability",
    "retention_failure", "state_disturb_current", "tolerated_voltage", "two_state_loss",
    "write_margin",
]
