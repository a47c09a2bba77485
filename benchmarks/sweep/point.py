"""One network on one chip: accuracies and what they cost."""

import argparse
from dataclasses import dataclass
from functools import cached_property, lru_cache

import keras

import crossbar
from benchmarks.cli.hardware import hardware_of
from benchmarks.cli.networks import first_seeds
from benchmarks.cli.periphery import periphery_of
from benchmarks.inputs.aside import Aside, aside_of
from benchmarks.inputs.datasets import CALIBRATION, ImageSet, load_test
from benchmarks.inputs.weights import accuracy_on, load_trained
from benchmarks.sweep.flags import parsed
from benchmarks.sweep.tasks import Task
from crossbar import Hardware
from crossbar.cost.figures import PerformanceReport
from crossbar.cost.write_report import LayerWrites
from crossbar.tiles.progress import unseen


def observed(task: Task) -> dict[str, float]:
    """The observables of a task, in SI."""
    args = parsed(task.flags)
    args.seed = task.seed
    point = Point(task, args, hardware_of(args), load_test(args.dataset, args.data))
    return {name: float(getattr(point, name)) for name in task.observe}


@lru_cache(maxsize=8)
def _network(dataset: str, data: str, name: str, number: int) -> keras.Model:
    """The trained network `number` of a name; a process keeps the last few."""
    seed = first_seeds(name, number + 1)[number]
    return load_trained(dataset, load_test(dataset, data), seed=seed, network=name).model


@dataclass(frozen=True, eq=False)
class Point:
    """A task's network on its hardware; each observable is a property, computed when asked for."""

    task: Task
    args: argparse.Namespace
    hardware: Hardware
    test: ImageSet

    @cached_property
    def model(self) -> keras.Model:
        """The network in software."""
        return _network(self.args.dataset, self.args.data, self.args.model, self.task.network)

    @cached_property
    def aside(self) -> Aside:
        """Images that it is calibrated on, and never tested."""
        return aside_of(self.test, self.args.calibrate)

    @cached_property
    def images(self) -> ImageSet:
        """Those that everything is of."""
        left = len(self.test) - self.aside.of_test
        return self.test.part(slice(min(self.args.images or left, left)))

    @cached_property
    def network(self) -> keras.Model:
        """The network on the chip."""
        samples = self.test.x[:CALIBRATION] if self.aside.x is None else self.aside.x
        states = crossbar.WireAware() if self.args.wire_aware else None
        return crossbar.to_analog(self.model, self.hardware, samples, unseen, states=states)

    @property
    def software(self) -> float:
        """Accuracy of the network as trained [1]."""
        return accuracy_on(self.model, self.images)

    @property
    def ideal(self) -> float:
        """Accuracy of its states, without wires and converters [1]."""
        samples = self.test.x[:CALIBRATION]
        return accuracy_on(crossbar.to_analog(self.model, self.hardware.ideal(), samples, unseen),
                           self.images)

    @property
    def analog(self) -> float:
        """Accuracy through the circuit [1]."""
        return accuracy_on(self.network, self.images)

    @property
    def calibrated(self) -> float:
        """Accuracy once it is calibrated [1]; ValueError without --calibrate."""
        if self.aside.x is None:
            raise ValueError("calibrated is observed; expected calibrate = N in [set]")
        return accuracy_on(crossbar.calibrate(self.network, self.aside.x, progress=unseen),
                           self.images)

    @cached_property
    def performance(self) -> PerformanceReport:
        """Energy, latency and area."""
        return crossbar.performance(self.network, self.images.x, unseen,
                                    periphery=periphery_of(self.args))

    @property
    def array_energy(self) -> float:
        """Of the arrays, an inference [J]."""
        return self.performance.energy.array

    @property
    def energy(self) -> float:
        """Of an inference, with all that stands around the arrays [J]."""
        return self.performance.energy.total

    @property
    def latency(self) -> float:
        """Of an inference [s]."""
        return self.performance.latency.latency

    @property
    def area(self) -> float:
        """Of the chip [m^2]."""
        return self.performance.area.total

    @cached_property
    def writes(self) -> LayerWrites:
        """Writing of all devices."""
        return crossbar.write_cost(self.network, progress=unseen).total

    @property
    def write_energy(self) -> float:
        """Of all write pulses [J]."""
        return self.writes.energy

    @property
    def write_pulses(self) -> float:
        """Of all devices, resets included [1]."""
        return float(self.writes.pulses)

    @property
    def written(self) -> float:
        """Share of the devices that reached their states [1]."""
        return float(self.writes.reached.sum() / self.writes.devices)
