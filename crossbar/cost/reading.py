"""Read energy of an analog model."""

from collections.abc import Iterator

import keras
import numpy as np

from crossbar.conversion.check import run
from crossbar.conversion.report import names_of_products
from crossbar.conversion.samples import Samples, batches, count
from crossbar.cost.matrix import EvenReads, Moments, matrix_energy, nonlinear_energy
from crossbar.cost.report import EnergyReport
from crossbar.layers.model import all_layers, look_at_range, programmed_products
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from crossbar.layers.watching import shown
from crossbar.tiles.progress import Progress, told


def read_energy(model: keras.Model, x: Samples, progress: Progress | None = None
                ) -> EnergyReport:
    """Energy that reading takes per inference, averaged over inputs `x`.

    Each tile is read once for each row vector for `hardware.read_time`; amplifiers, drivers'
    supplies and digital adders are not counted. `x` is as `calibration` of `to_analog`; where a
    model takes batches of one size only, the last is filled with the same samples again, and they
    count again. Where devices are nonlinear some hundred reads, evenly chosen, are solved for what
    they take beyond linear ones. Layers have the names of `conversion_report`. `progress` is called
    with 1 after each tile; if not given, a terminal shows a bar.

    Raises
    ------
    ValueError
        If `model` has no analog layer, `x` does not fit it, or voltages would break junctions.
    """
    products = programmed_products(model)
    given = batches(model, x)
    reads = _Reads()
    with shown(all_layers(model), reads.see):
        for batch in given:
            run(model, batch)
    for product in products:
        product.take_seen()
        if product in reads.extremes:
            look_at_range(product, *reads.extremes[product])
    samples, names = sum(map(count, given)), names_of_products(model)
    layers: dict[str, dict[str, float]] = {}
    tiles = sum(len(matrix.tiles) for product in products for matrix in product.matrices)
    with told(progress, tiles, "energy of tiles") as done:
        for product in products:
            parts = layers.setdefault(names.get(id(product), product.layer), {})
            for energies in reads.energies(product, samples, done):
                for part, energy in energies.items():
                    parts[part] = parts.get(part, 0.0) + energy
    return EnergyReport(layers, samples)


class _Reads:
    """Second moments and extremes of what drives the rows of every product; and some of the reads
    where devices are nonlinear, since their power is no matter of moments alone."""

    def __init__(self) -> None:
        self.moments: dict[CrossbarProduct, list[Moments]] = {}
        self.reads: dict[CrossbarProduct, list[EvenReads]] = {}
        self.extremes: dict[CrossbarProduct, tuple[float, float]] = {}

    def of(self, product: CrossbarProduct) -> list[Moments]:
        """Those of each matrix of `product`, of which nothing may have been read."""
        height = product.hardware.array.rows
        return self.moments.setdefault(
            product, [Moments(product.rows, height) for _ in range(product.shape[0])])

    def some_of(self, product: CrossbarProduct) -> list[EvenReads]:
        """Some reads of each matrix of `product`."""
        return self.reads.setdefault(product, [EvenReads() for _ in range(product.shape[0])])

    def see(self, product: CrossbarProduct, rows: Tensor) -> None:
        """Count what drives the rows of `product` (..., groups, inputs)."""
        x = np.asarray(keras.ops.convert_to_numpy(rows), np.float64)
        low, high = self.extremes.get(product, (0.0, 0.0))
        self.extremes[product] = min(low, float(x.min(initial=0.0))), max(
            high, float(x.max(initial=0.0)))
        flat = x.reshape(-1, *x.shape[-2:])
        for group, (moments, reads) in enumerate(zip(
                self.of(product), self.some_of(product), strict=True)):
            driven = product.driven(flat[:, group], group)
            moments.add(driven)
            if product.hardware.nonlinear:
                reads.add(driven)

    def energies(self, product: CrossbarProduct, samples: int, progress: Progress
                 ) -> Iterator[dict[str, float]]:
        """Energy [J] of each part of each matrix of `product` per inference."""
        if not product.hardware.nonlinear:
            for matrix, moments in zip(product.matrices, self.of(product), strict=True):
                yield matrix_energy(matrix, moments, samples, progress)
            return
        for reader, moments, reads in zip(product.readers, self.of(product),
                                          self.some_of(product), strict=True):
            yield nonlinear_energy(reader, moments, reads, samples, progress)
