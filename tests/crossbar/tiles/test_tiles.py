"""Laws of tiling: it changes nothing without wires, and wires act within one tile only."""

from dataclasses import replace

import numpy as np
import pytest

from circuits import CrossbarCircuit, Wires, solve_tiles
from crossbar import Differential, Hardware, Mapping, ReferenceColumn, TiledMatrix
from device_models import CompoundMTJ

MAPPINGS = [Differential(), ReferenceColumn()]
SHAPES = [(1, 1), (5, 3), (8, 4), (13, 7), (16, 9)]
TILES = [(1, 2), (1, 9), (4, 4), (4, 5), (8, 8), (5, 7), (64, 64)]


def matrix(shape: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(shape).normal(0, 0.5, shape)


@pytest.mark.parametrize("mapping", MAPPINGS, ids=["pair", "reference"])
@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("shape", SHAPES)
def test_ideal_tiles_of_any_size_hold_the_quantised_matrix(
    shape: tuple[int, int], tile: tuple[int, int], mapping: Mapping, synapse: CompoundMTJ
) -> None:
    hardware = Hardware(synapse, mapping=mapping, tile=tile)
    w = matrix(shape)
    tiled = TiledMatrix.program(w, hardware)
    levels = mapping.levels(synapse, 0.1)
    scale = hardware.scale.fit(w, levels)
    assert tiled.scale == scale
    np.testing.assert_allclose(tiled.weights, scale * levels.nearest(w / scale),
                               atol=1e-11 * np.abs(w).max())


@pytest.mark.parametrize("mapping", MAPPINGS, ids=["pair", "reference"])
@pytest.mark.parametrize("tile", TILES)
def test_tiles_cover_the_matrix_once_and_respect_their_size(
    tile: tuple[int, int], mapping: Mapping, synapse: CompoundMTJ
) -> None:
    tiled = TiledMatrix.program(matrix((13, 7)), Hardware(synapse, mapping=mapping, tile=tile))
    covered = np.zeros((13, 7), int)
    for part in tiled.tiles:
        covered[part.inputs, part.outputs] += 1
        rows, columns = part.circuit.shape
        assert rows == part.inputs.stop - part.inputs.start <= tile[0]
        assert columns == mapping.columns(part.outputs.stop - part.outputs.start) <= tile[1]
    assert np.all(covered == 1)
    width = mapping.outputs_per_tile(tile[1])
    assert len(tiled.tiles) == -(-13 // tile[0]) * -(-7 // width)
    starts = [(part.inputs.start, part.outputs.start) for part in tiled.tiles]
    assert starts == sorted(starts)


def test_each_tile_is_a_circuit_of_its_own(synapse: CompoundMTJ) -> None:
    """With wires a matrix in tiles is its blocks, each programmed alone at the common scale."""
    wires = Wires(5.0, 7.0, 100.0, 20.0)
    tiled = TiledMatrix.program(matrix((10, 6)), Hardware(synapse, wires=wires, tile=(4, 5)))
    for part in tiled.tiles:
        t = CrossbarCircuit(part.circuit.conductance, wires).transconductance()
        expected = tiled.scale * (t[:, ::2] - t[:, 1::2])
        np.testing.assert_allclose(tiled.weights[part.inputs, part.outputs], expected, rtol=1e-12)


def test_wires_only_take_current_away(synapse: CompoundMTJ) -> None:
    w = np.abs(matrix((12, 4)))
    errors = []
    for ohm in (0.0, 1.0, 10.0, 100.0):
        hardware = Hardware(synapse, wires=Wires(ohm, ohm), tile=(12, 8))
        tiled = TiledMatrix.program(w, hardware)
        errors.append(sum(part.circuit.transconductance().sum() for part in tiled.tiles))
    assert np.all(np.diff(errors) < 0)


def test_smaller_tiles_suffer_less_from_wires(synapse: CompoundMTJ) -> None:
    w = matrix((32, 16))
    ideal = TiledMatrix.program(w, Hardware(synapse)).weights
    errors = [np.abs(TiledMatrix.program(
        w, Hardware(synapse, wires=Wires(10, 10), tile=(n, n))).weights - ideal).mean()
        for n in (4, 8, 16, 32)]
    assert np.all(np.diff(errors) > 0)


def conductances(w: np.ndarray, hardware: Hardware, layer: str = "") -> np.ndarray:
    tiles = TiledMatrix.program(w, hardware, layer).tiles
    return np.concatenate([part.circuit.conductance.ravel() for part in tiles])


def test_spread_is_reproducible_by_seed_and_differs_between_seeds_and_layers(
    synapse: CompoundMTJ,
) -> None:
    w, hardware = matrix((9, 5)), Hardware(synapse, spread=0.05, seed=3, tile=(4, 4))
    once = conductances(w, hardware)
    np.testing.assert_array_equal(once, conductances(w, hardware))
    assert np.all(once != conductances(w, replace(hardware, seed=4)))
    assert np.all(once != conductances(w, hardware, "other"))


def test_no_two_devices_share_their_deviation(synapse: CompoundMTJ) -> None:
    w = matrix((9, 5))
    spread = conductances(w, Hardware(synapse, spread=0.05, tile=(4, 4)))
    factors = spread / conductances(w, Hardware(synapse, tile=(4, 4)))
    assert len(np.unique(factors)) == len(factors)


def test_spread_has_the_stated_standard_deviation(synapse: CompoundMTJ) -> None:
    w = matrix((200, 100))
    plain = conductances(w, Hardware(synapse))
    logs = np.log(conductances(w, Hardware(synapse, spread=0.05)) / plain)
    n = len(logs)
    assert logs.std() == pytest.approx(0.05, rel=5 / np.sqrt(2 * n))  # five standard errors
    assert logs.mean() == pytest.approx(0.0, abs=5 * 0.05 / np.sqrt(n))


def test_no_spread_is_the_limit_of_small_spread(synapse: CompoundMTJ) -> None:
    w = matrix((6, 4))
    np.testing.assert_allclose(conductances(w, Hardware(synapse, spread=1e-9)),
                               conductances(w, Hardware(synapse)), rtol=1e-7)


def test_solving_reports_every_tile_and_changes_no_result(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, wires=Wires(3, 3), tile=(4, 4))
    solved, lazy = (TiledMatrix.program(matrix((10, 5)), hardware) for _ in range(2))
    steps: list[int] = []
    solved.solve(steps.append)
    assert steps == [1] * len(solved.tiles)
    np.testing.assert_array_equal(solved.weights, lazy.weights)


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_results_come_in_the_order_of_the_tiles(threads: int) -> None:
    assert list(solve_tiles(lambda n: n * n, range(50), threads)) == [n * n for n in range(50)]


def test_an_error_in_a_tile_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        list(solve_tiles(lambda n: 1 / n, [1, 0, 2]))
