"""Read disturb: retention over the barrier that a current leaves."""

import math

import numpy as np
import pytest

from device_models.reliability import YEAR, read_disturb, retention_failure


def test_reading_hardly_disturbs() -> None:
    """4 uA of read against 2.3 mA: the barrier falls by 0.2 %."""
    year = float(read_disturb(211.0, 4e-6, 2.343e-3, YEAR))
    assert year == pytest.approx(YEAR / 1e-9 * math.exp(-211 * (1 - 4e-6 / 2.343e-3)), rel=1e-9)
    assert year < 1e-60
    currents = np.linspace(0, 3e-3, 50)
    assert np.all(np.diff(read_disturb(60.0, currents, 2.343e-3, 1.0)) >= 0)
    assert float(read_disturb(60.0, 5e-3, 2.343e-3, 1.0)) == 1.0
    assert read_disturb(60.0, 0.0, 1e-3, 1.0) == retention_failure(1.0, 60.0)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: read_disturb(50.0, [1, 2], [1, 2, 3], 1.0), "current has shape"),
    (lambda: read_disturb(50.0, 1e-6, 0.0, 1.0), "critical_current"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
