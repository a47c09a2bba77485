"""From a Keras model to the same model on crossbars."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

import keras

from circuits.solvers.memory import check_memory
from crossbar.conversion.calibration import Calibration
from crossbar.conversion.check import check
from crossbar.conversion.choosing import States, check_states, choose
from crossbar.conversion.folding import foldable, folded
from crossbar.conversion.places import places_of
from crossbar.conversion.plan import Digital, Plan, is_graph
from crossbar.conversion.rebuild import ALONE, copied, copy_compilation, rebuild
from crossbar.conversion.samples import Batch, Samples, batches
from crossbar.conversion.trained import exactly
from crossbar.hardware import Hardware
from crossbar.layers.folded import FoldedNormalization
from crossbar.layers.maker import Job, Maker
from crossbar.layers.model import products_of
from crossbar.layers.product import CrossbarProduct
from crossbar.tiles.progress import Progress, told
from device_models.checks import positive

# Bytes a weight: devices, kernel, weights as wanted and currents of tiles, and meanwhile. 6,000 x
# 1,500 weights took 135 in all, with current converters 173.
_KEPT, _PASSING = 53.0, 120.0
NOTHING: Mapping[str, Any] = MappingProxyType({})
Hardwares = Hardware | Mapping[str, Hardware]


def to_analog(
    model: keras.Model,
    hardware: Hardwares,
    calibration: Samples | None = None,
    progress: Progress | None = None,
    *,
    states: States | None = None,
    digital: Digital | Sequence[Digital] = (),
    fold: bool = False,
    percentile: float | None = 100.0,
) -> keras.Model:
    """The same model with every layer that has an analog twin computed by crossbars.

    Nothing is solved before all layers are known to convert, and the result is compared with the
    original while it still has exact weights: it never computes something else in silence.

    Parameters
    ----------
    model : keras.Model
        Sequential or functional, built; with models, wrappers, shared layers, several inputs and
        outputs in it. Layers without analog twin stay digital; they are the same objects, so that
        training them trains those of the original. `conversion_report` says what became of each.
    hardware : Hardware, or mapping from layer names to them
        What the layers are programmed into; "*" is for those not named, which stay digital without.
    calibration : samples, optional
        Typical inputs of the model: an array, a list or dict of them, a `tf.data.Dataset`, a
        generator of batches. They set each layer's input range where activations exceed 1 (without
        them: -1 to 1) and the range of the current converters (without them: the largest current
        any input can make), layer by layer through the analog layers before.
    progress : callable
        Called with 1 after each solved tile; `count_tiles` says how many there are. A bar on a
        terminal, if not given.
    states : WireAware, optional
        How states are chosen, as `crossbar.WireAware()`: for what the solved circuits read, layer
        by layer through those before; calibration says what inputs matter. The state next to each
        weight if not given.
    digital : name or class of layers, or sequence of them
        What is left digital.
    fold : bool
        Whether a `BatchNormalization` behind a linear layer becomes part of its weights.
    percentile : float, optional
        Share of the calibration's currents, on either side, that current converters hold, above 50
        [per cent]; 100 is the full range, with which no calibration sample clips; None that of the
        worst inputs within their range, as without calibration.

    Returns
    -------
    keras.Model
        Compiled as `model` is. Its analog layers keep the names of those they replace.

    Raises
    ------
    TypeError
        If `model` is not a built Sequential or functional model, or `hardware` not a `Hardware`.
    ValueError
        If a layer cannot be converted (its name is given), numbers are not finite, or the result
        does not compute what the original does.
    MemoryError
        If the memory that is free is less than what the weights take.
    """
    conversion = Conversion.of(model, hardware, calibration, digital=digital, fold=fold,
                               percentile=percentile, settings={"given": states is not None})
    conversion.program(progress, states)
    copy_compilation(model, conversion.analog)
    return conversion.analog


def count_tiles(model: keras.Model, hardware: Hardwares, *,
                digital: Digital | Sequence[Digital] = ()) -> int:
    """How many tiles `to_analog` will solve."""
    exchange = _Exchange(Plan(model, hardware, digital))
    exchange.exchanged(model)
    return sum(job.tiles for job in exchange.maker.jobs)


@dataclass(frozen=True, eq=False)
class Conversion:
    """A model exchanged for an analog one, and what is to be programmed into it.

    Parameters
    ----------
    analog : keras.Model
        With exact weights, until its jobs are done.
    jobs : list of Job
        Its products.
    given : list of batches, optional
        Calibration samples.
    percentile : float, optional
        As in `to_analog`.
    """

    analog: keras.Model
    jobs: list[Job]
    given: list[Batch] | None
    percentile: float | None

    @classmethod
    def of(cls, model: keras.Model, hardware: Hardwares, calibration: Samples | None, *,
           digital: Digital | Sequence[Digital] = (), fold: bool = False,
           percentile: float | None = 100.0, kind: type[CrossbarProduct] = CrossbarProduct,
           settings: Mapping[str, Any] = NOTHING) -> Self:
        """Everything checked and nothing solved; arguments and errors are those of `to_analog`.

        Products are of a `kind` that is made of these `settings` too; where they train, layers
        that stay digital are copies, so that training leaves the original as it is.
        """
        plan = Plan(model, hardware, digital)
        if kind.TRAINS and any(each.TRAINS for each in products_of(model)):
            raise ValueError(f"model {model.name!r} trains already; fit it, or make another one of "
                             "the model that it was made of")
        if percentile is not None and not 50.0 < positive(
                "percentile", percentile, "per cent") <= 100.0:
            raise ValueError(f"percentile is {percentile!r} per cent; expected above 50, up to "
                             "100, or None for the currents of the worst inputs")
        _check_memory(plan)
        given = None if calibration is None else _given(model, calibration)
        exchange = _Exchange(plan, fold, kind, settings)
        analog = exchange.exchanged(model)
        analog.reasons.update(plan.reasons | exchange.reasons)
        with ALONE, exactly(model):
            check(model, analog, exchange.pairs, given[0] if given else None)
        return cls(analog, exchange.maker.jobs, given, percentile)

    @property
    def tiles(self) -> int:
        """How many there are to solve."""
        return sum(job.tiles for job in self.jobs)

    def program(self, progress: Progress | None, states: States | None = None) -> None:
        """Write and solve all products and set their ranges; in states chosen as in `choose`, if
        there is a way to."""
        if states is not None:
            check_states(states)
        with told(progress, self.tiles, "solving tiles") as done:
            for job in self.jobs:
                job.do(done)
        self.calibrate()
        if states is not None:
            choose(self.jobs, self.analog, self.given or (), states)
            self.calibrate()

    def calibrate(self) -> None:
        """Set the ranges of all products, which are programmed."""
        if self.given:
            Calibration(self.jobs, self.percentile).run(self.analog, self.given)


class _Exchange:
    """Puts analog layers into the place of others, each once, at any depth.

    Attributes
    ----------
    pairs : list
        Layers of the original with their twins.
    reasons : dict
        Why layers are gone, by name.
    """

    def __init__(self, plan: Plan, fold: bool = False,
                 kind: type[CrossbarProduct] = CrossbarProduct,
                 settings: Mapping[str, Any] = NOTHING) -> None:
        self.plan, self.fold = plan, fold
        self.maker = Maker(self._child, kind=kind, settings=settings)
        self._places = places_of(plan.model)
        self.pairs: list[tuple[keras.Layer, keras.Layer]] = []
        self.reasons: dict[str, str] = {}
        self._made: dict[int, Any] = {}
        self._folded: dict[int, keras.Layer] = {}

    def exchanged(self, model: keras.Model) -> keras.Model:
        """The graph of `model` with other layers."""
        for layer, normal in foldable(model) if self.fold else ():
            if self._decision(layer).hardware:
                self._folded[id(layer)] = normal
                self._made[id(normal)] = FoldedNormalization(
                    name=normal.name, dtype=normal.dtype_policy.name)
                self.reasons[normal.name] = f"folded into {layer.name!r}"
        return rebuild(model, self._child)

    def _child(self, layer: keras.Layer) -> keras.Layer:
        if id(layer) not in self._made:
            whole = id(layer) in self.plan.decisions  # so is a model that is left digital
            self._made[id(layer)] = self.exchanged(layer) if is_graph(layer) and not whole else (
                self._twin(layer) if isinstance(layer, keras.Layer) else layer)
        return self._made[id(layer)]

    def _decision(self, layer: keras.Layer) -> Any:
        return self.plan.decisions[id(layer)]

    def _twin(self, layer: keras.Layer) -> keras.Layer:
        decision, trains = self._decision(layer), self.maker.kind.TRAINS
        if decision.twin is None:
            return copied(layer) if trains else layer
        normal = self._folded.get(id(layer))
        if decision.hardware is not None:
            self.maker.begin(layer.name, self._places[id(layer)], decision.hardware)
        before = len(self.maker.jobs)
        twin = decision.twin.of(layer if normal is None else folded(layer, normal), self.maker)
        if len(self.maker.jobs) == before:
            # a wrapper around layers that all stay digital
            return copied(layer) if trains else layer
        if trains and not layer.trainable:  # else what is frozen within would train
            twin.trainable = False
        self.pairs.append((layer if normal is None else normal, twin))
        return twin


def _check_memory(plan: Plan) -> None:
    """Refuse what does not fit: what all layers keep, and what the largest takes on its way."""
    sizes = [(sum(math.prod(weight.shape) for weight in each.layer.weights), each.layer.name)
             for each in plan.analog]
    total, (largest, name) = sum(size for size, _ in sizes), max(sizes)
    check_memory(_KEPT * total + _PASSING * largest,
                 f"converting {total:.3g} weights, {largest:.3g} of them in layer {name!r},",
                 f"leave large layers digital, as with digital=({name!r},), or split them")


def _given(model: keras.Model, calibration: Samples) -> list[Batch]:
    """Calibration samples in batches, or an error that says what they are for."""
    try:
        return batches(model, calibration)
    except (TypeError, ValueError) as error:
        raise ValueError(f"calibration: {error}") from error


