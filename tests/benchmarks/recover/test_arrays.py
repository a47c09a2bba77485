"""Laws of the arrays that are asked for."""

import argparse

import pytest

from benchmarks.recover.arrays import DEFAULT, ArrayCase, arrays
from circuits import Wires
from crossbar import Hardware
from device_models import CompoundMTJ, load_stack


def test_arrays_are_sizes_with_the_resistance_of_a_segment() -> None:
    assert arrays("64x32:1, 784x256:0.5") == (ArrayCase((64, 32), 1.0), ArrayCase((784, 256), 0.5))
    assert [str(each) for each in arrays(DEFAULT)] == [
        "64 x 64, 1 ohm", "128 x 128, 3 ohm", "784 x 256, 0.5 ohm", "784 x 256, 1 ohm"]


@pytest.mark.parametrize(("text", "words"), [
    ("64x64", "as 64x64:1"), ("64:1", "as 64x64"), ("64x64:-1", "below zero"),
    ("64x64:x", "not a finite number"), ("8x8:1,8x8:1", "twice"), ("", "as 64x64:1")])
def test_what_is_none_is_refused_with_an_example(text: str, words: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=words):
        arrays(text)


def test_only_size_and_segments_change() -> None:
    synapse = CompoundMTJ(load_stack("kumar2024").mtj(thickness=1.9e-9), 3)
    hardware = Hardware(synapse, wires=Wires(row=1.0, column=2.0, source=50.0, sense=10.0))
    made = ArrayCase((16, 8), 3.0).of(hardware)
    assert made.tile == (16, 8)
    assert made.wires == Wires(row=3.0, column=3.0, source=50.0, sense=10.0)
    assert made.synapse == synapse
