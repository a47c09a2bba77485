"""A known series resistance costs next to nothing on the bundled digits."""

from dataclasses import replace

import numpy as np

import crossbar
from benchmarks.inputs import load_test, load_trained
from circuits import Wires
from device_models import CompoundMTJ, load_stack

IMAGES = 2000


def test_access_transistors_cost_less_than_a_point() -> None:
    test = load_test("mnist")
    model = load_trained("mnist", test).model
    plain = crossbar.Hardware(CompoundMTJ(load_stack("kumar2024").mtj(1.9e-9), 3))
    right = []
    for hardware in (plain, replace(plain, wires=Wires(access=5e3))):
        analog = crossbar.to_analog(model, hardware, calibration=test.x[:512])
        scores = np.asarray(analog(test.x[:IMAGES], training=False))
        right.append(float(np.mean(scores.argmax(axis=1) == test.y[:IMAGES])))
    assert right[0] > 0.94
    assert abs(right[1] - right[0]) < 0.01
