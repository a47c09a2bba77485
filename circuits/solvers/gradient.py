"""The gradient of a loss that depends on a transconductance: exact, by the merging backwards."""

import numpy as np

from circuits.kernels.adjoint import run_back
from circuits.solvers.factors import NodalFactors
from device_models.checks import Floats


def device_gradient(factors: NodalFactors, m: Floats) -> Floats:
    """dL/dg (rows, columns) of the linear devices for a loss with dL/dT = `m` (rows, columns)."""
    meshes, plan = factors.meshes, factors.meshes.plan
    arena = np.empty(plan.room.arena)
    q = meshes.whole(arena)
    q[:] = 0.0
    left, right, bottom, top = meshes.ends
    for driven in (left, right):
        for sensed in (bottom, top):
            if driven.stop > driven.start and sensed.stop > sensed.start:
                q[driven, sensed] = -0.5 * meshes.layout.do(m)  # T is minus the admittance
    gradient = np.empty(meshes.g.shape[1:])
    run_back(plan.steps, plan.places, arena, factors.panels, gradient)
    return meshes.layout.undo(gradient)
