"""The study from plan to result."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.inputs.weights import BUNDLED_SEEDS
from benchmarks.output.left_out import LEFT_OUT
from benchmarks.output.points import Points
from benchmarks.paper.circuit import (
    circuit_curves,
    circuit_readings,
    examples,
    in_words,
    trade_off,
)
from benchmarks.paper.claims import distance, table
from benchmarks.paper.readings import DEFAULT, Reading, all_readings, reading_of
from benchmarks.paper.search import search
from benchmarks.paper.study import (
    CELLS,
    MOST_CELLS,
    Plan,
    Study,
    contour_tmr,
    nearest,
    thicknesses,
)
from device_models import Stack

_FEWER_SEEDS = 3  # for searching, for circuits, and for a quick look
_IMAGES = 10_000


def make_plan(stack: Stack, datasets: Sequence[str], wanted: Sequence[float] = (),
              seeds: int | None = None, images: int | None = None, quick: bool = False) -> Plan:
    """The points that are asked for; `wanted` free layers [m]."""
    trainings = tuple(range(seeds or (_FEWER_SEEDS if quick else len(BUNDLED_SEEDS))))
    all_of_them = thicknesses(stack, wanted, 2 if quick else 11)
    return Plan(
        stack, all_of_them,
        nearest(all_of_them) if quick else thicknesses(stack, wanted, 5), thicknesses(stack, (), 3),
        contour_tmr(3 if quick else 11), trainings, trainings[:_FEWER_SEEDS],
        tuple(dict.fromkeys(datasets)), min(images or _IMAGES, _IMAGES))


def count_points(plan: Plan, searching: bool, circuit: bool) -> int:
    """How many points there are, less the few that the search's end adds."""
    networks, fewer = (len(plan.datasets) * len(s) for s in (plan.seeds, plan.search_seeds))
    total = networks * (len(CELLS) * len(plan.thickness) + MOST_CELLS * len(plan.contour_tmr))
    if searching:
        readings = len(list(all_readings()))
        total += fewer * len(CELLS) * len(plan.search_thickness) * readings
    if circuit:
        total += 2 * (fewer + len(plan.datasets)) * len(CELLS) * len(plan.few)
        total += 3 * fewer * len(plan.thickness)
    return total


def compute(plan: Plan, points: Points, weights: Path | None, reading: Reading | None,
            searching: bool, circuit: bool, bar: Any) -> dict[str, Any]:
    """All of the study, for JSON; `bar` shows progress."""
    bar.set_description_str("networks")
    study = Study(plan, points, weights, bar.update)
    bar.set_description_str("readings")
    found = search(study) if searching else []
    chosen = reading or (found[0].reading if found else reading_of(DEFAULT))
    bar.set_description_str("curves")
    result = _ideal(study, chosen) | {"readings": [each.row() for each in found]}
    if circuit:
        bar.set_description_str("circuit")
        result |= _circuit(study, chosen)
    return result


def _ideal(study: Study, reading: Reading) -> dict[str, Any]:
    """Curves, contours and claims of one reading."""
    plan = study.plan
    curves = study.curves(reading, plan.thickness, plan.seeds)
    return {
        "stack": plan.stack.name, "doi": plan.stack.doi, "images": plan.images,
        "seeds": list(plan.seeds), "search_seeds": list(plan.search_seeds),
        "reading": str(reading), "distance": distance(curves),
        "thickness_nm": _nm(plan.thickness), "search_thickness_nm": _nm(plan.search_thickness),
        "tmr": [plan.stack.mtj(float(t)).tmr for t in plan.thickness],
        "contour_tmr": plan.contour_tmr.tolist(),
        "software": {name: [100 * study.evaluators[name, seed].software()
                            for seed in plan.seeds] for name in plan.datasets},
        "wedge": {name: a.tolist() for name, a in curves.wedge.items()},
        "contour": {name: a.tolist() for name, a in curves.contour.items()},
        "claims": table(curves)}


def _circuit(study: Study, reading: Reading) -> dict[str, Any]:
    """Through the circuit; a stack that lacks a table leaves parts out and says why."""
    plan, readings = study.plan, circuit_readings(reading)
    if readings["this reading"] == readings["least squares"]:
        readings.pop("this reading")
    parts: dict[str, Callable[[], Any]] = {
        "circuit_words": lambda: in_words(plan.stack),
        "circuit": lambda: circuit_curves(study, readings),
        "examples": lambda: list(examples(study, reading)),
        "trade_off": lambda: trade_off(study, readings["least squares"], CELLS[-1])}
    result: dict[str, Any] = {
        "circuit_thickness_nm": _nm(plan.few), "circuit_seeds": list(plan.search_seeds),
        "circuit_readings": {name: str(each) for name, each in readings.items()}}
    missing = {}
    for name, part in parts.items():
        try:
            result[name] = part()
        except LEFT_OUT as error:
            missing[name] = str(error)
    return result | {"left_out": missing}


def _nm(thickness: Any) -> list[float]:
    return [round(float(t) * 1e9, 6) for t in thickness]
