"""What was aimed at, and whether the measured rows reach it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from benchmarks.speed.row import Quantity, Row

Sections = Mapping[str, Sequence[Row]]

ALL_IMAGES = 10_000


class Judgement(TypedDict):
    """A target beside what was reached, and where; None where nothing was measured."""

    name: str
    bound: str
    target: float
    unit: str
    limit: str
    reached: float | None
    met: bool | None
    at: str | None


@dataclass(frozen=True)
class Target:
    """A number to be reached on two cores.

    Parameters
    ----------
    name : str
        What is measured.
    bound : str
        "at least" or "at most".
    target : float
        The number, in `unit`.
    unit : str
        "x" for a ratio.
    limit : str
        What bounds the number.
    section, key : str
        Where the number is.
    chosen : mapping
        What the rows that count hold; the worst of them counts.
    """

    name: str
    bound: str
    target: float
    unit: str
    limit: str
    section: str
    key: Quantity
    chosen: Mapping[str, str | int]

    def judge(self, sections: Sections) -> Judgement:
        """The target beside what was measured."""
        record: Judgement = {"name": self.name, "bound": self.bound, "target": self.target,
                  "unit": self.unit, "limit": self.limit, "reached": None, "met": None, "at": None}
        found = [(value, row) for row in sections.get(self.section, ())
                 if (value := row.get(self.key)) is not None
                 and all(row.get(name) == chosen for name, chosen in self.chosen.items())]
        if not found:
            return record
        least = self.bound == "at least"
        reached, worst = (min if least else max)(found, key=lambda pair: pair[0])
        words = [worst.get("law")]
        if "wire_ohm" in worst:
            words += [f"{worst['rows']}x{worst['columns']}", f"{worst['wire_ohm']:g} ohm"]
        return {**record, "reached": reached, "at": ", ".join(filter(None, words)),
                "met": bool(reached >= self.target if least else reached <= self.target)}


_WORK = "2.8 m n^3 multiply-adds of the elimination, in dense products on the available cores"
_TILES: dict[str, str | int] = {"kind": "tiles", "batch": ALL_IMAGES}
_PRODUCT = "one dense product of inputs and T; checking and reading the inputs"
_SWEEPS = "line sweeps over row and column chains, limited by memory bandwidth and latency"

TARGETS = (
    Target("T of 784x128 against SuperLU's factorisation", "at least", 3.0, "x", _WORK,
           "matrix", "ratio", {"rows": 784, "columns": 128}),
    Target("T of 256x256 against SuperLU's factorisation", "at least", 1.5, "x", _WORK,
           "matrix", "ratio", {"rows": 256, "columns": 256}),
    Target("10,000 inputs, T included, against SuperLU solves", "at least", 300.0, "x", _WORK,
           "batch", "ratio", {"batch": 10_000}),
    Target("10,000 inputs, T at hand, against SuperLU solves", "at least", 1000.0, "x", _PRODUCT,
           "batch", "ratio_with_matrix", {"batch": 10_000}),
    Target("T of 1024x1024 against SuperLU's factor + 1,024 adjoint solves", "at least", 2.0, "x",
           _WORK, "large", "ratio", {"rows": 1024, "columns": 1024}),
    Target("10,000 images, 784x256 nonlinear in 64x64 tiles", "at most", 60.0, "s", _SWEEPS,
           "nonlinear", "seconds", _TILES),
    Target("their peak memory", "at most", 2.0 * 2**30, "byte", "a chunk of inputs per thread",
           "nonlinear", "peak_bytes", _TILES),
    Target("their error relative to an image's largest current", "at most", 1e-9, "1",
           "the tolerance, 1e-9 of Kirchhoff's current law",
           "nonlinear", "largest_relative_difference", _TILES),
    Target("10^6 compounds drawn and evaluated", "at most", 1.0, "s", "normal random numbers",
           "devices", "seconds", {"kind": "compounds", "count": 10**6}),
    Target("10^4 LLG trajectories of 20 ns", "at most", 30.0, "s", "normal random numbers and "
           "Heun steps of 1 ps", "devices", "seconds",
           {"kind": "trajectories of 20 ns", "count": 10**4}),
)


def judge(sections: Sections) -> list[Judgement]:
    """All targets, measured or not."""
    return [target.judge(sections) for target in TARGETS]
