"""What the files of a device say, each quantity in SI with its 95 % interval."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import stdtrit

from device_models.checks import Floats
from device_models.fits import Fit, fit_breakdown_weibull, fit_switching_probability_activation
from device_models.measured.columns import read_columns
from device_models.measured.errors import MeasuredError
from device_models.measured.loop_file import read_loop
from device_models.measured.manifest import Device
from device_models.measured.roles import COUNTS, PULSE, SWITCHED, TRIALS, VOLTAGE
from device_models.measured.step import Estimate
from device_models.measured.steps import switching_steps


@dataclass(frozen=True)
class Evidence:
    """One quantity of one file.

    Parameters
    ----------
    quantity : str
        "r_p", "r_ap" (of one cell) [ohm]; "coercivity", "offset" [T]; "stability" [1];
        "critical_voltage_0k", "critical_voltage" [V]; "spread" (of V_c) [1]; "breakdown" (mean of
        one cell) [V]; "shape" [1].
    thickness : float or None
        Free layer [m].
    estimate : Estimate
        In SI.
    file : Path
        Which says so.
    """

    quantity: str
    thickness: float | None
    estimate: Estimate
    file: Path


Reader = Callable[[Device, Path], Iterator[tuple[str, Estimate]]]


def evidence_of(device: Device, perpendicular: bool = False) -> list[Evidence]:
    """All that the files of a `device` say; MeasuredError names the file that cannot be used."""
    found: list[Evidence] = []
    parts: list[tuple[Path, Reader]] = [
        *((file, _field_loop) for file in device.field_loops),
        *((file, _voltage_loop) for file in device.voltage_loops)]
    if device.counts is not None:
        if perpendicular:
            raise MeasuredError(f"{device.counts}: counts of perpendicular cells, whose law "
                                "needs the magnet: pass them to fits.fit_switching_probability_"
                                "perpendicular, and give stability")
        parts.append((device.counts, _counts))
    if device.breakdown is not None:
        parts.append((device.breakdown, _breakdown))
    for file, read in parts:
        try:
            found += [Evidence(name, device.thickness, value, file)
                      for name, value in read(device, file)]
        except MeasuredError as error:
            where = "" if str(file) in str(error) else f"{file}: "
            raise MeasuredError(f"{where}{error}") from error
        except ValueError as error:  # of loops and fits, which do not know the file
            raise MeasuredError(f"{file}: {error}") from error
    return found


def _field_loop(device: Device, file: Path) -> Iterator[tuple[str, Estimate]]:
    loop = read_loop(file)
    if loop.unit != "T":
        raise MeasuredError("it is over voltage; name it in voltage_loops")
    middle = sum(loop.levels) / 2
    for name, part in (("r_p", loop.resistance < middle), ("r_ap", loop.resistance >= middle)):
        yield name, _median(loop.resistance[part] * device.cells)
    if device.cells == 1:  # several cells do not switch at one field
        for name in ("coercivity", "offset"):
            value = getattr(loop, name)
            half = float(np.median(np.abs(np.diff(loop.swept)))) / 2
            yield name, Estimate(value, value - half, value + half, 1)


def _median(values: Floats) -> Estimate:
    """The median, with the interval of a normal sample without its outliers."""
    middle, n = float(np.median(values)), len(values)
    scatter = 1.4826 * float(np.median(np.abs(values - middle)))
    half = 1.2533 * float(stdtrit(max(n - 1, 1), 0.975)) * scatter / math.sqrt(n)
    return Estimate(middle, middle - half, middle + half, n)


def _voltage_loop(device: Device, file: Path) -> Iterator[tuple[str, Estimate]]:
    loop = read_loop(file)
    if loop.unit != "V":
        raise MeasuredError("it is over field; name it in field_loops")
    steps = switching_steps(loop, device.cells)
    yield "r_p", steps.r_p
    yield "r_ap", steps.r_ap
    ways = steps.to_antiparallel, steps.to_parallel
    critical, spread = ([each for way in ways if (each := getattr(way, name)) is not None]
                        for name in ("critical", "spread"))
    if critical and device.cells == 1:  # compounds have a longer channel
        yield "critical_voltage", _both(critical)
    if spread:
        yield "spread", _both(spread)


def _both(ways: list[Estimate]) -> Estimate:
    """The mean of both ways; of the same cells, so that together they are no surer than one."""
    value, low, high = (float(np.mean([getattr(way, end) for way in ways]))
                        for end in ("value", "low", "high"))
    return Estimate(value, low, high, min(way.n for way in ways))


def _counts(device: Device, file: Path) -> Iterator[tuple[str, Estimate]]:
    found = read_columns(file, COUNTS, COUNTS)
    fit = fit_switching_probability_activation(
        found[VOLTAGE].si, found[SWITCHED].si, found[TRIALS].si, found.positive(PULSE),
        damping_time=device.damping_time)
    n = int(found[TRIALS].si.sum())
    yield "stability", _of_fit(fit, "stability", n)
    if device.cells == 1:
        yield "critical_voltage_0k", _of_fit(fit, "critical_voltage", n)


def _breakdown(device: Device, file: Path) -> Iterator[tuple[str, Estimate]]:
    found = read_columns(file, (VOLTAGE,), (VOLTAGE,))
    volts = found.positive(VOLTAGE)
    fit = fit_breakdown_weibull(volts, cells=device.cells)
    mean = math.gamma(1.0 + 1.0 / fit["shape"])
    scale = _of_fit(fit, "scale_voltage", len(volts))
    yield "breakdown", Estimate(scale.value * mean, scale.low * mean, scale.high * mean, scale.n)
    yield "shape", _of_fit(fit, "shape", len(volts))


def _of_fit(fit: Fit, name: str, n: int) -> Estimate:
    low, high = fit.intervals[name]
    return Estimate(fit[name], low, high, n)


def pooled(estimates: list[Estimate]) -> Estimate:
    """The mean of devices; a single one as it is.

    With Student's interval of their scatter, or that of their own intervals where it is wider: a
    few devices may agree by chance, and all share the steps of the sweep.
    """
    if len(estimates) == 1:
        return estimates[0]
    values, n = np.array([each.value for each in estimates]), len(estimates)
    middle = float(values.mean())
    scatter = float(stdtrit(n - 1, 0.975) * values.std(ddof=1) / math.sqrt(n))
    below, above = (float(np.sqrt(np.sum(np.square(ends)))) / n for ends in (
        [each.value - each.low for each in estimates],
        [each.high - each.value for each in estimates]))
    return Estimate(middle, middle - max(scatter, below), middle + max(scatter, above), n)
