"""Laws of claims, distances and intervals, on curves whose answers are known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from benchmarks.output.statistics import student_interval
from benchmarks.paper import search as paper_search
from benchmarks.paper.claims import CLAIMS, Curves, distance, table
from benchmarks.paper.readings import Reading, reading_of
from benchmarks.paper.report import claims_csv, claims_text, readings_csv, unexplained
from benchmarks.paper.result import ReadingRow, Verdict

THICKNESS = np.array([1.6e-9, 1.9e-9, 2.6e-9])
SEEDS = 4


def as_the_paper_says() -> Curves:
    """Curves that meet every claim exactly."""
    digits = [[77.3, 77.5, 85.6], [88.5, 89.9, 89.0], [91.7, 91.7, 91.1]]
    fashion = [[64.0, 67.0, 71.4], [77.0, 76.0, 73.0], [77.4, 77.4, 73.95]]
    low = np.linspace(60, 90, 6)[:, None] + np.array([0.0, 0.5, 1.0])
    wedge, contour = ({name: np.array([values] * SEEDS) for name, values in pair.items()}
                      for pair in ({"mnist": digits, "fashion_mnist": fashion},
                                   {"mnist": low + 3, "fashion_mnist": low}))
    return Curves(THICKNESS, wedge, contour)


def test_curves_as_the_paper_says_have_no_distance() -> None:
    curves = as_the_paper_says()
    rows = table(curves)
    assert len(rows) == len(CLAIMS) == 16
    for row in rows:
        assert row.agrees, row
        assert row.deviation == pytest.approx(0, abs=1e-9), row
    assert distance(curves) == pytest.approx(0, abs=1e-9)
    assert list(unexplained(rows)) == []


def test_distance_is_the_root_mean_square_of_all_deviations() -> None:
    """2.6 points more for 3 cells on digits, everywhere, change just the claim on their height
    and the gain over 1 cell: two of 16."""
    curves = as_the_paper_says()
    wedge = {**curves.wedge, "mnist": curves.wedge["mnist"] + np.array([0, 0, 2.6])[:, None]}
    shifted = replace(curves, wedge=wedge)
    assert distance(shifted) == pytest.approx(np.sqrt(2 * 2.6**2 / 16))
    missed = [row.claim for row in table(shifted) if not row.agrees]
    assert missed == ["1 to 3 cells: largest gain", "3 cells, 1.9 nm"]
    assert len(list(unexplained(table(shifted)))) == 3


def test_claims_of_order_miss_on_one_side_only() -> None:
    curves = as_the_paper_says()
    worse = {name: a.copy() for name, a in curves.contour.items()}
    worse["mnist"][:, 5, 0] = worse["mnist"][:, 0, 0] - 5  # 6 cells behind 5 at one TMR
    row = next(row for row in table(replace(curves, contour=worse))
               if row.claim.startswith("6 cells") and row.dataset == "mnist")
    assert row.ours == pytest.approx(-5 - 24)
    assert not row.agrees
    better = {name: a + 10 * np.arange(6)[:, None] for name, a in curves.contour.items()}
    assert distance(replace(curves, contour=better)) == pytest.approx(0, abs=1e-9)


def test_agreement_is_by_interval_or_by_one_point() -> None:
    """Seeds that scatter agree by their interval; seeds that do not, within a point only."""
    curves = as_the_paper_says()

    def row(offsets: list[float]) -> Verdict:
        wedge = {**curves.wedge, "mnist": curves.wedge["mnist"]
                 + np.array(offsets)[:, None, None] * np.array([0, 0, 1.0])[:, None]}
        return next(r for r in table(replace(curves, wedge=wedge))
                    if r.claim == "3 cells, 1.9 nm" and r.dataset == "mnist")

    near, far, scattered = row([0.9] * 4), row([1.1] * 4), row([-4.0, 0.0, 4.0, 8.0])
    assert (near.within_1_point, near.within_interval, near.agrees) == (True, False, True)
    assert not far.agrees
    assert (scattered.within_1_point, scattered.within_interval) == (False, True)
    assert scattered.agrees


def test_claims_without_their_curves_are_left_out() -> None:
    curves = as_the_paper_says()
    digits = Curves(THICKNESS, {"mnist": curves.wedge["mnist"]}, {})
    assert {row.dataset for row in table(digits)} == {"mnist"}
    assert len(table(digits)) == 7


def test_interval_is_students() -> None:
    values = np.random.default_rng(0).normal(3, 2, (5, 7))
    mean, half = student_interval(values)
    for i in range(7):
        low, high = ttest_1samp(values[:, i], 0).confidence_interval(0.95)
        assert (mean[i] - half[i], mean[i] + half[i]) == pytest.approx((low, high))


def test_interval_covers_the_truth_as_often_as_it_says() -> None:
    mean, half = student_interval(np.random.default_rng(1).normal(3, 2, (3, 20_000)))
    assert np.mean(np.abs(mean - 3) <= half) == pytest.approx(0.95, abs=0.006)


def test_what_is_unexplained_names_the_nearest_of_all_readings() -> None:
    curves = as_the_paper_says()
    wedge = {**curves.wedge, "mnist": curves.wedge["mnist"] + np.array([0, 0, 9.0])[:, None]}
    rows = table(replace(curves, wedge=wedge))
    name = "mnist, 3 cells, 1.9 nm"
    found = [ReadingRow("", 0.0, None, {name: value}, {}) for value in (99.0, 91.0, 93.0)]
    line, = (line for line in unexplained(rows, found) if line.startswith(f"  {name}:"))
    assert line.endswith("we find 100.70 +- 0.00; nearest of all readings 91.00")
    assert len({claim.name for claim in CLAIMS}) == len(CLAIMS)


def test_an_interval_of_one_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="2 seeds or more"):
        student_interval([[1.0, 2.0]])


def test_table_is_printed_and_written_whole() -> None:
    rows = table(as_the_paper_says())
    assert len(list(claims_text(rows))) == len(rows) + 2
    lines = claims_csv(rows).splitlines()
    assert len(lines) == len(rows) + 1
    assert lines[0].startswith("name,claim,section,dataset,paper,ours,interval")


class _Plan:
    search_thickness, search_seeds = THICKNESS, (0, 1, 2)


class _Study:
    """Readings with made-up curves: each is off by so much on the wedge, and on the contours."""

    plan = _Plan()

    def __init__(self, off: dict[str, tuple[float, float]]) -> None:
        self.off, self.contours = off, 0

    def wedges(self, readings: list[Reading], *_: object) -> list[Curves]:
        base = as_the_paper_says()
        return [Curves(THICKNESS, {name: a + self.off[str(each)][0] * np.array([0, 0, 1.0])[:, None]
                                   for name, a in base.wedge.items()}) for each in readings]

    def curves(self, reading: Reading, *_: object) -> Curves:
        self.contours += 1
        base, off = as_the_paper_says(), self.off[str(reading)][1]
        return Curves(THICKNESS, self.wedges([reading])[0].wedge,
                      {name: a - off * (np.arange(6) == 5)[:, None]
                       for name, a in base.contour.items()})


@pytest.mark.parametrize("seed", range(30))
def test_the_search_finds_the_least_distance_of_all(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against computing every contour; it stops early and still finds the best."""
    texts = [f"{mapping},mean:{c:g},{gain},float" for mapping in ("differential", "reference")
             for c in (0.5, 1.0, 1.5) for gain in ("renormalised", "swing:0.5", "swing:1")]
    draw = np.random.default_rng(seed)
    study = _Study({t: (draw.uniform(0, 8), draw.exponential(10)) for t in texts})
    monkeypatch.setattr(paper_search, "all_readings", lambda: map(reading_of, texts))
    found = paper_search.search(study)  # type: ignore[arg-type]
    asked = study.contours
    overall = {t: distance(study.curves(reading_of(t))) for t in texts}
    assert str(found[0].reading) == min(overall, key=overall.__getitem__)
    assert found[0].overall == pytest.approx(min(overall.values()))
    assert {str(each.reading) for each in found} == set(texts)
    assert 1 <= asked <= len(texts)
    rest = [each.distance for each in found if each.overall is None]
    assert rest == sorted(rest)


def test_readings_are_written_with_their_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["differential,max,renormalised,float", "signed,max,renormalised,float"]
    monkeypatch.setattr(paper_search, "all_readings", lambda: map(reading_of, texts))
    study = _Study({texts[0]: (5.0, 1.0), texts[1]: (2.0, 0.0)})
    found = paper_search.search(study)  # type: ignore[arg-type]
    lines = readings_csv([each.row() for each in found]).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith('reading,distance,overall,"mnist, 1 cell: rise over the wedge"')
    assert lines[1].startswith('"signed,max,renormalised,float",')
