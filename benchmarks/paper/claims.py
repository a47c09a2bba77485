"""What Kumar et al. 2024 claim of accuracy, beside what the study finds; numbers in points.

Curves are arrays (seeds, cells, thicknesses) of accuracy [%], cells 1, 2, 3, from the thinnest free
layer to the thickest; contours (seeds, cells, TMR), cells 1 to 6, from 60 to 260 %.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.output.statistics import student_interval
from benchmarks.paper.result import Verdict
from device_models.checks import Floats

WITHIN = 1.0  # points that count as agreement beside the interval
WIDE = 5.0  # points; an interval beyond decides little
_NEAR = 0.05e-9  # of a stated thickness [m]
REFERENCE_THICKNESS = 1.9e-9  # where the paper's best accuracies are [m]


def reference_index(thickness: Floats) -> int:
    """Of `thickness` (thicknesses,) [m] which is 1.9 nm, or nearest to it."""
    return int(np.argmin(np.abs(thickness - REFERENCE_THICKNESS)))


@dataclass(frozen=True, eq=False)
class Curves:
    """Accuracies of one reading [%].

    Parameters
    ----------
    thickness : (thicknesses,) array
        Of the free layer [m].
    wedge : mapping
        Of each dataset: (seeds, 3, thicknesses).
    contour : mapping
        Of each dataset: (seeds, 6, TMR); empty where it was not computed.
    """

    thickness: Floats
    wedge: Mapping[str, Floats]
    contour: Mapping[str, Floats] = field(default_factory=dict)

    def at_reference(self) -> int:
        """As `reference_index`."""
        return reference_index(self.thickness)


@dataclass(frozen=True)
class Claim:
    """A statement of the paper and the way to our number for it.

    Parameters
    ----------
    text, section : str
        What is claimed, and where.
    dataset : str
        Of which image set; "" for both.
    paper : float
        Stated [points].
    ours : function
        Of `Curves`: (seeds,) [points].
    at_least : bool
        Whether more than stated agrees, too: claims of order.
    contour : bool
        Whether it is one on the contours.
    at_reference : bool
        Whether it takes a free layer of 1.9 nm.
    """

    text: str
    section: str
    dataset: str
    paper: float
    ours: Callable[[Curves], Floats]
    at_least: bool = False
    contour: bool = False
    at_reference: bool = False

    @property
    def name(self) -> str:
        """Unlike that of any other claim."""
        return f"{self.dataset or 'both'}, {self.text}"

    def deviation(self, value: Floats) -> Floats:
        """How far `value` [points] is off."""
        off = value - self.paper
        return np.asarray(np.minimum(off, 0.0) if self.at_least else off)

    def applies(self, curves: Curves) -> bool:
        """Whether the curves have what it takes."""
        have = curves.contour if self.contour else curves.wedge
        if self.at_reference and abs(
                curves.thickness[curves.at_reference()] - REFERENCE_THICKNESS) > _NEAR:
            return False
        return self.dataset in have if self.dataset else len(have) == 2


def rise(dataset: str, cells: int) -> Callable[[Curves], Floats]:
    """From the thinnest to the thickest free layer."""
    return lambda c: c.wedge[dataset][:, cells - 1, -1] - c.wedge[dataset][:, cells - 1, 0]


def fluctuation(dataset: str, cells: int) -> Callable[[Curves], Floats]:
    """Half the range over the wedge."""
    return lambda c: np.asarray(np.ptp(c.wedge[dataset][:, cells - 1], axis=1) / 2)


def best(dataset: str) -> Callable[[Curves], Floats]:
    """Of 3 cells at 1.9 nm."""
    return lambda c: c.wedge[dataset][:, 2, c.at_reference()]


def shortfall(dataset: str) -> Callable[[Curves], Floats]:
    """Of 3 cells at 1.9 nm behind the best of all points, in the mean over seeds."""
    def of(c: Curves) -> Floats:
        mean = c.wedge[dataset].mean(axis=0)
        cells, t = np.unravel_index(int(np.argmax(mean)), mean.shape)
        return np.asarray(c.wedge[dataset][:, cells, t] - best(dataset)(c))
    return of


def least_gain_of_cells(dataset: str) -> Callable[[Curves], Floats]:
    """Least gain from one more cell at any thickness."""
    return lambda c: np.asarray(np.diff(c.wedge[dataset], axis=1).min(axis=(1, 2)))


def least_lead_of_six(dataset: str) -> Callable[[Curves], Floats]:
    """Least lead of 6 cells over fewer at any TMR."""
    return lambda c: np.asarray(
        (c.contour[dataset][:, 5:] - c.contour[dataset][:, :5]).min(axis=(1, 2)))


def least_lead_of_digits(c: Curves) -> Floats:
    """Of digits over fashion at any cells and TMR."""
    return np.asarray((c.contour["mnist"] - c.contour["fashion_mnist"]).min(axis=(1, 2)))


def _claims() -> Iterator[Claim]:
    digits, fashion = "mnist", "fashion_mnist"
    yield Claim("1 cell: rise over the wedge", "E", digits, 8.3, rise(digits, 1))
    yield Claim("1 to 3 cells: largest gain", "E", digits, 14.4, lambda c: np.asarray(
        (c.wedge[digits][:, 2] - c.wedge[digits][:, 0]).max(axis=1)))
    yield Claim("2 cells: fluctuation +-", "E", digits, 0.7, fluctuation(digits, 2))
    yield Claim("3 cells: fluctuation +-", "E", digits, 0.3, fluctuation(digits, 3))
    yield Claim("3 cells, 1.9 nm", "F", digits, 91.7, best(digits), at_reference=True)
    yield Claim("3 cells, 1.9 nm: behind the best", "F", digits, 0.0, shortfall(digits),
                at_reference=True)
    yield Claim("one more cell: least gain, >=", "abstract", digits, 0.0,
                least_gain_of_cells(digits), True)
    for cells, points in ((1, 7.4), (2, -4.0), (3, -3.45)):
        yield Claim(f"{cells} cell{'s' * (cells > 1)}: rise over the wedge", "E", fashion, points,
                    rise(fashion, cells))
    yield Claim("3 cells, 1.9 nm", "F", fashion, 77.4, best(fashion), at_reference=True)
    yield Claim("3 cells, 1.9 nm: behind the best", "F", fashion, 0.0, shortfall(fashion),
                at_reference=True)
    yield Claim("one more cell: least gain, >=", "abstract", fashion, 0.0,
                least_gain_of_cells(fashion), True)
    for dataset in (digits, fashion):
        yield Claim("6 cells over fewer, any TMR, >=", "E", dataset, 0.0,
                    least_lead_of_six(dataset), True, True)
    yield Claim("digits over fashion, anywhere, >=", "Fig. 5", "", 0.0, least_lead_of_digits, True,
                True)


CLAIMS = tuple(_claims())


def means(curves: Curves) -> dict[str, float]:
    """Our number for each claim that applies, mean over seeds [points], by the claim's name."""
    return {claim.name: float(claim.ours(curves).mean())
            for claim in CLAIMS if claim.applies(curves)}


def squares(curves: Curves) -> Floats:
    """Squared deviations of the claims that apply, of the mean over seeds [points^2]."""
    return np.array([float(claim.deviation(claim.ours(curves).mean())) ** 2
                     for claim in CLAIMS if claim.applies(curves)])


def distance(curves: Curves) -> float:
    """Root mean square of the deviations from all claims that apply [points].

    Claims of order count only where they are missed.
    """
    return float(np.sqrt(squares(curves).mean()))


def table(curves: Curves) -> list[Verdict]:
    """A row for every claim that applies."""
    return [_verdict(claim, curves) for claim in CLAIMS if claim.applies(curves)]


def _verdict(claim: Claim, curves: Curves) -> Verdict:
    mean, half = (float(x) for x in student_interval(claim.ours(curves)))
    off = abs(float(claim.deviation(np.array(mean))))
    return Verdict(
        claim.name, claim.text, claim.section, claim.dataset or "both", claim.paper, ours=mean,
        interval=half, deviation=off, within_interval=off <= half, within_1_point=off <= WITHIN,
        agrees=off <= max(half, WITHIN))
