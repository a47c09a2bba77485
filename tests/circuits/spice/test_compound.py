"""A compound given away: ngspice, and the module's own formulas, have the currents of the law."""

import re
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import root

from circuits.spice import subcircuit, verilog_a
from device_models import CompoundMTJ, load_stack
from device_models.junction import BrinkmanBias

STACK = load_stack("kumar2024")
MTJ = STACK.mtj(1.9e-9)
CHANNEL = STACK.write_channel()
BRINKMAN = replace(MTJ, bias=BrinkmanBias(0.4, 1.8e-9, 0.5, asymmetry=0.1))
COMPOUNDS = {
    "one": CompoundMTJ(MTJ), "three": CompoundMTJ(MTJ, 3), "brinkman": CompoundMTJ(BRINKMAN, 2),
    "channel": CompoundMTJ(MTJ, 3, CHANNEL),
    "both ends": CompoundMTJ(MTJ, 3, replace(CHANNEL, both_ends=True)),
    "contacts and areas": CompoundMTJ(replace(BRINKMAN, contact=700.0), 3, CHANNEL, (1, 2, 4)),
}
EACH = pytest.mark.parametrize("compound", COMPOUNDS.values(), ids=COMPOUNDS)
OPTIONS = ".options reltol=1e-12 vntol=1e-15 abstol=1e-18 gmin=1e-18 itl1=500"
VOLTS = (-1.0, -0.3, 0.1, 0.77)


def expected(compound: CompoundMTJ) -> np.ndarray:
    return np.array([v * compound.pattern_conductances(v) for v in VOLTS])


def patterns(compound: CompoundMTJ) -> range:
    return range(2**compound.cells)


def far(compound: CompoundMTJ) -> list[str]:
    """The third terminal: none, open, or on the ground as the near one."""
    if compound.channel is None:
        return []
    return ["0"] if compound.channel.both_ends else ["open"]


@EACH
def test_ngspice_has_the_currents_of_every_pattern(compound: CompoundMTJ, ngspice: str) -> None:
    """To the 11 digits that it keeps of the numbers in a nonlinear source."""
    lines, wanted = ["* a compound"], []
    for k, v in enumerate(VOLTS):
        for pattern in patterns(compound):
            part = f"{k}_{pattern}"
            other = [f"open{part}" if node == "open" else node for node in far(compound)]
            lines += [f"V{part} in{part} 0 {v!r}",
                      f"X{part} in{part} 0 {' '.join(other)} compound_mtj pattern={pattern}"]
            wanted.append(f"-i(v{part})")
    text = "\n".join([*lines, subcircuit(compound), OPTIONS, ".control", "set numdgt=17", "op",
                      *(f"print {each}" for each in wanted), "quit", ".endc", ".end", ""])
    done = subprocess.run([ngspice, "-b"], input=text, text=True, capture_output=True, check=False,
                          timeout=60)
    found = [float(x) for x in re.findall(r"^-i\(v\S+\) = (\S+)", done.stdout, re.MULTILINE)]
    assert len(found) == len(wanted), done.stdout + done.stderr
    currents = np.reshape(found, (len(VOLTS), -1))
    assert_allclose(currents, expected(compound), rtol=1e-9)


def contributions(text: str, pattern: int) -> list[tuple[str, str, str]]:
    """Nodes and expressions of a module's currents, for one pattern."""
    found, lines = [], iter(text.splitlines())
    for line in lines:
        chosen = line
        condition = re.match(r" +if \(\(pattern >> (\d+)\) & 1\)", line)
        if condition:
            yes, _, no = next(lines), next(lines), next(lines)
            chosen = yes if (pattern >> int(condition[1])) & 1 else no
        current = re.match(r" +I\((\w+), (\w+)\) <\+ (.*);", chosen)
        if current:
            found.append((current[1], current[2], current[3]))
    return found


Part = tuple[str, str, str]


def into_nodes(parts: list[Part], at: dict[str, float]) -> dict[str, float]:
    """Currents [A] that flow into each node, whose voltages [V] are `at`."""
    into = dict.fromkeys(at, 0.0)
    for start, end, formula in parts:
        current = eval(formula, {"V": lambda a, b: at[a] - at[b]}, {a: a for a in at})
        into[start] -= current
        into[end] += current
    return into


def current_of(parts: list[Part], nodes: list[str], v: float) -> float:
    """Out of `top` at `v` [V], the others of the `nodes` in balance [A]."""
    def at(u: np.ndarray) -> dict[str, float]:
        return {"top": v, "near": 0.0, "far": 0.0, **dict(zip(nodes, u, strict=True))}

    def excess(u: np.ndarray) -> list[float]:
        into = into_nodes(parts, at(u))
        return [1e4 * into[node] for node in nodes]

    u = root(excess, np.full(len(nodes), v / 100), tol=1e-14).x if nodes else np.zeros(0)
    return -into_nodes(parts, at(u))["top"]


@EACH
def test_the_modules_formulas_have_them_too(compound: CompoundMTJ) -> None:
    """Its contributions are read, summed at every node, and solved: no compiler is at hand."""
    text, law = verilog_a(compound), expected(compound)
    for pattern in patterns(compound):
        parts = contributions(text, pattern)
        fixed = {"top", "near", *(["far"] if far(compound) == ["0"] else [])}
        nodes = sorted({node for part in parts for node in part[:2]} - fixed)
        found = [current_of(parts, nodes, v) for v in VOLTS]
        assert_allclose(found, law[:, pattern], rtol=1e-8)


def test_terminals_and_parameters_are_said() -> None:
    assert ".subckt mine top near params: pattern=0" in subcircuit(COMPOUNDS["three"], "mine")
    assert ".subckt compound_mtj top near far" in subcircuit(COMPOUNDS["channel"])
    assert "parameter integer pattern = 0 from [0:7];" in verilog_a(COMPOUNDS["three"])


@pytest.mark.parametrize("name", ["", "3cells", "a b", "module", "x\n.end", "é"])
def test_names_that_a_simulator_does_not_take_are_refused(name: str) -> None:
    for write in (subcircuit, verilog_a):
        with pytest.raises(ValueError, match="expected a letter"):
            write(COMPOUNDS["one"], name)


def test_laws_without_a_formula_are_refused() -> None:
    class Flat:
        def parallel(self, v: object, g_p: object) -> object:
            return g_p

        def ratio(self, v: object, tmr: object) -> object:
            return tmr

    with pytest.raises(TypeError, match="whose formulas can be written down"):
        subcircuit(CompoundMTJ(replace(MTJ, bias=Flat())))  # type: ignore[arg-type] # bad on purpose
    with pytest.raises(TypeError, match="expected a CompoundMTJ"):
        verilog_a(MTJ)  # type: ignore[arg-type] # bad on purpose
