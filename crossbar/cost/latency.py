"""How long an inference takes on the arrays, layer by layer.

Within a layer row vectors are read one after another, as `ReadTiming` says. Nothing overlaps but
layers with each other, in `interval`: an estimate from above. Words on their way between layers
take no time.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossbar.cost.periphery import Periphery
from crossbar.cost.resolution import Resolution
from crossbar.cost.settling import settling_times
from crossbar.cost.timing import ReadTiming
from crossbar.tables import aligned
from crossbar.tiles.matrix import TiledMatrix
from crossbar.tiles.progress import Progress, unseen
from device_models.checks import nonnegative


@dataclass(frozen=True)
class ProductLatency:
    """Of one product of a layer, whose matrices are read at once.

    Parameters
    ----------
    settling : float
        Of the slowest column of the slowest tile, to half a step of its converter [s].
    read : ReadTiming
        Of one row vector.
    reads : float
        Row vectors per inference.
    """

    settling: float
    read: ReadTiming
    reads: float

    @property
    def settled(self) -> bool:
        """Whether all currents settle within the pulse."""
        return self.settling <= self.read.pulse

    @property
    def latency(self) -> float:
        """Of all row vectors of an inference [s]."""
        return self.reads * self.read.total


@dataclass(frozen=True)
class LayerLatency:
    """Of one layer.

    Parameters
    ----------
    products : tuple of ProductLatency
        Of its products, which are read one after another.
    """

    products: tuple[ProductLatency, ...]

    @property
    def settling(self) -> float:
        """Of its slowest tile [s]."""
        return max(each.settling for each in self.products)

    @property
    def settled(self) -> bool:
        """Whether all currents settle within their pulses."""
        return all(each.settled for each in self.products)

    @property
    def latency(self) -> float:
        """Of one inference [s]: when its arrays are free for the next, too."""
        return sum(each.latency for each in self.products)


@dataclass(frozen=True)
class LatencyReport:
    """Of one inference; an estimate, but for the settling of the arrays.

    Parameters
    ----------
    layers : mapping
        By the names of `conversion_report`, those that run on arrays.
    """

    layers: Mapping[str, LayerLatency]

    @property
    def settled(self) -> bool:
        """Whether all currents settle within their pulses."""
        return all(layer.settled for layer in self.layers.values())

    @property
    def latency(self) -> float:
        """From the input to the output [s]: the sum over layers."""
        return sum(layer.latency for layer in self.layers.values())

    @property
    def interval(self) -> float:
        """From output to output [s], if each layer takes the next input when it is done with one:
        that of the slowest layer."""
        return max(layer.latency for layer in self.layers.values())

    @property
    def throughput(self) -> float:
        """Inferences per second, pipelined [1/s]; infinite if nothing is read."""
        return 1 / self.interval if self.interval else math.inf

    def __str__(self) -> str:
        rows = [("layer", "settling", "pulse", "conversions", "numbers", "cycles", "turns",
                 "reads", "sum [us]")]
        for name, layer in self.layers.items():
            for each in layer.products:
                read = each.read
                rows.append((name, f"{each.settling * 1e9:.4g}", f"{read.pulse * 1e9:.4g}",
                             f"{read.conversions} x {read.conversion * 1e9:.4g}",
                             f"{read.numbers * 1e9:.4g}", str(read.cycles), str(read.turns),
                             f"{each.reads:g}", f"{each.latency * 1e6:.4g}"))
        return "\n".join([
            f"latency {self.latency * 1e6:.4g} us; pipelined, one inference each "
            f"{self.interval * 1e6:.4g} us (estimates; times of a read in ns)",
            *aligned(rows, left=0)])


def product_latency(matrices: Sequence[TiledMatrix], reads: float, periphery: Periphery,
                    layer: str = "", span: float | None = None, progress: Progress = unseen
                    ) -> ProductLatency:
    """Of one product, whose `matrices` stand side by side.

    `reads` are the row vectors that it reads per inference: one of a dense layer, one for each
    place of a convolution; bits that come one after another are not counted in them. `span`
    is that of the currents that converters are set for [A], see `conversion_accuracy`. `progress`
    is called with 1 after each tile.

    Warns where currents of `layer` do not settle within the read pulse.
    """
    hardware, shape = matrices[0].hardware, matrices[0].shape
    settling = max(time for matrix in matrices
                   for time in settling_times(matrix, periphery, span, progress))
    found = ProductLatency(settling, ReadTiming.of(shape, len(matrices), hardware, periphery),
                           nonnegative("reads", reads, "1"))
    if not found.settled:
        bits = Resolution.of(hardware, periphery).currents
        warnings.warn(
            f"layer {layer!r}: its slowest tile settles to half a step of {bits} bits in "
            f"{settling * 1e9:.3g} ns, and the read pulse is {found.read.pulse * 1e9:.3g} ns, so "
            "that currents are converted before they are what was computed; expected "
            f"Hardware(read_time={1.005 * settling:.3g}) or more, or fewer adc_bits, smaller "
            "tiles, drivers and wires of less resistance, or cells of less capacitance",
            stacklevel=3)
    return found
