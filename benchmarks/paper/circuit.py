"""Beyond the paper: its networks through the circuit, and through the write that its text words.

Wires of 45 nm copper, 1 um wide, at the compound's own pitch; 64 x 64 tiles; TMR at the read
voltage; spread from device to device; read energy. Then the trade-off over the free layer: a cell
is written with the voltage that breaks no more than a tolerated share of compounds, and what has
not switched by then stays antiparallel in the arrays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import softmax

from benchmarks.paper.network import Evaluator, Pair, Singles, sigmoid
from benchmarks.paper.readings import Reading, reading_of
from benchmarks.paper.study import CELLS, Study, nearest
from circuits import Wires
from crossbar import Hardware, ReferenceColumn
from crossbar.cost import matrix_energy
from crossbar.tiles import ProgrammedLayer
from device_models import CompoundMTJ, Stack
from device_models.checks import Floats
from device_models.stacks.errors import given
from device_models.switching import Write, field_free_probability, tolerated_write

TECHNOLOGY = "45nm"
WIRE_WIDTH = 1e-6  # [m]
GAP = 1.1e-6  # between the channels of neighbouring compounds [m], assumed
_NEVER = 1e-12  # a probability of switching so small counts as this
BROKEN = 1e-4  # tolerated share of compounds that a write breaks [1], assumed as shorted barriers
ENERGY_IMAGES = 1000
PAIR = "differential,least-squares,renormalised,float"
"""The defaults of `crossbar.Hardware`."""


def circuit_readings(reading: Reading) -> dict[str, Reading]:
    """What is run through the circuit: the study's reading, and the defaults of `Hardware`.

    One reference column for a whole tile does not survive the wires: it becomes one for every four
    outputs, which are the same levels.
    """
    if reading.mapping == ReferenceColumn():
        reading = reading.with_mapping(ReferenceColumn(every=4))
    return {"this reading": reading, "least squares": reading_of(PAIR)}


def in_words(stack: Stack) -> str:
    """What the arrays are made of."""
    ohm = "/".join(f"{float(wires(stack, cells).row):.2f}" for cells in CELLS)
    return (f"{TECHNOLOGY} copper {WIRE_WIDTH * 1e6:g} um wide, {ohm} ohm per segment for 1/2/3 "
            f"cells,\ntiles 64 x 64, TMR at 0.1 V, spread {_sigma(stack):.1%}/sqrt(cells)")


def wires(stack: Stack, cells: int) -> Wires:
    """Of an array of compounds with `cells` junctions, at the pitch of its channels."""
    channel = stack.write_channel()
    pitch = channel.length + (cells - 1) * channel.pitch + GAP
    return Wires.from_technology(TECHNOLOGY, pitch=pitch, width=WIRE_WIDTH)


def circuit_hardware(stack: Stack, reading: Reading, thickness: float, cells: int,
                     seed: int, **others: Any) -> Hardware:
    """An array as it would be built; `seed` of the device spread."""
    sigma = _sigma(stack) / np.sqrt(cells)  # of n cells with deviations of their own
    return reading.hardware(CompoundMTJ(stack.mtj(thickness), cells), wires=wires(stack, cells),
                            spread=float(sigma), seed=seed, **others)


def _sigma(stack: Stack) -> float:
    """Spread of one cell's conductance [1]."""
    return stack.variability().sigma_r_p


def programmed(evaluator: Evaluator, hardware: Hardware) -> list[ProgrammedLayer]:
    """Both layers in tiles; inputs are 0 to 1, so that 1 gets the read voltage."""
    network = evaluator.network
    return [ProgrammedLayer.program(kernel, bias, hardware, stream) for stream, (
        kernel, bias) in enumerate(zip(network.kernels, network.biases, strict=True))]


def realised(evaluator: Evaluator, hardware: Hardware) -> tuple[Pair, Pair]:
    """The kernels and the biases that the layers' circuits realise."""
    first, second = programmed(evaluator, hardware)
    return (first.kernel, second.kernel), (first.biases, second.biases)


def accuracy(evaluator: Evaluator, hardware: Hardware) -> float:
    """Through the circuit [1]."""
    return evaluator.realised(*realised(evaluator, hardware))


def energy(evaluator: Evaluator, hardware: Hardware) -> float:
    """Read energy [J] of an inference, mean over the first images."""
    first, second = programmed(evaluator, hardware)
    x = evaluator.x[:ENERGY_IMAGES]
    between = hidden(x, first.kernel, first.biases)
    energies = [matrix_energy(layer.matrix, layer.row_inputs(inputs), len(x))
                for layer, inputs in ((first, x), (second, between))]
    return sum(sum(parts.values()) for parts in energies)


def circuit_curves(study: Study, readings: Mapping[str, Reading]) -> dict[str, Any]:
    """For each reading and dataset: accuracy [%] (seeds, cells, thicknesses), and read energy [J]
    (cells, thicknesses) of the first training."""
    return {name: {dataset: _curves(study, reading, dataset) for dataset in study.plan.datasets}
            for name, reading in readings.items()}


def _curves(study: Study, reading: Reading, dataset: str) -> dict[str, Any]:
    plan = study.plan

    def block(kind: str, seed: int, solve: Callable[[Evaluator, Hardware], float]) -> Floats:
        return np.array([[study.point(
            kind, dataset, seed, circuit_hardware(plan.stack, reading, t, cells, seed), solve)
            for t in plan.few] for cells in CELLS])

    return {"accuracy": [(100 * block("circuit", seed, accuracy)).tolist()
                         for seed in plan.search_seeds],
            "energy_j": block("energy", plan.seeds[0], energy).tolist()}


def write(stack: Stack, thickness: float, cells: int, broken: float = BROKEN) -> Write:
    """Writing at the voltage that breaks a share `broken` [1] of compounds (Weibull's law).

    Without field, only the share of devices that switch field-free at all, if the file gives one,
    can be written.
    """
    drive = stack.switching
    able = 1.0 if drive.field_free_middle is None else float(field_free_probability(
        thickness, drive.field_free_middle, given(drive.field_free_width, "field_free_width")))
    return tolerated_write(
        stack.writing_magnet(thickness, cells), given(drive.pulse, "pulse"),
        given(drive.assist_field, "assist_field"),
        float(stack.breakdown.voltage(thickness, cells)), given(stack.breakdown.shape, "shape"),
        broken, able)


def trade_off(study: Study, reading: Reading, cells: int) -> dict[str, Any]:
    """Accuracy [%] (seeds, thicknesses) of each dataset: as read, written with and without field.

    And how each free layer is written.
    """
    plan = study.plan
    writes = [write(plan.stack, float(t), cells) for t in plan.thickness]

    def written(dataset: str, seed: int, each: Write, chance: float) -> float:
        hardware = circuit_hardware(plan.stack, reading, each.thickness, cells, seed,
                                    write_probability=min(max(chance, _NEVER), 1.0))
        return 100 * study.point("circuit", dataset, seed, hardware, accuracy)

    chances = {"perfect": [1.0] * len(writes), "with_field": [w.with_field for w in writes],
               "field_free": [w.field_free for w in writes]}
    return {"cells": cells, "broken": BROKEN, "writes": [vars(each) for each in writes],
            "accuracy": {dataset: {way: [[written(dataset, seed, each, chance)
                                          for each, chance in zip(writes, values, strict=True)]
                                         for seed in plan.search_seeds]
                                   for way, values in chances.items()}
                         for dataset in plan.datasets}}


def examples(study: Study, reading: Reading, images: Sequence[int] = (0, 1, 2)
             ) -> Iterator[dict[str, Any]]:
    """Recognition probabilities of example images: in software, ideal and through the circuit.

    Of 3 cells at 1.9 nm, where the paper's best accuracies are.
    """
    seed, circuit = study.plan.seeds[0], circuit_readings(reading)["this reading"]
    thickness = float(nearest(study.plan.thickness)[0])
    for dataset in study.plan.datasets:
        evaluator = study.evaluators[dataset, seed]
        synapse = CompoundMTJ(study.plan.stack.mtj(thickness), CELLS[-1])
        ways: dict[str, Any] = {"software": (evaluator.network.kernels, evaluator.network.biases)}
        for name, hardware in {
                "ideal": reading.hardware(synapse),
                "circuit": circuit_hardware(study.plan.stack, circuit, thickness, CELLS[-1], seed),
        }.items():
            ways[name] = realised(evaluator, hardware)
        for image in images:
            x = evaluator.x[image : image + 1]
            yield {"dataset": dataset, "image": image, "label": int(evaluator.y[image]),
                   "probabilities": {name: probabilities(x, *way).tolist()
                                     for name, way in ways.items()}}


def probabilities(x: Singles, kernels: Any, biases: Any) -> Floats:
    """Softmax outputs (10,) of one image."""
    scores = hidden(x, kernels[0], biases[0]) @ kernels[1] + biases[1]
    return np.asarray(softmax(scores, axis=1)[0])


def hidden(x: Singles, kernel: Floats, bias: Floats) -> Singles:
    """What the hidden neurons (images, neurons) make of images `x` (images, 784)."""
    return sigmoid((x @ kernel + bias).astype(np.float32))
