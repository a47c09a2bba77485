"""Laws of states that are lost: with the chances of the device's own laws, cell by cell."""

from dataclasses import replace

import numpy as np
import pytest

from crossbar import Hardware, TiledMatrix
from crossbar.imperfections import Age, Cells, ReadDisturb
from device_models import CompoundMTJ, UnlimitedStates
from device_models.population.variability import Variability
from device_models.reliability.disturb import read_disturb, state_disturb_current
from device_models.reliability.retention import two_state_loss

V, COUNT = 0.1, 20_000
STABILITY = (30.0, 28.0)
WEIGHTS = np.random.default_rng(0).normal(0, 0.3, (23, 9))


@pytest.fixture(scope="module")
def weak(synapse: CompoundMTJ) -> CompoundMTJ:
    """Cells that fall within hours."""
    return replace(synapse, mtj=replace(synapse.mtj, stability=STABILITY, disturb_current=1e-4))


def cells_of(synapse: CompoundMTJ, state: int, variability: Variability | None = None) -> Cells:
    return Cells.of(synapse, np.full(COUNT, state), variability, np.random.default_rng(1))


def share_lost(before: Cells, after: Cells, parallel: bool) -> float:
    """Of the cells that were parallel, or of the others."""
    return float(np.mean((before.parallel != after.parallel)[before.parallel == parallel]))


@pytest.mark.parametrize("seconds", [600.0, 3600.0, 1e9])
@pytest.mark.parametrize("parallel", [True, False])
def test_each_state_is_lost_with_its_own_barrier(
    seconds: float, parallel: bool, weak: CompoundMTJ
) -> None:
    """Within 5 standard errors of the two-state law, at all times."""
    before = cells_of(weak, weak.cells if parallel else 0)
    found = share_lost(before, Age(seconds).after(before, np.random.default_rng(2)), parallel)
    own, other = STABILITY if parallel else STABILITY[::-1]
    chance = float(two_state_loss(seconds, own, other))
    assert 0.001 < chance < 1
    assert abs(found - chance) <= 5 * np.sqrt(chance * (1 - chance) / (COUNT * weak.cells))


def test_reads_disturb_the_state_that_they_work_against(weak: CompoundMTJ) -> None:
    reads, duration = 1e10, 30e-9
    before = cells_of(weak, weak.cells)
    after = ReadDisturb(reads, duration, V).after(before, np.random.default_rng(2))
    current = V * float(weak.mtj.conductance(True, V))
    critical = state_disturb_current(1e-4, weak.mtj.tmr, True)
    chance = float(read_disturb(STABILITY[0], current, critical, reads * duration))
    assert 0.001 < chance < 0.9
    assert abs(share_lost(before, after, True) - chance) <= 5 * np.sqrt(
        chance * (1 - chance) / (COUNT * weak.cells))
    standing = replace(weak, mtj=replace(weak.mtj, disturb_exponent=2.0))
    more = ReadDisturb(reads, duration, V).after(
        cells_of(standing, standing.cells), np.random.default_rng(2))
    assert share_lost(before, more, True) > share_lost(before, after, True)
    rest = cells_of(weak, 0)
    np.testing.assert_array_equal(
        ReadDisturb(reads, duration, V).after(rest, np.random.default_rng(2)).parallel,
        rest.parallel)


def test_harder_cells_last_longer(weak: CompoundMTJ) -> None:
    before = cells_of(weak, weak.cells, Variability(sigma_h_c=0.05, shorted=0.0))
    after = Age(60.0).after(before, np.random.default_rng(2))  # far from balance
    hard = before.sample.coercive_field > 1
    lost = before.parallel & ~after.parallel
    assert lost[hard].mean() < 0.5 * lost[~hard].mean()


def test_what_has_fallen_in_a_minute_has_fallen_in_an_hour(weak: CompoundMTJ) -> None:
    before = cells_of(weak, 2)
    minute, hour = (before.parallel != Age(seconds).after(
        before, np.random.default_rng(2)).parallel for seconds in (60.0, 3600.0))
    assert 0 < minute.sum() < hour.sum()
    assert np.all(hour[minute])


def test_layers_of_a_chip_age(weak: CompoundMTJ) -> None:
    new, old = (TiledMatrix.program(WEIGHTS, Hardware(weak, seed=3, age=age)).conductance
                for age in (0.0, 60.0))
    states = weak.conductances(V)
    assert set(old.ravel()) <= set(states)
    assert 0 < np.mean(old != new) < 0.5


@pytest.mark.parametrize("name", ["age", "reads"])
def test_barriers_must_be_known(name: str, synapse: CompoundMTJ) -> None:
    unknown = replace(synapse, mtj=replace(synapse.mtj, stability=None))
    with pytest.raises(ValueError, match=f"{name} needs the barriers"):
        Hardware(unknown, **{name: 1.0})
    with pytest.raises(ValueError, match="befall cells"):
        Hardware(UnlimitedStates(synapse), **{name: 1.0})
    with pytest.raises(ValueError, match=name):
        Hardware(synapse, **{name: -1.0})
    Hardware(unknown, **{name: 0.0})
