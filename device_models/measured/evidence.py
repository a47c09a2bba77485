"""What the files of a device say, each quantity in SI with its 95 % interval."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from scipy.special import stdtrit

from device_models.checks import Floats
from device_models.fits import (
    Fit,
    fit_breakdown_weibull,
    fit_switching_probability_activation,
    fit_switching_probability_perpendicular,
)
from device_models.magnet.free_layer import FreeLayer
from device_models.magnet.perpendicular import PerpendicularMagnet
from device_models.measured.device_files import (
    breakdown_voltages,
    counts,
    field_loop,
    voltage_loop,
)
from device_models.measured.errors import MeasuredError
from device_models.measured.manifest import Device
from device_models.measured.step import Estimate
from device_models.measured.steps import switching_steps
from device_models.stacks.errors import NotGivenError
from device_models.switching.pulse import written_by
from device_models.switching.thresholds import critical_voltage, pulse_field


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
    kind : str
        Of that file: one of `KINDS`.
    cells : int
        Of the compound; a "critical_voltage" is that of its cells over its whole channel.
    assist_field : float or None
        During its pulses [T], where that is said.
    """

    quantity: str
    thickness: float | None
    estimate: Estimate
    file: Path
    kind: str
    cells: int = 1
    assist_field: float | None = None


KINDS = FIELD_LOOP, VOLTAGE_LOOP, COUNTS, BREAKDOWN = "R(H)", "R(V)", "counts", "breakdown"
Reader = Callable[[Device, Path], Iterator[tuple[str, Estimate]]]
MagnetOf = Callable[[float | None], FreeLayer]
"""The free layer of a thickness [m], of the only one if None."""
_FIELD_LOOPS = "r_p", "r_ap"


def all_evidence(devices: list[Device], magnet: MagnetOf | None = None) -> list[Evidence]:
    """All that the files of the `devices` say; MeasuredError names each that cannot be used.

    Counts are those of in-plane cells, or of perpendicular ones if the `magnet` is given.
    R(V) loops of compounds are compared with R_P and TMR of single cells where R(H) loops say them.
    """
    found: list[Evidence] = []
    wrong: list[str] = []
    for device in devices:
        for file in device.field_loops:
            found += _evidence(device, file, FIELD_LOOP, _field_loop, wrong)
    single = {t: _single_cell([e for e in found if e.thickness == t])
              for t in {e.thickness for e in found}}
    for device in devices:
        r_p, tmr = single.get(device.thickness, (None, None))
        parts: list[tuple[Path, str, Reader]] = [
            (file, VOLTAGE_LOOP, partial(_voltage_loop, r_p=r_p, tmr=tmr))
            for file in device.voltage_loops]
        if device.counts is not None:
            parts.append((device.counts, COUNTS, _counts if magnet is None else
                          partial(_perpendicular_counts, magnet=magnet)))
        if device.breakdown is not None:
            parts.append((device.breakdown, BREAKDOWN, _breakdown))
        for file, kind, read in parts:
            found += _evidence(device, file, kind, read, wrong)
    if wrong:
        raise MeasuredError("\n".join(wrong))
    return found


def _evidence(
    device: Device, file: Path, kind: str, read: Reader, wrong: list[str]
) -> list[Evidence]:
    """What one file says; if it cannot be used, why is added to `wrong`."""
    try:
        return [Evidence(name, device.thickness, value, file, kind, device.cells,
                         device.assist_field) for name, value in read(device, file)]
    except (ValueError, NotGivenError) as error:  # most of which do not know the file
        wrong.append(str(error) if str(file) in str(error) else f"{file}: {error}")
        return []


def _single_cell(found: list[Evidence]) -> tuple[float | None, float | None]:
    """R_P [ohm] and TMR [1] of one cell."""
    r_p, r_ap = ([e.estimate.value for e in found if e.quantity == name] for name in _FIELD_LOOPS)
    if not r_p:
        return None, None
    return float(np.mean(r_p)), float(np.mean(r_ap) / np.mean(r_p) - 1.0)


def _field_loop(device: Device, file: Path) -> Iterator[tuple[str, Estimate]]:
    loop = field_loop(device, file)
    middle = sum(loop.levels) / 2
    area = device.cells if device.areas is None else sum(device.areas)
    for name, part in (("r_p", loop.resistance < middle), ("r_ap", loop.resistance >= middle)):
        yield name, _median(loop.resistance[part] * area)
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


def _voltage_loop(
    device: Device, file: Path, r_p: float | None, tmr: float | None
) -> Iterator[tuple[str, Estimate]]:
    steps = switching_steps(voltage_loop(device, file), device.cells, areas=device.areas, r_p=r_p,
                            tmr=tmr)
    yield "r_p", steps.r_p
    yield "r_ap", steps.r_ap
    ways = steps.to_antiparallel, steps.to_parallel
    critical, spread = ([each for way in ways if (each := getattr(way, name)) is not None]
                        for name in ("critical", "spread"))
    if critical:
        yield "critical_voltage", _both(critical)
    if spread:
        yield "spread", _both(spread)


def _both(ways: list[Estimate]) -> Estimate:
    """The mean of both ways; of the same cells, so that together they are no surer than one."""
    value, low, high = (float(np.mean([getattr(way, end) for way in ways]))
                        for end in ("value", "low", "high"))
    return Estimate(value, low, high, min(way.n for way in ways))


def _counts(device: Device, file: Path) -> Iterator[tuple[str, Estimate]]:
    found = counts(device, file)
    fit = fit_switching_probability_activation(
        found.voltage, found.switched, found.trials, found.pulse,
        damping_time=device.damping_time)
    n = int(found.trials.sum())
    yield "stability", _of_fit(fit, "stability", n)
    if device.cells == 1:
        yield "critical_voltage_0k", _of_fit(fit, "critical_voltage", n)


def _perpendicular_counts(
    device: Device, file: Path, magnet: MagnetOf
) -> Iterator[tuple[str, Estimate]]:
    """V_c as without the assist field, of which the magnet knows what it does."""
    layer = magnet(device.thickness)
    if not isinstance(layer, PerpendicularMagnet):
        raise MeasuredError("the magnet is an in-plane one; expected a perpendicular one")
    if device.assist_field is None:
        raise MeasuredError("counts of perpendicular cells; say assist_field_mt of the device, "
                            "along the current, without which a pulse is a coin toss")
    found = counts(device, file)
    way = written_by(layer, float(np.sign(found.voltage[0])))
    field = pulse_field(layer, float(way), device.assist_field)
    fit = fit_switching_probability_perpendicular(
        found.voltage, found.switched, found.trials, found.pulse, layer, field)
    n = int(found.trials.sum())
    yield "stability", _of_fit(fit, "stability", n)
    if device.cells == 1:
        free = float(critical_voltage(layer, 0.0) / critical_voltage(layer, field, polarity=way))
        said = _of_fit(fit, "critical_voltage", n)
        yield "critical_voltage_0k", Estimate(
            said.value * free, said.low * free, said.high * free, n)


def _breakdown(device: Device, file: Path) -> Iterator[tuple[str, Estimate]]:
    volts = breakdown_voltages(device, file)
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
