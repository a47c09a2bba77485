"""Node voltages of a linear network under any excitation, from the merges that gave its mesh.

Every merge keeps the nodes' shares of the voltages of the ports around, and their impedances; each
excitation then takes a product with them on the way up and one on the way down.
"""

from dataclasses import dataclass

import numpy as np

from circuits.array.network import Network
from circuits.kernels import nodes
from circuits.solvers.memory import check_memory
from circuits.solvers.merging import Meshes, carry_out, kind
from circuits.solvers.nodes import Indices
from circuits.solvers.plan import room_of
from circuits.threads import keep_blas_on_one_thread
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class NodalFactors:
    """The eliminated nodal equations of a linear network, ready for any excitation.

    Memory: see `factor_bytes`, some 100 m n log(m n) for a square array.
    """

    meshes: Meshes
    panels: Floats

    @classmethod
    def of(cls, network: Network, threads: int = 1) -> "NodalFactors":
        """Eliminate all nodes of `network`.

        Raises
        ------
        MemoryError
            If the factors do not fit into memory.
        """
        keep_blas_on_one_thread()
        check_memory(factor_bytes(network, threads),
                     f"the factors of {network.g.shape[0]} x {network.g.shape[1]} devices",
                     "cut the array into tiles")
        meshes = Meshes.of([network], keep=True)
        panels = np.empty(meshes.plan.room.panels)
        carry_out(meshes, meshes.plan.tree, np.empty(meshes.plan.room.arena), threads, panels)
        return cls(meshes, panels)

    def solve(self, voltages: Floats, excess: Floats | None = None,
              numbers: Indices | None = None) -> tuple[Floats, Floats]:
        """Row and column node voltages (rows, columns, batch) [V].

        `voltages` (rows, batch) [V] drive the rows; `excess` (rows, columns, batch) [A] flows
        from row to column through each cross-point beside its linear device.
        """
        plan, layout = self.meshes.plan, self.meshes.layout
        batch = voltages.shape[1]
        u, w = (np.empty((*self.meshes.g.shape[1:], batch)) for _ in range(2))
        vectors, joints = np.empty((plan.room.vectors, batch)), np.empty((plan.room.joints, batch))
        if excess is not None:
            laid = -layout.do(excess) if layout.turned else layout.do(excess)
            nodes.gather(plan.steps, plan.places, laid, self.panels, vectors, joints, u, w)
        whole = vectors[plan.room.vectors - plan.whole.size :]
        whole[:] = 0.0
        left, right, bottom, top = self.meshes.ends
        backwards = layout.mirrored if layout.turned else layout.flipped
        for ends in (bottom, top) if layout.turned else (left, right):
            if ends.stop > ends.start:
                whole[ends] = voltages[::-1] if backwards else voltages
        nodes.spread(plan.steps, plan.places, excess is not None, self.panels, vectors, joints, u,
                     w)
        self.meshes.drop_remnants(u, w)
        u, w = layout.undo(u), layout.undo(w)
        return (w, u) if layout.turned else (u, w)


def factor_bytes(network: Network, threads: int = 1) -> float:
    """Memory that the factors of `network` take while they are made [byte]."""
    room = room_of(*kind(network)[1:], keep=True)
    return 8.0 * (room.panels + room.arena + threads * room.work)
