"""Noisy reads of a sample of devices: the noise powers of a device's cells add."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, positive, real_array, whole
from device_models.junction.noise import read_noise
from device_models.population.device_sample import DeviceSample


def sample_device_read(
    devices: DeviceSample, parallel: ArrayLike, v: ArrayLike, area: float, bandwidth: float,
    rng: np.random.Generator | int, reads: int | None = None, **settings: float,
) -> Floats:
    """Noisy read currents [A] of a sample of devices: (devices,) or (reads, devices).

    The noise powers of a device's cells add, each of its own current and area; an open cell has
    none. A shorted barrier is taken to be as noisy as a tunnelling one.

    Parameters
    ----------
    devices : DeviceSample
        As `Variability.sample` draws them, without a channel.
    parallel, v : array
        Written patterns and bias [V], as in `DeviceSample.conductances`; at 0 V there is thermal
        noise alone.
    area : float
        Of a junction of relative area 1 [m^2].
    bandwidth, rng, reads
        As in `sample_read`.
    **settings
        `lowest_frequency` [Hz], `temperature` [K], `alpha` [m^2].
    """
    if devices.channel is not None:
        raise ValueError(f"the devices stand on a channel, {devices.channel!r}, whose own noise, "
                         "and whose part in that of the junctions, this law has not; expected "
                         "devices without: dataclasses.replace(devices, channel=None) leaves it "
                         "out")
    g = devices.cell_conductances(parallel, v)
    bias = np.broadcast_to(real_array("bias", v, "V").reshape(-1, 1), g.shape)
    areas = positive("area", area, "m^2") * np.array(devices.areas or np.ones(devices.cells))
    power = read_noise(g * bias, bias, areas, bandwidth, conductance=g, **settings) ** 2
    shape = g.shape[:1] if reads is None else (whole("reads", reads, 1), len(g))
    noise = np.random.default_rng(rng).standard_normal(shape)
    noise *= np.sqrt(power.sum(axis=1))
    noise += (g * bias).sum(axis=1)
    return noise


def equivalent_area(devices: DeviceSample, parallel: ArrayLike, v: float, area: float) -> Floats:
    """Area of one junction with the 1/f noise of each device's cells together: (devices,) [m^2].

    I^2/A of all the current equals the sum of those of the cells, each of its own current and area:
    all of the area where all conduct alike, less where few cells carry most. That of a device
    without current is all of its area.

    Parameters
    ----------
    devices, parallel, area
        As in `sample_device_read`; of cells on a channel with the currents that they have there.
    v : float
        Bias [V].
    """
    g = devices.cell_conductances(parallel, v)
    areas = positive("area", area, "m^2") * np.array(devices.areas or np.ones(devices.cells))
    total = g.sum(axis=1)
    power = (g**2 / areas).sum(axis=1)
    safe = np.where(total > 0, power, 1.0)
    return np.asarray(np.where(total > 0, total**2 / safe, areas.sum()))
