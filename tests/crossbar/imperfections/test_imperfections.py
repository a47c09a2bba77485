"""The contract of every imperfection, and of devices that have several."""

import numpy as np
import pytest

from crossbar.imperfections import FailedWrites, ImperfectDevices, Imperfection, Spread
from device_models import CompoundMTJ, Variability

V = 0.1
ACTIVE = [FailedWrites(0.8), Spread(0.05)]
IDLE = [FailedWrites(1.0), Spread(0.0)]


def check_imperfection(effect: Imperfection, synapse: CompoundMTJ) -> None:
    """Finite conductances of the same shape, above zero, the same from the same stream."""
    effect.check(synapse)
    wanted = np.random.default_rng(0).choice(synapse.conductances(V), (20, 6, 2))
    kept = wanted.copy()
    once, again, other = (effect.real(wanted, synapse, V, np.random.default_rng(seed))
                          for seed in (1, 1, 2))
    np.testing.assert_array_equal(wanted, kept)
    assert once.shape == wanted.shape
    assert np.all(np.isfinite(once) & (once > 0))
    np.testing.assert_array_equal(once, again)
    assert np.array_equal(once, wanted) == (not effect.active)
    assert np.array_equal(once, other) == (not effect.active)


@pytest.mark.parametrize("effect", [*ACTIVE, *IDLE], ids=str)
def test_contract(effect: Imperfection, synapse: CompoundMTJ) -> None:
    check_imperfection(effect, synapse)


def test_each_effect_draws_from_a_stream_of_its_own() -> None:
    assert len({effect.stream for effect in ACTIVE}) == len(ACTIVE)


def test_effects_of_writing_and_of_devices_act_where_they_should(synapse: CompoundMTJ) -> None:
    failing, spread = ACTIVE
    wanted = np.full(500, synapse.conductances(V)[-1])
    devices = ImperfectDevices.draw(synapse, ACTIVE, seed=3, layer=2)
    written, standing = devices.program(wanted, V), devices.standing(wanted, V)
    np.testing.assert_array_equal(
        written, failing.real(wanted, synapse, V, np.random.default_rng([3, 2, 1])))
    np.testing.assert_array_equal(
        standing, spread.real(wanted, synapse, V, np.random.default_rng([3, 2])))
    assert set(written) <= set(synapse.conductances(V))


def test_without_imperfections_devices_are_the_synapse(synapse: CompoundMTJ) -> None:
    devices = ImperfectDevices.draw(synapse, (), seed=0, layer=0)
    target = np.linspace(5e-5, 9e-5, 11)
    np.testing.assert_array_equal(devices.program(target, V), synapse.program(target, V))
    np.testing.assert_array_equal(devices.conductances(V), synapse.conductances(V))
    assert devices.standing(target, V) is target
    assert devices.continuous == synapse.continuous


def test_the_spread_is_that_of_device_models() -> None:
    """The factor of one write to the next, `Variability.cycle`, is the same log-normal one."""
    cycle = Variability(sigma_cycle_v_c=0.05).cycle(np.ones(9), np.random.default_rng(4))
    spread = Spread(0.05).real(np.ones(9), None, V, np.random.default_rng(4))
    np.testing.assert_array_equal(spread, cycle)
