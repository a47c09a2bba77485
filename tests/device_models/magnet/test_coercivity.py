"""Sharrock's law: between zero and the anisotropy field, falling with the time of the sweep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models.magnet import sharrock_coercivity


@given(st.floats(1e-3, 0.1), st.floats(0.0, 1e4), st.floats(1e-9, 1e9))
def test_coercivity_lies_between_zero_and_the_anisotropy_field(
    field: float, delta: float, time: float
) -> None:
    coercivity = float(sharrock_coercivity(field, delta, time))
    assert 0 <= coercivity <= field
    assert float(sharrock_coercivity(field, 1e300, time)) == pytest.approx(field)
    assert float(sharrock_coercivity(field, delta, 1e-9)) == field  # no time for heat to help
    assert coercivity >= float(sharrock_coercivity(field, delta, 10 * time))


@pytest.mark.parametrize(("stability", "time", "message"), [
    (50.0, 1e-12, "measurement_time"), (-50.0, 1.0, "stability")])
def test_bad_input_is_refused_by_name(stability: float, time: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sharrock_coercivity(0.01, stability, time)
