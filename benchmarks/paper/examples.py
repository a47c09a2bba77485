"""Example images and the probabilities with which each way to run the network recognises them."""

from collections.abc import Sequence

import numpy as np
from scipy.special import softmax

from benchmarks.paper.circuit import circuit_hardware, circuit_readings
from benchmarks.paper.network import Pair, Singles
from benchmarks.paper.plan import CELLS, nearest
from benchmarks.paper.quantities import hidden, realised
from benchmarks.paper.readings import Reading
from benchmarks.paper.result import Example
from benchmarks.paper.study import Study
from device_models import CompoundMTJ
from device_models.checks import Floats


def examples(study: Study, reading: Reading, images: Sequence[int] = (0, 1, 2)) -> list[Example]:
    """Some images of each dataset: in software, ideal and through the circuit.

    Of 3 cells at 1.9 nm, where the paper's best accuracies are.
    """
    seed, found = study.plan.seeds[0], []
    for dataset in study.plan.datasets:
        evaluator, ways = study.evaluators[dataset, seed], _ways(study, reading, dataset, seed)
        for image in images:
            x = evaluator.x[image : image + 1]
            found.append(Example(dataset, image, int(evaluator.y[image]), {
                name: probabilities(x, *way) for name, way in ways.items()}))
    return found


def _ways(study: Study, reading: Reading, dataset: str, seed: int
          ) -> dict[str, tuple[Pair, Pair]]:
    """Kernels and biases of each way to run a network."""
    stack, evaluator = study.plan.stack, study.evaluators[dataset, seed]
    thickness, cells = float(nearest(study.plan.thickness)[0]), CELLS[-1]
    circuit = circuit_readings(reading)["this reading"]
    hardware = {"ideal": reading.hardware(CompoundMTJ(stack.mtj(thickness), cells)),
                "circuit": circuit_hardware(stack, circuit, thickness, cells, seed)}
    return {"software": (evaluator.network.kernels, evaluator.network.biases),
            **{name: realised(evaluator, each) for name, each in hardware.items()}}


def probabilities(x: Singles, kernels: Pair, biases: Pair) -> Floats:
    """Softmax outputs (10,) of one image."""
    scores = hidden(x, kernels[0], biases[0]) @ kernels[1] + biases[1]
    return np.asarray(softmax(scores, axis=1)[0])
