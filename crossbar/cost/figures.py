"""Figures of merit of an inference, defined once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crossbar.cost.area import AreaReport
from crossbar.cost.latency import LatencyReport
from crossbar.cost.published import CHIPS, Published, digital_baseline
from crossbar.cost.report import EnergyReport
from crossbar.tables import aligned


@dataclass(frozen=True)
class PerformanceReport:
    """Energy, latency and area of an inference.

    An operation is a multiplication or an addition of a weight of the network with an input, at
    whatever bits these have: two for each weight and read, biases and all digital layers aside.
    Figures "of the arrays" leave away everything around them, and are there for comparison only:
    no chip computes without it.

    Parameters
    ----------
    energy : EnergyReport
        [J].
    latency : LatencyReport
        [s].
    area : AreaReport
        [m^2].
    operations : mapping
        Of each layer in an inference [1].
    precision : mapping
        Bits of inputs, states of a weight and bits of currents, in words, layer by layer.
    """

    energy: EnergyReport
    latency: LatencyReport
    area: AreaReport
    operations: Mapping[str, float]
    precision: Mapping[str, str]

    @property
    def total_operations(self) -> float:
        """Of an inference [1]."""
        return sum(self.operations.values())

    @property
    def tops_per_watt(self) -> float:
        """With periphery [10^12 operations per joule]."""
        return _ratio(self.total_operations, self.energy.total) / 1e12

    @property
    def tops_per_watt_arrays(self) -> float:
        """Of the arrays alone [10^12 operations per joule]."""
        return _ratio(self.total_operations, self.energy.array) / 1e12

    @property
    def tops_per_mm2(self) -> float:
        """With periphery, layers working at once on inferences that follow each other
        [10^12 operations per second and mm^2]."""
        return _ratio(self.total_operations * self.latency.throughput, self.area.total) / 1e18

    @property
    def tops_per_mm2_arrays(self) -> float:
        """Of the cross-points alone, as fast [10^12 operations per second and mm^2]."""
        return _ratio(self.total_operations * self.latency.throughput, self.area.array) / 1e18

    @property
    def inferences_per_joule(self) -> float:
        """With periphery [1/J]."""
        return _ratio(1.0, self.energy.total)

    @property
    def inferences_per_second(self) -> float:
        """Pipelined [1/s]."""
        return self.latency.throughput

    @property
    def energy_delay(self) -> float:
        """Energy with periphery times latency [J s]."""
        return self.energy.total * self.latency.latency

    def layer(self, name: str) -> "PerformanceReport":
        """The same of one layer alone."""
        if name not in self.operations:
            raise ValueError(f"no layer {name!r} runs on crossbars; expected one of "
                             f"{', '.join(self.operations)}")
        energy = EnergyReport({name: self.energy.layers[name]}, self.energy.samples,
                              {name: self.energy.tiles[name]}, (), self.energy.surroundings)
        return PerformanceReport(
            energy, LatencyReport({name: self.latency.layers[name]}),
            AreaReport({name: self.area.layers[name]}), {name: self.operations[name]},
            {name: self.precision[name]})

    @property
    def beside(self) -> tuple[Published, ...]:
        """Published chips, and a digital multiply-accumulate at this node."""
        around = self.energy.surroundings
        return (*CHIPS, digital_baseline(around), digital_baseline(around, memory=True))

    def __str__(self) -> str:
        names = [*self.operations, "network"]
        each = [*(self.layer(name) for name in self.operations), self]
        rows = [("", *names)]
        for title, unit, value in _FIGURES:
            rows.append((f"{title} [{unit}]", *(f"{value(one):.4g}" for one in each)))
        rows.append(("inputs, weights, currents", *self.precision.values(), ""))
        return "\n".join(aligned(rows))


_FIGURES: tuple[tuple[str, str, Callable[[PerformanceReport], float]], ...] = (
    ("operations", "1", lambda one: one.total_operations),
    ("energy, arrays", "nJ", lambda one: 1e9 * one.energy.array),
    ("energy, with periphery", "nJ", lambda one: 1e9 * one.energy.total),
    ("latency", "us", lambda one: 1e6 * one.latency.latency),
    ("inferences per second, pipelined", "1/s", lambda one: one.inferences_per_second),
    ("area, arrays", "mm2", lambda one: 1e6 * one.area.array),
    ("area, with periphery", "mm2", lambda one: 1e6 * one.area.total),
    ("inferences per joule", "1/J", lambda one: one.inferences_per_joule),
    ("TOPS/W, arrays", "1e12/J", lambda one: one.tops_per_watt_arrays),
    ("TOPS/W, with periphery", "1e12/J", lambda one: one.tops_per_watt),
    ("TOPS/mm2, arrays", "1e12/s/mm2", lambda one: one.tops_per_mm2_arrays),
    ("TOPS/mm2, with periphery", "1e12/s/mm2", lambda one: one.tops_per_mm2),
    ("energy x delay", "J s", lambda one: one.energy_delay),
)


def _ratio(value: float, over: float) -> float:
    return value / over if over else float("inf")
