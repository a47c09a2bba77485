"""What was aimed at, and whether the measured rows reach it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from benchmarks.speed.row import Quantity, Row

Chosen = Mapping[str, str | float]
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
    chosen: Chosen

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
        words = [worst.get("law") if "law" in worst else worst.get("kind")]
        if "wire_ohm" in worst:
            words += [f"{worst['rows']}x{worst['columns']}", f"{worst['wire_ohm']:g} ohm"]
        return {**record, "reached": reached, "at": ", ".join(filter(None, words)),
                "met": bool(reached >= self.target if least else reached <= self.target)}


_WORK = "22 to 28 n^3 multiply-adds (see docs/solver.md), most in dense products on all cores"
_LEAVES = "rank-1 updates of leaves of 8 x 8 cells, and one array's Python around them"
_MESHES = "the meshes of the last two blocks, and the matrix"
_FACTORS = "leaves of 4 x 4 cells, and writing what the merges keep"
_KEPT = "nodes' shares of all ports around, at every merge"
_STEPS = "the steps of conjugate gradients, each some passes over the nodes"
_PRODUCT = "one dense product of inputs and T; checking and reading the inputs"
_SWEEPS = "line sweeps over row and column chains, limited by memory bandwidth and latency"
_LAW = "the law's evaluations beside them"
_GIB = 2.0**30


def _matrix(rows: int, columns: int, seconds: float, limit: str = _WORK) -> Target:
    return Target(f"T of {rows}x{columns}", "at most", seconds, "s", limit, "matrix", "seconds",
                  {"rows": rows, "columns": columns})


def _large(name: str, seconds: float, limit: str, chosen: Chosen, gib: float = 0.0,
           memory: str = "") -> tuple[Target, ...]:
    time = Target(name, "at most", seconds, "s", limit, "large", "seconds", chosen)
    if not gib:
        return (time,)
    return time, Target(f"its peak memory, {name}", "at most", gib * _GIB, "byte", memory,
                        "large", "peak_bytes", chosen)


def _input(wire: float, tolerance: float, seconds: float) -> Target:
    return Target(f"nonlinear 64x64, an input on one core, {wire:g} ohm, to {tolerance:g}",
                  "at most", seconds, "s", f"{_SWEEPS}; {_LAW}", "nonlinear", "seconds_per_input",
                  {"kind": "one core", "rows": 64, "columns": 64, "wire_ohm": wire,
                   "tolerance": tolerance})


def _tiles(wire: float) -> Chosen:
    return {"kind": "tiles", "batch": ALL_IMAGES, "wire_ohm": wire, "tolerance": 1e-7}


TARGETS = (
    _matrix(64, 64, 1.2e-3, _LEAVES), _matrix(128, 128, 6e-3, _LEAVES), _matrix(256, 256, 0.05),
    _matrix(784, 128, 0.06), _matrix(784, 256, 0.2), _matrix(512, 512, 0.5),
    Target("52 T of 64x64 at once", "at most", 0.025, "s", _LEAVES, "exact", "seconds",
           {"kind": "T, many at once", "count": 52, "rows": 64, "columns": 64}),
    Target("gradient of T of 64x64", "at most", 5e-3, "s", _LEAVES, "exact", "seconds",
           {"kind": "gradient of T", "rows": 64, "columns": 64}),
    Target("T of 256x256 against SuperLU's factorisation", "at least", 15.0, "x", _WORK,
           "matrix", "ratio", {"rows": 256, "columns": 256}),
    *_large("T of 1024x1024", 3.0, _WORK, {"solver": "T", "rows": 1024}, 1.5, _MESHES),
    *_large("T of 2048x2048", 25.0, _WORK, {"solver": "T", "rows": 2048}, 4.0, _MESHES),
    Target("growth of T with n, square", "at most", 3.1, "exponent",
           "22 n^3 multiply-adds in merges beside n^2 in leaves, and memory once caches are full",
           "exponents", "exponent", {"fixed": "T, square"}),
    *_large("node voltages of 10 inputs, 1024x1024", 6.0, _FACTORS,
            {"solver": "node voltages of 10 inputs", "rows": 1024}, 3.0, _KEPT),
    *(target for wire in (1.0, 10.0, 100.0) for target in _large(
        f"one input of 1024x1024, {wire:g} ohm", 0.25, _STEPS,
        {"solver": "one input", "rows": 1024, "wire_ohm": wire})),
    Target("10,000 inputs, T included, against SuperLU solves", "at least", 300.0, "x", _WORK,
           "batch", "ratio", {"batch": 10_000}),
    Target("10,000 inputs, T at hand, against SuperLU solves", "at least", 1000.0, "x", _PRODUCT,
           "batch", "ratio_with_matrix", {"batch": 10_000}),
    *(_input(wire, tolerance, seconds * share) for tolerance, share in ((1e-12, 1.0), (1e-7, 0.5))
      for wire, seconds in ((1.0, 100e-6), (3.0, 120e-6), (10.0, 350e-6), (30.0, 900e-6))),
    Target("10,000 images, 784x256 nonlinear in 64x64 tiles, 1 ohm", "at most", 20.0, "s",
           _SWEEPS, "nonlinear", "seconds", _tiles(1.0)),
    Target("10,000 images, 784x256 nonlinear in 64x64 tiles, 10 ohm", "at most", 60.0, "s",
           _SWEEPS, "nonlinear", "seconds", _tiles(10.0)),
    Target("their peak memory", "at most", 2.0 * _GIB, "byte", "a chunk of inputs per thread",
           "nonlinear", "peak_bytes", {"kind": "tiles", "batch": ALL_IMAGES}),
    Target("their error relative to an image's largest current", "at most", 1e-7, "1",
           "the tolerance, 1e-7 of an image's largest device current",
           "nonlinear", "largest_relative_difference", {"kind": "tiles", "batch": ALL_IMAGES}),
    Target("10^6 compounds drawn and evaluated", "at most", 1.0, "s", "normal random numbers",
           "devices", "seconds", {"kind": "compounds", "count": 10**6}),
    Target("10^4 LLG trajectories of 20 ns", "at most", 30.0, "s", "normal random numbers and "
           "Heun steps of 1 ps", "devices", "seconds",
           {"kind": "trajectories of 20 ns", "count": 10**4}),
)


def judge(sections: Sections) -> list[Judgement]:
    """All targets, measured or not."""
    return [target.judge(sections) for target in TARGETS]
