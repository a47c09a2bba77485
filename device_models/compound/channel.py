"""The write channel under a compound: its resistance, and what it takes from a read.

The lower electrodes of the junctions are the nodes of a resistor ladder; their upper electrodes
are joined. A read applies its voltage between the upper electrodes and one end of the channel (or
both). Hence the conductance depends a little on which cells are parallel, not only on how many.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import (
    Floats,
    first,
    fitting,
    nonnegative,
    nonnegative_array,
    positive,
    real_array,
    whole,
)


def ladder_voltages(
    conductance: ArrayLike, segments: ArrayLike, electrodes: ArrayLike = 1.0
) -> Floats:
    """Voltages of a ladder's nodes, for 1 V on the joined electrodes: (..., n) [1].

    Kirchhoff's laws solved exactly: Thevenin equivalents are carried from the left end to the
    right, node voltages back; nothing is iterated and open ends need no special case.

    Parameters
    ----------
    conductance : (..., n) array
        From each node to the joined electrodes [S], zero or more.
    segments : (n + 1,) array
        Resistances [ohm]: ground to node 0, between neighbours, node n - 1 to ground. The first is
        finite and above zero; the last may be infinite, which is an open end.
    electrodes : number or (..., n) array, optional
        Voltage of the electrode above each node, if not joined [V]; the result is then in [V].
    """
    g, top = nonnegative_array("conductance", conductance, "S"), real_array(
        "electrodes", electrodes, "V")
    n = g.shape[-1] if g.ndim else 0
    if not n:
        raise ValueError(f"conductance [S] has shape {g.shape}; expected (..., nodes), one node or "
                         "more")
    r = np.asarray(segments, float)
    if r.shape != (n + 1,) or not np.all(r >= 0) or not 0 < r[0] < np.inf:
        raise ValueError(f"segments [ohm] are {segments!r}; expected {n + 1} resistances "
                         "of zero or more, the first above zero and finite")
    if fitting(conductance=g, electrodes=top) != g.shape:
        raise ValueError(f"electrodes [V] have shape {top.shape}; expected one number, or one for "
                         f"each of the conductances {g.shape}")
    return _ladder(g, r, np.broadcast_to(top, g.shape))


def _ladder(g: Floats, r: Floats, top: Floats) -> Floats:
    """Node voltages (..., n) [V] of conductances `g` [S] to `top` [V], over `r` (n + 1,) [ohm]."""
    n = g.shape[-1]
    source, behind = np.empty((2, *g.shape))  # Thevenin voltage and resistance, node included
    e, z = np.zeros(g.shape[:-1]), np.zeros(g.shape[:-1])
    for k in range(n):
        z = z + r[k]
        share = 1.0 + z * g[..., k]
        e, z = (e + z * g[..., k] * top[..., k]) / share, z / share
        source[..., k], behind[..., k] = e, z
    u = np.empty_like(g)
    u[..., -1] = source[..., -1] / (1.0 + behind[..., -1] / r[-1]) if r[-1] > 0 else 0.0
    for k in range(n - 2, -1, -1):
        current = (source[..., k] - u[..., k + 1]) / (behind[..., k] + r[k + 1])
        u[..., k] = source[..., k] - behind[..., k] * current
    return u


@dataclass(frozen=True)
class Channel:
    """A heavy-metal strip with junctions at equal distances on it.

    The length under n cells is `length` + (n - 1) `pitch`, half of `length` outside the first and
    the last; half of `fixed` (contacts, leads) is at each end. With 115 ohm/sq and 185 ohm fixed,
    0.9 um wide: 300 ohm for one cell, 600 for three.

    Parameters
    ----------
    sheet_resistance : float
        [ohm/sq].
    width : float
        Across the current [m].
    length : float
        Of the channel of one cell [m].
    pitch : float
        From cell to cell [m].
    fixed : float
        Resistance in series that does not depend on the length [ohm].
    both_ends : bool
        Whether a read returns through both ends, joined, rather than one.
    """

    sheet_resistance: float
    width: float
    length: float
    pitch: float
    fixed: float = 0.0
    both_ends: bool = False

    def __post_init__(self) -> None:
        for name, unit in (("sheet_resistance", "ohm/sq"), ("width", "m"), ("length", "m"),
                           ("pitch", "m")):
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        object.__setattr__(self, "fixed", nonnegative("fixed", self.fixed, "ohm"))
        if not isinstance(self.both_ends, (bool, np.bool_)):
            raise TypeError(f"both_ends is {self.both_ends!r}; expected True or False")

    def resistance(self, cells: int = 1) -> float:
        """From end to end under `cells` junctions, what a write pulse sees [ohm]."""
        n = whole("cells", cells, 1)
        squares = (self.length + (n - 1) * self.pitch) / self.width
        return self.fixed + self.sheet_resistance * squares

    def segments(self, cells: int = 1) -> Floats:
        """Resistances of the read's ladder, (cells + 1,) [ohm]; the last is open for one end."""
        n = whole("cells", cells, 1)
        end = self.fixed / 2 + self.sheet_resistance * self.length / (2 * self.width)
        r = np.full(n + 1, self.sheet_resistance * self.pitch / self.width)
        r[0], r[-1] = end, end if self.both_ends else np.inf
        return r


def fit_channel_two_lengths(
    resistances: ArrayLike, lengths: ArrayLike, width: float
) -> tuple[float, float]:
    """Sheet resistance [ohm/sq] and fixed resistance [ohm] of channels of one `width` [m].

    `resistances` (2,) [ohm] are from end to end, of channels of `lengths` (2,) [m].
    R = fixed + sheet length/width; 300 ohm at 0.9 um and 600 ohm at 3.25 um, 0.9 um wide, give
    115 ohm/sq and 185 ohm.
    """
    r, x = real_array("resistances", resistances, "ohm"), real_array("lengths", lengths, "m")
    if r.shape != (2,) or x.shape != (2,) or x[0] == x[1]:
        raise ValueError(f"resistances {r} and lengths {x}: expected two each, of two lengths")
    per_length = (r[1] - r[0]) / (x[1] - x[0])
    fixed = r[0] - per_length * x[0]
    found = np.array([per_length * positive("width", width, "m"), fixed])
    if found[0] <= 0 or found[1] < 0:
        where, value = first(found, found <= 0)
        raise ValueError(f"sheet and fixed resistance are {found} ohm: {value:g}{where}; the "
                         "longer channel must have more resistance, but less in proportion")
    return float(found[0]), float(found[1])
