"""A reader of the Verilog-A that is written here, apart from what writes it: it finds the currents
of a module by Kirchhoff's law at its inner nodes, from the text alone."""

import re
from dataclasses import dataclass, field
from functools import cache
from types import CodeType

import numpy as np
from scipy.optimize import fsolve

_ACCESS = re.compile(r"V\((\w+), (\w+)\)")


@dataclass
class Module:
    """A module's declarations, and what its analog block does, line by line."""

    name: str
    ports: list[str]
    nodes: list[str] = field(default_factory=list)
    parameters: dict[str, float] = field(default_factory=dict)
    ranges: dict[str, str] = field(default_factory=dict)
    variables: list[str] = field(default_factory=list)
    analog: list[str] = field(default_factory=list)

    def currents(self, voltages: dict[str, float], **parameters: float) -> dict[str, float]:
        """Currents [A] into the ports at `voltages` [V]; a port that has none is left open."""
        assert set(parameters) <= set(self.parameters)
        values = self.parameters | parameters
        free = [node for node in self.nodes if node not in voltages]

        def into(guess: np.ndarray) -> dict[str, float]:
            v = voltages | dict(zip(free, guess, strict=True))
            return self._evaluated(v, values)

        if not free:
            return into(np.zeros(0))
        scale = 1e6  # [1/A]: `fsolve` looks at changes of the voltages, and at sizes of 1
        found = fsolve(lambda guess: [scale * into(guess)[node] for node in free],
                       np.full(len(free), np.mean(list(voltages.values()))), xtol=1e-13)
        return into(found)

    def _evaluated(self, v: dict[str, float], values: dict[str, float]) -> dict[str, float]:
        """Current out of each node into the branches [A]."""
        out = dict.fromkeys(self.nodes, 0.0)
        known = dict(values)
        case: int | None = None
        taken = False
        for line in self.analog:
            if found := re.fullmatch(r"case \((\w+)\)", line):
                case, taken = int(values[found[1]]), False
            elif line == "endcase":
                case = None
            elif found := re.fullmatch(r"I\((\w+), (\w+)\) <\+ (.*);", line):
                current = self._value(found[3], v, known)
                out[found[1]] += current
                out[found[2]] -= current
            elif found := re.fullmatch(r"(?:(\d+|default): )?(\w+) = (.*);", line):
                label = found[1]
                mine = label is None or (not taken and label in ("default", str(case)))
                taken = taken or (label is not None and mine)
                assert found[2] in self.variables
                if mine:
                    known[found[2]] = self._value(found[3], v, known)
            else:
                raise ValueError(f"no line of Verilog-A that is known here: {line!r}")
        return out

    @staticmethod
    def _value(text: str, v: dict[str, float], known: dict[str, float]) -> float:
        return float(eval(_code(text), {"__builtins__": {}, "min": min, "max": max},
                          known | {"at_": v}))


@cache
def _code(text: str) -> CodeType:
    """Python's own reading of an expression, once voltages are taken from a table."""
    return compile(_ACCESS.sub(r"(at_['\1']-at_['\2'])", text), "<analog>", "eval")


def parsed(text: str) -> Module:
    """The one module of `text`; a line that no rule knows is an error."""
    lines = [line.split("//")[0].strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    assert lines[0] == '`include "disciplines.vams"'
    first = re.fullmatch(r"module (\w+)\(([\w, ]+)\);", lines[1])
    assert first is not None
    assert lines[-1] == "endmodule"
    module = Module(first[1], first[2].split(", "))
    start, end = lines.index("analog begin"), lines.index("end")
    assert end == len(lines) - 2
    for line in lines[2:start]:
        _declare(module, line)
    assert set(module.ports) <= set(module.nodes)
    module.analog = lines[start + 1:end]
    return module


def _declare(module: Module, line: str) -> None:
    if found := re.fullmatch(r"inout ([\w, ]+);", line):
        assert found[1].split(", ") == module.ports
    elif found := re.fullmatch(r"electrical ([\w, ]+);", line):
        module.nodes += found[1].split(", ")
    elif found := re.fullmatch(r"real ([\w, ]+);", line):
        module.variables += found[1].split(", ")
    elif found := re.fullmatch(r"parameter (?:integer|real) (\w+) = (\S+?)( from \S+)?;", line):
        module.parameters[found[1]] = float(found[2].strip("()"))
        module.ranges[found[1]] = (found[3] or "").removeprefix(" from ")
    else:
        raise ValueError(f"no declaration that is known here: {line!r}")
