"""Laws of exported compounds: ngspice, and the equations of a Verilog-A module, give the currents
of the compound itself, state by state and cell by cell."""

import re
import shutil
import subprocess
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator

from circuits import spice
from device_models import MTJ, BrinkmanBias, Channel, CompoundMTJ, QuadraticBias, load_stack
from tests.support.verilog_a import parsed

# Of the current. Formulas: rounding of a few operations, though ngspice keeps 11 digits of numbers
# that stand in an expression (1.0, 2.0: exact). Curves: their own tolerance of 1e-9.
ACCURACY = 2e-9
BIASES = np.linspace(-1.0, 1.0, 41)


@dataclass(frozen=True)
class TableBias:
    """A law of bias through measured points: continuous slopes, corners in the curvature."""

    v: tuple[float, ...] = (-1.2, -0.5, 0.0, 0.6, 1.2)
    rise: tuple[float, ...] = (1.9, 1.3, 1.0, 1.4, 2.1)
    left: tuple[float, ...] = (0.2, 0.5, 1.0, 0.45, 0.18)

    def parallel(self, v: ArrayLike, g_p: ArrayLike) -> np.ndarray:
        return np.asarray(g_p) * PchipInterpolator(self.v, self.rise)(v)

    def ratio(self, v: ArrayLike, tmr: ArrayLike) -> np.ndarray:
        return np.asarray(tmr) * PchipInterpolator(self.v, self.left)(v)


@dataclass(frozen=True)
class CuspBias(QuadraticBias):
    """Linear in the size of the bias, as of electrons that emit magnons: a cusp at zero."""

    def parallel(self, v: ArrayLike, g_p: ArrayLike) -> np.ndarray:
        return np.asarray(g_p) * (1.0 + np.abs(np.asarray(v)) / self.v_p)


@dataclass(frozen=True)
class Halved(QuadraticBias):
    """Derived from a law that has a formula, and another one."""

    def parallel(self, v: ArrayLike, g_p: ArrayLike) -> np.ndarray:
        return np.asarray(super().parallel(v, g_p) * (1.0 + np.tanh(np.asarray(v)) / 4))


MTJ_ = MTJ(35e3, 0.8, 0.9, 0.5, 1e-14)
LAWS = {"quadratic": None, "brinkman": BrinkmanBias(2.0, 1.0e-9, 0.45, asymmetry=0.6),
        "table": TableBias(), "derived": Halved(0.9, 0.5)}
CHANNEL = Channel(115.0, 0.9e-6, 0.9e-6, 1.175e-6, 185.0)
COMPOUNDS = {
    **{law: CompoundMTJ(replace(MTJ_, bias=bias), 2 if law == "table" else 3)
       for law, bias in LAWS.items()},
    **{f"{law}-channel": CompoundMTJ(replace(MTJ_, bias=bias), 2 if law == "table" else 3, CHANNEL)
       for law, bias in LAWS.items()},
    "one": CompoundMTJ(MTJ_),
    "areas": CompoundMTJ(MTJ_, 3, areas=(1, 2, 4)),
    "areas-channel": CompoundMTJ(MTJ_, 2, CHANNEL, (1, 2)),
    "contact": CompoundMTJ(replace(MTJ_, contact=2e3), 3),
    "contact-channel": CompoundMTJ(replace(MTJ_, contact=2e3, bias=LAWS["brinkman"]), 3, CHANNEL),
    "both-ends": CompoundMTJ(MTJ_, 3, replace(CHANNEL, both_ends=True)),
    "six": CompoundMTJ(MTJ_, 6, CHANNEL),
    "cusp": CompoundMTJ(replace(MTJ_, bias=CuspBias(0.9, 0.5))),
    "kumar2024": CompoundMTJ(load_stack("kumar2024").mtj(1.6e-9), 4),
}
SMOOTH = [name for name in COMPOUNDS if name != "cusp" and "table" not in name]


def swept(text: str, instances: list[str], folder: Path, ngspice: str) -> np.ndarray:
    """Currents (biases, instances) [A] into `top` of instances `X.. top .. synapse ..`, which find
    the bias at node `a` and ground at the node that `{0}` stands for."""
    meters = [f"v{k}" for k in range(len(instances))]
    bodies = [f"V{k} a t{k} 0\nX{k} {line.format(f't{k}')}" for k, line in enumerate(instances)]
    step = float(BIASES[1] - BIASES[0])
    (folder / "export.cir").write_text("\n".join([
        "* sweep", text, "Vbias a 0 0", *bodies,
        ".options reltol=1e-9 vntol=1e-15 abstol=1e-18 gmin=1e-18 itl1=500",
        ".control", "set numdgt=17", f"dc Vbias {BIASES[0]} {BIASES[-1]} {step!r}",
        f"wrdata found.txt {' '.join(f'i({meter})' for meter in meters)}", "quit", ".endc", ".end",
        ""]), encoding="ascii")
    done = subprocess.run([ngspice, "-n", "-b", "export.cir"], cwd=folder, capture_output=True,
                          text=True, check=False, timeout=120, stdin=subprocess.DEVNULL)
    if not (folder / "found.txt").exists():
        raise RuntimeError(done.stderr + done.stdout)
    found = np.loadtxt(folder / "found.txt")
    np.testing.assert_allclose(found[:, 0], BIASES, atol=1e-12)
    return found[:, 1::2]


def assert_currents(found: np.ndarray, expected: np.ndarray) -> None:
    assert found.shape == expected.shape
    floor = 1e-12 * np.abs(expected).max()  # at zero bias, of the sweep's own 1e-17 V
    assert np.all(np.abs(found - expected) <= ACCURACY * np.abs(expected) + floor)


def expected_of_patterns(compound: CompoundMTJ, patterns: list[int]) -> np.ndarray:
    return np.array([v * compound.pattern_conductances(v)[patterns] for v in BIASES])


# --- ngspice --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMPOUNDS)
def test_ngspice_finds_the_currents_of_every_state(
    name: str, tmp_path: Path, ngspice: str
) -> None:
    compound = COMPOUNDS[name]
    states = range(compound.states)
    found = swept(spice.subcircuit(compound), [f"{{}} 0 synapse state={k}" for k in states],
                  tmp_path, ngspice)
    assert_currents(found, compound.current(np.arange(compound.states), BIASES[:, None]))


@pytest.mark.parametrize("name", COMPOUNDS)
def test_ngspice_finds_the_currents_of_every_pattern(
    name: str, tmp_path: Path, ngspice: str
) -> None:
    compound = COMPOUNDS[name]
    patterns = list(range(0, 2**compound.cells, 1 if compound.cells < 5 else 7))
    if "table" in name:
        patterns = [1]  # some 200 pieces a cell and state, of which ngspice takes a second
    nodes = "0"
    if compound.channel is not None:
        nodes = "0 0" if compound.channel.both_ends else "0 open{}"
    lines = [f"{{}} {nodes.format(p)} synapse " + " ".join(
        f"p{i}={p >> i & 1}" for i in range(compound.cells)) for p in patterns]
    found = swept(spice.subcircuit(compound, per_cell=True), lines, tmp_path, ngspice)
    assert_currents(found, expected_of_patterns(compound, patterns))


def test_a_write_pulse_flows_through_the_channel_of_cells_apart(
    tmp_path: Path, ngspice: str
) -> None:
    """With nothing on `top`, all that the ends see is the resistance of a write."""
    compound = COMPOUNDS["quadratic-channel"]
    found = swept(spice.subcircuit(compound, per_cell=True), ["open {} 0 synapse"], tmp_path,
                  ngspice)
    inside = CHANNEL.resistance(3)
    # the junctions, joined above, are a bypass of 35 to 63 kohm beside 600 ohm
    assert np.all(found[BIASES > 0.01, 0] >= BIASES[BIASES > 0.01] / inside)
    np.testing.assert_allclose(found[:, 0], BIASES / inside, rtol=2e-2, atol=1e-12)


def test_an_instance_may_have_parameters_of_its_own(tmp_path: Path, ngspice: str) -> None:
    own = CompoundMTJ(replace(MTJ_, r_p=31e3, tmr=0.71), 3)
    found = swept(spice.subcircuit(COMPOUNDS["quadratic"], "cell_1"),
                  ["{} 0 cell_1 state=1 r_p=31e3 tmr=0.71"], tmp_path, ngspice)
    assert_currents(found, own.current(1, BIASES)[:, None])


@pytest.mark.parametrize("state", ["4", "-1", "0.5"])
@pytest.mark.parametrize("name", ["quadratic", "quadratic-channel"])
def test_a_state_that_there_is_not_stops_ngspice(
    name: str, state: str, tmp_path: Path, ngspice: str
) -> None:
    with pytest.raises(RuntimeError, match="out of range"):
        swept(spice.subcircuit(COMPOUNDS[name]), [f"{{}} 0 synapse state={state}"], tmp_path,
              ngspice)


def test_beyond_the_limit_conductances_stay_as_they_are(tmp_path: Path, ngspice: str) -> None:
    compound = COMPOUNDS["contact"]
    found = swept(spice.subcircuit(compound, limit=0.5), ["{} 0 synapse state=2"], tmp_path,
                  ngspice)
    at = np.array([compound.conductances(v)[2] for v in np.clip(BIASES, -0.5, 0.5)])
    assert_currents(found, (BIASES * at)[:, None])


# --- Verilog-A: its equations, and its grammar where a parser is installed ------------------------


@pytest.mark.parametrize("name", COMPOUNDS)
def test_the_equations_of_a_module_are_those_of_every_state(name: str) -> None:
    compound, biases = COMPOUNDS[name], BIASES[::4]
    module = parsed(spice.verilog_a(compound))
    assert module.ports == ["top", "bottom"]
    assert module.ranges["state"] == f"[0:{compound.states - 1}]"
    found = [[module.currents({"top": v, "bottom": 0.0}, state=k)["top"]
              for k in range(compound.states)] for v in biases]
    expected = compound.current(np.arange(compound.states), biases[:, None])
    assert_currents(np.array(found), expected)


@pytest.mark.parametrize("name", [name for name in COMPOUNDS if COMPOUNDS[name].cells < 5])
def test_the_equations_of_a_module_are_those_of_every_pattern(name: str) -> None:
    compound = COMPOUNDS[name]
    module, patterns = parsed(spice.verilog_a(compound, per_cell=True)), range(2**compound.cells)
    ground = dict.fromkeys(["bottom"] if compound.channel is None else
                           ["left", "right"] if compound.channel.both_ends else ["left"], 0.0)
    for v in (-1.0, -0.3, 0.7):
        found = [module.currents({"top": v} | ground, **{
            f"p{i}": p >> i & 1 for i in range(compound.cells)})["top"] for p in patterns]
        np.testing.assert_allclose(found, v * compound.pattern_conductances(v), rtol=ACCURACY)


def test_a_module_takes_parameters_of_its_own() -> None:
    module = parsed(spice.verilog_a(COMPOUNDS["quadratic"], "cell_1"))
    own = CompoundMTJ(replace(MTJ_, r_p=31e3, tmr=0.71), 3)
    assert module.name == "cell_1"
    assert set(module.parameters) == {"state", "r_p", "tmr", "v_p", "v_h"}
    found = module.currents({"top": 0.4, "bottom": 0.0}, state=1, r_p=31e3, tmr=0.71)
    assert found["top"] == pytest.approx(float(own.current(1, 0.4)), rel=1e-14)


@pytest.mark.parametrize("per_cell", [False, True], ids=["states", "cells"])
@pytest.mark.parametrize("name", SMOOTH)
def test_a_parser_of_verilog_a_takes_it(name: str, per_cell: bool, tmp_path: Path) -> None:
    """ADMS parses; it does not compile."""
    adms = shutil.which("admsXml")
    if adms is None:
        pytest.skip("apt install adms")
    text = spice.verilog_a(COMPOUNDS[name], per_cell=per_cell)
    (tmp_path / "it.xml").write_text(
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<!DOCTYPE admst SYSTEM "admst.dtd">\n'
        '<admst version="2.3.0" xmlns:admst="http://mot-adms.sourceforge.net/xml-files/admst">\n'
        '<admst:for-each select="/module"><admst:message format="has %(name)\\n"/>'
        "</admst:for-each>\n</admst>\n", encoding="ascii")
    said = []
    for body in (text, text.replace(" <+ ", " <+ * ", 1)):
        (tmp_path / "it.va").write_text(body, encoding="ascii")
        done = subprocess.run([adms, "it.va", "-e", "it.xml"], cwd=tmp_path, capture_output=True,
                              text=True, check=False, timeout=60)
        said.append(done.stdout + done.stderr)
    assert "has synapse" in said[0]
    assert "[fatal" not in said[0]
    assert "syntax error" in said[1]


# --- what is written, and what is refused ---------------------------------------------------------


def test_laws_with_a_formula_are_written_as_such() -> None:
    for name in ("quadratic", "brinkman", "areas", "kumar2024"):
        text = spice.subcircuit(COMPOUNDS[name])
        assert re.search(r"^\.subckt synapse top bottom state=0 r_p=\S+ tmr=\S+ v_", text, re.M)
    assert " r_p=" not in spice.subcircuit(COMPOUNDS["derived"])


@pytest.mark.parametrize("write", [spice.subcircuit, spice.verilog_a])
def test_text_is_plain_and_the_same_every_time(write: "type[str]") -> None:
    for compound in COMPOUNDS.values():
        text = write(compound)
        assert text.isascii()
        assert text.endswith("\n")
        assert text == write(compound)


@pytest.mark.parametrize("name", ["synapse", "SYN_3", "x"])
def test_names_that_both_languages_take(name: str) -> None:
    compound = COMPOUNDS["one"]
    assert f".subckt {name} " in spice.subcircuit(compound, name)
    assert f"module {name}(" in spice.verilog_a(compound, name)


@pytest.mark.parametrize(("name", "safe"), [
    ("1.9nm", "x_1_9nm"), ("my synapse", "my_synapse"), ("", "x"), ("Module", "x_Module"),
    ("a;b\n.end", "a_b_end"), ("\u00b5m", "m"), ("_x", "x")])
@pytest.mark.parametrize("write", [spice.subcircuit, spice.verilog_a])
def test_other_names_are_refused_with_a_proposal(
    write: "type[str]", name: str, safe: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{safe!r} would do")):
        write(COMPOUNDS["one"], name)
    assert write(COMPOUNDS["one"], safe)


@dataclass(frozen=True)
class JumpBias(QuadraticBias):
    """Jumps at 0.3 V."""

    def parallel(self, v: ArrayLike, g_p: ArrayLike) -> np.ndarray:
        return np.asarray(super().parallel(v, g_p) * np.where(np.asarray(v) > 0.3, 1.1, 1.0))


def test_a_law_that_jumps_is_refused_where_it_does() -> None:
    compound = CompoundMTJ(replace(MTJ_, bias=JumpBias(0.9, 0.5)), 2)
    with pytest.raises(ValueError, match=r"up to 1 V: the bias law jumps"):
        spice.subcircuit(compound)
    assert spice.subcircuit(compound, limit=0.29)


@pytest.mark.parametrize(("given", "match"), [
    ({"compound": MTJ_}, "expected a CompoundMTJ"), ({"name": 3}, "name is 3"),
    ({"limit": -1.0}, "limit"), ({"tolerance": 0.0}, "tolerance")])
def test_what_does_not_fit_is_refused(given: dict[str, object], match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        spice.subcircuit(**({"compound": COMPOUNDS["one"]} | given))


def test_too_many_curves_propose_cells() -> None:
    compound = CompoundMTJ(MTJ_, 9, CHANNEL, tuple(2.0**k for k in range(9)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match="per_cell=True"):
            spice.subcircuit(compound)
        assert "Bcell8" in spice.subcircuit(compound, per_cell=True)
