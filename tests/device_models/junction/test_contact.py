"""Laws of a contact in series: Kirchhoff's, its limits, and that all readers know of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import MTJLaw
from device_models import BrinkmanBias, CompoundMTJ, Variability, load_stack

STACK = load_stack("kumar2024")
MTJ = STACK.mtj(1.9e-9)
ALIKE = Variability(sigma_r_p=0, sigma_tmr=0, sigma_h_c=0, sigma_v_c=0, shorted=0)


@given(st.floats(0, 1e7), st.floats(-3, 3), st.booleans())
def test_voltages_over_barrier_and_contact_add_to_the_bias(
    contact: float, v: float, parallel: bool
) -> None:
    """One current through both, from far below the barrier's resistance to far above."""
    current = v * float(replace(MTJ, contact=contact).conductance(parallel, v))
    left = v - contact * current
    assert left * float(MTJ.conductance(parallel, left)) == pytest.approx(
        current, rel=1e-7, abs=1e-20)
    assert abs(current) <= abs(v) * float(MTJ.conductance(parallel, v)) * (1 + 1e-12)


def test_at_no_bias_resistances_add() -> None:
    held = replace(MTJ, contact=500.0)
    np.testing.assert_allclose(1 / held.conductance([True, False], 0.0),
                               [MTJ.r_p + 500, MTJ.r_ap + 500], rtol=1e-13)
    np.testing.assert_array_equal(replace(MTJ, contact=0.0).conductance([True, False], 0.1),
                                  MTJ.conductance([True, False], 0.1))


@pytest.mark.parametrize("channel", [None, STACK.write_channel()], ids=["bare", "channel"])
@pytest.mark.parametrize("areas", [None, (1, 2, 4)], ids=["equal", "areas"])
@pytest.mark.parametrize("bias", [None, BrinkmanBias(0.9, 1.5e-9, 0.5, 0.2)])
def test_a_sample_without_spread_conducts_as_the_compound(
    channel: object, areas: object, bias: BrinkmanBias | None
) -> None:
    mtj = replace(MTJ, contact=800.0, bias=bias)
    synapse = CompoundMTJ(mtj, 3, channel, areas)  # type: ignore[arg-type] # of the lists above
    parallel = (np.arange(8)[:, None] >> np.arange(3) & 1).astype(bool)
    for v in (0.1, -0.4):
        expected = (synapse.pattern_conductances(v) if channel or areas else
                    synapse.conductances(v)[parallel.sum(axis=1)])
        np.testing.assert_allclose(
            ALIKE.sample(synapse, 8, 0).conductances(parallel, v), expected, rtol=1e-12)


def test_a_larger_cell_has_the_larger_contact() -> None:
    """A cell of twice the area is two cells side by side."""
    mtj = replace(MTJ, contact=2e3)
    np.testing.assert_allclose(CompoundMTJ(mtj, 1, areas=(2,)).conductances(0.2),
                               CompoundMTJ(mtj, 2).conductances(0.2)[[0, 2]], rtol=1e-13)


def test_a_short_is_one_behind_its_contact() -> None:
    law = replace(ALIKE, shorted=1.0, short_resistance=100.0)
    sample = law.sample(CompoundMTJ(replace(MTJ, contact=50.0), 3), 2, 0)
    np.testing.assert_allclose(sample.cell_conductances(True, 0.1), 1 / 150.0, rtol=1e-12)


def test_what_has_no_contact_says_so() -> None:
    with pytest.raises(ValueError, match="contact of 5 ohm"):
        MTJLaw.of(replace(MTJ, contact=5.0))
    with pytest.raises(ValueError, match="contact"):
        replace(MTJ, contact=-1.0)
