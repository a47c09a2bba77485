"""Pulses on an array with line capacitances, by ngspice: shares no equation with this package."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import trapezoid

from circuits import CrossbarCircuit, spice
from circuits.spice.resistors import names

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Transient:
    """What flows after a step of all sources, or after a pulse.

    Parameters
    ----------
    times : (k,) array
        Since the middle of the rise [s].
    currents : (k, columns) array
        Out of the columns into ground [A].
    power : (k,) array
        That all sources deliver [W].
    width : float
        Of the pulse at half its height [s].
    """

    times: Floats
    currents: Floats
    power: Floats
    width: float

    def settled(self, level: float) -> float:
        """When the last column has come within `level` of its last current for good [s]."""
        lacking = np.abs(self.currents / self.currents[-1] - 1).max(axis=1)
        last = int(np.flatnonzero(lacking > level)[-1])
        return float(np.interp(-level, -lacking[last : last + 2], self.times[last : last + 2]))

    @property
    def energy(self) -> float:
        """That all sources have delivered at the end [J]."""
        return float(trapezoid(self.power, self.times))


def transient(circuit: CrossbarCircuit, v: Floats, capacitance: tuple[float, float],
              length: float, folder: Path, ngspice: str, width: float = 1.0,
              steps: int = 3000) -> Transient:
    """Sources step to `v` (rows,) [V] and back after `width` [s]; `capacitance` of row and column
    nodes [F]; `length` of the run [s], of which the rise takes 1e-6, in so many `steps` at
    least."""
    rise, name = 1e-6 * length, names(circuit)
    text, control = spice.netlist(circuit, v).split(".control")
    text = re.sub(r"^(Vin\d+ in\d+ 0) (\S+)$",
                  rf"\1 PULSE(0 \2 0 {rise!r} {rise!r} {width!r} 1)", text, flags=re.MULTILINE)
    m, n = circuit.shape
    stored = [f"C{side}{i}_{j} {name[f'{side}{i}_{j}']} 0 {c!r}" for side, c in zip(
        "rc", capacitance, strict=True) for i in range(m) for j in range(n)]
    power = "+".join(f"v({name[f'in{i}']})*i(vin{i})" for i in range(m))
    sums = [line for line in control.splitlines() if line.startswith("let column")]
    (folder / "pulse.cir").write_text("\n".join([
        text, *stored, ".control", "set wr_singlescale",
        f"tran {length / steps!r} {length!r} 0 {length / steps!r} uic", *sums,
        f"let power = -({power})",
        f"wrdata pulse.txt power {' '.join(f'column{j}' for j in range(n))}",
        "quit", ".endc", ".end", ""]), encoding="ascii")
    done = subprocess.run([ngspice, "-n", "-b", "pulse.cir"], cwd=folder, capture_output=True,
                          text=True, timeout=60, check=False)
    if not (folder / "pulse.txt").exists():
        raise RuntimeError(f"ngspice wrote nothing; it says: {done.stderr[-400:]}")
    table = np.loadtxt(folder / "pulse.txt")
    return Transient(table[:, 0] - rise / 2, table[:, 2:], table[:, 1], width + rise)
