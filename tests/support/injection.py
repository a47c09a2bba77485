"""Currents out of the columns when currents are injected inside: dense nodal analysis."""

import numpy as np

from circuits import CrossbarCircuit
from tests.support.reference import Floats, Integers, connect, eliminate
from tests.support.topologies import Assembly


class Injection:
    """A circuit with its sources grounded; devices have their slopes at zero bias."""

    def __init__(self, circuit: CrossbarCircuit) -> None:
        self.at = Assembly.of(circuit)
        own = np.asarray(circuit.law.slope(np.zeros((1,))))[:, 0]
        g = np.tensordot(own, circuit.conductance.reshape(-1, *circuit.shape), 1)
        self.own, self.access = g, np.broadcast_to(circuit.wires.access, circuit.shape)
        self.outside = g / (1 + self.access * g)
        matrix = self.at.admittance(self.outside)
        free, ground = self.at.free, self.at.ground
        self.to_ground = matrix[np.ix_(ground, free)]
        scale = 1 / np.sqrt(np.diag(matrix)[free])
        inverse = np.linalg.inv(matrix[np.ix_(free, free)] * scale * scale[:, None])
        self.inverse = inverse * scale * scale[:, None]

    def ports(self) -> Floats:
        """Admittances of the column ends with all else grounded, (columns, columns) [S]: by
        star-mesh reduction, in which nothing cancels."""
        net: list[dict[int, float]] = [{} for _ in range(self.at.count)]
        devices = zip(self.at.row.ravel(), self.at.column.ravel(), self.outside.ravel(),
                      strict=True)
        for a, b, y in [*((a, b, 1 / z) for a, b, z in self.at.wires), *devices]:
            connect(net, a, b, y)
        free = set(self.at.free.tolist())
        while free:
            centre = min(free, key=lambda p: len(net[p]))
            free.remove(centre)
            eliminate(net, centre)
        found = -np.array([[net[i].get(j, 0.0) for j in self.at.ground] for i in self.at.ground])
        np.fill_diagonal(found, [sum(net[j].values()) for j in self.at.ground])
        return found

    def currents(self, injected: Floats) -> Floats:
        """Out of the columns (columns, ...) [A], for currents into all nodes (nodes, ...) [A]."""
        inside = np.tensordot(self.to_ground @ self.inverse, injected[self.at.free], 1)
        return np.asarray(injected[self.at.ground] - inside)

    def between(self, starts: Integers, stops: Integers, currents: Floats) -> Floats:
        """Injections (nodes, ...) [A] of sources (sources, ...) [A] from nodes to others."""
        injected = np.zeros((self.at.count, *currents.shape[1:]))
        np.add.at(injected, stops, currents)
        np.add.at(injected, starts, -currents)
        return injected

    def of_devices(self, currents: Floats) -> Floats:
        """Out of the columns (columns, ...), for sources in parallel with the devices
        (devices, ...) [A], each behind its access transistor."""
        divided = (1 / (1 + self.access * self.own)).ravel()
        shaped = currents * divided.reshape(-1, *[1] * (currents.ndim - 1))
        return self.currents(self.between(self.at.row.ravel(), self.at.column.ravel(), shaped))
