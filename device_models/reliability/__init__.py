"""How long a device keeps what it holds and what wears it out:
retention, read disturb, breakdown, endurance."""

from device_models.reliability.reliability import (
    breakdown_before_switching,
    breakdown_probability,
    breakdown_quantile,
    endurance,
    endurance_failure,
    mean_breakdown,
    read_disturb,
    required_stability,
    retention_failure,
    write_margin,
)

__all__ = [
    "breakdown_before_switching", "breakdown_probability", "breakdown_quantile", "endurance",
    "endurance_failure", "mean_breakdown", "read_disturb", "required_stability",
    "retention_failure", "write_margin",
]
