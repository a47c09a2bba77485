"""A circuit solved by ngspice, as a check that shares no solver with this package."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from circuits.spice.listing import netlist
from circuits.spice.resistors import names
from device_models.checks import Floats, positive, real_array

if TYPE_CHECKING:
    from circuits.circuit import CrossbarCircuit

INSTALL = ("install ngspice: apt install ngspice (Debian, Ubuntu), conda install -c conda-forge "
           "ngspice, or brew install ngspice (macOS)")
_VALUE = re.compile(r"^(\S+) = (\S+)$", re.MULTILINE)
_COMPLAINT = re.compile(r"error|warning|fail|abort|singular|no such|limit reached", re.IGNORECASE)
_MOST_LINES = 8  # of ngspice's complaints in a message


class SpiceError(RuntimeError):
    """ngspice is missing, found no operating point, or was stopped."""


@dataclass(frozen=True, eq=False)
class SpiceSolution:
    """What ngspice found; shapes as those of `OperatingPoint`, a batch axis in front.

    Parameters
    ----------
    column_currents : (..., columns) array
        Currents out of the columns into ground [A].
    row_voltages, column_voltages : (..., rows, columns) arrays
        Node voltages [V].
    """

    column_currents: Floats
    row_voltages: Floats
    column_voltages: Floats

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Floats:
        """The column currents, so that `np.asarray(spice.solve(...))` are those."""
        return np.array(self.column_currents, dtype=dtype)


def solve(
    circuit: "CrossbarCircuit", voltages: ArrayLike, timeout: float = 600.0,
    executable: str = "ngspice",
) -> SpiceSolution:
    """Solve `circuit` with ngspice, one run for each input.

    Slow: some seconds an input at 64 x 64 devices. Meant for checks.

    Parameters
    ----------
    circuit : CrossbarCircuit
        The circuit.
    voltages : (rows,) or (batch, rows) array
        Row voltages [V].
    timeout : float
        Longest run of one input [s].
    executable : str
        The program, by name or by path.

    Raises
    ------
    ValueError, TypeError
        If `voltages` does not fit, or is not finite and real.
    SpiceError
        If ngspice is not installed, finds no operating point, or takes longer than `timeout`.
    """
    v = real_array("voltages", voltages, "V")
    m, n = circuit.shape
    if v.ndim not in (1, 2) or v.shape[-1] != m or v.size == 0:
        raise ValueError(f"voltages has shape {v.shape}; this circuit of {m} rows expects "
                         f"({m},) or (batch, {m})")
    longest = positive("timeout", timeout, "s")
    name = names(circuit)
    wanted = [f"column{j}" for j in range(n)]
    wanted += [name[f"{side}{i}_{j}"] for side in "rc" for i in range(m) for j in range(n)]
    runs = [_run(netlist(circuit, one), wanted, longest, executable) for one in np.atleast_2d(v)]
    found = np.array(runs).reshape(*v.shape[:-1], -1)
    currents, u, w = np.split(found, [n, n + m * n], axis=-1)
    nodes = (*v.shape[:-1], m, n)
    return SpiceSolution(currents, u.reshape(nodes), w.reshape(nodes))


def _run(text: str, wanted: list[str], timeout: float, executable: str) -> list[float]:
    """The values that ngspice prints for `wanted` when it runs the netlist `text`."""
    with tempfile.TemporaryDirectory(prefix="circuits-spice-") as folder:
        (Path(folder) / "crossbar.cir").write_text(text, encoding="ascii")
        # -n: a user's start-up file could change any option
        command = [executable, "-n", "-b", "crossbar.cir"]
        try:
            done = subprocess.run(
                command, cwd=folder, env={**os.environ, "LC_ALL": "C"}, timeout=timeout,
                stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                check=False,
            )
        except OSError as error:
            reason = error.strerror or error
            raise SpiceError(f"cannot run {executable!r} ({reason}); {INSTALL}") from error
        except subprocess.TimeoutExpired as error:
            raise SpiceError(f"ngspice was stopped after {timeout:g} s; pass a longer timeout or "
                             "a smaller circuit") from error
    values = dict(_VALUE.findall(done.stdout))
    missing = [name for name in wanted if name not in values]
    if missing or done.returncode:
        raise SpiceError(_failure(done, len(missing), len(wanted)))
    return [float(values[name]) for name in wanted]


def _failure(done: "subprocess.CompletedProcess[str]", missing: int, wanted: int) -> str:
    """What ngspice says of its failure."""
    lines = [line.strip() for line in (done.stderr + "\n" + done.stdout).splitlines()]
    lines = [line for line in lines if line]
    complaints = [line for line in lines if _COMPLAINT.search(line)] or lines[-_MOST_LINES:]
    return "\n  ".join([
        f"ngspice returned {done.returncode} and {wanted - missing} of {wanted} values; it says:",
        *list(dict.fromkeys(complaints))[:_MOST_LINES],
    ])
