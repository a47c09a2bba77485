"""Energy, latency and area of an inference together, and the figures of merit made of them."""

import keras

from crossbar.conversion.samples import Samples
from crossbar.cost.area import AreaReport, LayerArea, product_area
from crossbar.cost.figures import PerformanceReport
from crossbar.cost.latency import LatencyReport, LayerLatency, ProductLatency, product_latency
from crossbar.cost.layers import AnalogProduct
from crossbar.cost.periphery import Periphery
from crossbar.cost.reading import observe
from crossbar.cost.resolution import Resolution
from crossbar.tiles.progress import Progress, told


def performance(model: keras.Model, x: Samples, progress: Progress | None = None, *,
                periphery: Periphery | None = None) -> PerformanceReport:
    """What an inference takes, on average over inputs `x`: energy, time and area.

    The arrays' energy and the settling of their lines are those of the solved circuits; all else
    is estimated, see `Periphery`. Arguments, and what it raises, as of `read_energy`.

    Warns
    -----
    UserWarning
        If currents of a layer do not settle within the read pulse.
    """
    seen = observe(model, x, progress, periphery)
    around = seen.energy.surroundings
    timed: dict[str, list[ProductLatency]] = {}
    areas: dict[str, LayerArea] = {}
    operations: dict[str, float] = {}
    precision: dict[str, str] = {}
    tiles = sum(each.tiles for each in seen.products)
    with told(progress, tiles, "settling of tiles") as done:
        for each, reads in zip(seen.products, seen.reads, strict=True):
            matrices = each.product.matrices
            timed.setdefault(each.name, []).append(product_latency(
                matrices, reads, around, each.name, each.span, done))
            area = product_area(matrices, around, each.numbers.activation)
            areas[each.name] = areas[each.name] + area if each.name in areas else area
            groups, inputs, outputs = each.product.shape
            operations[each.name] = operations.get(
                each.name, 0.0) + 2 * reads * groups * inputs * outputs
            precision[each.name] = _precision(each, around)
    latency = LatencyReport({name: LayerLatency(tuple(some)) for name, some in timed.items()})
    return PerformanceReport(seen.energy, latency, AreaReport(areas), operations, precision)


def _precision(product: AnalogProduct, periphery: Periphery) -> str:
    """Bits of inputs, levels of a weight, bits of currents."""
    bits, levels = Resolution.of(product.hardware, periphery), product.hardware.levels
    weights = "any" if product.hardware.synapse.continuous else f"{len(levels.values)} levels"
    return f"{bits.inputs} bits, {weights}, {bits.currents} bits"
