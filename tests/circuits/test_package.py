"""`import circuits` stays light."""

import subprocess
import sys

import pytest

import circuits

HEAVY = ("tensorflow", "keras", "matplotlib", "pandas", "crossbar", "benchmarks")


def fresh_python(program: str) -> str:
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], check=True,
                         capture_output=True, text=True, timeout=60)
    return run.stdout


def test_import_needs_no_heavy_package() -> None:
    program = f"import sys, circuits; print([n for n in {HEAVY!r} if n in sys.modules])"
    assert fresh_python(program).strip() == "[]"


def test_public_names_exist() -> None:
    for name in circuits.__all__:
        assert getattr(circuits, name) is not None
    assert {"CrossbarCircuit", "OperatingPoint", "Wires"} <= set(circuits.__all__)


@pytest.mark.parametrize("wires", [{}, {"row": 1.0, "column": 1.0}], ids=["ideal", "real"])
def test_first_steps_of_a_new_process(wires: dict[str, float]) -> None:
    program = (
        f"import circuits; c = circuits.CrossbarCircuit([[1e-4, 2e-4]], circuits.Wires(**{wires}))"
        "; print(*c.solve([0.1]).column_currents)"
    )
    first, second = (float(word) for word in fresh_python(program).split())
    assert 0.97e-5 < first <= 1e-5
    assert 1.97e-5 < second <= 2e-5
