"""Read energy of an analog model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import keras
import numpy as np

from crossbar.conversion.check import run
from crossbar.conversion.samples import Batch, Samples, batches, count
from crossbar.cost.arrays import (
    matrix_energy,
    nonlinear_energy,
    row_admittances,
    source_energies,
)
from crossbar.cost.layers import AnalogProduct, digital_layers, products_in
from crossbar.cost.moments import EvenReads, Moments
from crossbar.cost.parts import ARRAY, Parts, added
from crossbar.cost.periphery import Periphery
from crossbar.cost.report import EnergyReport, TileEnergy
from crossbar.cost.surroundings import tile_energy
from crossbar.layers.model import all_layers, look_at_range
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from crossbar.layers.watching import shown
from crossbar.tiles.progress import Progress, told

_BALANCE = 1e-9  # that parts of linear arrays may differ from what sources deliver, relative


def read_energy(model: keras.Model, x: Samples, progress: Progress | None = None, *,
                periphery: Periphery | None = None) -> EnergyReport:
    """Energy that an inference takes, mean over inputs `x`, and what each input takes.

    The arrays' part is that of the solved circuits: junctions, channels, wires and ends, for each
    row vector and `hardware.read_time`. What stands around them is estimated, see `Periphery`;
    converters that the hardware takes as ideal are counted with the bits that it assumes. Layers
    without crossbars are named and not counted.

    Parameters
    ----------
    model : keras.Model
        As `to_analog` returned it.
    x : samples
        As `calibration` of `to_analog`; where a model takes batches of one size only, the last is
        filled with the same samples again, and they count again.
    progress : callable
        Called with 1 after each tile; if not given, a terminal shows a bar.
    periphery : Periphery
        `Periphery()` by default.

    Notes
    -----
    Where devices are nonlinear some hundred reads, evenly chosen, are solved for what they take
    beyond linear ones. Layers have the names of `conversion_report`.

    Raises
    ------
    ValueError
        If `model` has no analog layer, `x` does not fit it, or voltages would break junctions.
    ArithmeticError
        If the parts of the arrays do not add up to what their sources deliver for the same inputs,
        found another way: a solution without enough digits.
    """
    return observe(model, x, progress, periphery).energy


@dataclass(frozen=True, eq=False)
class Observed:
    """An analog model, looked at while it inferred.

    Parameters
    ----------
    products : list of AnalogProduct
        In the network's order.
    reads : list of float
        Row vectors that each product's matrices read per inference, of whole inputs, whether or
        not their bits come one after another.
    energy : EnergyReport
        What it took.
    """

    products: list[AnalogProduct]
    reads: list[float]
    energy: EnergyReport


def observe(model: keras.Model, x: Samples, progress: Progress | None, periphery: Periphery | None
            ) -> Observed:
    """What `read_energy` finds, and what it looked at."""
    made = Periphery() if periphery is None else periphery
    if not isinstance(made, Periphery):
        raise TypeError(f"periphery is {periphery!r}; expected crossbar.Periphery(...)")
    products, given = products_in(model), batches(model, x)
    reads = [_Reads(each.product, sum(map(count, given))) for each in products]
    with told(progress, sum(each.tiles for each in products), "energy of tiles") as done:
        _run(model, given, {id(each.product): each for each in reads})
        for each in reads:
            each.look()
        tiles = []
        for product, each in zip(products, reads, strict=True):
            tiles.append(list(each.tiles(product, made, done)))
            each.balance(tiles[-1])
    per_sample = [each.moments[0].reads / len(each.energies) / (
        each.product.hardware.converters.serial_bits or 1) for each in reads]
    return Observed(products, per_sample,
                    _report(products, reads, tiles, made, digital_layers(model)))


def _run(model: keras.Model, given: list[Batch], reads: Mapping[int, "_Reads"]) -> None:
    """Have the reads of each product, by its id, see what drives it."""
    start = 0
    for batch in given:
        samples = slice(start, start := start + count(batch))

        def see(product: CrossbarProduct, rows: Tensor, samples: slice = samples) -> None:
            reads[id(product)].see(rows, samples)

        with shown(all_layers(model), see):
            run(model, batch)


def _report(products: list[AnalogProduct], reads: list["_Reads"], tiles: list[list[TileEnergy]],
            made: Periphery, digital: tuple[str, ...]) -> EnergyReport:
    """What all reads took, layer by layer."""
    layers: dict[str, list[Parts]] = {}
    arrays: dict[str, list[TileEnergy]] = {}
    samples = len(reads[0].energies)
    for product, each, own in zip(products, reads, tiles, strict=True):
        arrays.setdefault(product.name, []).extend(own)
        layers.setdefault(product.name, []).extend([tile.parts for tile in own] + [
            product.numbers.energy(product.hardware, made, moments.reads / samples)
            for moments in each.moments])
    known = all(each.known for each in reads)
    images = np.sum([each.energies for each in reads], axis=0).tolist() if known else ()
    return EnergyReport({name: added(parts) for name, parts in layers.items()}, samples,
                        {name: tuple(each) for name, each in arrays.items()}, tuple(images), made,
                        digital)


class _Reads:
    """What drives the rows of one product: second moments, extremes, energy of each sample; and
    some of the reads where devices are nonlinear, since their power is no matter of moments alone.

    Attributes
    ----------
    known : bool
        Whether it is known which read belongs to which sample.
    energies : (samples,) array
        What the sources deliver for each sample [J].

    Parameters
    ----------
    product : CrossbarProduct
        Programmed.
    samples : int
        That are to come.
    """

    def __init__(self, product: CrossbarProduct, samples: int) -> None:
        self.product, self.known, self.energies = product, True, np.zeros(samples)
        groups, height = product.shape[0], product.hardware.array.rows
        self.moments = [Moments(product.rows, height) for _ in range(groups)]
        self._some = [EvenReads() for _ in range(groups)]
        self._admittances = [row_admittances(matrix) for matrix in product.matrices]
        self._delivered = self._low = self._high = 0.0
        self._at = 0  # samples of the batch that were seen: large ones come in portions

    def see(self, rows: Tensor, samples: slice) -> None:
        """Count what drives the rows (..., groups, inputs) for these samples."""
        x = np.asarray(keras.ops.convert_to_numpy(rows), np.float64)
        self._low = min(self._low, float(x.min(initial=0.0)))
        self._high = max(self._high, float(x.max(initial=0.0)))
        flat, own = x.reshape(-1, *x.shape[-2:]), self._own(len(x), samples)
        for group, moments in enumerate(self.moments):
            driven = self.product.driven(flat[:, group], group)
            moments.add(driven)
            if self.product.hardware.nonlinear:
                self._some[group].add(driven)
            each = source_energies(self._admittances[group], driven, self.product.hardware)
            self._delivered += float(each.sum())
            if own is not None and each.size:  # bits of inputs come before the axis of samples
                self.energies[own] += each.reshape(-1, len(x), len(flat) // len(x)).sum(axis=(0, 2))

    def _own(self, rows: int, samples: slice) -> slice | None:
        """Which of the batch's samples so many rows on the first axis are of; None if unknown."""
        first, self._at = self._at, self._at + rows
        count_ = samples.stop - samples.start
        self.known = self.known and rows > 0 and self._at <= count_
        if not self.known:
            return None
        self._at %= count_
        return slice(samples.start + first, samples.start + first + rows)

    def look(self) -> None:
        """Warn of what came, or raise, as when a model is run."""
        self.product.take_seen()
        look_at_range(self.product, self._low, self._high, callers=4)

    def tiles(self, product: AnalogProduct, periphery: Periphery, progress: Progress
              ) -> Iterator[TileEnergy]:
        """Mean energy of each tile in an inference."""
        hardware, samples = self.product.hardware, len(self.energies)
        span = product.span
        lines = periphery.cell.row_capacitance, periphery.cell.column_capacitance
        for group, (matrix, moments) in enumerate(zip(
                self.product.matrices, self.moments, strict=True)):
            found = nonlinear_energy(
                self.product.readers[group], moments, self._some[group], samples, lines, progress
            ) if hardware.nonlinear else matrix_energy(matrix, moments, samples, lines, progress)
            for number, (tile, spent) in enumerate(zip(matrix.tiles, found, strict=True)):
                yield TileEnergy(product.number, group, number, tile.number, {
                    **spent.parts, **tile_energy(tile, hardware, periphery, moments.reads / samples,
                                                 spent.current, span)})

    def balance(self, tiles: list[TileEnergy]) -> None:
        """Hold what the arrays take against what their sources deliver."""
        taken = len(self.energies) * sum(tile.parts[part] for tile in tiles for part in ARRAY)
        if self.product.hardware.nonlinear:
            self.energies *= taken / self._delivered if self._delivered else 1.0
        elif abs(taken - self._delivered) > _BALANCE * self._delivered:
            raise ArithmeticError(
                f"layer {self.product.layer!r}: the parts of its arrays take {taken:.12g} J and "
                f"their sources deliver {self._delivered:.12g} J; expected the same: are wires of "
                "next to no resistance meant, beside devices that conduct a million times less?")
