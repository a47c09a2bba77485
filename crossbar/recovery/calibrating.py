"""Digital gains and offsets that win accuracy back, layer by layer."""

import warnings
from collections.abc import Sequence

import keras

from crossbar.conversion.samples import Batch, Samples, batches
from crossbar.conversion.stand_ins import StandIn, labels, looked_at
from crossbar.layers.product import CrossbarProduct
from crossbar.recovery.corrected import corrected
from crossbar.recovery.fitting import FEWEST, fit
from crossbar.recovery.gains import RIDGE, CalibrateOn, Gains, PerOutput
from crossbar.recovery.parts import Parts
from crossbar.recovery.ranges import Ranges, take_ranges
from crossbar.recovery.reads import Network
from crossbar.tiles.progress import Progress, told, unseen

_PASSES = 4  # until ranges hold what they should: one more than it mostly takes


def calibrate(analog: keras.Model, x: Samples, *, gains: Gains | None = None,
              ridge: float = RIDGE, progress: Progress | None = None) -> keras.Model:
    """The same analog model with a digital gain and offset for each output of its layers.

    Wires, states and converters make what columns give smaller and shift it, each column by as much
    for nearly all inputs. Layer by layer, in the order of the network, what a layer gives for `x`
    behind the calibrated layers before it is fitted to what it gives in the network with the
    weights that were wanted, before its activation: see `crossbar.recovery.fitting`. No squared
    error of an output grows by it. No labels are needed, and few samples are enough; take them from
    training images, and never from those that an accuracy is told of.

    Ranges of converters that `calibration` of `to_analog` found are widened where inputs and
    currents grow with the gains before them.

    Parameters
    ----------
    analog : keras.Model
        As `to_analog` made it, or loaded from a file; it stays as it is. One that is calibrated is
        calibrated from the start: what it was before does not matter.
    x : samples
        Typical inputs of the model, as `calibration` of `to_analog`. Of layers that read more than
        `crossbar.recovery.reads.MOST` times, as convolutions, so many reads are looked at, chosen
        evenly; all of them are run.
    gains : PerOutput or PerTile
        Which; `crossbar.PerOutput()` by default.
    ridge : float
        How strongly gains are held at 1, as the inverse of the variance that is expected of them
        [1]: with 0.01, gains up to 10 are nothing unheard of. It counts against errors that are
        left: where these are small, or reads are many, it does next to nothing. 0 is plain least
        squares.
    progress : callable
        Called with 1 after each product. A bar on a terminal, if not given.

    Returns
    -------
    keras.Model
        A new one, compiled as `analog` is, that saves what was found. Layers without crossbars
        belong to both.

    Raises
    ------
    ValueError
        If `analog` has no programmed crossbars, `x` does not fit it or makes fewer than three reads
        of a layer, or `ridge` is below zero.
    TypeError
        If `gains` is none.

    Warns
    -----
    UserWarning
        If outputs say next to nothing of what was wanted: no gain brings a lost signal back.
    """
    wanted = CalibrateOn(x, PerOutput() if gains is None else gains, ridge)
    products = looked_at(analog)
    given = given_to(analog, x)
    with told(progress, len(products), "calibrating", "product") as done:
        found = correct(analog, products, given, wanted, done)
    made = corrected(analog, wanted.gains.per_tile)
    take_corrections(found, looked_at(made))
    return made


def given_to(model: keras.Model, x: Samples) -> list[Batch]:
    """Samples in batches, or an error that says what they are for."""
    try:
        return batches(model, x)
    except (TypeError, ValueError) as error:
        raise ValueError(f"x of calibrate: {error}") from error


def correct(model: keras.Model, products: Sequence[CrossbarProduct], given: Sequence[Batch],
            wanted: CalibrateOn, progress: Progress = unseen) -> list[StandIn]:
    """Stand-ins for `products` of `model`, corrected for `given`; the model stays as it is."""
    made = [StandIn.uncorrected(product, wanted.gains.per_tile) for product in products]
    network = Network(model, products, given)
    _check_reads(network)
    refit(network, made, wanted.ridge, Ranges(network, made), progress)
    return made


def refit(network: Network, made: Sequence[StandIn], ridge: float, ranges: Ranges | None = None,
          progress: Progress = unseen) -> None:
    """Correct stand-ins, which are not corrected yet, one after another."""
    lost = []
    for number, _product in enumerate(made):
        if network.count(number):
            parts = _parts(network, number, made, ranges)
            fitted = fit(parts.scatter, ridge)
            parts.take(fitted)
            if fitted.lost.any():
                lost.append((number, int(fitted.lost.sum()), len(fitted.lost)))
        progress(1)
    if lost and ranges is not None:
        _warn_of_lost(network, lost)


def take_corrections(found: Sequence[StandIn], products: Sequence[CrossbarProduct]) -> None:
    """What was found for stand-ins, into `products`, which are like them."""
    for stand_in, product in zip(found, products, strict=True):
        take_ranges(stand_in, product)
        for name in ("gain", "offset", "trim"):
            mine, its = getattr(product.correction, name), getattr(stand_in.correction, name)
            if mine is not None:
                mine.assign(its)
        product.reads.fresh()


def _check_reads(network: Network) -> None:
    """Refuse what would fit any gain."""
    for number, product in enumerate(network.products):
        if 0 < network.count(number) < FEWEST:
            raise ValueError(
                f"x makes {network.count(number)} reads of layer {product.layer!r}; a gain and an "
                f"offset take {FEWEST} at least: give more samples, some tens of them")


def _parts(network: Network, number: int, made: Sequence[StandIn], ranges: Ranges | None) -> Parts:
    """What the product gives, its converters' ranges wide enough for it."""
    if ranges is None:
        parts = Parts(made[number])
        network.pairs(number, made, parts)
        return parts
    for _ in range(_PASSES):
        ranges.forget(number)
        parts = Parts(made[number])
        network.pairs(number, made, parts, ranges.see)
        if not ranges.widen(number):
            break
    return parts


def _warn_of_lost(network: Network, lost: Sequence[tuple[int, int, int]]) -> None:
    """Of outputs that nothing can be won back of."""
    names = labels(network.model, network.products)
    told_of = ", ".join(f"{count} of {outputs} of {names[number]!r}"
                        for number, count, outputs in lost)
    warnings.warn(
        "outputs whose columns say next to nothing of what was wanted, or the opposite: "
        f"{told_of}; no gain brings them back: make tiles smaller, or wires wider, or leave the "
        "layer digital; or give samples on which these outputs vary", UserWarning, stacklevel=5)
