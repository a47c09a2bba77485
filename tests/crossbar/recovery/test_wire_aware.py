"""States chosen by what the circuit reads: levels of the device, nearer to the weights."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from circuits import ColumnSense, RowDrive, Wires
from crossbar import (
    BitSliced,
    ColumnWise,
    Differential,
    Hardware,
    OffsetColumns,
    Placement,
    ReferenceColumn,
    SignedLevel,
)
from crossbar.recovery.descent import best_moves
from crossbar.recovery.ordering import order_against_drop
from crossbar.recovery.solved_states import SolvedStates, next_levels
from crossbar.recovery.target import Target
from crossbar.recovery.wire_aware import Chosen, WireAware
from crossbar.tiles import TiledMatrix
from crossbar.tiles.order import Order
from crossbar.tiles.progress import unseen
from device_models import CompoundMTJ, UnlimitedStates, Variability

Floats = NDArray[np.float64]
GROUPS, ROWS, OUTPUTS = 2, 12, 6
MAPPINGS = (Differential(), Differential(placement=Placement.HALVES), ReferenceColumn(3),
            Differential(placement=Placement.ARRAYS), SignedLevel(), OffsetColumns(),
            BitSliced(Differential()))


@pytest.fixture
def made(synapse: CompoundMTJ) -> Callable[..., Hardware]:
    """Wires that cost much, and matrices that are cut in both directions."""
    def build(**settings: Any) -> Hardware:
        return Hardware(synapse, **{"wires": Wires(60.0, 60.0), "tile": (8, 16), **settings})

    return build


def weights() -> Floats:
    return np.random.default_rng(1).normal(0, 0.5, (GROUPS, ROWS, OUTPUTS))


def inputs() -> Floats:
    """(groups, samples, rows), which go together, some of them rarely driven."""
    rng = np.random.default_rng(2)
    mixed = rng.normal(size=(GROUPS, 200, 4)) @ rng.normal(size=(GROUPS, 4, ROWS))
    return (mixed + 0.3 * rng.normal(size=mixed.shape)) * np.linspace(1.5, 0.0, ROWS)


def moments(full: bool = True) -> Floats:
    x = inputs()
    return np.swapaxes(x, 1, 2) @ x / x.shape[1] if full else np.mean(x**2, axis=1)


def realised(chosen: Chosen, hardware: Hardware) -> Floats:
    nominal = replace(hardware.ideal(), wires=hardware.wires)
    return np.stack([m.weights for m in TiledMatrix.write(chosen.wanted, nominal)])


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_each_step_comes_nearer_and_stays_on_the_levels(
    mapping: Any, made: Callable[..., Hardware]
) -> None:
    """The errors that are told are those of the solved tiles, for inputs as they are."""
    hardware = made(mapping=mapping)
    chosen = WireAware(ridge=0.0).choose(weights(), hardware, moments())
    levels = hardware.mapping.levels(hardware.synapse, hardware.read_voltage)
    assert set(chosen.wanted.difference.ravel()) <= set(levels.values)
    chosen.wanted.check((GROUPS, ROWS, OUTPUTS), hardware)
    assert chosen.descended < chosen.fixed_point <= chosen.nearest
    y, x = inputs() @ weights(), inputs() @ realised(chosen, hardware)
    assert np.sqrt(np.sum((x - y) ** 2) / np.sum(y**2)) == pytest.approx(chosen.descended, rel=1e-6)
    gains = np.sum(x * y, axis=1) / np.sum(x * x, axis=1)
    np.testing.assert_allclose(gains, 1.0, rtol=1e-9)  # none is better than the scale


@pytest.mark.parametrize("mapping", [Differential(), OffsetColumns(), BitSliced(Differential())],
                         ids=str)
def test_without_wires_they_are_those_of_least_squares(
    mapping: Any, made: Callable[..., Hardware]
) -> None:
    hardware = made(mapping=mapping, wires=Wires())
    chosen = WireAware(order_outputs=True).choose(weights(), hardware)
    levels = hardware.mapping.levels(hardware.synapse, hardware.read_voltage)
    for group, each in enumerate(weights()):
        scale = ColumnWise().fit(each, levels)
        np.testing.assert_array_equal(chosen.wanted.difference[group], levels.nearest(each / scale))
        np.testing.assert_allclose(np.asarray(chosen.wanted.scale)[group], scale, rtol=1e-12)
    assert chosen.wanted.order is None
    assert chosen.descended == chosen.fixed_point == chosen.nearest


def test_inputs_that_go_together_are_made_use_of(made: Callable[..., Hardware]) -> None:
    """Errors of rows that are driven together cancel: more so the more is known of inputs."""
    hardware = made()
    y = inputs() @ weights()
    errors = [float(np.sum((inputs() @ realised(WireAware().choose(
        weights(), hardware, known), hardware) - y) ** 2)) for known in (
            None, moments(full=False), moments())]
    assert errors[2] < errors[1] < errors[0]


def test_the_descent_finds_the_best_states_of_a_few_weights(
    made: Callable[..., Hardware]
) -> None:
    """Of all 7^3 in one column, tried one by one through the circuit: within a tenth."""
    hardware = made(wires=Wires(400.0, 400.0))
    w, m = weights()[:1, :3, :1], moments()[:1, :3, :3]
    chosen = WireAware(order_rows=False, share=1.0, ridge=0.0).choose(w, hardware, m)
    levels = hardware.mapping.levels(hardware.synapse, hardware.read_voltage).values
    target, every = Target(w, m), np.stack(np.meshgrid(*[levels] * 3), -1).reshape(-1, 1, 3, 1)
    best = min(SolvedStates.of(target, hardware, each, np.ones((1, 1)), unseen).relative
               for each in every[np.any(every != 0, axis=(1, 2, 3))])
    assert best <= chosen.descended * (1 + 1e-9)
    assert chosen.descended < 1.1 * best


@pytest.mark.parametrize("mapping", [Differential(), OffsetColumns(),
                                     Differential(placement=Placement.ARRAYS)], ids=str)
@pytest.mark.parametrize("access", [0.0, 2e3])
def test_what_a_small_move_does_to_the_error_is_found_through_all_wires(
    mapping: Any, access: float, synapse: CompoundMTJ, made: Callable[..., Hardware]
) -> None:
    """Against a circuit with that device moved, of a continuum, to either side."""
    hardware = replace(made(mapping=mapping, wires=Wires(60.0, 60.0, access=access)),
                       synapse=UnlimitedStates(synapse))
    target, levels = Target(weights(), moments()), hardware.mapping.levels(
        UnlimitedStates(synapse), hardware.read_voltage)
    start = 0.5 * levels.reach * np.sign(weights())
    states = SolvedStates.of(target, hardware, start, np.full((GROUPS, OUTPUTS), 1e4), unseen)
    for to in next_levels(levels, start, 1e-5 * levels.reach):
        moves = states.moves(to, gradient=True)
        for at in ((0, 0, 0), (1, 9, 3), (0, 11, 5)):
            moved = start.copy()
            moved[at] = to[at]
            after = states.changed(moved, unseen)
            change = target.error(after.read, states.gain) - states.error
            assert moves.error[at] == pytest.approx(change, rel=2e-3)
            assert moves.read[at] * (to[at] - start[at]) > 0


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_a_single_move_of_each_output_lowers_the_error(
    mapping: Any, made: Callable[..., Hardware]
) -> None:
    """By a level each, of states that have nothing to do with the weights."""
    hardware = made(mapping=mapping)
    levels = hardware.mapping.levels(hardware.synapse, hardware.read_voltage)
    start = np.random.default_rng(3).choice(levels.values, weights().shape)
    states = SolvedStates.of(Target(weights(), moments()), hardware, start,
                             np.full((GROUPS, OUTPUTS), 1e4), unseen)
    ways = [states.moves(to, gradient=True) for to in next_levels(levels, start, 0.0)]
    for way in ways:
        stays = way.difference == start
        assert not np.any(way.error[stays])
        assert not np.any(way.read[stays])
    alone = states.changed(best_moves(states, ways, 1), unseen)
    numbers = levels.number(alone.difference) - levels.number(start)
    assert np.all(np.sum(np.abs(numbers), axis=1) <= 1)
    assert alone.error < states.error


def test_nothing_that_is_drawn_matters(made: Callable[..., Hardware]) -> None:
    """All chips of a design get the same states, and so does one without converters."""
    plain = WireAware().choose(weights(), made(), moments()).wanted
    drawn = made(spread=0.2, variability=Variability(sigma_r_p=0.1), seed=3, adc_bits=6, age=1.0)
    other = WireAware().choose(weights(), drawn, moments()).wanted
    np.testing.assert_array_equal(plain.difference, other.difference)
    np.testing.assert_array_equal(plain.scale, other.scale)


def test_continuous_synapses_and_access_transistors(
    synapse: CompoundMTJ, made: Callable[..., Hardware]
) -> None:
    """A continuum reads what is wanted nearly as it is, as far as it reaches."""
    hardware = replace(made(wires=Wires(20.0, 20.0)), synapse=UnlimitedStates(synapse))
    chosen = WireAware().choose(weights(), hardware, moments())
    assert chosen.descended < 0.2 * chosen.nearest
    behind = made(wires=Wires(60.0, 60.0, access=2e3))
    chosen = WireAware().choose(weights(), behind, moments())
    assert chosen.descended < chosen.fixed_point < chosen.nearest


@pytest.mark.parametrize("sense", ColumnSense)
@pytest.mark.parametrize("drive", RowDrive)
def test_what_counts_most_stands_nearest_to_the_ends(
    sense: ColumnSense, drive: RowDrive, made: Callable[..., Hardware]
) -> None:
    """Rows dealt out over 8 and 4 of them, outputs over their columns of tiles."""
    hardware = made(drive=drive, sense=sense, tile=(8, 8))
    w = np.zeros((1, ROWS, OUTPUTS))
    w[0] = np.arange(ROWS)[:, None] + 0.01 * np.arange(OUTPUTS)
    order = order_against_drop(Target.of(w, None, 0.0), hardware)
    first, last = {ColumnSense.BOTTOM: ([7, 11], [0]), ColumnSense.TOP: ([0, 8], [7]),
                   ColumnSense.BOTH: ([0, 7, 8, 11], [3, 4])}[sense]
    assert set(order.rows[0, first]) == set(range(ROWS - len(first), ROWS))
    assert set(order.rows[0, last]) == set(range(len(last)))
    first, last = {RowDrive.LEFT: ([0, 4], [3]), RowDrive.RIGHT: ([3, 5], [0]),
                   RowDrive.BOTH: ([0, 3, 4, 5], [1, 2])}[drive]
    assert set(order.outputs[0, first]) == set(range(OUTPUTS - len(first), OUTPUTS))
    assert set(order.outputs[0, last]) == set(range(len(last)))


@pytest.mark.parametrize("outputs", [False, True])
def test_an_order_is_kept_where_it_helps(outputs: bool, made: Callable[..., Hardware]) -> None:
    """Where it does, the error is below that without; a row of biases stays where it is."""
    hardware = made(analog_bias=True, tile=(12, 12))
    free = WireAware(order_outputs=outputs, sweeps=0).choose(weights(), hardware, moments())
    fixed = WireAware(order_rows=False, sweeps=0).choose(weights(), hardware, moments())
    assert fixed.wanted.order is None
    assert free.wanted.order is not None
    assert free.fixed_point < fixed.fixed_point
    assert np.all(free.wanted.order.rows[:, -1] == ROWS - 1)
    unchanged = Order.unchanged((GROUPS, ROWS, OUTPUTS))
    assert outputs or np.array_equal(free.wanted.order.outputs, unchanged.outputs)


def test_weights_that_are_zero_and_rows_that_are_never_driven(
    made: Callable[..., Hardware]
) -> None:
    w, m = weights(), moments()
    w[0, :, 2] = 0.0
    m[:, 3] = m[:, :, 3] = 0.0
    chosen = WireAware().choose(w, made(), m)
    assert np.all(np.asarray(chosen.wanted.scale) > 0)
    assert np.all(np.isfinite(chosen.wanted.difference))
    none = WireAware().choose(np.zeros((1, 3, 2)), made())
    assert not np.any(none.wanted.difference)
    assert none.descended == 0.0


def test_what_does_not_fit_is_said(made: Callable[..., Hardware]) -> None:
    with pytest.raises(ValueError, match=r"moments have shape \(2, 4\); expected E\[x x\^T\]"):
        WireAware().choose(weights(), made(), np.ones((2, 4)))
    with pytest.raises(ValueError, match=r"weights have shape \(3, 2\); expected \(groups"):
        WireAware().choose(np.ones((3, 2)), made())
    with pytest.raises(ValueError, match="moments of rows reach down to -1; expected mean squares"):
        WireAware().choose(weights(), made(), -np.ones((GROUPS, ROWS)))
    with pytest.raises(ValueError, match="sweeps is -1; expected a whole number, 0 or more"):
        WireAware(sweeps=-1)
    with pytest.raises(TypeError, match="order_rows is 1; expected True or False"):
        WireAware(order_rows=1)  # type: ignore[arg-type]  # what it is about
