"""A part of the study is left out for what its stack does not give, and for nothing else."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.paper import run
from benchmarks.paper.plan import make_plan
from benchmarks.paper.readings import DEFAULT, reading_of
from benchmarks.paper.result import StudyResult
from device_models import Stack, load_stack
from device_models.stacks.optional import Tables

STACK = load_stack("kumar2024")


NONE = np.empty(0)
IDEAL = StudyResult(
    stack="", doi="", images=1, seeds=[], search_seeds=[], reading="", distance=0.0,
    thickness_nm=NONE, search_thickness_nm=NONE, tmr=NONE, contour_tmr=NONE, software={}, wedge={},
    contour={}, claims=[], readings=[])


def circuit(stack: Stack) -> StudyResult:
    plan = make_plan(stack, ["mnist"], quick=True)
    return run._with_circuit(IDEAL, SimpleNamespace(plan=plan), reading_of(DEFAULT))


@pytest.mark.parametrize("fault", [ValueError, KeyError, ZeroDivisionError])
def test_a_fault_in_a_part_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def broken(stack: Stack) -> None:
        raise fault("injected")

    monkeypatch.setattr(run, "in_words", broken)
    with pytest.raises(fault, match="injected"):
        circuit(STACK)


def test_a_missing_table_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("circuit_curves", "examples", "trade_off"):  # all need networks
        monkeypatch.setattr(run, part, lambda *args: [])
    left_out = circuit(replace(STACK, tables=Tables())).left_out or {}
    assert set(left_out) == {"circuit_words"}
    assert "has no table [" in left_out["circuit_words"]
