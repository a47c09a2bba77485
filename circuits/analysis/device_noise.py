"""Power of the noise that the devices of a circuit make, input by input."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from queue import SimpleQueue

import numpy as np
from scipy.constants import Boltzmann, elementary_charge

from circuits.circuit import CrossbarCircuit
from circuits.kernels import noise as kernels
from circuits.solvers.batch import Batch, chunks
from circuits.solvers.nodes import Nodes
from circuits.threads import available_threads, keep_blas_on_one_thread
from device_models.checks import Floats

_TABULATED = 2 * 10**7  # entries of the largest `voltages` that are kept
# numbers of a few inputs, and their devices' noise (few, devices) [A^2], which it may write over
Use = Callable[[slice, Floats], None]


@dataclass(frozen=True, eq=False)
class DeviceNoise:
    """Shot, thermal and 1/f noise of every device under every input.

    Parameters
    ----------
    circuit : CrossbarCircuit
        The circuit of the devices.
    bandwidth : float
        [Hz].
    temperature : float
        [K].
    flicker : (rows, columns) array
        1/f noise by the square of a device's current [1].
    """

    circuit: CrossbarCircuit
    bandwidth: float
    temperature: float
    flicker: Floats

    def for_each(self, batch: Batch, use: Use) -> None:
        """Let `use` have the noise of a few inputs at a time, on all processors.

        Raises
        ------
        ValueError
            If a current flows against its voltage.
        """
        keep_blas_on_one_thread()
        if self.circuit.is_linear and self._pays(len(batch.voltages)):
            self._from_table(batch.voltages, use)
            return
        for _ in batch.each_chunk(lambda chunk, nodes: use(chunk, self._of(nodes))):
            pass

    def _pays(self, inputs: int) -> bool:
        """Whether device voltages as a product with a table cost less than solutions."""
        rows, columns = self.circuit.shape
        return "voltages" in self.__dict__ or (
            inputs > rows and rows * rows * columns <= _TABULATED)

    def _from_table(self, inputs: Floats, use: Use) -> None:
        parts, threads = chunks(self.circuit.shape, len(inputs)), available_threads()
        table, g = self.voltages, self._conductance
        thermal, flicker = self._kt * g, self._flicker * g**2
        free: SimpleQueue[Floats] = SimpleQueue()
        for _ in range(threads):
            free.put(np.empty((parts[0].stop, g.size)))

        def one(chunk: slice) -> None:
            room = free.get()
            try:
                powers = room[: chunk.stop - chunk.start]
                kernels.linear_powers(np.array(inputs[chunk], order="C"), table, thermal, flicker,
                                      self._scale, powers)
                use(chunk, powers)
            finally:
                free.put(room)

        with ThreadPoolExecutor(threads) as pool:
            for _ in pool.map(one, parts):
                pass

    @cached_property
    def voltages(self) -> Floats:
        """Voltage of every linear device alone per volt at every row, (rows, devices) [1]."""
        rows = self.circuit.shape[0]
        found = np.empty((rows, self._conductance.size))

        def put(chunk: slice, nodes: Nodes) -> None:
            found[chunk] = self._own_voltages(nodes).T

        for _ in self.circuit.solve(np.eye(rows)).solved.each_chunk(put):
            pass
        return found

    def _of(self, nodes: Nodes) -> Floats:
        """Noise of the devices of a few solved inputs, (few, devices) [A^2]."""
        v, i = self._own_voltages(nodes), nodes.currents.reshape(len(self._flicker), -1)
        out = np.empty(v.T.shape)
        if not kernels.powers(v, i.copy(), self._conductance, self._flicker, self._kt,
                              self._scale, out):
            raise ValueError(f"a current of {self.circuit.law!r} flows against its voltage; noise "
                             "needs both in one direction: leave out what the law has at 0 V")
        return out

    def _own_voltages(self, nodes: Nodes) -> Floats:
        """Over the devices without what is in series, (devices, few) [V]."""
        drop = self.circuit.devices.access[:, :, None] * nodes.currents
        return np.asarray(nodes.u - nodes.w - drop).reshape(len(self._flicker), -1)

    @cached_property
    def _conductance(self) -> Floats:
        """The devices' own at zero bias, (devices,) [S]."""
        return self.circuit.devices.own_conductance.flatten()

    @cached_property
    def _flicker(self) -> Floats:
        return np.broadcast_to(self.flicker, self.circuit.shape).flatten()

    @property
    def _kt(self) -> float:
        return float(4.0 * Boltzmann * self.temperature * self.bandwidth)

    @property
    def _scale(self) -> float:
        return float(elementary_charge / (2.0 * Boltzmann * self.temperature))
