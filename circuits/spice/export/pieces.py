"""Curves over bias that no polynomial follows, as a table's: cubics between breakpoints.

    g(y) = c0 + sum_k x_k (a_k + x_k (b_k + x_k d_k)),   x_k = y - y_k kept between 0 and the
    width of piece k,

so that one expression holds for all y. A piece goes through the curve at its ends and its thirds;
one that is not good enough is cut into three, whose ends are those four points.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from circuits.spice.export.curves import Curves
from device_models.checks import Floats

_START = 7  # odd, so that no end of a piece is at zero, where a chord I/V is not asked for
_MOST_PIECES = 400
_LEAST_WIDTH = 1e-12  # no cut gets narrower at a jump's sides
_JUDGES = np.array([0.12, 0.22, 0.45, 0.6, 0.78, 0.88])  # of a piece; 0.5 of the middle one is zero
_THIRDS = np.arange(4) / 3.0


class Pieces(Curves):
    """`points` are the ends of the pieces, `coefficients` c0 and then a, b, d of each piece."""

    def text(self, y: str, points: Sequence[str], coefficients: Sequence[str]) -> str:
        """g as an expression of `y`, as in `Curves`."""
        found = [coefficients[0]]
        for k, (start, end) in enumerate(pairwise(points)):
            x = f"min(max({y}-{start},0.0),{end}-{start})"
            a, b, d = coefficients[1 + 3 * k:4 + 3 * k]
            found.append(f"{x}*({a}+{x}*({b}+{x}*{d}))")
        return "+".join(found)


def pieces_of(
    chord: Callable[[Floats], Floats], limit: float, tolerance: float
) -> Curves | None:
    """Cubics good to a relative `tolerance` [1] up to `limit` [V]; None if 400 are too few.

    `chord` is that of `curves_of`.
    """
    ends = np.linspace(-2.0, 2.0, _START + 1)
    pending = np.stack([ends[:-1], ends[1:]], axis=1)
    done: list[tuple[Floats, Floats]] = []  # start and end of a piece, and its (curves, 3)
    while len(pending):
        if len(done) + len(pending) > _MOST_PIECES or np.diff(pending).min() < _LEAST_WIDTH:
            return None
        cubic, good = _cubics(chord, pending, limit, tolerance)
        done += [(piece, c) for piece, c, fine in zip(pending, cubic, good, strict=True) if fine]
        cut = pending[~good]
        at = cut[:, :1] + (cut[:, 1:] - cut[:, :1]) * _THIRDS
        pending = np.stack([at[:, :-1], at[:, 1:]], axis=-1).reshape(-1, 2)
    done.sort(key=lambda piece: float(piece[0][0]))
    first = chord(np.array([-limit]))[0][:, None]
    points = np.array([piece[0] for piece, _ in done] + [2.0])
    return Pieces(points, np.hstack([first, *(c for _, c in done)]), limit)


def _cubics(
    chord: Callable[[Floats], Floats], pieces: Floats, limit: float, tolerance: float
) -> tuple[Floats, np.ndarray]:
    """a, b, d of each piece (pieces, curves, 3), and whether it is good enough (pieces,)."""
    start, width = pieces[:, :1], np.diff(pieces, axis=1)

    def at(shares: Floats) -> Floats:
        y = start + width * shares
        return chord(y.ravel() * limit / 2).reshape(*y.shape, -1)  # (pieces, shares, curves)

    nodes, judged = at(_THIRDS), at(_JUDGES)
    powers = _THIRDS[1:, None] ** np.arange(1, 4)
    c = np.linalg.solve(powers, nodes[:, 1:] - nodes[:, :1])  # (pieces, 3, curves), of shares
    found = nodes[:, :1] + np.einsum("jk,pkc->pjc", _JUDGES[:, None] ** np.arange(1, 4), c)
    good = np.all(np.abs(found / judged - 1.0) <= tolerance, axis=(1, 2))
    return np.moveaxis(c / width[..., None] ** np.arange(1, 4)[:, None], 1, 2), good
