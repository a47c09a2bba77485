"""Noise of the column currents: of all that makes noise, with its exact transfer to the columns.

Tunnel junctions are full shot noise sources with thermal noise as their limit at low bias, and
with 1/f noise where their area is given; wires, drivers, sense resistances and access transistors
have thermal noise. A part of each device's noise current returns through its own row and column,
and a part goes to other columns, whose noise is correlated therefore.

Two things are taken to be simpler than they are. Noise spreads through devices as through their
slopes at zero bias, which is exact for linear ones. A sense resistance makes thermal noise like any
other: where it stands for an amplifier with less, pass the rest as `amplifier_noise`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann

from circuits.analysis.device_noise import DeviceNoise
from circuits.circuit import CrossbarCircuit
from circuits.copies import ReadOnly, read_only
from circuits.kernels import noise as kernels
from circuits.solution.operating_point import OperatingPoint
from circuits.solution.transfer import NoiseTransfer
from circuits.solvers.batch import Batch
from device_models.checks import Floats, nonnegative, nonnegative_array, positive, positive_array
from device_models.junction.noise import current_noise_density, flicker_density

__all__ = ["ColumnNoise", "column_noise", "current_noise_density", "flicker_density",
           "noise_transfer", "sample_noise"]


def noise_transfer(circuit: CrossbarCircuit) -> Floats:
    """What comes out of the columns of a noise current: (columns, rows, columns) [1].

    Entry (j, i, k): current out of column j, through all its ends, per ampere of a source in
    parallel with device (i, k), from its row to its column. Behind an access transistor it is in
    parallel with the device alone. Devices have their slopes at zero bias. Read-only.
    """
    return NoiseTransfer.of(circuit.array).devices


@dataclass(frozen=True, eq=False)
class ColumnNoise(ReadOnly):
    """Noise of a circuit's column currents; what all inputs share is worked out once.

    Inputs are voltages (rows,) or (batch, rows) [V], or an `OperatingPoint` of the circuit, which
    saves solving nonlinear devices again. They are taken a few at a time, on all processors.

    Parameters
    ----------
    circuit : CrossbarCircuit
        The circuit.
    bandwidth : float
        Noise bandwidth of the amplifiers [Hz].
    temperature : float
        Of everything [K].
    amplifier_noise : float or (columns,) array
        Input noise density of a column's amplifiers, of both ends together [A/sqrt(Hz)].
    area : float or (rows, columns) array, optional
        Of each device's junctions, all cells of a compound together [m^2]; no 1/f noise if None.
    alpha : float
        Strength of the 1/f noise [m^2], as in `device_models.junction.noise.flicker_density`.
    lowest_frequency : float
        Where the 1/f noise ends: one over the time since the amplifiers were zeroed [Hz].

    Raises
    ------
    ValueError, TypeError
        If a number is not positive or does not fit, or the lowest frequency is not below the
        bandwidth.
    """

    circuit: CrossbarCircuit
    bandwidth: float
    temperature: float = 300.0
    amplifier_noise: ArrayLike = 0.0
    area: ArrayLike | None = None
    alpha: float = 1e-21
    lowest_frequency: float = 1.0

    def __post_init__(self) -> None:
        rows, columns = self.circuit.shape
        high = positive("bandwidth", self.bandwidth, "Hz")
        positive("temperature", self.temperature, "K")
        amplifier = nonnegative_array("amplifier_noise", self.amplifier_noise, "A/sqrt(Hz)")
        _check_shape("amplifier_noise", amplifier, (columns,))
        object.__setattr__(self, "amplifier_noise", read_only(amplifier))
        nonnegative("alpha", self.alpha, "m^2")
        low = positive("lowest_frequency", self.lowest_frequency, "Hz")
        if self.area is not None:
            area = positive_array("area", self.area, "m^2")
            _check_shape("area", area, (rows, columns))
            object.__setattr__(self, "area", read_only(area))
            if low >= high:
                raise ValueError(f"lowest_frequency [Hz] is {low:g}; expected less than the "
                                 f"bandwidth of {high:g}, or no area")

    def rms(self, inputs: OperatingPoint | ArrayLike) -> Floats:
        """Root mean square of every column current's noise, (..., columns) [A]."""
        batch, shape = self._batch(inputs)
        total = np.empty((len(batch.voltages), self.circuit.shape[1]))

        def use(chunk: slice, powers: Floats) -> None:
            kernels.add_up(powers, self._squares, total[chunk])

        _ = self._squares
        self._devices.for_each(batch, use)
        total += self._around.diagonal()
        return np.sqrt(total, out=total).reshape(*shape, -1)

    def covariance(self, inputs: OperatingPoint | ArrayLike) -> Floats:
        """Covariance of the column currents' noise, (..., columns, columns) [A^2]."""
        batch, shape = self._batch(inputs)
        n, reach = self.circuit.shape[1], self._reach
        total = np.empty((len(batch.voltages), n, n))

        def use(chunk: slice, powers: Floats) -> None:
            for power, out in zip(powers, total[chunk], strict=True):
                kernels.add_up(reach * power, reach, out)

        self._devices.for_each(batch, use)
        total += self._around
        return total.reshape(*shape, n, n)

    def sample(
        self, inputs: OperatingPoint | ArrayLike, rng: np.random.Generator | int
    ) -> Floats:
        """One draw of the noise of the column currents for each input, (..., columns) [A].

        Normal, with the `covariance` of the columns; inputs are independent. `rng` is a generator
        or a seed.
        """
        batch, shape = self._batch(inputs)
        n, reach, start = self.circuit.shape[1], self._reach, np.random.default_rng(rng)
        noise = start.standard_normal((len(batch.voltages), n)) @ _root(self._around).T
        seed = int(start.integers(2**63))

        def use(chunk: slice, powers: Floats) -> None:
            own = np.random.default_rng((seed, chunk.start))
            amplitudes, out = np.sqrt(powers, out=powers), np.empty((len(powers), n))
            amplitudes *= own.standard_normal(powers.shape)
            kernels.add_up(amplitudes, reach, out)
            noise[chunk] += out

        self._devices.for_each(batch, use)
        return noise.reshape(*shape, n)

    @cached_property
    def transfer(self) -> NoiseTransfer:
        """From all that makes noise to the column currents."""
        return NoiseTransfer.of(self.circuit.array)

    @cached_property
    def _reach(self) -> Floats:
        """The devices' transfer, (columns, devices) [1], as kernels take it."""
        return self.transfer.devices.reshape(self.circuit.shape[1], -1).copy()

    @cached_property
    def _squares(self) -> Floats:
        """Its square."""
        return self._reach**2

    @cached_property
    def _around(self) -> Floats:
        """Covariance of all noise but that of the devices, (columns, columns) [A^2]."""
        thermal = 4.0 * Boltzmann * self.temperature * self.transfer.resistors
        amplifier = np.broadcast_to(np.asarray(self.amplifier_noise) ** 2, len(thermal))
        return np.asarray(self.bandwidth * (thermal + np.diag(amplifier)))

    @cached_property
    def _devices(self) -> DeviceNoise:
        """What the devices make."""
        flicker = np.zeros(())
        if self.area is not None:
            share = flicker_density(1.0, 1.0, self.area, self.alpha)
            flicker = share * np.log(self.bandwidth / self.lowest_frequency)
        return DeviceNoise(self.circuit, self.bandwidth, self.temperature, flicker)

    def _batch(self, inputs: OperatingPoint | ArrayLike) -> tuple[Batch, tuple[int, ...]]:
        """The inputs, and the axes in front of what is found for them."""
        op = inputs if isinstance(inputs, OperatingPoint) else self.circuit.solve(inputs)
        ours, theirs = self.circuit.array, op.array
        if ours is not theirs and not (
            np.array_equal(ours.devices.conductance, theirs.devices.conductance)
            and (ours.wires, ours.drive, ours.sense) == (theirs.wires, theirs.drive, theirs.sense)
        ):
            raise ValueError("the operating point is that of another circuit; expected one of the "
                             "circuit that this noise is of, or voltages")
        return op.solved, op.voltages.shape[:-1]


def column_noise(
    op: OperatingPoint, bandwidth: float, temperature: float = 300.0,
    amplifier_noise: ArrayLike = 0.0, area: ArrayLike | None = None, alpha: float = 1e-21,
    lowest_frequency: float = 1.0,
) -> Floats:
    """Noise of the column currents, root mean square: (..., columns) [A].

    The arguments are those of `ColumnNoise`, which is faster where several operating points of
    one circuit are asked about.
    """
    return _of(op, bandwidth, temperature, amplifier_noise, area, alpha, lowest_frequency).rms(op)


def sample_noise(
    op: OperatingPoint, bandwidth: float, rng: np.random.Generator | int,
    temperature: float = 300.0, amplifier_noise: ArrayLike = 0.0, area: ArrayLike | None = None,
    alpha: float = 1e-21, lowest_frequency: float = 1.0,
) -> Floats:
    """One draw of the noise of the column currents, (..., columns) [A]: normal, with the columns'
    covariance.

    The arguments are those of `ColumnNoise`; `rng` is a generator or a seed.
    """
    return _of(op, bandwidth, temperature, amplifier_noise, area, alpha, lowest_frequency
               ).sample(op, rng)


def _of(op: OperatingPoint, *settings: Any) -> ColumnNoise:
    """The noise of the circuit of an operating point."""
    array = op.array
    g = array.devices.conductance
    circuit = CrossbarCircuit(g if array.devices.law.branches > 1 else g[0], array.wires,
                              array.devices.law, array.drive, array.sense)
    return ColumnNoise(circuit, *settings)


def _check_shape(name: str, value: Floats, expected: tuple[int, ...]) -> None:
    """Refuse what is neither one number nor one for each."""
    if value.ndim and value.shape != expected:
        raise ValueError(f"{name} has shape {value.shape}; expected one number or {expected}")


def _root(covariance: Floats) -> Floats:
    """R with R R^T = covariance, up to rounding."""
    powers, directions = np.linalg.eigh(covariance)
    return np.asarray(directions * np.sqrt(np.maximum(powers, 0.0)))
