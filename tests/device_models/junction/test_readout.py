"""Laws of the divider: there and back, the stated source voltage, how errors grow."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models import load_stack
from device_models.junction import readout

MTJ = load_stack("kumar2024").mtj(1.6e-9)


def test_a_tenth_of_a_volt_behind_a_megaohm_takes_4_1_volts() -> None:
    assert round(float(readout.source_voltage(0.1, 25.2e3)), 1) == 4.1
    assert round(1e6 * float(readout.disturb_current(4.1, 25.2e3)), 1) == 4.0


@given(r=st.floats(1, 1e9), source=st.floats(1e-3, 100), series=st.floats(1, 1e8))
def test_a_resistance_is_found_again(r: float, source: float, series: float) -> None:
    reference = source * series / (series + r)
    found = readout.inferred_resistance(reference, source, series)
    assert found == pytest.approx(r, rel=1e-12 * (1 + series / r) + 1e-12)


@pytest.mark.parametrize("parallel", [True, False])
def test_junction_voltage_obeys_kirchhoff_with_the_bias_law(parallel: bool) -> None:
    source = np.array([-60.0, -4.1, 0.0, 1e-3, 4.1, 60.0])
    v = readout.junction_voltage(partial(MTJ.conductance, parallel), source)
    np.testing.assert_allclose(v * (1 + 1e6 * MTJ.conductance(parallel, v)), source, rtol=1e-13)


def test_an_antiparallel_junction_sees_more_than_a_parallel_one() -> None:
    v_p, v_ap = (float(readout.junction_voltage(partial(MTJ.conductance, parallel), 4.1))
                 for parallel in (True, False))
    assert v_p == pytest.approx(0.1, abs=0.01)
    assert 1 < v_ap / v_p < MTJ.r_ap / MTJ.r_p


@pytest.mark.parametrize("error", [1e-4, -1e-4])
def test_an_error_of_the_meter_grows_by_one_plus_the_ratio(error: float) -> None:
    r, source = 25e3, 4.1
    reference = source * 1e6 / (1e6 + r) * (1 + error)
    found = abs(float(readout.inferred_resistance(reference, source)) / r - 1)
    assert found == pytest.approx(float(readout.resistance_error(r, meter_error=1e-4)), rel=2e-3)


def test_errors_of_reference_and_loading_enter_as_they_are() -> None:
    r, source, r_m = 25e3, 4.1, 1e9
    assert readout.resistance_error(r, series_error=0.01) == pytest.approx(0.01)
    loaded = 1 / (1 / 1e6 + 1 / r_m)
    found = float(readout.inferred_resistance(source * loaded / (loaded + r), source)) / r - 1
    expected = float(readout.resistance_error(r, meter_resistance=r_m))
    assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("call", [
    lambda: readout.source_voltage(0.1, 0.0), lambda: readout.inferred_resistance(-1.0, 4.0),
    lambda: readout.inferred_resistance(1.0, 0.0), lambda: readout.disturb_current(1.0, -1.0),
    lambda: readout.resistance_error(1.0, meter_error=-0.1)])
def test_circuits_that_do_not_exist_are_refused(call: object) -> None:
    with pytest.raises(ValueError, match=r"resistance|source|meter"):
        call()


@pytest.mark.parametrize("call", [
    lambda: readout.source_voltage([0.1, 0.2], [1e3, 1e3, 1e3]),
    lambda: readout.inferred_resistance([1.0, 2.0], [3.0, 3.0, 3.0]),
    lambda: readout.disturb_current([1.0, 2.0], [1e3, 1e3, 1e3]),
    lambda: readout.junction_voltage(lambda v: np.full(2, 1e-5), [1.0, 2.0, 3.0])])
def test_arrays_that_do_not_fit_are_refused_by_name(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"has shape \(\d,\), \w+ has shape \(\d,\); expected"):
        call()


def test_what_no_junction_gives_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="above the source"):
        readout.inferred_resistance([4.0, 4.2], 4.1)
    with pytest.raises(ValueError, match="is it in volts"):
        readout.junction_voltage(partial(MTJ.conductance, True), 1e300)
    with pytest.raises(TypeError, match="expected a function"):
        readout.junction_voltage(3.0, 4.1)  # type: ignore[arg-type]
