"""What the sections of the speed comparison share: settings, arrays, inputs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circuits import CrossbarCircuit, CubicLaw, LinearLaw, Wires

READ_VOLTAGE = 0.2  # [V], assumed
CUBIC = CubicLaw(v0=0.5)  # 16 % more conductance at the read voltage, assumed
TOLERANCE = 1e-9  # of device currents, relative to an input's largest


@dataclass(frozen=True)
class Settings:
    """What is measured.

    Parameters
    ----------
    sizes : tuple of (rows, columns)
    wires : tuple of float
        Resistances of one segment [ohm]; sections over something else take the first.
    repeat : int
        Repetitions, of which the fastest counts.
    seed : int
        Of conductances and voltages.
    images : int
        Digit images through the nonlinear layer.
    """

    sizes: tuple[tuple[int, int], ...]
    wires: tuple[float, ...]
    repeat: int
    seed: int
    images: int


def conductances(shape: tuple[int, int], seed: int) -> NDArray[np.float64]:
    """Uniform from 30 to 90 uS: (rows, columns) [S]."""
    return np.random.default_rng(seed).uniform(30e-6, 90e-6, shape)


def inputs(batch: int, rows: int, seed: int) -> NDArray[np.float64]:
    """Row voltages (batch, rows), uniform up to the read voltage [V]."""
    return np.random.default_rng(seed + 1).uniform(0.0, READ_VOLTAGE, (batch, rows))


def all_of_t(g: NDArray[np.float64], wire: float) -> NDArray[np.float64]:
    """T (rows, columns) [S] from conductances [S], with nothing worked out before."""
    return CrossbarCircuit(g, Wires(wire, wire)).transconductance()


def currents(circuit: CrossbarCircuit, v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Column currents (batch, columns) [A], to `TOLERANCE` if the devices are not linear."""
    return circuit.solve(v, tolerance=TOLERANCE).column_currents


def warm_up() -> None:
    """Load the compiled kernels of every stage before anything is timed."""
    wires = Wires(1000.0, 1000.0)
    for law in (LinearLaw(), CUBIC):
        found = CrossbarCircuit(np.full((8, 8), 1e-4), wires, law).solve(np.full((2, 8), 0.5))
        _ = found.column_currents, found.power
    CrossbarCircuit(np.full((2, 2), 1e-4), wires).transconductance()
