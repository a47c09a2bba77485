"""Laws of the regression: what it finds from moments is what least squares finds from numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbar.recovery.fitting import Scatter, fit

RNG = np.random.default_rng(8)


def scatter_of(*quantities: np.ndarray, portion: int = 7) -> Scatter:
    """Of quantities (reads, outputs), counted in a few reads at a time."""
    values = np.stack(quantities, axis=-1)
    made = Scatter(values.shape[1], values.shape[2])
    for start in range(0, len(values), portion):
        made.add(values[start : start + portion])
    return made


def drawn(reads: int = 60, outputs: int = 4, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """What columns give, far from zero, and what they were to give."""
    rng = np.random.default_rng(seed)
    p = rng.normal(50, 1, (reads, outputs))
    return p, p * rng.uniform(0.5, 3, outputs) + rng.normal(0, 0.3, p.shape) + 5


def squares(p: np.ndarray, q: np.ndarray, gain: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Of what is left, for each output."""
    return np.asarray(np.sum((q - gain * p - offset) ** 2, axis=0))


@pytest.mark.parametrize("portion", [1, 7, 60])
def test_portions_add_up_to_the_moments_of_all(portion: int) -> None:
    p, q = drawn()
    made = scatter_of(p, q, portion=portion)
    assert made.count == 60
    for output in range(4):
        np.testing.assert_allclose(made.sums[output] / 59, np.cov(p[:, output], q[:, output]),
                                   rtol=1e-11)
    np.testing.assert_allclose(made.mean, np.stack([p, q], axis=-1).mean(axis=0))


def test_without_ridge_it_is_least_squares() -> None:
    p, q = drawn()
    found = fit(scatter_of(p, q), 0.0)
    for output in range(4):
        slope, offset = np.polyfit(p[:, output], q[:, output], 1)
        assert found.gain[output] == pytest.approx(slope, rel=1e-9)
        assert found.offset[output] == pytest.approx(offset, rel=1e-9)


@pytest.mark.parametrize("ridge", [0.3, 20.0])
def test_a_ridge_is_so_many_errors_that_a_gain_of_one_would_not_have(ridge: float) -> None:
    """Least squares with one more row, the gain weighted by the error that is left."""
    p, q = drawn()
    found = fit(scatter_of(p, q), ridge)
    for output in range(4):
        x, y = p[:, output], q[:, output]
        _, (left,), *_ = np.polyfit(x, y, 1, full=True)
        weight = np.sqrt(ridge * left / 58)
        rows = np.vstack([np.stack([x, np.ones(60)], axis=1), [weight, 0.0]])
        expected = np.linalg.lstsq(rows, np.append(y, weight), rcond=None)[0]
        np.testing.assert_allclose([found.gain[output], found.offset[output]], expected, rtol=1e-8)


def test_a_strong_ridge_leaves_gains_at_one_and_takes_the_offset() -> None:
    p, q = drawn()
    found = fit(scatter_of(p, q), 1e15)
    np.testing.assert_allclose(found.gain, 1.0, atol=1e-9)
    np.testing.assert_allclose(found.offset, (q - p).mean(axis=0), rtol=1e-6)


@pytest.mark.parametrize("reads", [3, 40])
@pytest.mark.parametrize("ridge", [0.0, 1.0])
def test_without_errors_gains_are_exact_whatever_the_ridge(reads: int, ridge: float) -> None:
    p, _ = drawn(reads)
    gain, offset = np.array([0.2, 1.0, 3.0, 20.0]), np.array([4.0, 0.0, -7.0, 1.0])
    found = fit(scatter_of(p, gain * p + offset), ridge)
    np.testing.assert_allclose(found.gain, gain, rtol=1e-9)
    np.testing.assert_allclose(found.offset, offset, atol=1e-6)
    assert not found.lost.any()


@given(st.integers(0, 10**6), st.integers(3, 20), st.sampled_from([0.0, 0.01, 1.0, 100.0]))
def test_no_squared_error_grows(seed: int, reads: int, ridge: float) -> None:
    p, q = drawn(reads, 5, seed)
    found = fit(scatter_of(p, q), ridge)
    assert np.all(squares(p, q, found.gain, found.offset) <= squares(
        p, q, np.ones(5), np.zeros(5)) * (1 + 1e-9))


@pytest.mark.parametrize("ridge", [0.0, 1.0])
def test_an_output_that_is_constant_takes_an_offset_only(ridge: float) -> None:
    """Also if it is so but for rounding in single precision."""
    p = np.float32([[3.0]]) * (1 + RNG.uniform(-6e-8, 6e-8, (50, 2)).astype(np.float32))
    q = np.stack([np.full(50, 5.0), RNG.normal(5, 1, 50)], axis=1)
    found = fit(scatter_of(p.astype(float), q), ridge)
    np.testing.assert_array_equal(found.gain, 1.0)
    np.testing.assert_allclose(found.offset, q.mean(axis=0) - 3.0, rtol=1e-6)
    np.testing.assert_array_equal(found.lost, [False, True])  # the first was to be constant


def test_outputs_that_say_nothing_or_the_opposite_are_lost() -> None:
    p, q = drawn(500)
    p[:, 0] = RNG.normal(0, 1, 500)
    p[:, 1] *= -1.0
    np.testing.assert_array_equal(fit(scatter_of(p, q), 0.01).lost, [True, True, False, False])


@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.1, 10.0]))
def test_trims_never_leave_more_than_gains_alone(seed: int, ridge: float) -> None:
    rng = np.random.default_rng(seed)
    parts = rng.normal(2, 1, (3, 30, 4))
    rest = rng.normal(0, 1, (30, 4))
    q = parts[0] * 1.5 + parts[1] * 0.7 + parts[2] + rest * 1.2 + rng.normal(0, 0.1, (30, 4))
    found = fit(scatter_of(*parts, rest, q), ridge)
    p = np.sum(found.trim.T[:, None] * parts, axis=0) + rest
    alone = fit(scatter_of(parts.sum(axis=0) + rest, q), ridge)
    np.testing.assert_allclose(found.gain, alone.gain, rtol=1e-8)
    assert np.all(squares(p, q, found.gain, found.offset) <= squares(
        parts.sum(axis=0) + rest, q, alone.gain, alone.offset) * (1 + 1e-9))


def test_without_errors_trims_are_exact() -> None:
    """With the gain, which is of all parts, they make what each part was to be."""
    parts = RNG.normal(2, 1, (3, 30, 4))
    wanted = RNG.uniform(0.5, 2.0, (3, 4))
    q = np.einsum("pro,po->ro", parts, wanted) + 3.0
    found = fit(scatter_of(*parts, np.zeros((30, 4)), q), 0.0)
    np.testing.assert_allclose(found.gain[:, None] * found.trim, wanted.T, rtol=1e-9)
    np.testing.assert_allclose(found.offset, 3.0, rtol=1e-8)


def test_a_part_that_gives_nothing_keeps_its_trim() -> None:
    parts = RNG.normal(2, 1, (2, 30, 4))
    found = fit(scatter_of(*parts, np.zeros((30, 4)), np.zeros((30, 4)), 2 * parts[0]), 0.0)
    np.testing.assert_allclose(found.trim[:, 2:], 1.0)
