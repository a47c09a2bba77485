"""Laws of settling: closed forms, agreement with the matrix exponential, bounds, scaling."""

from typing import NamedTuple

import numpy as np
import pytest
from scipy import linalg
from scipy.integrate import trapezoid

from circuits import ColumnSense, ConvergenceError, CrossbarCircuit, CubicLaw, RowDrive, Wires
from circuits.analysis.settling import elmore_delay, settling_time, slowest_time_constant
from device_models.checks import Floats

C = 1e-15
WIRES = Wires(row=13.0, column=7.0, source=300.0, sense=50.0, access=100.0)
TOPOLOGIES = [(drive, sense) for drive in RowDrive for sense in ColumnSense]


def array(m: int = 3, n: int = 4, wires: Wires = WIRES, drive: RowDrive = RowDrive.LEFT,
          sense: ColumnSense = ColumnSense.BOTTOM) -> CrossbarCircuit:
    g = np.random.default_rng(m + 10 * n).uniform(2e-5, 1.2e-4, (m, n))
    return CrossbarCircuit(g, wires, drive=drive, sense=sense)


class Reference(NamedTuple):
    """Dense nodal matrices, written node by node; for wires that are not zero."""

    conductance: Floats
    drive: Floats
    out: Floats
    capacitance: Floats

    @classmethod
    def of(cls, circuit: CrossbarCircuit, row: float, column: float) -> "Reference":
        m, n = circuit.shape
        net, size = circuit.network, 2 * m * n
        g, b, d = np.zeros((size, size)), np.zeros((size, m)), np.zeros((size, n))

        def join(k: int, other: int, y: float) -> None:
            for p, q in ((k, other), (other, k)):
                g[p, p] += y
                g[p, q] -= y

        for i, j in np.ndindex(m, n):
            u, w = i * n + j, m * n + i * n + j
            join(u, w, net.g[i, j])
            if j:
                join(u - 1, u, 1 / net.row_z[i, j])
            if i:
                join(w - n, w, 1 / net.column_z[i, j])
            for at, z in ((0, net.row_z[i, 0]), (n - 1, net.row_z[i, n])):
                if j == at:
                    g[u, u] += 1 / z
                    b[u, i] += 1 / z
            for at, z in ((0, net.column_z[0, j]), (m - 1, net.column_z[m, j])):
                if i == at:
                    g[w, w] += 1 / z
                    d[w, j] += 1 / z
        return cls(g, b, d, np.repeat([row, column], m * n))

    def lacking(self, t: float) -> Floats:
        """What the current (rows, columns) after a step lacks of its final value [1]."""
        final = np.linalg.solve(self.conductance, self.drive)
        fallen = linalg.expm(-t * self.conductance / self.capacitance[:, None])
        return ((self.out.T @ fallen @ final) / (self.out.T @ final)).T


def test_one_device_is_one_rc() -> None:
    circuit = CrossbarCircuit([[1e-3]], Wires(source=500.0))
    tau = C / (1 / 500 + 1e-3)
    np.testing.assert_allclose(elmore_delay(circuit, C, C), [[tau]], rtol=1e-13)
    assert slowest_time_constant(circuit, C, C) == pytest.approx(tau, rel=1e-13, abs=0)
    settled = settling_time(circuit, C, C, accuracy=1e-3)
    assert settled == pytest.approx(tau * np.log(1e3), rel=1e-9, abs=0)


def test_a_row_of_one_device_at_its_end_is_the_ladder_of_elmore() -> None:
    n, r, source, g = 6, 20.0, 100.0, 1e-9
    conductance = np.zeros((1, n))
    conductance[0, -1] = g
    delay = elmore_delay(CrossbarCircuit(conductance, Wires(row=r, source=source)), C, 0.0)
    upstream = source + r * np.arange(1, n + 1)
    assert delay[0, -1] == pytest.approx(C * upstream.sum(), rel=1e-5, abs=0)  # g loads it by 1e-6
    assert np.isnan(delay[0, :-1]).all()


@pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES)
def test_elmore_is_the_area_above_the_step_response(drive: RowDrive, sense: ColumnSense) -> None:
    circuit = array(drive=drive, sense=sense)
    reference = Reference.of(circuit, C, 2 * C)
    inverse = np.linalg.inv(reference.conductance)
    final = reference.out.T @ inverse @ reference.drive
    moment = reference.out.T @ inverse @ np.diag(reference.capacitance) @ inverse @ reference.drive
    np.testing.assert_allclose(elmore_delay(circuit, C, 2 * C), (moment / final).T, rtol=1e-11)
    np.testing.assert_allclose(final.T, circuit.transconductance(), rtol=1e-11)
    times = np.linspace(0, 40, 801) * slowest_time_constant(circuit, C, 2 * C)
    area = trapezoid([reference.lacking(t) for t in times], times, axis=0)
    np.testing.assert_allclose(area, elmore_delay(circuit, C, 2 * C), rtol=2e-3)


@pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES)
def test_half_the_current_flows_within_the_elmore_delay(
    drive: RowDrive, sense: ColumnSense
) -> None:
    circuit = array(drive=drive, sense=sense)
    reference, delay = Reference.of(circuit, C, C), elmore_delay(circuit, C, C)
    for i, j in np.ndindex(circuit.shape):
        lacking = reference.lacking(delay[i, j])
        assert 0 < lacking[i, j] < 0.5
        for share in (0.1, 0.01):  # Markov's inequality
            assert reference.lacking(delay[i, j] / share)[i, j] <= share


@pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES)
def test_the_slowest_constant_is_how_currents_end(drive: RowDrive, sense: ColumnSense) -> None:
    circuit = array(drive=drive, sense=sense)
    reference, tau = Reference.of(circuit, C, C), slowest_time_constant(circuit, C, C)
    rates = linalg.eigvals(reference.conductance / reference.capacitance[:, None]).real
    assert tau == pytest.approx(1 / rates.min(), rel=1e-10, abs=0)
    late, later = reference.lacking(16 * tau), reference.lacking(17 * tau)
    assert later.max() / late.max() == pytest.approx(np.exp(-1), rel=3e-3, abs=0)


@pytest.mark.parametrize("accuracy", [0.3, 1e-3, 1e-6])
@pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES)
def test_currents_are_settled_at_the_settling_time(
    drive: RowDrive, sense: ColumnSense, accuracy: float
) -> None:
    circuit = array(drive=drive, sense=sense)
    v = np.array([0.1, 0.0, 0.3])
    share = v[:, None] * circuit.transconductance()
    share /= share.sum(axis=0)
    lacking = Reference.of(circuit, C, 3 * C).lacking(
        settling_time(circuit, C, 3 * C, accuracy, v))
    assert (share * lacking).sum(axis=0).max() == pytest.approx(accuracy, rel=1e-5, abs=0)


def test_large_arrays_agree_with_all_their_eigenvalues() -> None:
    circuit = array(9, 8)  # beyond what is solved densely
    reference = Reference.of(circuit, C, 2 * C)
    tau = 1 / linalg.eigvals(reference.conductance / reference.capacitance[:, None]).real.min()
    assert slowest_time_constant(circuit, C, 2 * C) == pytest.approx(tau, rel=1e-10, abs=0)
    share = circuit.transconductance() / circuit.transconductance().sum(axis=0)
    lacking = reference.lacking(settling_time(circuit, C, 2 * C))
    assert (share * lacking).sum(axis=0).max() == pytest.approx(1e-3, rel=1e-5, abs=0)


@pytest.mark.parametrize("wires", [
    Wires(row=1e-9, column=1e-9, source=1e-9, sense=1e-9), Wires(row=1e-9, column=1e-9),
    Wires(row=20.0, column=1e-9, source=300.0), Wires(row=1e-9, column=5.0, sense=50.0),
])
@pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES)
def test_zero_ohm_is_the_limit_of_little_resistance(
    wires: Wires, drive: RowDrive, sense: ColumnSense
) -> None:
    zero = Wires(*(0.0 if z == 1e-9 else z for z in (wires.row, wires.column, wires.source,
                                                    wires.sense)))
    little, none = (array(3, 4, w, drive, sense) for w in (wires, zero))
    scale = 300.0 * C
    for law in (elmore_delay, slowest_time_constant, settling_time):
        np.testing.assert_allclose(law(none, C, C), law(little, C, C), rtol=1e-5,
                                   atol=1e-6 * scale)


def test_without_resistance_or_without_capacitance_nothing_takes_time() -> None:
    for circuit, stored in ((array(3, 4, Wires()), C), (array(), 0.0)):
        assert not elmore_delay(circuit, stored, stored).any()
        assert slowest_time_constant(circuit, stored, stored) == 0
        assert settling_time(circuit, stored, stored) == 0


@pytest.mark.parametrize("law", [elmore_delay, slowest_time_constant, settling_time])
def test_time_scales_with_capacitance_and_with_resistance(law: object) -> None:
    assert callable(law)
    slow = Wires(*(10 * np.asarray(z) for z in (13.0, 7.0, 300.0, 50.0, 100.0)))
    larger = CrossbarCircuit(array().conductance / 10, slow)
    one = law(array(), C, 2 * C)
    np.testing.assert_allclose(law(array(), 5 * C, 10 * C), 5 * np.asarray(one), rtol=1e-9)
    np.testing.assert_allclose(law(larger, C, 2 * C), 10 * np.asarray(one), rtol=1e-9)


def test_elmore_is_additive_in_the_capacitances() -> None:
    circuit, rng = array(), np.random.default_rng(3)
    row, column = C * rng.random((2, *circuit.shape))
    total = elmore_delay(circuit, row, 0.0) + elmore_delay(circuit, 0.0, column)
    np.testing.assert_allclose(elmore_delay(circuit, row, column), total, rtol=1e-12)


def test_more_capacitance_anywhere_is_slower() -> None:
    circuit = array()
    before = slowest_time_constant(circuit, C, C)
    for i, j in np.ndindex(circuit.shape):
        more = np.full(circuit.shape, C)
        more[i, j] *= 2
        assert slowest_time_constant(circuit, more, C) > before
        assert np.all(elmore_delay(circuit, more, C) > elmore_delay(circuit, C, C))


def test_a_long_line_slows_with_the_square_of_its_length() -> None:
    wires = Wires(row=10.0)
    taus = [slowest_time_constant(CrossbarCircuit(np.full((1, n), 1e-12), wires), C, 0.0)
            for n in (200, 400)]
    assert taus[1] / taus[0] == pytest.approx(4, rel=1e-2, abs=0)
    assert taus[1] == pytest.approx(10.0 * C * (2 * 400 / np.pi) ** 2, rel=1e-2, abs=0)


def test_a_floating_row_and_an_open_column_have_no_delay() -> None:
    g = np.full((3, 4), 1e-4)
    g[:, 2] = 0.0
    circuit = CrossbarCircuit(g, Wires(row=1.0, column=1.0, source=np.array([10.0, np.inf, 10.0])))
    delay = elmore_delay(circuit, C, C)
    missing = np.zeros((3, 4), bool)
    missing[1], missing[:, 2] = True, True
    np.testing.assert_array_equal(np.isnan(delay), missing)
    assert 0 < settling_time(circuit, C, C) < 20 * slowest_time_constant(circuit, C, C)


@pytest.mark.parametrize("law", [elmore_delay, slowest_time_constant, settling_time])
def test_nonlinear_circuits_are_refused(law: object) -> None:
    assert callable(law)
    circuit = CrossbarCircuit(np.full((2, 2), 1e-4), WIRES, law=CubicLaw(0.5))
    with pytest.raises(TypeError, match="time constants"):
        law(circuit, C, C)


@pytest.mark.parametrize("bad", [-1e-15, np.nan, [1e-15, 1e-15]])
def test_capacitances_that_do_not_fit_are_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="row_capacitance"):
        elmore_delay(array(), bad, C)  # type: ignore[arg-type]  # the error that is tested
    with pytest.raises(ValueError, match="column_capacitance"):
        elmore_delay(array(), C, bad)  # type: ignore[arg-type]  # the error that is tested


@pytest.mark.parametrize("accuracy", [0.0, 1.0, -0.1, np.nan])
def test_an_accuracy_outside_0_to_1_is_refused(accuracy: float) -> None:
    with pytest.raises(ValueError, match="accuracy"):
        settling_time(array(), C, C, accuracy)


@pytest.mark.parametrize("voltages", [[0.1, 0.1], [0.1, -0.1, 0.1], [0.0, 0.0, 0.0]])
def test_inputs_that_do_not_fit_are_refused(voltages: list[float]) -> None:
    with pytest.raises(ValueError, match="voltages"):
        settling_time(array(), C, C, voltages=voltages)


EVERY = pytest.mark.parametrize("law", [elmore_delay, slowest_time_constant, settling_time])


@EVERY
@pytest.mark.parametrize("stored", [0.0, 1e-300, 1e-18, 1e6])
@pytest.mark.parametrize("source", [1e-9, 1.0, 1e12])
@pytest.mark.parametrize("g", [1e-18, 1e-6, 1e6])
def test_one_device_is_one_rc_at_any_size(law: object, g: float, source: float, stored: float
                                          ) -> None:
    assert callable(law)
    tau = stored / (1 / source + g)
    found = law(CrossbarCircuit([[g]], Wires(source=source)), stored, 0.0)
    times = np.log(1e3) if law is settling_time else 1.0
    np.testing.assert_allclose(found, times * tau, rtol=1e-9, atol=0)


@EVERY
def test_times_scale_with_capacitance_over_all_of_double_precision(law: object) -> None:
    assert callable(law)
    expected = np.asarray(law(array(), 1.0, 0.5))
    for size in (1e-300, 1e-15, 1e150):
        np.testing.assert_allclose(law(array(), size, size / 2), expected * size, rtol=1e-9)


@EVERY
def test_times_beyond_double_precision_name_the_capacitance(law: object) -> None:
    assert callable(law)
    circuit = CrossbarCircuit(np.full((2, 2), 1e-12), Wires(source=1e9, row=1.0))
    with pytest.raises(ConvergenceError, match=r"capacitances of .* F and more make times beyond"):
        law(circuit, 1e305, 0.0)


@EVERY
def test_extreme_arrays_are_right_or_refused_with_the_cause(law: object) -> None:
    """Cells of 1e-18 to 1e6 S, wires of 1e-12 to 1e12 ohm, some floating rows: never a time below
    zero or infinite, and none for another current than the exact elimination's."""
    assert callable(law)
    rng, right = np.random.default_rng(0), 0
    for _ in range(150):
        m, n = (int(k) for k in rng.integers(1, 5, 2))
        g = 10 ** rng.uniform(-18, 6, (m, n))
        row, column, source, sense = np.where(rng.random(4) < 0.3, 0, 10 ** rng.uniform(-12, 12, 4))
        ends = np.where(rng.random(m) < 0.1, np.inf, source)
        circuit = CrossbarCircuit(g, Wires(row, column, ends, sense))
        found, refusal = np.array(np.nan), ""
        try:
            found = np.asarray(law(circuit, C, C))
        except ConvergenceError as error:
            refusal = str(error)
        if refusal:
            assert "are too different for time constants in double precision" in refusal
            continue
        right += 1
        if law is elmore_delay:
            np.testing.assert_array_equal(np.isnan(found), circuit.transconductance() == 0)
            found = found[np.isfinite(found)]
        assert np.all((found >= 0) & np.isfinite(found))
    assert right > 100


def test_a_floating_row_that_only_rounding_grounds_is_refused() -> None:
    """Cells of 1e-18 S beside segments of 1e3 S: the row's own conductance is lost in the sum, and
    with it the time constant of hours."""
    wires = Wires(row=1e-3, source=np.array([1.0, np.inf]))
    slow = CrossbarCircuit(np.full((2, 3), 1e-18), wires)
    with pytest.raises(ConvergenceError, match="are too different for time constants"):
        slowest_time_constant(slow, C, C)
    fine = CrossbarCircuit(np.full((2, 3), 1e-18), Wires(source=np.array([1.0, np.inf])))
    assert slowest_time_constant(fine, C, C) == pytest.approx(C / 1e-18, rel=1e-9, abs=0)
