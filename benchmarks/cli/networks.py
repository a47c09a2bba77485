"""The bundled networks that a study runs over, and their images, as flags say them."""

import argparse

from benchmarks.inputs.datasets import DATASETS
from benchmarks.inputs.weights import BUNDLED_SEEDS
from device_models.checks import known


def add_images(group: argparse._ArgumentGroup) -> None:
    """The flags of the images that networks are tested on."""
    group.add_argument("--dataset", default="mnist", help=" or ".join(DATASETS))
    group.add_argument("--data", default="bundled", metavar="SOURCE",
                       help="'bundled', 'keras' (downloads) or a folder with Keras' npz files")


def network(text: str) -> str:
    """The name of one."""
    try:
        return known("network", text, BUNDLED_SEEDS)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def first_seeds(name: str, count: int) -> list[int]:
    """Those of the first `count` trainings of a network; ValueError if there are not as many."""
    there = BUNDLED_SEEDS[name]
    if count > len(there):
        raise ValueError(f"--seeds is {count}; expected {len(there)} or fewer, as many as there "
                         f"are networks {name!r}")
    return list(there[:count])
