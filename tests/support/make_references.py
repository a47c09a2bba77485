"""Solve the table of circuits with ngspice and store what it finds.

    python -m tests.support.make_references
"""

import subprocess

from circuits import spice
from tests.support.spice_cases import CASES, REFERENCES, write


def main() -> None:
    version = subprocess.run(["ngspice", "--version"], capture_output=True, text=True, check=True)
    source = next(word for word in version.stdout.split() if word.startswith("ngspice-"))
    REFERENCES.mkdir(exist_ok=True)
    for case in CASES:
        write(case, spice.solve(case.circuit, case.voltages), source)
    for stale in set(REFERENCES.glob("*.txt")) - {case.file for case in CASES}:
        stale.unlink()


if __name__ == "__main__":
    main()
