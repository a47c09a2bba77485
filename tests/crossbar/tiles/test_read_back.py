"""Laws of gains that are fitted to what was written."""

from dataclasses import replace

import numpy as np
import pytest

from circuits import Wires
from crossbar import (
    BitSliced,
    Differential,
    Hardware,
    Mapping,
    MaxWeight,
    Placement,
    ReadBack,
    SignedLevel,
    TiledMatrix,
)
from device_models import CompoundMTJ, Variability

WEIGHTS = np.random.default_rng(0).normal(0, 0.3, (37, 11))
BAD = Variability(sigma_r_p=0.3, sigma_tmr=0.3, stuck_antiparallel=0.1, shorted=0.0)


@pytest.mark.parametrize("mapping", [
    Differential(), Differential(placement=Placement.ARRAYS), SignedLevel(), BitSliced(slices=2),
], ids=str)
def test_where_nothing_goes_wrong_it_changes_nothing(
    mapping: Mapping, synapse: CompoundMTJ
) -> None:
    plain = Hardware(synapse, Wires(1.0, 1.0), mapping, tile=(16, 12))
    np.testing.assert_allclose(
        TiledMatrix.program(WEIGHTS, replace(plain, gain=ReadBack())).weights,
        TiledMatrix.program(WEIGHTS, plain).weights, rtol=1e-10)


@pytest.mark.parametrize("per_output", [True, False])
def test_no_other_gain_comes_nearer(per_output: bool, synapse: CompoundMTJ) -> None:
    """Least squares of every output or of the layer, without wires."""
    plain = Hardware(synapse, tile=(16, 12), variability=BAD, write_probability=0.7)
    wanted = TiledMatrix.program(WEIGHTS, replace(plain.ideal())).weights
    real = TiledMatrix.program(WEIGHTS, replace(plain, gain=ReadBack(per_output))).weights
    axis = 0 if per_output else None
    slope = np.sum((real - wanted) * real, axis=axis)
    np.testing.assert_allclose(slope, 0.0, atol=1e-12 * np.sum(real**2))


def test_a_common_factor_is_undone(synapse: CompoundMTJ) -> None:
    """Devices that are all stuck half way keep their signs; a gain gives them their size."""
    two = CompoundMTJ(synapse.mtj, 2)
    weights = np.array([[0.5, -0.5], [-0.5, 0.5], [0.0, 0.5]])
    failing = Hardware(two, write_probability=0.5, gain=ReadBack(), scale=MaxWeight(), seed=1)
    real = TiledMatrix.program(np.repeat(weights, 400, axis=0), failing).weights
    states = np.abs(real[np.abs(real) > 1e-9])
    low, high = states.min(), states.max()
    # states 0, 1, 2 in 1/4, 1/2, 1/4: the best gain is (1/2 + 1/2)/(1/2 + 1) of the full one
    assert high == pytest.approx(0.5 * 2 / 1.5, rel=0.1)
    assert low == pytest.approx(high / 2, rel=1e-9 + 0.1)


def test_an_output_that_holds_nothing_keeps_its_scale() -> None:
    wanted, real = np.array([[1.0, 0.0, 1.0]]), np.array([[0.5, 0.3, -1.0]])
    np.testing.assert_array_equal(ReadBack().corrected(2.0, wanted, real), [4.0, 2.0, 2.0])


def test_settings_are_checked() -> None:
    with pytest.raises(TypeError, match="per_output"):
        ReadBack(1)  # type: ignore[arg-type]
