"""The study from plan to result."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from benchmarks.output.left_out import LEFT_OUT
from benchmarks.output.points import Points
from benchmarks.paper.circuit import circuit_curves, circuit_readings, in_words
from benchmarks.paper.claims import distance, table
from benchmarks.paper.examples import examples
from benchmarks.paper.plan import CELLS, Parts, Plan
from benchmarks.paper.readings import DEFAULT, Reading, reading_of
from benchmarks.paper.result import StudyResult
from benchmarks.paper.search import search
from benchmarks.paper.study import Study
from benchmarks.paper.trade_off import trade_off
from device_models.checks import Floats

Part = TypeVar("Part")


def compute(plan: Plan, points: Points, weights: Path | None, parts: Parts, bar: "tqdm[None]"
            ) -> StudyResult:
    """All of the study that is asked for; `bar` shows progress."""
    bar.set_description_str("networks")
    study = Study(plan, points, weights, bar.update)
    bar.set_description_str("readings")
    found = search(study) if parts.search else []
    chosen = parts.reading or (found[0].reading if found else reading_of(DEFAULT))
    bar.set_description_str("curves")
    result = replace(_ideal(study, chosen), readings=[each.row() for each in found])
    if parts.circuit:
        bar.set_description_str("circuit")
        result = _with_circuit(result, study, chosen)
    return result


def _ideal(study: Study, reading: Reading) -> StudyResult:
    """Curves, contours and claims of one reading."""
    plan = study.plan
    curves = study.curves(reading, plan.thickness, plan.seeds)
    return StudyResult(
        stack=plan.stack.name, doi=plan.stack.doi, images=plan.images, seeds=list(plan.seeds),
        search_seeds=list(plan.search_seeds), reading=str(reading), distance=distance(curves),
        thickness_nm=_nm(plan.thickness), search_thickness_nm=_nm(plan.search_thickness),
        tmr=np.array([plan.stack.mtj(float(t)).tmr for t in plan.thickness]),
        contour_tmr=plan.contour_tmr,
        software={name: [100 * study.evaluators[name, seed].software() for seed in plan.seeds]
                  for name in plan.datasets},
        wedge=dict(curves.wedge), contour=dict(curves.contour), claims=table(curves), readings=[])


def _with_circuit(result: StudyResult, study: Study, reading: Reading) -> StudyResult:
    """Through the circuit; a stack that lacks a table leaves parts out and says why."""
    plan, readings = study.plan, circuit_readings(reading)
    if readings["this reading"] == readings["least squares"]:
        readings.pop("this reading")
    missing: dict[str, str] = {}

    def found(name: str, part: Callable[[], Part]) -> Part | None:
        try:
            return part()
        except LEFT_OUT as error:
            missing[name] = str(error)
            return None

    return replace(
        result, circuit_thickness_nm=_nm(plan.few), circuit_seeds=list(plan.search_seeds),
        circuit_readings={name: str(each) for name, each in readings.items()},
        circuit_words=found("circuit_words", lambda: in_words(plan.stack)),
        circuit=found("circuit", lambda: circuit_curves(study, readings)) or {},
        examples=found("examples", lambda: examples(study, reading)) or [],
        trade_off=found("trade_off", lambda: trade_off(
            study, readings["least squares"], CELLS[-1])),
        left_out=missing)


def _nm(thickness: Floats) -> Floats:
    return np.array([round(float(t) * 1e9, 6) for t in thickness])
