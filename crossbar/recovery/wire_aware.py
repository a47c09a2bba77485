"""States chosen so that what the solved circuit reads comes nearest to the weights.

Three steps, each better than the one before:

1. Each output's own scale, and the level nearest to each weight: as without wires.
2. A fixed point: what is missing of each weight is divided by the slope at which the weight itself
   is read, which is the attenuation of its devices, T/G; and the level nearest to that is taken.
3. Descent: the exact gradient of the error through all wires says what each weight would do if it
   moved by a level; those that lower the error most are moved (`crossbar.recovery.descent`), fewer
   at a time the closer the end.

The error is that of the layer's outputs, as inputs of given second moments make it, with a digital
gain for each output that is fitted anew each time. With centred moments it is the error that is
left behind a digital offset, too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from circuits import Wires
from crossbar.hardware import Hardware
from crossbar.mapping import ColumnWise
from crossbar.recovery.descent import best_moves
from crossbar.recovery.ordering import order_against_drop
from crossbar.recovery.solved_states import SolvedStates, next_levels
from crossbar.recovery.target import Target
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.order import Order
from crossbar.tiles.progress import Progress, unseen
from device_models.checks import Floats, fraction, nonnegative, whole

_CERTAIN = 1e-9  # relative, below which an error is no smaller
_STEP = 1.0 / 16.0  # of the outermost level, by which slopes of continuous levels are found


@dataclass(frozen=True, eq=False)
class Chosen:
    """States of devices for the matrices of a layer, and how near they come.

    Parameters
    ----------
    wanted : Wanted
        Levels (groups, rows, outputs) [S], scale (groups, outputs) [1/S] and order, as
        `CrossbarProduct.program` takes them.
    weights : (groups, rows, outputs) array
        That the solved circuits realise, behind these scales [1].
    nearest, fixed_point, descended : float
        Root mean square of what outputs compute wrongly behind digital gains, over that of the
        outputs themselves [1]: for the levels next to the weights, after the fixed point, at last.
    """

    wanted: Wanted
    weights: Floats
    nearest: float
    fixed_point: float
    descended: float


@dataclass(frozen=True)
class WireAware:
    """How states are chosen.

    Parameters
    ----------
    iterations : int
        Of the fixed point.
    sweeps : int
        Of the descent, at most.
    share : float
        Of an output's weights, that the first sweep moves at most [1].
    worth : float
        Relative decrease of the error below which the next sweep moves half as many [1].
    ridge : float
        Of the mean second moment, added to that of each row: rows that calibration inputs never
        drove are to be right as well [1].
    order_rows, order_outputs : bool
        Whether rows, and outputs, are placed against the drop along wires where that helps; inputs
        are then sent to other rows, and results taken from other columns.
    """

    iterations: int = 8
    sweeps: int = 30
    share: float = 0.25
    worth: float = 0.03
    ridge: float = 1e-3
    order_rows: bool = True
    order_outputs: bool = False

    def __post_init__(self) -> None:
        for name in ("iterations", "sweeps"):
            whole(name, getattr(self, name), 0)
        for name in ("share", "worth"):
            fraction(name, getattr(self, name), one=True)
        nonnegative("ridge", self.ridge, "1")
        for name in ("order_rows", "order_outputs"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"{name} is {getattr(self, name)!r}; expected True or False")

    def choose(self, weights: Floats, hardware: Hardware, moments: Floats | None = None,
               progress: Progress = unseen) -> Chosen:
        """States for `weights` (groups, rows, outputs) [1], a row of biases included.

        Parameters
        ----------
        weights : (groups, rows, outputs) array
            Wanted weights, in the layer's units.
        hardware : Hardware
            Its wires, synapse, mapping and tiles; whatever is drawn does not matter, so that all
            chips get the same states.
        moments : (groups, rows, rows) or (groups, rows) array, optional
            Second moments of what drives the rows, E[x x^T], or E[x^2] alone [1]; centred, if
            outputs have digital offsets. All rows count alike without.
        progress : callable
            Called with 1 after each solved tile.

        Raises
        ------
        ValueError
            If shapes do not fit, or numbers are not finite.
        """
        target = Target.of(weights, moments, self.ridge)
        nominal = replace(hardware.ideal(), wires=hardware.wires)
        start = self._start(target, nominal, Order.unchanged(target.weights.shape), progress)
        order, best = Order.unchanged(target.weights.shape), self._fixed_point(start, progress)
        for other in self._orders(target, nominal):
            found = self._fixed_point(self._start(target, nominal, other, progress), progress)
            if found.error < best.error * (1.0 - _CERTAIN):
                order, best = other, found
        last = self._descent(best, progress)
        wanted = Wanted(order.undone(last.difference), _gains_undone(order, last.gain),
                        order=order if order.changes else None)
        realised = order.undone(last.gain[:, None] * last.read)
        return Chosen(wanted, realised, *(each.relative for each in (start, best, last)))

    def _orders(self, target: Target, nominal: Hardware) -> Iterator[Order]:
        """That are tried; none without wires."""
        if nominal.wires == Wires() or not (self.order_rows or self.order_outputs):
            return
        if self.order_rows:
            yield order_against_drop(target, nominal, outputs=False)
        if self.order_outputs:
            yield order_against_drop(target, nominal, rows=self.order_rows)

    @staticmethod
    def _start(target: Target, nominal: Hardware, order: Order, progress: Progress
               ) -> SolvedStates:
        """The levels next to the weights, at the scale of each output that suits them best."""
        levels = nominal.levels
        placed = target.ordered(order)
        scale = np.stack([ColumnWise().fit(each, levels) for each in placed.weights])
        nearest = levels.nearest(placed.weights / scale[:, None])
        return SolvedStates.of(placed, nominal, nearest, scale, progress)

    def _fixed_point(self, states: SolvedStates, progress: Progress) -> SolvedStates:
        """The best on the way to where each weight is read as it should be."""
        best = states
        for _ in range(self.iterations):
            up, down = next_levels(states.levels, states.difference, _STEP * states.levels.reach)
            read = states.moves(up).read - states.moves(down).read
            missed = states.target.missed(states.read, states.gain) / states.gain[:, None]
            more = np.divide(missed * (up - down), read, out=np.zeros_like(read), where=read > 0)
            difference = states.levels.nearest(states.difference + more)
            if np.array_equal(difference, states.difference):
                break
            states = states.changed(difference, progress)
            best = states if states.error < best.error * (1.0 - _CERTAIN) else best
        return best

    def _descent(self, states: SolvedStates, progress: Progress) -> SolvedStates:
        """The best that moves by one level lead to."""
        share, rows = self.share, states.difference.shape[1]
        for _ in range(self.sweeps):
            if share * rows < 1.0:
                break
            ways = [states.moves(to, gradient=True) for to in next_levels(
                states.levels, states.difference, share * states.levels.reach)]
            difference = best_moves(states, ways, int(share * rows))
            if np.array_equal(difference, states.difference):
                break
            found = states.changed(difference, progress)
            if not found.error < states.error * (1.0 - self.worth):
                share /= 2.0
            states = found if found.error < states.error * (1.0 - _CERTAIN) else states
        return states


def _gains_undone(order: Order, gain: Floats) -> Floats:
    """Gains (groups, outputs) in the matrices' own order."""
    return np.take_along_axis(gain, order.inverse.outputs, axis=1)
