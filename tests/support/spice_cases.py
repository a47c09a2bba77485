"""Circuits that ngspice has solved: their table, and the stored solutions.

Numbers come from `random.Random`, whose sequences are the same in every version.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from circuits import (
    ColumnSense,
    CrossbarCircuit,
    CubicLaw,
    Law,
    LinearLaw,
    MTJLaw,
    RowDrive,
    TabulatedLaw,
    Wires,
)
from circuits.spice import SpiceSolution

REFERENCES = Path(__file__).parent / "references"
MOST_STORED_NODES = 200  # larger circuits store their currents only
FIELDS = ("column_currents", "row_voltages", "column_voltages")

Shape = tuple[int, int]
Devices = Callable[[Random, Shape], tuple[Law, np.ndarray]]
Resistances = dict[str, float | np.ndarray]


@dataclass(frozen=True, eq=False)
class Case:
    """A circuit and its voltages (rows,) or (batch, rows) [V]."""

    name: str
    circuit: CrossbarCircuit
    voltages: np.ndarray

    @property
    def file(self) -> Path:
        return REFERENCES / f"{self.name}.txt"

    @property
    def cells(self) -> int:
        return self.circuit.shape[0] * self.circuit.shape[1]


def uniform(random: Random, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
    return np.array([random.uniform(low, high) for _ in range(int(np.prod(shape)))]).reshape(shape)


def decades(random: Random, shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
    return 10.0 ** uniform(random, shape, low, high)


def linear(random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    return LinearLaw(), decades(random, shape, -6, -4)


def open_and_shorted(random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    """A third of the cells open, a tenth 1 S; the first one closed, the last one shorted."""
    law, g = linear(random, shape)
    fate = uniform(random, shape, 0, 1)
    fate[0, 0], fate[-1, -1] = 0.5, 1.0
    return law, np.where(fate < 1 / 3, 0.0, np.where(fate > 0.9, 1.0, g))


def cubic(random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    return CubicLaw(0.4), decades(random, shape, -6, -4)


def cubic_open_and_shorted(random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    return CubicLaw(0.4), open_and_shorted(random, shape)[1]


def mtj(random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    """Compounds of three junctions in random states; some then have one branch only."""
    k = np.array([random.randrange(4) for _ in range(shape[0] * shape[1])]).reshape(shape)
    return MTJLaw(v_p=1.1, v_h=0.6, tmr=1.5), np.stack([k / 8e3, (3 - k) / 20e3])


def table(law: TabulatedLaw, random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    k = np.array([random.randrange(law.branches) for _ in range(shape[0] * shape[1])])
    return law, law.conductance(k.reshape(shape))


def odd_table(random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    v = np.linspace(-0.8, 0.8, 9)
    law = TabulatedLaw(v, np.round([1e-5 * np.sinh(4 * v), 6e-5 * np.sinh(2 * v)], 9))
    return table(law, random, shape)


def asymmetric_table(random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    """A diode-like and a nearly straight curve; neither is zero at zero volt."""
    v = np.array([-0.6, -0.3, -0.1, 0.05, 0.2, 0.4, 0.7])
    curves = [[-2e-6, -1.5e-6, -8e-7, 2e-7, 3e-6, 2e-5, 1.1e-4],
              [-7e-5, -3.2e-5, -1.1e-5, 4e-6, 2.2e-5, 5e-5, 9e-5]]
    return table(TabulatedLaw(v, curves), random, shape)


def flat_table(random: Random, shape: Shape) -> tuple[Law, np.ndarray]:
    """A selector that blocks around zero volt, and a device that saturates: slopes of zero."""
    v = np.array([-0.8, -0.3, -0.15, 0.0, 0.1, 0.2, 0.8])
    curves = [[-8e-5, -2e-6, 0.0, 0.0, 0.0, 1e-6, 9e-5],
              [-1e-5, -1e-5, -8e-6, 0.0, 9e-6, 1e-5, 1e-5]]
    return table(TabulatedLaw(v, curves), random, shape)


def same(**resistances: float) -> Callable[[Random, Shape], Resistances]:
    return lambda random, shape: dict(resistances)


def alike(ohm: float, **others: float) -> Callable[[Random, Shape], Resistances]:
    return same(row=ohm, column=ohm, **others)


def per_line(random: Random, shape: Shape) -> Resistances:
    m, n = shape
    return {"row": decades(random, (m,), -2, 4), "column": decades(random, (n,), -2, 4),
            "source": decades(random, (m,), 0, 3), "sense": decades(random, (n,), 0, 3)}


def per_segment(random: Random, shape: Shape) -> Resistances:
    """Over six decades; a fifth of the segments, sources and amplifiers have no resistance."""
    m, n = shape

    def some(size: tuple[int, ...], low: float, high: float) -> np.ndarray:
        return np.where(uniform(random, size, 0, 1) < 0.2, 0.0, decades(random, size, low, high))

    return {"row": some((m, n + 1), -2, 4), "column": some((m + 1, n), -2, 4),
            "source": some((m,), 0, 3), "sense": some((n,), 0, 3)}


def access(wires: Callable[[Random, Shape], Resistances]) -> Callable[[Random, Shape], Resistances]:
    """With access transistors, a third of them of zero ohm."""
    def both(random: Random, shape: Shape) -> Resistances:
        there = uniform(random, shape, 0, 1) > 1 / 3
        return {**wires(random, shape), "access": there * decades(random, shape, 2, 5)}

    return both


def floating(
    wires: Callable[[Random, Shape], Resistances]
) -> Callable[[Random, Shape], Resistances]:
    """Every other row is not driven."""
    def some(random: Random, shape: Shape) -> Resistances:
        found = wires(random, shape)
        source = np.array(np.broadcast_to(found.get("source", 0.0), shape[:1]), dtype=float)
        source[1::2] = np.inf
        return {**found, "source": source}

    return some


def case(
    name: str, shape: Shape, devices: Devices, wires: Callable[[Random, Shape], Resistances],
    drive: RowDrive = RowDrive.LEFT, sense: ColumnSense = ColumnSense.BOTTOM, batch: int = 0,
) -> Case:
    name = f"{name}-{shape[0]}x{shape[1]}"
    random = Random(name)
    law, g = devices(random, shape)
    circuit = CrossbarCircuit(g, Wires(**wires(random, shape)), law, drive, sense)
    inputs = (batch, shape[0]) if batch else (shape[0],)
    return Case(name, circuit, uniform(random, inputs, -0.2, 0.5))


IDEAL = same()
CHEAP = alike(1.0, source=50.0, sense=10.0)
LAWS: dict[str, Devices] = {"linear": linear, "cubic": cubic, "mtj": mtj, "odd-table": odd_table,
                            "asymmetric-table": asymmetric_table}

CASES = [
    # every law, on wires from ideal to absurd
    *(case(f"{law}-{ohm:g}-ohm", shape, devices, alike(ohm))
      for law, devices in LAWS.items()
      for ohm, shape in ((0.0, (2, 3)), (0.01, (8, 8)), (1.0, (5, 4)), (100.0, (8, 8)),
                         (1e4, (5, 4)))),
    # every law, with the rest of the circuit
    *(case(f"{law}-source-sense", (5, 4), devices, CHEAP, batch=3)
      for law, devices in LAWS.items()),
    *(case(f"{law}-access", (5, 4), devices, access(CHEAP)) for law, devices in LAWS.items()),
    *(case(f"{law}-floating", (5, 4), devices, floating(CHEAP)) for law, devices in LAWS.items()),
    *(case(f"{law}-per-line", (5, 4), devices, per_line) for law, devices in LAWS.items()),
    *(case(f"{law}-all-of-it", (8, 8), devices, floating(access(per_segment)), RowDrive.BOTH,
           ColumnSense.BOTH) for law, devices in LAWS.items()),
    # every topology
    *(case(f"{devices.__name__}-{drive.name.lower()}-{sense.name.lower()}", (5, 4), devices,
           per_segment, drive, sense)
      for devices in (linear, cubic) for drive in RowDrive for sense in ColumnSense),
    case("linear-both-ideal", (2, 3), linear, IDEAL, RowDrive.BOTH, ColumnSense.BOTH),
    case("linear-both-sense", (2, 3), linear, same(sense=10.0), RowDrive.BOTH, ColumnSense.BOTH),
    # lines and points
    *(case(f"{devices.__name__}-1-ohm", shape, devices, CHEAP)
      for devices in (linear, mtj) for shape in ((1, 1), (1, 6), (6, 1))),
    case("linear-ideal", (1, 1), linear, IDEAL),
    case("linear-per-segment", (1, 6), linear, per_segment),
    case("linear-per-segment", (6, 1), linear, per_segment),
    # open and shorted cells
    *(case(f"{devices.__name__}-{name}", (8, 8), devices, wires)
      for devices in (open_and_shorted, cubic_open_and_shorted)
      for name, wires in (("good-wires", alike(0.01)), ("poor-wires", alike(100.0, source=1e3)),
                          ("access", access(CHEAP)))),
    # devices without a slope
    *(case(f"flat-table-{name}", shape, flat_table, wires) for name, shape, wires in (
        ("source-sense", (5, 4), CHEAP), ("10000-ohm", (5, 4), alike(1e4)),
        ("per-segment", (8, 8), per_segment))),
    # larger ones
    *(case(f"{law}-per-segment", (16, 12), devices, per_segment) for law, devices in LAWS.items()),
    case("linear-1-ohm", (32, 32), linear, CHEAP),
    case("linear-0.01-ohm", (32, 32), linear, alike(0.01)),
    case("mtj-10-ohm", (32, 32), mtj, alike(10.0)),
    case("linear-1-ohm", (64, 64), linear, CHEAP),
    case("cubic-1-ohm", (64, 64), cubic, CHEAP, RowDrive.BOTH),
]


def write(case: Case, solution: SpiceSolution, source: str) -> None:
    """Store a solution as text: what, where, how much [A, V]."""
    lines = [f"# {case.name}: {source}"]
    for field in FIELDS[: 3 if case.cells <= MOST_STORED_NODES else 1]:
        values = getattr(solution, field)
        lines += [" ".join([field, *map(str, where), repr(float(value))])
                  for where, value in np.ndenumerate(values)]
    case.file.write_text("\n".join(lines) + "\n", encoding="ascii")


def read(case: Case) -> dict[str, np.ndarray]:
    """A stored solution: its fields by name."""
    batch, (m, n) = case.voltages.shape[:-1], case.circuit.shape
    shapes = dict(zip(FIELDS, [(*batch, n), (*batch, m, n), (*batch, m, n)], strict=True))
    found: dict[str, np.ndarray] = {}
    for line in case.file.read_text(encoding="ascii").splitlines()[1:]:
        field, *where, value = line.split()
        values = found.setdefault(field, np.full(shapes[field], np.nan))
        values[tuple(map(int, where))] = float(value)
    return found
