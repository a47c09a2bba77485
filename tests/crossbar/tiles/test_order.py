"""A matrix in another order is the same matrix: only wires can tell."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from circuits import Wires
from crossbar import (
    BitSliced,
    Differential,
    Hardware,
    OffsetColumns,
    Placement,
    ReadBack,
    Subtraction,
)
from crossbar.tiles import StackedTiles, TiledMatrix
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.order import Order
from crossbar.tiles.realised import Realised, solved
from device_models import CompoundMTJ

Floats = NDArray[np.float64]
GROUPS, ROWS, OUTPUTS = 2, 9, 7
MAPPINGS = (Differential(), Differential(placement=Placement.ARRAYS), OffsetColumns(2),
            Differential(placement=Placement.HALVES, subtraction=Subtraction.BEFORE),
            BitSliced(Differential()))


@pytest.fixture
def order() -> Order:
    rng = np.random.default_rng(0)
    return Order(*(rng.permuted(np.tile(np.arange(count), (GROUPS, 1)), axis=1)
                   for count in (ROWS, OUTPUTS)))


@pytest.fixture
def made(synapse: CompoundMTJ) -> Callable[..., Hardware]:
    def build(**settings: Any) -> Hardware:
        return Hardware(synapse, **{"wires": Wires(20.0, 20.0), "tile": (4, 12), **settings})

    return build


def states(hardware: Hardware, order: Order | None) -> Wanted:
    rng = np.random.default_rng(1)
    levels = hardware.mapping.levels(hardware.synapse, hardware.read_voltage).values
    return Wanted(rng.choice(levels, (GROUPS, ROWS, OUTPUTS)),
                  rng.uniform(1.0, 2.0, (GROUPS, OUTPUTS)) / levels.max(), order)


def realised(wanted: Wanted, hardware: Hardware) -> Realised:
    found = Realised(wanted, hardware, apart=True)
    for group, tile in solved(wanted.write(hardware)):
        found.add(group, tile)
    return found


def test_what_is_placed_is_undone(order: Order) -> None:
    matrices = np.random.default_rng(2).normal(size=order.shape)
    placed = order.placed(matrices)
    for group in range(GROUPS):
        np.testing.assert_array_equal(
            placed[group], matrices[group][order.rows[group]][:, order.outputs[group]])
        np.testing.assert_array_equal(
            order.of_matrix(group).placed(matrices[[group]])[0], placed[group])
    np.testing.assert_array_equal(order.undone(placed), matrices)
    np.testing.assert_array_equal(order.inverse.inverse.rows, order.rows)
    assert order.changes
    assert not Order.unchanged(order.shape).changes


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_without_wires_an_order_changes_no_weight(
    mapping: Any, order: Order, made: Callable[..., Hardware]
) -> None:
    hardware = made(mapping=mapping, wires=Wires(), tile=(4, 16))
    for plain, placed in zip(TiledMatrix.write(states(hardware, None), hardware),
                             TiledMatrix.write(states(hardware, order), hardware), strict=True):
        np.testing.assert_allclose(placed.weights, plain.weights, rtol=1e-12, atol=1e-15)
        assert not np.array_equal(placed.conductance, plain.conductance)


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_with_wires_it_is_the_matrix_that_stands_there(
    mapping: Any, order: Order, made: Callable[..., Hardware]
) -> None:
    """In its own order: as if the permuted matrix had been written, and results permuted back."""
    hardware = made(mapping=mapping, tile=(4, 16))
    given = states(hardware, order)
    there = Wanted(given.placed, np.take_along_axis(np.asarray(given.scale), order.outputs, axis=1))
    expected = order.undone(np.stack([m.weights for m in TiledMatrix.write(there, hardware)]))
    placed = TiledMatrix.write(given, hardware)
    np.testing.assert_allclose([m.weights for m in placed], expected, rtol=1e-12, atol=1e-14)
    together = realised(given, hardware)
    np.testing.assert_allclose(together.weights, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(together.devices, [m.conductance for m in placed])
    again = [TiledMatrix.restore(m.conductance, m.shape, m.scale, hardware, m.order)
             for m in placed]
    np.testing.assert_allclose([m.weights for m in again], expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_converted_currents_are_decoded_to_the_matrix_in_its_own_order(
    mapping: Any, order: Order, made: Callable[..., Hardware]
) -> None:
    """Of rows that are driven where they stand."""
    hardware = made(mapping=mapping, tile=(4, 16))
    together = realised(states(hardware, order), hardware)
    decoders = np.broadcast_to(together.decoder, (len(order.rows), *together.decoder.shape[-2:]))
    x = np.random.default_rng(3).uniform(-1, 1, (5, ROWS))
    for group, matrix in enumerate(TiledMatrix.write(states(hardware, order), hardware)):
        driven = np.zeros((5, 12))
        driven[:, :ROWS] = x[:, order.rows[group]]
        parts = driven.reshape(5, 3, 4)
        expected = x @ matrix.weights
        for t, decoder in ((together.transconductance[group], decoders[group]),
                           (StackedTiles.of(matrix).transconductance, matrix.results)):
            found = np.einsum("sir,irc,co->so", parts, t, decoder)
            np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_what_is_read_back_belongs_to_its_own_output(
    order: Order, made: Callable[..., Hardware]
) -> None:
    """A gain fitted to devices that spread, without wires: that of the matrix as it became."""
    hardware = replace(made(wires=Wires(), gain=ReadBack()), spread=0.3)
    given = states(hardware, order)
    placed = TiledMatrix.write(given, hardware)
    became = np.stack([m.weights / m.scale for m in placed])
    axes = (0, 1)
    expected = np.sum(given.difference * became, axes) / np.sum(became**2, axes)
    np.testing.assert_allclose([m.scale for m in placed], given.scale * expected, rtol=1e-12)
    np.testing.assert_allclose(realised(given, hardware).scale, given.scale * expected, rtol=1e-12)


def test_what_is_no_permutation_is_refused(
    order: Order, made: Callable[..., Hardware]
) -> None:
    with pytest.raises(ValueError, match="order of rows is no permutation: each of 0 to 2"):
        Order(np.array([[0, 1, 1]]), np.array([[0]]))
    with pytest.raises(ValueError, match=r"order of outputs has shape \(1,\).*expected whole"):
        Order(np.array([[0, 1]]), np.array([0]))
    with pytest.raises(ValueError, match="of outputs of 2; expected as many"):
        Order(np.array([[0, 1]]), np.array([[0], [0]]))
    hardware = made()
    with pytest.raises(ValueError, match=r"order is of \(1, 9, 7\) groups.*expected \(2, 9, 7\)"):
        states(hardware, order.of_matrix(0)).check((GROUPS, ROWS, OUTPUTS), hardware)
