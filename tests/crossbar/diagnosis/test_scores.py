"""Laws of scores: shares of samples with Wilson's interval, or what a metric says."""

import numpy as np
import pytest

from crossbar.diagnosis.scores import Judge, Score

OUTPUTS = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])


@pytest.mark.parametrize("y", [[1, 0, 0, 0], [[1], [0], [0], [0]],
                               [[0, 1], [1, 0], [1, 0], [1, 0]]])
def test_classes_come_as_numbers_or_as_one_of_n(y: list[object]) -> None:
    assert Judge(y, None).score(OUTPUTS).value == 0.75


@pytest.mark.parametrize(("correct", "samples"), [(0, 9), (3, 4), (1900, 2000), (7, 7)])
def test_the_interval_solves_wilsons_equation(correct: int, samples: int) -> None:
    """Ends p of it are 1.96 of their own standard deviations from the share."""
    score = Score.of_share(correct, samples)
    share = correct / samples
    assert score.value == share
    assert score.low is not None
    assert score.high is not None
    assert score.low <= share <= score.high
    for p in (score.low, score.high):
        assert (p - share) ** 2 == pytest.approx(1.959964**2 * p * (1 - p) / samples, abs=1e-8)


def test_a_metric_is_given_what_came_and_has_no_interval() -> None:
    score = Judge("as it was", lambda y, outputs: float(len(y) * len(outputs))).score(OUTPUTS)
    assert score == Score(36.0)


@pytest.mark.parametrize(("outputs", "y", "match"), [
    (OUTPUTS[:, :1], [0, 1, 0, 1], r"\(4, 1\).*metric="),
    ([OUTPUTS, OUTPUTS], [0, 1, 0, 1], "several arrays.*metric="),
    (OUTPUTS, [[0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], r"y has shape \(4, 3\)"),
    (np.where(OUTPUTS > 0.8, np.nan, OUTPUTS), [0, 1, 0, 1], "not finite")])
def test_what_cannot_be_scored_is_refused(outputs: object, y: list[object], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Judge(y, None).score(outputs)


def test_as_many_samples_are_needed_as_there_are_inputs() -> None:
    judge = Judge([0, 1, 0], None)
    assert judge.samples(3, None) == 3
    assert judge.samples(4, 2) == 3  # a model of batches of two, filled up
    for given, batch in ((4, None), (2, None), (6, 2)):
        with pytest.raises(ValueError, match=f"y has 3 samples and x has {given}"):
            judge.samples(given, batch)


@pytest.mark.parametrize(("y", "match"), [
    ([0, 1, 0, 2], "y has 2 at sample 3; expected whole numbers from 0 to 1"),
    ([0, -1, 0, 1], "y has -1 at sample 1"), ([0.5, 1.0, 0.0, 1.0], "y has 0.5 at sample 0"),
    ([0.0, 1.0, np.nan, 1.0], "y has nan at sample 2"), (["0", "1", "0", "1"], "y has type <U1")])
def test_what_is_no_class_is_refused_and_not_counted_as_wrong(y: list[object], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Judge(y, None).score(OUTPUTS)


@pytest.mark.parametrize("found", [np.nan, np.inf, None, "good", [1.0, 2.0]])
def test_a_metric_gives_one_finite_number(found: object) -> None:
    with pytest.raises(ValueError, match=r"metric gave .*; expected one finite number"):
        Judge(None, lambda y, outputs: found).score(OUTPUTS)  # type: ignore[arg-type, return-value]


def test_a_metric_is_a_function() -> None:
    with pytest.raises(TypeError, match="metric is 'mse'; expected a function"):
        Judge([0, 1], "mse")  # type: ignore[arg-type]
