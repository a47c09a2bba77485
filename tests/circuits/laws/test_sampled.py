"""One law for devices that are all a little different equals each device's own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circuits import CrossbarCircuit, LinearLaw, MTJLaw, TabulatedLaw, Wires, branches_of
from device_models import CompoundMTJ, Variability, load_stack
from device_models.junction import BrinkmanBias
from tests.support.reference import Floats

STACK = load_stack("kumar2024")
MTJ = STACK.mtj(thickness=1.9e-9)
BRINKMAN = replace(MTJ, bias=BrinkmanBias(0.4, 1.8e-9, 0.5, asymmetry=0.1))
SHAPE = (6, 5)
LIMIT = 0.2
Chord = Callable[[float], Floats]


def states(seed: int) -> Floats:
    return np.random.default_rng(seed).integers(0, 4, SHAPE)


def nominal(seed: int, mtj: object = MTJ) -> Chord:
    synapse, k = CompoundMTJ(mtj, cells=3), states(seed)  # type: ignore[arg-type]  # an MTJ
    return lambda v: synapse.conductances(v)[k]


def faulty(seed: int, mtj: object = MTJ) -> Chord:
    """4 % of spread, and faults of every kind; one device is open as a whole."""
    spread = Variability(stuck_parallel=0.05, stuck_antiparallel=0.05, shorted=0.05, open_=0.05,
                         short_resistance=5e3)
    sample = spread.sample(CompoundMTJ(mtj, cells=3), 30, seed)  # type: ignore[arg-type]  # an MTJ
    pattern = sample.patterns(states(seed).ravel())
    kept = np.ones(SHAPE)
    kept[2, 3] = 0.0
    return lambda v: kept * sample.conductances(pattern, v).reshape(SHAPE)


def on_channel(seed: int) -> Chord:
    synapse = CompoundMTJ(MTJ, cells=3, channel=STACK.write_channel())
    pattern = np.random.default_rng(seed).integers(0, 8, SHAPE)
    return lambda v: synapse.pattern_conductances(v)[pattern]


def trimmed(seed: int) -> Chord:
    """Junctions beside resistors, and open cross-points."""
    devices, kind = nominal(seed), np.random.default_rng(seed).integers(0, 3, SHAPE)
    return lambda v: np.choose(kind, [devices(v), np.full(SHAPE, 3e-5), np.zeros(SHAPE)])


def measured(seed: int) -> Chord:
    """Chord conductances that rise with the size of the bias, with a corner at zero."""
    g = np.random.default_rng(seed).uniform(1e-5, 1e-4, SHAPE)
    return lambda v: g * (1.0 + 0.5 * abs(v)) + 2e-6 * v**2


CHORDS: dict[str, Callable[[int], Chord]] = {
    "nominal": nominal, "faulty": faulty, "channel": on_channel, "trimmed": trimmed,
    "measured": measured, "brinkman": lambda seed: nominal(seed, BRINKMAN),
    "faulty-brinkman": lambda seed: faulty(seed, BRINKMAN),
}
every = pytest.mark.parametrize("name", CHORDS)


def newton(chord: Chord, wires: Wires, v: Floats) -> Floats:
    """Column currents by Newton's method on dense nodal equations, device by device's own law;
    rows driven on the left, columns sensed at the bottom."""
    m, n = SHAPE
    index = np.arange(m * n).reshape(SHAPE)
    count = 2 * m * n
    y, source = np.zeros((count, count)), np.zeros(count)

    def connect(a: int, b: int | None, r: float, volts: float = 0.0) -> None:
        y[a, a] += 1 / r
        if b is None:
            source[a] += volts / r
        else:
            y[b, b] += 1 / r
            y[a, b] -= 1 / r
            y[b, a] -= 1 / r

    for i, j in np.ndindex(m, n):
        u, w = index[i, j], m * n + index[i, j]
        if j == 0:
            connect(u, None, float(wires.source) + float(wires.row), v[i])
        else:
            connect(u, index[i, j - 1], float(wires.row))
        below = None if i == m - 1 else m * n + index[i + 1, j]
        connect(w, below, float(wires.column) + (float(wires.sense) if below is None else 0.0))

    def current(drop: Floats) -> Floats:
        return np.array([chord(d)[k] * d if d != 0 else 0.0
                         for k, d in zip(np.ndindex(SHAPE), drop, strict=True)])

    x, h = np.zeros(count), 1e-6
    for _ in range(12):
        drop = x[: m * n] - x[m * n :]
        taken = current(drop)
        slope = (current(drop + h) - current(drop - h)) / (2 * h)
        error = y @ x - source + np.concatenate([taken, -taken])
        diagonal = np.diag(slope)
        x -= np.linalg.solve(y + np.block([[diagonal, -diagonal], [-diagonal, diagonal]]), error)
    return x[-n:] / (float(wires.column) + float(wires.sense))


@every
@settings(max_examples=4, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), tolerance=st.sampled_from([1e-6, 1e-5, 1e-4]))
def test_every_current_is_the_devices_own(name: str, seed: int, tolerance: float) -> None:
    chord = CHORDS[name](seed)
    law, conductance = branches_of(chord, LIMIT, tolerance)
    at_limit = np.minimum(chord(LIMIT), chord(-LIMIT)) * LIMIT
    for v in LIMIT * np.linspace(-1, 1, 42):  # none is zero
        found = np.tensordot(conductance, law.shape(np.array([v]))[:, 0], (0, 0))
        assert np.all(np.abs(found - v * chord(v)) <= 1.1 * tolerance * at_limit)
    assert np.all(conductance >= 0)
    assert np.all(law.shape(np.zeros(1)) == 0)


@every
@pytest.mark.parametrize("ohm", [1.0, 300.0])
def test_equivalence_to_nodal_equations_of_every_devices_own_law(name: str, ohm: float) -> None:
    chord, wires = CHORDS[name](3), Wires(ohm, ohm, 50.0, 10.0)
    v = np.random.default_rng(4).uniform(-LIMIT / 2, LIMIT / 2, SHAPE[0])
    law, conductance = branches_of(chord, LIMIT, 1e-7)
    found = CrossbarCircuit(conductance, wires, law).solve(v).column_currents
    expected = newton(chord, wires, v)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize("ohm", [1.0, 300.0])
def test_nominal_compounds_are_those_of_the_junctions_law(ohm: float) -> None:
    k, v = states(5), np.random.default_rng(6).uniform(-0.1, 0.1, (8, SHAPE[0]))
    law, conductance = branches_of(nominal(5), LIMIT)
    known = MTJLaw.of(MTJ)
    found, expected = (CrossbarCircuit(g, Wires(ohm, ohm), one).solve(v).column_currents
                       for one, g in ((law, conductance),
                                      (known, known.conductance(CompoundMTJ(MTJ, cells=3), k))))
    assert len(conductance) == 2
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())


@every
def test_a_larger_tolerance_takes_no_more_branches(name: str) -> None:
    counts = [branches_of(CHORDS[name](7), LIMIT, tolerance)[0].branches
              for tolerance in (1e-7, 1e-5, 1e-3)]
    assert counts == sorted(counts, reverse=True)


def test_open_devices_stay_open() -> None:
    _, conductance = branches_of(faulty(8), LIMIT)
    assert np.all(conductance[:, 2, 3] == 0)


@pytest.mark.parametrize("g", [np.full(SHAPE, 2e-5), np.zeros(SHAPE), 1e-5 * np.eye(4)])
def test_devices_without_bias_dependence_are_linear(g: Floats) -> None:
    law, conductance = branches_of(lambda _: g, LIMIT)
    assert isinstance(law, LinearLaw)
    np.testing.assert_allclose(conductance, g[None], rtol=1e-14)


def test_one_law_of_all_devices_is_one_branch() -> None:
    law, _ = branches_of(lambda v: np.array([[1e-5, 3e-5]]) * (1 + v**2), LIMIT)
    assert law.branches == 1


def test_corners_in_the_laws_are_met_by_a_table() -> None:
    assert isinstance(branches_of(measured(9), LIMIT)[0], TabulatedLaw)


def test_devices_of_many_laws_are_refused() -> None:
    powers = np.linspace(0.3, 4, 20).reshape(4, 5)
    with pytest.raises(ValueError, match=r"differ in more ways than 6 branches have.*own"):
        branches_of(lambda v: 1e-5 * (1e-3 + abs(v) ** powers), LIMIT, 1e-7)


def test_jumps_are_refused() -> None:
    with pytest.raises(ValueError, match=r"off by .* of its current at the limit.*jumps"):
        branches_of(lambda v: np.array([[1e-5 if v < 0.0703 else 2e-5]]), LIMIT)


def test_currents_that_fall_are_refused() -> None:
    with pytest.raises(ValueError, match=r"device \(0, 1\) falls"):
        branches_of(lambda v: np.array([[1e-5, 1e-5 * (1 - 0.9 * (v / LIMIT)**2)]]), LIMIT)


@pytest.mark.parametrize(("chord", "match"), [
    (lambda v: np.array([[v]]), "chord"), (lambda _: np.ones(3), r"expected \(rows, columns\)"),
    (lambda v: np.ones((2, 2 + (v > 0.1))), "the same at every bias"),
    (lambda _: np.array([[np.nan]]), "chord"),
])
def test_what_is_no_conductance_is_refused(chord: Chord, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        branches_of(chord, LIMIT)
