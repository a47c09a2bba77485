"""Laws of nonlinear circuits: conservation, limits, symmetry, variation; three stages agree."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits import (
    ColumnSense,
    ConvergenceError,
    CrossbarCircuit,
    CubicLaw,
    Law,
    MTJLaw,
    RowDrive,
    TabulatedLaw,
    Wires,
)
from circuits.solvers.nonlinear import NonlinearSolver, Solution
from tests.support.kirchhoff import device_currents, segments
from tests.support.laws import LAWS, ODD, SinhLaw
from tests.support.reference import EPS, Floats, random_conductance
from tests.support.topologies import OVER, TOPOLOGIES, TURNED, Assembly

NONLINEAR = [name for name in LAWS if name not in ("linear", "two-points")]
PARTS = ("devices", "rows", "columns", "drivers", "sense")
seeds = st.integers(0, 2**32 - 1)
# every example starts threads
few = settings(max_examples=10, deadline=None, derandomize=True)
every_law = pytest.mark.parametrize("name", NONLINEAR)


def conductance_of(law: Law, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    if isinstance(law, TabulatedLaw):
        return law.conductance(rng.integers(0, law.branches, shape))
    g = 10 ** rng.uniform(-6, -4, (law.branches, *shape))
    g[:, rng.random(shape) < 0.1] = 0.0
    return g


def circuit_of(name: str, seed: int, most: float = 6, access: bool = True) -> CrossbarCircuit:
    """At most 4 x 4; every resistance zero or 1e-3 to 10^most ohm; any topology."""
    rng, law = np.random.default_rng(seed), LAWS[name]
    m, n = (int(k) for k in rng.integers(1, 5, 2))
    r = np.where(rng.random(5) < 0.3, 0.0, 10 ** rng.uniform(-3, most, 5))
    r[4] *= access and name != "flat-tables"  # see test_devices: its access is not solved yet
    drive, sense = TOPOLOGIES[rng.integers(len(TOPOLOGIES))]
    return CrossbarCircuit(conductance_of(law, (m, n), rng), Wires(*map(float, r)), law, drive,
                           sense)


def inputs(circuit: CrossbarCircuit, seed: int, batch: int = 2, low: float = -0.55) -> Floats:
    """Within the range of all tables."""
    return np.random.default_rng(seed).uniform(low, 0.55, (batch, circuit.shape[0])) / (
        2 if low < 0 else 1)


def largest_current(circuit: CrossbarCircuit, v: Floats) -> float:
    """What the devices would carry on ideal wires [A]: bounds all rounding."""
    most = np.full((*circuit.shape, 1), np.abs(v).max(initial=0.0))
    return float(max(np.abs(circuit.devices.current(s * most)).max() for s in (-1, 1)))


# --- conservation -------------------------------------------------------------------------------


@every_law
@few
@given(seed=seeds)
def test_conservation_of_current_at_every_node(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    op = circuit.solve(inputs(circuit, seed))
    rows, columns = segments(circuit)
    # Node voltages are rounded to EPS: times the best conductor, twice a node, this shows.
    ohm = min(z[z > 0].min(initial=np.inf) for z in (rows, columns))
    slope = circuit.devices.slope(np.full((*circuit.shape, 1), np.abs(op.voltages).max())).max()
    visible = 64 * EPS * (1 / ohm + slope) * np.abs(op.voltages).max()
    cells = np.prod(circuit.shape)  # all of them may be joined into one node
    allowed = cells * 1e-12 * np.abs(op.device_currents).max(axis=(1, 2)) + cells * visible
    assert np.all(op.kcl_residual <= allowed)


@every_law
@few
@given(seed=seeds)
def test_conservation_of_power(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    op = circuit.solve(inputs(circuit, seed))
    power = op.power
    spent = sum(power[part] for part in PARTS)
    lost = EPS * np.abs(op.voltages).max() * np.abs(op.device_currents).sum(axis=(1, 2))
    # sources' powers may have both signs
    flowing = np.abs(op.voltages).max() * np.abs(op.device_currents).sum(axis=(1, 2))
    assert np.all(np.abs(power["source"] - spent) <= 1e-10 * flowing + 16 * lost)
    assert all(np.all(power[part] >= 0) for part in PARTS[1:])
    if name not in ("asymmetric-table", "asymmetric-tables"):  # whose current at 0 V is not 0
        assert np.all(power["devices"] >= -1e-12 * flowing)


# --- an independent solution --------------------------------------------------------------------


def newton(circuit: CrossbarCircuit, v: Floats) -> tuple[Floats, float]:
    """Device currents (m, n) [A] by Newton's method on dense nodal equations, and their error."""
    at, shape = Assembly.of(circuit), circuit.shape
    wires, free = at.admittance(np.zeros(shape)), at.free
    potential = np.zeros(at.count)
    step, condition = np.inf, 1.0
    for fraction in (0.25, 0.5, 0.75, *[1.0] * 60):
        potential[at.source] = fraction * v
        drop = potential[at.row] - potential[at.column]
        current, slope = device_currents(circuit, drop)
        if not len(free):
            return device_currents(circuit, v[:, None] + np.zeros(shape))[0], 1e-12
        error = wires @ potential
        np.add.at(error, at.row, current)
        np.add.at(error, at.column, -current)
        matrix = at.admittance(slope)[np.ix_(free, free)]
        scale = 1 / np.sqrt(np.diag(matrix))
        scaled = matrix * scale * scale[:, None]
        move = scale * np.linalg.solve(scaled, scale * error[free])
        step, before = float(np.abs(move).max()), step
        potential[free] -= move * min(1.0, 0.2 / max(step, 1e-300))
        if fraction == 1 and step < 1e-12 and step >= before / 2:
            break
    condition = float(np.linalg.cond(scaled))
    current, slope = device_currents(circuit, potential[at.row] - potential[at.column])
    return current, 64 * EPS * condition * float(np.abs(slope).max()) * np.abs(v).max() + 1e-11 * (
        np.abs(current).max())


@every_law
@few
@given(seed=seeds)
def test_equivalence_to_newtons_method_on_nodal_equations(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed, most=4)
    v = inputs(circuit, seed, batch=1)[0]
    op = circuit.solve(v)
    expected, error = newton(circuit, v)
    np.testing.assert_allclose(op.device_currents, expected, rtol=0, atol=error)
    np.testing.assert_allclose(op.column_currents, expected.sum(axis=0), rtol=0, atol=4 * error)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
@pytest.mark.parametrize("ohm", [1.0, 1e3, 1e5])
def test_the_tolerance_is_honoured(tolerance: float, ohm: float) -> None:
    g = random_conductance((5, 4), seed=1)
    op = CrossbarCircuit(g, Wires(ohm, ohm), CubicLaw(0.2)).solve(np.linspace(0.1, 0.5, 5),
                                                                  tolerance)
    # 64 EPS: rounding of node voltages on segments of 1 ohm
    visible = 64 * EPS * (1 / ohm + g.max() * 20) * 0.5
    assert op.kcl_residual <= 2 * tolerance * np.abs(op.device_currents).max() + visible


# --- limits -------------------------------------------------------------------------------------


@every_law
@pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES)
def test_limit_of_ideal_wires_is_the_law(name: str, drive: RowDrive, sense: ColumnSense) -> None:
    rng, law = np.random.default_rng(2), LAWS[name]
    g, v = conductance_of(law, (3, 4), rng), rng.uniform(-0.55, 0.55, (2, 3))
    op = CrossbarCircuit(g, law=law, drive=drive, sense=sense).solve(v)
    f = law.shape(np.repeat(v[:, :, None], 4, axis=2))
    expected = (g[:, None] * f).sum(axis=0)
    limit = 64 * EPS * np.abs(expected).max()
    np.testing.assert_allclose(op.device_currents, expected, rtol=0, atol=limit)
    np.testing.assert_allclose(op.column_currents, expected.sum(axis=1), rtol=0, atol=limit)


@pytest.mark.parametrize("ohm", [1.0, 1e4])
def test_limit_of_weak_nonlinearity_is_of_second_order(ohm: float) -> None:
    g, v, wires = random_conductance((5, 4), seed=3), np.linspace(-0.2, 0.4, 5), Wires(ohm, ohm)
    linear = CrossbarCircuit(g, wires).solve(v).column_currents
    errors = [np.abs(CrossbarCircuit(g, wires, CubicLaw(v0)).solve(v).column_currents - linear)
              .max() for v0 in (10.0, 100.0)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.01)


def test_limit_of_small_voltages_is_the_linear_circuit() -> None:
    g, wires = random_conductance((5, 4), seed=4), Wires(1e3, 1e3)
    for scale in (1e-6, 1e-12, 1e-100):
        v = scale * np.linspace(-1, 1, 5)
        found = CrossbarCircuit(g, wires, CubicLaw(0.3)).solve(v).column_currents
        expected = CrossbarCircuit(g, wires).solve(v).column_currents
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * np.abs(expected).max())


@pytest.mark.parametrize("wires", [Wires(), Wires(1.0, 1.0), Wires(1e3, 1e3, access=1e4),
                                   Wires(1e6, 0.0, 1e6, 1e3)], ids=str)
@pytest.mark.parametrize("name", ["cubic", "mtj", "odd-tables", "flat-tables", "sinh"])
def test_limit_of_no_voltage_is_no_current(name: str, wires: Wires) -> None:
    law = LAWS[name]
    circuit = CrossbarCircuit(conductance_of(law, (3, 4), np.random.default_rng(5)), wires, law)
    op = circuit.solve(np.zeros((2, 3)))
    assert np.abs(op.column_currents).max() <= 1e-18  # a table is zero to its rounding
    assert np.all(np.abs(op.row_voltages) <= 1e-12)


@pytest.mark.parametrize("ohm", [0.0, 1.0, 1e3, 1e6])
@pytest.mark.parametrize("name", ["cubic", "mtj"])
def test_a_thousand_volts_are_solved(name: str, ohm: float) -> None:
    law = LAWS[name]
    g = conductance_of(law, (4, 3), np.random.default_rng(6))
    op = CrossbarCircuit(g, Wires(ohm, ohm), law).solve(np.array([1e3, -1e3, 500.0, 1.0]))
    power = op.power
    assert power["source"] == pytest.approx(sum(power[part] for part in PARTS), rel=1e-10)
    assert np.isfinite(op.column_currents).all()


def test_a_wire_of_large_resistance_sets_the_current() -> None:
    op = CrossbarCircuit([[1e-4]], Wires(source=1e9), CubicLaw(0.1)).solve([0.5])
    assert op.column_currents[0] == pytest.approx(0.5e-9, rel=1e-4)


def test_limit_of_a_large_access_transistor_is_ohms_law() -> None:
    op = CrossbarCircuit(np.full((2, 2), 1e-3), Wires(access=1e12), CubicLaw(0.1)).solve([0.5, 0.2])
    np.testing.assert_allclose(op.column_currents, 0.7e-12, rtol=1e-6)


@pytest.mark.parametrize("ohm", [0.0, 1.0, 1e3, 1e5])
@every_law
def test_floating_rows_take_no_net_current(name: str, ohm: float) -> None:
    rng, law = np.random.default_rng(7), LAWS[name]
    g = law.conductance(rng.integers(0, law.branches, (4, 3))) if isinstance(
        law, TabulatedLaw) else 10 ** rng.uniform(-6, -4, (law.branches, 4, 3))
    wires = Wires(ohm, ohm, np.array([0.0, np.inf, 10.0, np.inf]), 10.0)
    op = CrossbarCircuit(g, wires, law).solve([0.3, 0.0, 0.2, 0.0])
    largest = np.abs(op.device_currents).max()
    assert np.abs(op.device_currents[[1, 3]].sum(axis=1)).max() <= 5e-12 * largest + 1e-19
    assert np.abs(op.row_voltages).max() <= 0.6


# --- symmetry -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ODD if name != "linear"])
@few
@given(seed=seeds)
def test_symmetry_of_odd_laws(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    v = inputs(circuit, seed)
    there, back = (circuit.solve(sign * v).column_currents for sign in (1, -1))
    limit = 1e-10 * np.abs(there).max() + 1e-11 * np.abs(circuit.solve(v).device_currents).max()
    np.testing.assert_allclose(back, -there, rtol=0, atol=limit)


@every_law
@few
@given(seed=seeds)
def test_symmetry_of_mirrored_arrays(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    v, g = inputs(circuit, seed), circuit.conductance
    op = circuit.solve(v)
    limit = 1e-10 * np.abs(op.device_currents).max() + 64 * EPS * largest_current(circuit, v)
    sideways = CrossbarCircuit(g[..., ::-1], circuit.wires, circuit.law, TURNED[circuit.drive],
                               circuit.sense).solve(v)
    np.testing.assert_allclose(sideways.column_currents[:, ::-1], op.column_currents, atol=limit)
    over = CrossbarCircuit(g[..., ::-1, :], circuit.wires, circuit.law, circuit.drive,
                           OVER[circuit.sense]).solve(v[:, ::-1])
    np.testing.assert_allclose(over.column_currents, op.column_currents, atol=limit)


# --- monotonicity and variation -----------------------------------------------------------------


@every_law
@few
@given(seed=seeds, rise=st.floats(0.01, 0.3))
def test_monotonicity_a_higher_input_lifts_every_node_and_current(
    name: str, seed: int, rise: float
) -> None:
    """Currents of two-terminal monotone devices: the nodal equations are inverse isotone."""
    circuit = circuit_of(name, seed)
    low = inputs(circuit, seed, batch=1)[0]
    high = low.copy()
    high[seed % len(low)] += rise
    before, after = circuit.solve(low), circuit.solve(high)
    limit = 1e-9 * (np.abs(after.device_currents).max() + np.abs(before.device_currents).max())
    assert np.all(after.column_currents >= before.column_currents - limit)
    if name != "flat-tables":  # whose nodes are undetermined where nothing conducts
        assert np.all(after.row_voltages >= before.row_voltages - 1e-8)
        assert np.all(after.column_voltages >= before.column_voltages - 1e-8)


@pytest.mark.parametrize("name", ["cubic", "mtj", "sinh"])
@few
@given(seed=seeds, factor=st.floats(1.01, 100))
def test_monotonicity_a_better_device_carries_more_at_less_voltage(
    name: str, seed: int, factor: float
) -> None:
    """The rest of the circuit is a monotone one-port: its load line falls."""
    circuit = circuit_of(name, seed, access=False)
    v, cell = inputs(circuit, seed, batch=1)[0], (seed % circuit.shape[0], seed % circuit.shape[1])
    g = np.array(circuit.conductance)
    g[(..., *cell)] *= factor
    better = CrossbarCircuit(g, circuit.wires, circuit.law, circuit.drive, circuit.sense)
    before, after = circuit.solve(v), better.solve(v)
    sign = np.sign(before.device_currents[cell])
    limit = 1e-9 * np.abs(after.device_currents).max() + 1e-20
    assert sign * after.device_currents[cell] >= sign * before.device_currents[cell] - limit
    drops = [(op.row_voltages - op.column_voltages)[cell] for op in (before, after)]
    assert sign * drops[1] <= sign * drops[0] + 1e-9


def cocontent(circuit: CrossbarCircuit, u: Floats, w: Floats, v: Floats) -> float:
    """Sum of int I dV over all branches [W]: Millar's functional, least at the solution."""
    rows, columns = segments(circuit)
    m, n = circuit.shape
    across = np.diff(np.column_stack([v, u, v]), axis=1)
    down = np.diff(np.vstack([np.zeros(n), w, np.zeros(n)]), axis=0)
    wires = sum((drop[z > 0] ** 2 / z[z > 0]).sum() / 2 for drop, z in ((across, rows),
                                                                        (down, columns)))
    nodes, weights = np.polynomial.legendre.leggauss(24)
    drop = (u - w)[None]
    f = circuit.law.shape(drop * ((nodes + 1) / 2)[:, None, None])
    g = circuit.conductance.reshape(-1, 1, m, n)
    return float(wires + ((g * f).sum(axis=0) * weights[:, None, None] / 2 * drop).sum())


@pytest.mark.parametrize("name", ["cubic", "mtj", "sinh"])
@pytest.mark.parametrize("ohm", [1e2, 1e4, 1e6])
def test_the_solution_is_the_least_cocontent(name: str, ohm: float) -> None:
    """Millar 1951: any other node voltages have more, by the second order of the distance."""
    rng, law = np.random.default_rng(8), LAWS[name]
    circuit = CrossbarCircuit(conductance_of(law, (4, 3), rng), Wires(ohm, ohm), law)
    v = rng.uniform(0, 0.5, 4)
    op = circuit.solve(v)
    u, w = op.row_voltages, op.column_voltages
    least = cocontent(circuit, u, w, v)
    for _ in range(20):
        du, dw = rng.normal(size=(2, 4, 3)) * 1e-2
        up, down = (cocontent(circuit, u + s * du, w + s * dw, v) for s in (1, -1))
        assert min(up, down) > least
        assert abs(up - down) < 0.05 * (up + down - 2 * least)


@pytest.mark.parametrize("name", ["cubic", "mtj", "sinh"])
def test_monotonicity_cocontent_rises_with_every_conductance(name: str) -> None:
    """Unlike power and current, of which that holds for linear circuits only (Braess)."""
    rng, law = np.random.default_rng(9), LAWS[name]
    g, wires, v = conductance_of(law, (3, 3), rng), Wires(1e3, 1e3), rng.uniform(-0.5, 0.5, 3)

    def least(g: Floats) -> float:
        circuit = CrossbarCircuit(g, wires, law)
        op = circuit.solve(v)
        return cocontent(circuit, op.row_voltages, op.column_voltages, v)

    for cell in np.ndindex(3, 3):
        better = g.copy()
        better[(slice(None), *cell)] = 1.5 * better[(slice(None), *cell)] + 1e-6
        assert least(better) > least(g) * (1 - 1e-12)


# --- batches ------------------------------------------------------------------------------------


@every_law
@few
@given(seed=seeds)
def test_equivalence_of_a_batch_and_its_inputs(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    v = inputs(circuit, seed, batch=4)
    v[1] = 0.0
    batch = circuit.solve(v)
    for k, one in enumerate(v):
        alone = circuit.solve(one)
        limit = (1e-10 * np.abs(alone.device_currents).max()
                 + 1e3 * EPS * largest_current(circuit, v))
        np.testing.assert_allclose(batch.column_currents[k], alone.column_currents, rtol=0,
                                   atol=limit)


@pytest.mark.parametrize("small", [1e-12, 1e-6])
def test_small_inputs_are_solved_beside_large_ones(small: float) -> None:
    g = random_conductance((4, 3), seed=0)
    circuit, v = CrossbarCircuit(g, Wires(1e4, 1e4), CubicLaw(0.3)), np.array([1.0, 2, 3, -1]) / 10
    batch = circuit.solve([small * v, 0 * v, 1e4 * v]).column_currents
    expected = circuit.solve(small * v).column_currents
    np.testing.assert_allclose(batch[0], expected, rtol=0, atol=1e-10 * np.abs(expected).max())


def test_zero_and_large_inputs_together() -> None:
    circuit = CrossbarCircuit(random_conductance((4, 3), seed=0), Wires(1e3, 1e3), CubicLaw(0.3))
    v = np.array([1.0, 2.0, 3.0, -1.0])
    batch = circuit.solve([0 * v, v, 300 * v])
    assert not batch.column_currents[0].any()
    for k, scale in ((1, 1), (2, 300)):
        np.testing.assert_allclose(batch.column_currents[k], circuit.solve(scale * v)
                                   .column_currents, rtol=1e-10)


def test_ideal_wires_give_the_law_beside_large_inputs() -> None:
    g, v = random_conductance((4, 3), seed=0), np.array([0.1, 0.2, 0.3, -0.1])
    circuit = CrossbarCircuit(g, law=CubicLaw(0.3))
    found = circuit.solve([v, 1e3 * v]).column_currents[0]
    np.testing.assert_allclose(found, (v * (1 + (v / 0.3)**2)) @ g, rtol=1e-12)


def test_a_large_array() -> None:
    rng, law = np.random.default_rng(10), LAWS["mtj"]
    k = rng.integers(0, 4, (128, 128))
    circuit = CrossbarCircuit(np.stack([k / 8e3, (3 - k) / 2e4]), Wires(1.0, 1.0, 50.0, 10.0), law)
    op = circuit.solve(rng.uniform(0, 0.3, 128))
    assert op.kcl_residual <= 1e-12 * np.abs(op.device_currents).max() + 64 * EPS * 0.3
    assert op.power["source"] == pytest.approx(sum(op.power[part] for part in PARTS), rel=1e-11)


# --- three stages -------------------------------------------------------------------------------


@dataclass
class Spy:
    """How many inputs each stage was given."""

    chord: int = 0
    newton: int = 0

    def on(self, monkeypatch: pytest.MonkeyPatch) -> "Spy":
        for stage in ("chord", "newton"):
            monkeypatch.setattr(NonlinearSolver, f"_{stage}", self._counted(stage))
        return self

    def _counted(self, stage: str) -> Callable[..., object]:
        original = getattr(NonlinearSolver, f"_{stage}")

        def counted(solver: NonlinearSolver, at: Solution, v: Floats, numbers: object) -> object:
            setattr(self, stage, getattr(self, stage) + v.shape[1])
            return original(solver, at, v, numbers)

        return counted


@pytest.mark.parametrize(("ohm", "law", "chord", "newton"), [
    (1.0, CubicLaw(0.4), 0, 0), (100.0, CubicLaw(0.4), 3, 0), (1e4, SinhLaw(0.08), 3, 3),
], ids=["relaxation", "chord", "newton"])
def test_each_stage_solves_what_it_is_for(
    monkeypatch: pytest.MonkeyPatch, ohm: float, law: Law, chord: int, newton: int
) -> None:
    spy = Spy().on(monkeypatch)
    g = random_conductance((8, 8), seed=11)
    op = CrossbarCircuit(g, Wires(ohm, ohm), law).solve(
        np.random.default_rng(11).uniform(0.2, 0.4, (3, 8)))
    assert (spy.chord, spy.newton) == (chord, newton)
    assert op.iterations.min() >= 1


@pytest.mark.parametrize("law", [CubicLaw(0.4), MTJLaw(1.1, 0.6, 1.5)], ids=["cubic", "mtj"])
def test_equivalence_of_the_stages(law: Law) -> None:
    """Each of them from ideal wires."""
    rng = np.random.default_rng(12)
    g, v = conductance_of(law, (6, 5), rng), np.ascontiguousarray(rng.uniform(0, 0.4, (6, 3)))
    circuit = CrossbarCircuit(g, Wires(1.0, 1.0), law)
    solver = NonlinearSolver.of(circuit.network, circuit.devices, 0.3, 1e-12)
    numbers = np.arange(3)

    def start() -> Solution:
        u = np.repeat(v[:, None], 5, axis=1)
        return Solution(u, np.zeros_like(u), circuit.devices.current(u), np.zeros(3, int))

    stages = (lambda: solver._relax(v, 0), lambda: solver._chord(start(), v, numbers),
              lambda: solver._newton(start(), v, numbers))
    currents = []
    for stage in stages:  # arrays are valid until the next solution
        found, open_ = stage()
        assert not open_.any()
        currents.append(found.currents.copy())
    for one in currents[:2]:
        np.testing.assert_allclose(one, currents[2], rtol=0, atol=1e-10 * np.abs(one).max())


# --- what cannot be solved ----------------------------------------------------------------------


class Own:
    """A law of two functions; refuses to be asked for ever."""

    branches = 1
    limits = (-np.inf, np.inf)

    def __init__(self, shape: Callable[[Floats], Floats], slope: Callable[[Floats], Floats]
                 ) -> None:
        self._shape, self._slope, self._calls = shape, slope, 0

    def shape(self, v: Floats) -> Floats:
        self._calls += 1
        if self._calls > 5000:
            raise RuntimeError("the solver does not end")
        return np.asarray(self._shape(v))[None]

    def slope(self, v: Floats) -> Floats:
        return np.asarray(self._slope(v))[None]

    def expression(self, branch: int, v: str) -> str:
        return v


def test_failure_to_converge_names_the_input() -> None:
    """A current that jumps where input 2 needs it between."""
    law = Own(lambda v: np.where(v > 0.1, 0.5, 0.0) + 1e-3 * v, lambda v: np.full_like(v, 1e-3))
    circuit = CrossbarCircuit([[1e-4]], Wires(source=1e4), law)
    assert np.isfinite(circuit.solve([[0.05], [0.08]]).column_currents).all()
    with pytest.raises(ConvergenceError, match="input 2 did not converge"):
        circuit.solve([[0.05], [0.08], [0.3]])


def test_failure_in_a_later_chunk_names_the_input() -> None:
    law = Own(lambda v: np.where(v > 0.1, 0.5, 0.0) + 1e-3 * v, lambda v: np.full_like(v, 1e-3))
    v = np.full((100, 1), 0.05)
    v[77] = 0.3
    with pytest.raises(ConvergenceError, match="input 77 did not converge"):
        CrossbarCircuit([[1e-4]], Wires(source=1e4), law).solve(v)


def wrong(value: float, beyond: float) -> Own:
    return Own(lambda v: np.where(v > beyond, value, v), np.ones_like)


@pytest.mark.parametrize(("value", "beyond", "ohm"), [
    (value, beyond, ohm)
    for value in (np.nan, np.inf) for beyond in (-1.0, 0.15) for ohm in (0.0, 1.0, 1e4)
])
def test_currents_that_are_no_numbers_are_never_returned(value: float, beyond: float, ohm: float
                                                         ) -> None:
    """With 10 kohm there may be a solution whose devices stay below `beyond`."""
    circuit = CrossbarCircuit(np.full((4, 3), 1e-4), Wires(ohm, ohm), wrong(value, beyond))
    with np.errstate(invalid="ignore"):
        try:
            currents = circuit.solve([0.1, 0.2, 0.3, 0.2]).column_currents
        except ConvergenceError:
            return
    assert ohm == 1e4
    assert np.isfinite(currents).all()


@pytest.mark.parametrize("ohm", [0.0, 1.0, 1e4])
def test_slopes_that_are_no_numbers_end_the_solution(ohm: float) -> None:
    law = Own(lambda v: v, lambda v: v * np.nan)
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match="has the slope nan S"):
        CrossbarCircuit(np.full((2, 2), 1e-4), Wires(ohm, ohm), law).solve([0.1, 0.2])


def test_a_falling_current_is_blamed_on_the_law() -> None:
    law = Own(lambda v: -v, lambda v: -np.ones_like(v))
    with pytest.raises(ValueError, match="currents that do not fall with voltage"):
        CrossbarCircuit(np.full((4, 3), 1e-4), Wires(1e3, 1e3), law).solve([0.1, 0.2, 0.3, 0.2])


def test_a_steep_law_is_solved_to_the_tolerance() -> None:
    op = CrossbarCircuit(np.full((2, 2), 1e-5), Wires(1.0, 1.0), SinhLaw(0.01)).solve([1.0, 0.5])
    assert op.column_currents.min() > 0.01
    assert op.kcl_residual <= 1e-10 * np.abs(op.device_currents).max()


def test_a_steep_law_is_not_asked_for_absurd_voltages() -> None:
    """No node leaves the range of the sources, so no law need be known beyond twice of it."""
    g = 10 ** np.random.default_rng(0).uniform(-6, -4, (4, 3))
    CrossbarCircuit(g, Wires(1.0, 1.0), SinhLaw(0.05)).solve([0.3, 0.6, 0.9, -0.3])
