"""Laws of settling: ngspice's transients of the same tiles, the worst input, scaling, limits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from circuits import ColumnSense, CrossbarCircuit, RowDrive, Wires, settling_time
from crossbar import BitSliced, Differential, Hardware, Mapping, Placement, ReferenceColumn
from crossbar.cost.periphery import Cell, Driver, Periphery
from crossbar.cost.settling import conversion_accuracy, driven, settling_times
from crossbar.mapping import Subtraction
from crossbar.tiles.matrix import TiledMatrix
from crossbar.tiles.reading import MatrixReader
from device_models import CompoundMTJ
from tests.support.transient import transient

WIRES = Wires(row=13.0, column=7.0, source=300.0, sense=50.0, access=100.0)
PERIPHERY = Periphery(cell=Cell(junction_capacitance=0.6e-15))
TILES = {
    "left": {"wires": WIRES, "tile": (6, 6), "adc_bits": 8},
    "both ends": {"wires": Wires(row=40.0, column=2.0), "tile": (12, 10), "adc_bits": 5,
                  "drive": RowDrive.BOTH, "sense": ColumnSense.BOTH},
    "nonlinear": {"wires": replace(WIRES, sense=800.0), "tile": (4, 4), "nonlinear": True,
                  "read_voltage": 0.3, "mapping": ReferenceColumn()},
}


def matrix(synapse: CompoundMTJ, shape: tuple[int, int] = (9, 7), **settings: object
           ) -> TiledMatrix:
    weights = np.random.default_rng(3).normal(0, 0.5, shape)
    hardware = Hardware(synapse, **{"wires": WIRES, "tile": (8, 8), **settings})
    return TiledMatrix.program(weights, hardware)


def lines(periphery: Periphery) -> tuple[float, float]:
    return periphery.cell.row_capacitance, periphery.cell.column_capacitance


@pytest.mark.parametrize("name", TILES)
def test_currents_are_within_half_a_step_when_those_of_ngspice_are(
    name: str, synapse: CompoundMTJ, ngspice: str, tmp_path: Path
) -> None:
    """Also of devices that follow their own law, which count with their chord conductances: found
    are 3e-5, 5e-5 and, at 0.3 V, 0.6 %."""
    made = matrix(synapse, TILES[name]["tile"], **TILES[name])
    hardware, found = made.hardware, settling_times(made, PERIPHERY)[0]
    circuit = MatrixReader(made).readers[0]._circuit(2 * hardware.read_voltage)
    assert circuit.is_linear is not hardware.nonlinear
    v = np.full(circuit.shape[0], hardware.read_voltage)
    step = transient(driven(circuit, PERIPHERY), v, lines(PERIPHERY), 3 * found, tmp_path,
                     ngspice, steps=1000)
    half = 2.0 ** -((hardware.converters.adc_bits or PERIPHERY.assumed_bits) + 1)
    assert found == pytest.approx(step.settled(half), abs=0,
                                  rel=0.05 if hardware.nonlinear else 1e-3)


def test_every_tile_settles_as_its_own_circuit(synapse: CompoundMTJ) -> None:
    made, steps = matrix(synapse), []
    found = settling_times(made, PERIPHERY, progress=steps.append)
    assert sum(steps) == len(made.tiles) == len(found) == 4
    for tile, time in zip(made.tiles, found, strict=True):
        own = settling_time(tile.circuit, *lines(PERIPHERY), 2.0**-9)
        assert time == pytest.approx(own, rel=1e-9, abs=0)


def test_no_input_lacks_more_than_all_rows_at_full_voltage(
    synapse: CompoundMTJ, ngspice: str, tmp_path: Path
) -> None:
    """When all have settled, amperes that are still to come are less of any other input, be it of
    one row, of either sign, or at random; half a step is of the full current."""
    made = matrix(synapse, (6, 3), adc_bits=6)
    circuit, found = made.tiles[0].circuit, settling_times(made, PERIPHERY)[0]
    rng = np.random.default_rng(0)
    full = circuit.solve(np.full(6, 0.1)).column_currents
    for number, v in enumerate([np.eye(6)[0], np.eye(6)[5], rng.uniform(-1, 1, 6)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        step = transient(circuit, 0.1 * v, lines(PERIPHERY), 4 * found, folder, ngspice)
        lacking = np.abs(step.currents - step.currents[-1])[step.times >= found]
        assert lacking.max() > 0
        assert np.all(lacking <= full * 2.0**-7)


def test_time_goes_with_capacitance_and_with_resistance(synapse: CompoundMTJ) -> None:
    made = matrix(synapse)
    cell = PERIPHERY.cell
    double = replace(cell, junction_capacitance=2 * cell.junction_capacitance,
                     drain_capacitance=2 * cell.drain_capacitance,
                     row_wire=2 * (cell.row_capacitance - cell.junction_capacitance),
                     column_wire=2 * (cell.column_capacitance - cell.drain_capacitance))
    once, twice = (settling_times(made, replace(PERIPHERY, cell=each))
                   for each in (cell, double))
    np.testing.assert_allclose(twice, 2 * np.array(once), rtol=1e-9)
    longer = matrix(synapse, wires=Wires(row=26.0, column=14.0, source=600.0, sense=100.0,
                                         access=100.0))
    assert np.all(np.array(settling_times(longer, PERIPHERY)) > once)


@pytest.mark.parametrize("sense", [0.0, 400.0])
def test_without_wires_what_is_left_are_drivers_and_amplifiers(
    sense: float, synapse: CompoundMTJ
) -> None:
    """One time constant without amplifiers' resistance: a row's capacitance through its driver,
    beside the row's devices; with it, that of columns comes on top."""
    made = matrix(synapse, (1, 4), wires=Wires(sense=sense), adc_bits=8)
    periphery = replace(PERIPHERY, driver=Driver(on_resistance=500.0))
    found = settling_times(made, periphery)[0]
    g = made.tiles[0].circuit.conductance.sum()
    row = 8 * periphery.cell.row_capacitance / (1 / 500.0 + g) * np.log(2.0**9)
    if sense:
        assert row < found < row + 10 * sense * sum(lines(periphery)) * np.log(2.0**9)
    else:
        assert found == pytest.approx(row, rel=1e-9, abs=0)


def test_ideal_drivers_count_with_the_resistance_of_the_peripherys(synapse: CompoundMTJ) -> None:
    ideal, real = (matrix(synapse, wires=replace(WIRES, source=source)) for source in (0.0, 300.0))
    periphery = replace(PERIPHERY, driver=Driver(on_resistance=300.0))
    np.testing.assert_allclose(settling_times(ideal, periphery), settling_times(real, PERIPHERY),
                               rtol=0.02)  # conductances are not those of the same levels
    assert driven(real.tiles[0].circuit, periphery) is real.tiles[0].circuit
    mixed = CrossbarCircuit(np.full((3, 2), 1e-4), Wires(source=np.array([0.0, 50.0, np.inf])))
    np.testing.assert_array_equal(driven(mixed, periphery).wires.source, [300.0, 50.0, np.inf])


def test_each_bit_takes_ln_2_of_the_slowest_time_constant_more(synapse: CompoundMTJ) -> None:
    times = [settling_times(matrix(synapse, adc_bits=bits), PERIPHERY)[0]
             for bits in (10, 11, 12, 13)]
    each = np.diff(times)
    np.testing.assert_allclose(each, each[-1], rtol=0.01)
    assumed = settling_times(matrix(synapse), replace(PERIPHERY, assumed_bits=12))[0]
    assert assumed == pytest.approx(times[2], rel=1e-9, abs=0)


def test_nonlinear_devices_have_the_times_of_their_chord_conductances(
    synapse: CompoundMTJ
) -> None:
    found = [settling_times(matrix(synapse, nonlinear=nonlinear), PERIPHERY)
             for nonlinear in (False, True)]
    assert found[0] == found[1]


@pytest.mark.parametrize("mapping", [
    Differential(), Differential(placement=Placement.ARRAYS), ReferenceColumn(), BitSliced()])
def test_columns_with_their_own_converters_settle_to_half_a_step(
    mapping: Mapping, synapse: CompoundMTJ
) -> None:
    assert conversion_accuracy(matrix(synapse, mapping=mapping), 8) == 2.0**-9


@pytest.mark.parametrize("placement", Placement)
def test_subtracted_currents_settle_to_half_a_step_of_their_difference(
    placement: Placement, synapse: CompoundMTJ
) -> None:
    """What both columns of a pair still lack at the accuracy is no more than half a step of the
    widest difference that inputs can make."""
    mapping = Differential(placement=placement, subtraction=Subtraction.BEFORE)
    made = matrix(synapse, mapping=mapping)
    accuracy = conversion_accuracy(made, 8)
    assert 2.0**-9 / 30 < accuracy < 2.0**-9
    widest, pairs = 0.0, []
    for number in {tile.number for tile in made.tiles}:
        arrays = [tile for tile in made.tiles if tile.number == number]
        t = np.hstack([tile.circuit.transconductance() for tile in arrays])
        signs = np.vstack([tile.decoder for tile in arrays])
        widest = max(widest, np.abs(t @ signs).sum(axis=0).max())
        pairs.append((t.sum(axis=0) @ np.abs(signs)).max())
    assert accuracy * max(pairs) == pytest.approx(widest * 2.0**-9, rel=1e-12, abs=0)


def test_converters_set_for_fewer_currents_need_more_settled_ones(synapse: CompoundMTJ) -> None:
    """What the column with the most current still lacks is half a step of the span; a span beyond
    all currents is no reason to convert them earlier."""
    made = matrix(synapse)
    most = max(tile.circuit.solve(np.full(tile.circuit.shape[0], 0.1)).column_currents.max()
               for tile in made.tiles)
    for share in (0.02, 0.3):
        accuracy = conversion_accuracy(made, 8, share * most)
        assert accuracy * most == pytest.approx(share * most * 2.0**-9, rel=1e-9, abs=0)
    assert conversion_accuracy(made, 8, 1.5 * most) == 2.0**-9
    narrow, wide = (settling_times(made, PERIPHERY, share * most) for share in (0.02, 1.5))
    assert np.all(np.array(narrow) > wide)
    with pytest.raises(ValueError, match=r"span \[A\]"):
        conversion_accuracy(made, 8, 0.0)


def test_weights_that_are_all_zero_settle_as_columns_do(synapse: CompoundMTJ) -> None:
    """No difference is no reason to wait for ever."""
    hardware = Hardware(synapse, mapping=Differential(subtraction=Subtraction.BEFORE))
    made = TiledMatrix.program(np.zeros((4, 3)), hardware)
    assert conversion_accuracy(made, 8) == 2.0**-9
