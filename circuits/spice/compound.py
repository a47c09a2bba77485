"""A compound as a part of somebody else's circuit: a subcircuit for ngspice, a Verilog-A module.

Both have the terminals `top`, that of all upper electrodes, and `near` and `far`, the ends of the
channel; without a channel `near` is that of all lower electrodes. Which cells are parallel is their
parameter `pattern`, as `CompoundMTJ.pattern_conductances` numbers patterns: bit i is cell i, cell 0
next to `near`. State k of n equal cells is 2^k - 1, or any pattern of k ones: with a channel they
differ a little, and `conductances` has their mean.
"""

import re
from collections.abc import Iterator

from device_models import CompoundMTJ
from device_models.junction import BrinkmanBias, QuadraticBias

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED = {"analog", "begin", "electrical", "else", "end", "endmodule", "for", "ground", "if",
             "inout", "input", "integer", "module", "output", "parameter", "real", "while"}


def subcircuit(compound: CompoundMTJ, name: str = "compound_mtj") -> str:
    """A `.subckt` of a `compound` for ngspice: bias laws, contacts and channel included.

    `Xa row column 0 compound_mtj pattern=3` has the first two cells parallel. ngspice keeps 11
    digits of the numbers in B lines. Without a channel the third terminal is left out. Raises
    ValueError for a `name` that ngspice does not take, TypeError for a law of bias of one's own.

    Examples
    --------
    >>> from device_models import CompoundMTJ, load_stack
    >>> from circuits.spice import subcircuit
    >>> text = subcircuit(CompoundMTJ(load_stack("kumar2024").mtj(1.9e-9), 3))
    >>> [line for line in text.splitlines() if line.startswith(".subckt")]
    ['.subckt compound_mtj top near params: pattern=0']
    """
    _check(compound, name)
    lines = [f"* {_title(compound)}",
             "* volt, ampere, ohm; bit i of pattern: cell i is parallel",
             f".subckt {name} {' '.join(_ports(compound))} params: pattern=0"]
    for i in range(compound.cells):
        lines.append(f".param p{i} = {{floor(pattern/{2**i})-2*floor(pattern/{2**(i + 1)})}}")
    for i, (upper, lower) in enumerate(_cell_nodes(compound)):
        parallel, antiparallel = _currents(compound, i, f"v({upper},{lower})")
        lines.append(f"B{i} {upper} {lower} I={{p{i}}}*({parallel})+(1-{{p{i}}})*({antiparallel})")
    lines += [f"{part} {start} {end} {ohm!r}" for part, start, end, ohm in _resistors(compound)]
    return "\n".join([*lines, f".ends {name}", ""])


def verilog_a(compound: CompoundMTJ, name: str = "compound_mtj") -> str:
    """The same as a Verilog-A module; arguments and errors as of `subcircuit`.

    Examples
    --------
    >>> from device_models import CompoundMTJ, load_stack
    >>> from circuits.spice import verilog_a
    >>> verilog_a(CompoundMTJ(load_stack("kumar2024").mtj(1.9e-9), 3)).splitlines()[2]
    'module compound_mtj(top, near);'
    """
    _check(compound, name)
    ports = ", ".join(_ports(compound))
    pairs = list(_cell_nodes(compound))
    inner = dict.fromkeys(node for part in (pairs, [r[1:3] for r in _resistors(compound)])
                          for pair in part for node in pair if node not in _ports(compound))
    lines = [f"// {_title(compound)}", '`include "disciplines.vams"', f"module {name}({ports});",
             f"  inout {ports};", f"  electrical {', '.join([*_ports(compound), *inner])};",
             f"  parameter integer pattern = 0 from [0:{2**compound.cells - 1}];"
             "  // bit i: cell i is parallel", "  analog begin"]
    for i, (upper, lower) in enumerate(pairs):
        parallel, antiparallel = _currents(compound, i, f"V({upper}, {lower})")
        lines += [f"    if ((pattern >> {i}) & 1)", f"      I({upper}, {lower}) <+ {parallel};",
                  "    else", f"      I({upper}, {lower}) <+ {antiparallel};"]
    for _, start, end, ohm in _resistors(compound):
        lines.append(f"    I({start}, {end}) <+ V({start}, {end})/{ohm!r};")
    return "\n".join([*lines, "  end", "endmodule", ""])


def _check(compound: CompoundMTJ, name: str) -> None:
    if not isinstance(compound, CompoundMTJ):
        raise TypeError(f"compound is a {type(compound).__name__}; expected a CompoundMTJ")
    if not _NAME.fullmatch(name) or name.lower() in _RESERVED:
        raise ValueError(f"name is {name!r}; expected a letter, then letters, digits or "
                         "underscores, and no word of Verilog-A")


def _title(compound: CompoundMTJ) -> str:
    mtj = compound.mtj
    cells = f"{compound.cells} cells" if compound.cells > 1 else "1 cell"
    return (f"Compound of {cells}: R_P {mtj.r_p:g} ohm, R_AP {mtj.r_ap:g} ohm each"
            + (", on a channel" if compound.channel else ""))


def _ports(compound: CompoundMTJ) -> tuple[str, ...]:
    return ("top", "near", "far") if compound.channel else ("top", "near")


def _cell_nodes(compound: CompoundMTJ) -> Iterator[tuple[str, str]]:
    """Upper and lower node of every junction."""
    for i in range(compound.cells):
        yield (f"t{i}" if compound.mtj.contact else "top", f"n{i}" if compound.channel else "near")


def _resistors(compound: CompoundMTJ) -> Iterator[tuple[str, str, str, float]]:
    """Contacts and channel: names, nodes and [ohm]."""
    if compound.mtj.contact:
        for i in range(compound.cells):
            yield f"Rt{i}", "top", f"t{i}", compound.mtj.contact / _area(compound, i)
    if compound.channel:
        ohms = compound.channel.segments(compound.cells)
        ohms[-1] = ohms[0]  # there also where a read leaves it open
        nodes = ["near", *(f"n{i}" for i in range(compound.cells)), "far"]
        for k, ohm in enumerate(ohms):
            yield f"Rc{k}", nodes[k], nodes[k + 1], float(ohm)


def _area(compound: CompoundMTJ, cell: int) -> float:
    return 1.0 if compound.areas is None else float(compound.areas[cell])


def _currents(compound: CompoundMTJ, cell: int, v: str) -> tuple[str, str]:
    """Of a junction at the voltage expression `v`, parallel and antiparallel [A]."""
    mtj, law = compound.mtj, compound.mtj.bias_law
    g = f"{_area(compound, cell) / mtj.r_p!r}"
    if isinstance(law, QuadraticBias):
        chord = f"{g}*(1.0+{v}*{v}*{1 / law.v_p**2!r})"
    elif isinstance(law, BrinkmanBias):
        chord = f"{g}*(1.0-{v}*{law.slope / 2!r}+{v}*{v}*{law.curvature / 3!r})"
    else:
        raise TypeError(f"the junction's bias is {law!r}; expected a QuadraticBias or a "
                        "BrinkmanBias, whose formulas can be written down")
    ratio = f"(1.0+{mtj.tmr!r}/(1.0+{v}*{v}*{1 / law.v_h**2!r}))"
    return f"{v}*{chord}", f"{v}*{chord}/{ratio}"
