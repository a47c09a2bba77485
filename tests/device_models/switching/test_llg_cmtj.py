"""The integrator against an independent macrospin code, cmtj: the same trajectories.

cmtj (AGH Krakow) shares no line with this package. Its gyromagnetic constant is 220880 m/(A s),
0.18 % below CODATA's 221276, so that its clock runs slower by as much.
"""

import math

import numpy as np
import pytest
from scipy.constants import mu_0

from device_models.magnet import GYROMAGNETIC
from device_models.switching.llg import Macrospin, trajectories

cmtj = pytest.importorskip("cmtj", reason="pip install cmtj, an independent judge")
CLOCK = 220880.0 / (GYROMAGNETIC * mu_0)
DAMPING, DURATION, RECORDS = 0.02, 2e-9, 100
IN_PLANE, STANDING = (0.02, 0.0, 0.45), (0.3, 0.3, 0.0)
Vector = tuple[float, float, float]


def judged(k: Vector, start: Vector, field: Vector, torque: float, field_like: float) -> np.ndarray:
    """Directions at 0, 1, .. of the intervals, by cmtj: (RECORDS, 3)."""
    ms, constant = 1.2, cmtj.ScalarDriver.getConstantDriver
    tensor = [cmtj.CVector(*(k[i] / ms if i == j else 0.0 for j in range(3))) for i in range(3)]
    layer = cmtj.Layer.createSOTLayer(
        "free", cmtj.CVector(*start), cmtj.CVector(0, 0, 1), ms, 1e-9, 1e-14, tensor, DAMPING,
        field_like * torque / mu_0, torque / mu_0)
    layer.setReferenceLayer(cmtj.CVector(0, 1, 0))
    junction = cmtj.Junction([layer])
    junction.setLayerAnisotropyDriver("free", constant(0.0))
    junction.setLayerCurrentDriver("free", constant(1.0))
    junction.setLayerExternalFieldDriver(
        "free", cmtj.AxialDriver(*(constant(b / mu_0) for b in field)))
    junction.runSimulation(DURATION, 1e-13, DURATION / RECORDS)
    log = junction.getLog()
    return np.array([log[f"free_m{axis}"] for axis in "xyz"]).T


@pytest.mark.parametrize(("k", "tilt", "field", "torque", "field_like"), [
    (IN_PLANE, 0.3, (0.0, 0.0, 0.0), 0.0, 0.0),
    (IN_PLANE, 0.3, (0.0, 0.0, 0.0), 0.004, 0.0),
    (IN_PLANE, 0.3, (0.0, 0.0, 0.0), -0.012, 0.0),
    (IN_PLANE, 0.3, (0.0, 0.0, 0.0), 0.004, 0.4),
    (IN_PLANE, 1.2, (3e-3, -5e-3, 2e-3), 0.01, -0.3),
    (STANDING, 0.1, (0.02, 0.0, 0.0), 0.1, 0.0),
    (STANDING, 0.1, (0.02, 0.0, 0.01), 0.2, 0.3),
])
def test_trajectories_are_those_of_an_independent_code(
    k: Vector, tilt: float, field: Vector, torque: float, field_like: float
) -> None:
    """Of damping-like and field-like torques of either sign, in the plane and out of it.

    Within 1 %: what is left is a hundredth of a radian of the clocks, where a moment turns over.
    """
    start = ((math.sin(tilt), math.cos(tilt), 0.0) if k == IN_PLANE else
             (math.sin(tilt), 0.0, math.cos(tilt)))
    ours = trajectories(
        Macrospin(k, 1e-17, DAMPING, 0.0, 1 if k == IN_PLANE else 2), np.array([start]),
        DURATION * CLOCK, field=np.add(field, (0.0, field_like * torque, 0.0)), torque=torque,
        dt=1e-13, records=RECORDS)[0]
    np.testing.assert_allclose(ours[:-1], judged(k, start, field, torque, field_like)[1:],
                               atol=0.01)
