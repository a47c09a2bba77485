"""The search for the reading that explains the paper's claims best."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from benchmarks.paper.claims import CLAIMS, Curves, distance, means, squares
from benchmarks.paper.readings import Reading, all_readings
from benchmarks.paper.result import ReadingRow
from benchmarks.paper.study import Study
from crossbar import Renormalised


@dataclass(frozen=True, eq=False)
class Found:
    """A reading and how far it is from the claims.

    Parameters
    ----------
    reading : Reading
        The reading.
    wedge : Curves
        Its curves over the thickness wedge.
    distance : float
        From the claims on the wedge [points].
    overall : float or None
        From all claims, the contours' included [points]; None where it cannot be the least.
    """

    reading: Reading
    wedge: Curves
    distance: float
    overall: float | None = None

    def row(self) -> ReadingRow:
        """What the result keeps of it."""
        return ReadingRow(str(self.reading), self.distance, self.overall, means(self.wedge),
                          {name: a.mean(axis=0) for name, a in self.wedge.wedge.items()})


def search(study: Study) -> list[Found]:
    """All readings, the one of least distance from all claims first.

    Contours take longest, and a claim on them can only add to a sum of squares: they are computed
    in the order of the distances on the wedge, until no other reading can come out ahead.
    """
    found = sorted(_wedges(study), key=lambda each: each.distance)
    least, done = np.inf, []
    for each in found:
        if _lower_bound(study, each.wedge) > least:
            break
        overall = distance(study.curves(each.reading, study.plan.search_thickness,
                                        study.plan.search_seeds))
        least = min(least, overall)
        done.append(Found(each.reading, each.wedge, each.distance, overall))
    return sorted(done, key=lambda each: each.overall or 0.0) + found[len(done):]


def _wedges(study: Study) -> Iterator[Found]:
    plan = study.plan
    for _, group in groupby(all_readings(), lambda each: replace(each, gain=Renormalised())):
        readings = list(group)
        wedges = study.wedges(readings, plan.search_thickness, plan.search_seeds)
        for reading, wedge in zip(readings, wedges, strict=True):
            yield Found(reading, wedge, distance(wedge))


def _lower_bound(study: Study, wedge: Curves) -> float:
    """The distance from all claims if those on the contours were all met [points]."""
    with_contours = Curves(wedge.thickness, wedge.wedge, wedge.wedge)
    claims = sum(claim.applies(with_contours) for claim in CLAIMS)
    return float(np.sqrt(squares(wedge).sum() / claims))
