"""The bundled networks that a study runs over, as flags say them."""

import argparse

from benchmarks.inputs.weights import BUNDLED_SEEDS
from device_models.checks import known


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
