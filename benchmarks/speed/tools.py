"""Other simulators on the same network, where they are installed."""

import contextlib
import importlib
import importlib.util
import io
import logging
import shutil
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType

import numpy as np

from benchmarks.speed.process import best
from benchmarks.speed.row import Row
from benchmarks.speed.settings import CUBIC, Settings, conductances, inputs
from circuits import CrossbarCircuit, Law, LinearLaw, Wires, spice
from device_models.checks import Floats

SHAPES = ((16, 16), (32, 32))
BADCROSSBAR_BATCH = 16


def tools(settings: Settings, shapes: tuple[tuple[int, int], ...] = SHAPES) -> Iterator[Row]:
    """One row per tool and network; a row with `skipped` says in a sentence why there is none."""
    yield from _ngspice(settings, shapes)
    yield from _badcrossbar(settings, shapes)
    yield {"tool": "CrossSim",
           "skipped": "CrossSim: not installed" if importlib.util.find_spec("simulator") is None
           else "CrossSim: seen, but not compared; this version has no call for it"}


def _ngspice(settings: Settings, shapes: tuple[tuple[int, int], ...]) -> Iterator[Row]:
    if shutil.which("ngspice") is None:
        yield {"tool": "ngspice", "skipped": f"ngspice: not installed; {spice.run.INSTALL}"}
        return
    for law in (LinearLaw(), CUBIC):
        for shape in shapes:
            yield _compare("ngspice", settings, shape, law, 1,
                           lambda circuit, v: spice.solve(circuit, v).column_currents)


def _badcrossbar(settings: Settings, shapes: tuple[tuple[int, int], ...]) -> Iterator[Row]:
    module = _import_badcrossbar()
    if module is None or not hasattr(module, "compute"):
        yield {"tool": "badcrossbar", "skipped": "badcrossbar: not installed" if module is None
               else "badcrossbar: installed without a package it computes with"}
        return

    def theirs(circuit: CrossbarCircuit, v: Floats) -> Floats:
        with _silent():
            solution = module.compute(v.T, 1 / circuit.conductance, circuit.wires.row)
        return np.asarray(solution.currents.output)

    for shape in shapes:
        yield _compare("badcrossbar", settings, shape, LinearLaw(), BADCROSSBAR_BATCH, theirs)


def _import_badcrossbar() -> ModuleType | None:
    """The module, or None; it warns and logs on import what concerns its plots."""
    if importlib.util.find_spec("badcrossbar") is None:
        return None
    with _silent():
        return importlib.import_module("badcrossbar")


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """No output, no warnings, and no log below an error."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(
                io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _compare(
    tool: str, settings: Settings, shape: tuple[int, int], law: Law, batch: int,
    theirs: Callable[[CrossbarCircuit, Floats], Floats],
) -> Row:
    """Times of both on one network, from conductances to currents, and their agreement."""
    wire, g = settings.wires[0], conductances(shape, settings.seed)
    v = inputs(batch, shape[0], settings.seed)

    def circuit() -> CrossbarCircuit:
        return CrossbarCircuit(g, Wires(wire, wire), law)

    ours, currents = best(lambda: circuit().solve(v).column_currents, settings.repeat)
    other, found = best(lambda: theirs(circuit(), v), settings.repeat)
    return {
        "tool": tool, "law": type(law).__name__, "rows": shape[0], "columns": shape[1],
        "wire_ohm": wire, "batch": batch, "seconds": ours, "tool_seconds": other,
        "ratio": other / ours,
        "largest_relative_difference": float(np.abs(currents / found - 1).max()),
    }
