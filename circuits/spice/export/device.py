"""What is written of a compound, before it is known in which language."""

import re
from dataclasses import dataclass

import numpy as np

from circuits.spice.export.barriers import Barrier, barrier_of
from circuits.spice.export.curves import Curves
from circuits.spice.export.fitting import curves_of
from device_models import CompoundMTJ
from device_models.checks import Floats, positive

_MOST_STATES = 256  # of curves, each with coefficients of its own
_KEYWORDS = """
    above abs absdelay ac_stim acos acosh aliasparam always analog analysis and asin asinh assign
    atan atan2 atanh begin branch buf case ceil connectrules cos cosh cross ddt ddx deassign default
    defparam disable discipline discontinuity edge else end endcase enddiscipline endfunction
    endmodule endnature event exclude exp final_step flicker_noise floor for force forever fork
    from function generate genvar ground hypot idt idtmod if inf initial initial_step inout input
    integer join laplace_nd laplace_np laplace_zd laplace_zp last_crossing limexp ln localparam log
    max min module nand nature noise_table nor not or output parameter potential pow real reg
    repeat sin sinh slew sqrt string tan tanh task timer transition tri use wait wand while
    white_noise wire wor xnor xor zi_nd zi_np zi_zd zi_zp
    bottom left right state top"""
_RESERVED = frozenset(_KEYWORDS.split())


def checked_name(name: str) -> str:
    """A name that both languages take as that of a device, or an error with one that they do."""
    if not isinstance(name, str):
        raise TypeError(f"name is {name!r}; expected text, as 'synapse'")
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) and name.lower() not in _RESERVED:
        return name
    safe = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    if not re.match(r"[A-Za-z]", safe) or safe.lower() in _RESERVED:
        safe = f"x_{safe}".rstrip("_")
    raise ValueError(f"name is {name!r}; expected a letter, then letters, digits and underscores, "
                     f"and no keyword of Verilog-A: {safe!r} would do")


@dataclass(frozen=True, eq=False)
class ByArea:
    """Two terminals and a state: its parallel area and the rest, under one law of bias.

    Parameters
    ----------
    barrier : Barrier
        The law.
    areas : (states,) array
        Parallel area of each state; the last has all of it [junction areas].
    """

    barrier: Barrier
    areas: Floats


@dataclass(frozen=True, eq=False)
class ByCell:
    """Each cell with a state of its own, on the nodes of its channel.

    Parameters
    ----------
    areas : (cells,) array
        [junction areas].
    contact : float
        In series with a cell of unit area [ohm].
    segments : (cells + 1,) array or None
        Of the channel, from its left end to its right one, fixed resistances counted [ohm].
    """

    barrier: Barrier
    areas: Floats
    contact: float
    segments: Floats | None

    @property
    def channel(self) -> list[tuple[str, str, float]]:
        """Its resistors: nodes and [ohm]; none without a channel."""
        if self.segments is None:
            return []
        along = ["left", *(f"n{i}" for i in range(len(self.areas))), "right"]
        return [(start, end, float(ohm))
                for start, end, ohm in zip(along, along[1:], self.segments, strict=False)]

    def nodes(self, cell: int) -> tuple[str, str]:
        """Above and below a junction."""
        return (f"m{cell}" if self.contact else "top",
                "bottom" if self.segments is None else f"n{cell}")


def by_state(compound: CompoundMTJ, limit: float, tolerance: float) -> ByArea | Curves:
    """States whose currents are `compound.current(state, v)`; as curves, one for each, where the
    voltage of the junctions is not that of the terminals."""
    _check(compound, limit, tolerance)
    areas = compound.parallel_areas
    if compound.channel is None and not compound.mtj.contact:
        return ByArea(barrier_of(compound.mtj, limit, tolerance), areas)
    if len(areas) > _MOST_STATES:
        raise ValueError(f"the compound has {len(areas)} states, each a curve of its own behind "
                         f"its channel or contacts; expected {_MOST_STATES} or fewer: write each "
                         "cell instead, per_cell=True")
    states = np.arange(len(areas))

    def chord(v: Floats) -> Floats:
        return np.asarray(compound.current(states, v[:, None]) / v[:, None])

    return curves_of(chord, limit, tolerance)


def by_cell(compound: CompoundMTJ, limit: float, tolerance: float) -> ByCell:
    """Cells whose currents, in each pattern, are those of `compound.pattern_conductances(v)`."""
    _check(compound, limit, tolerance)
    n = compound.cells
    segments = None
    if compound.channel is not None:
        segments = compound.channel.segments(n)
        segments[-1] = segments[0]  # the right end is there, whether a read uses it or not
    areas = np.ones(n) if compound.areas is None else np.array(compound.areas)
    return ByCell(barrier_of(compound.mtj, limit, tolerance), areas, compound.mtj.contact, segments)


def title(compound: CompoundMTJ) -> list[str]:
    """What the device is, line by line, for a comment."""
    mtj, channel = compound.mtj, compound.channel
    lines = [f"Compound of {compound.cells} magnetic tunnel junctions in parallel, "
             f"{compound.states} states; R_P {mtj.r_p:.6g} ohm, TMR {mtj.tmr:.6g}, "
             f"{mtj.temperature:g} K."]
    if compound.areas is not None:
        lines.append(f"Areas of the cells, from the read end on: {list(compound.areas)}.")
    if mtj.contact:
        lines.append(f"Contact of a cell of unit area: {mtj.contact:.6g} ohm.")
    if channel is not None:
        lines.append(f"On a channel of {channel.resistance(compound.cells):.6g} ohm from end to "
                     "end.")
    return lines


def _check(compound: CompoundMTJ, limit: float, tolerance: float) -> None:
    if not isinstance(compound, CompoundMTJ):
        raise TypeError(f"compound is {compound!r}; expected a CompoundMTJ, as "
                        "CompoundMTJ(stack.mtj(), cells=3)")
    positive("limit", limit, "V")
    positive("tolerance", tolerance, "1")
