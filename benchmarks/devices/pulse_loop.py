"""R(V) loops of a stack's devices under trains of write pulses, as the panels draw them."""

import numpy as np

from device_models import CompoundMTJ, Stack
from device_models.checks import Floats
from device_models.magnet import FreeLayer
from device_models.stacks.errors import given
from device_models.switching import (
    VoltageLoop,
    critical_voltage,
    pulse_field,
    resistance_voltage_loop,
)

SEED = 2  # of the cells' deviations in the 3-cell panels; one that shows every state
DRIVE = ("switching.spin_hall_angle", "magnetics.interface_anisotropy_mj_per_m2",
         "magnetics.saturation_magnetisation_ka_per_m")  # what V_c depends on most
PULSE = ("switching.pulse_ns", "switching.assist_field_mt")


def is_perpendicular(stack: Stack) -> bool:
    """Whether the stack's magnet, if it has one, stands out of the plane."""
    film = stack.tables.magnetics
    return film is not None and film.easy_axis == "perpendicular"


def write_pulse(stack: Stack) -> tuple[float, float]:
    """Width [s] and least assist field [T] of a write."""
    drive = stack.switching
    return given(drive.pulse, "pulse"), given(drive.assist_field, "assist_field")[0]


def cells_of(stack: Stack, t: float, cells: int) -> tuple[Floats, Floats, Floats]:
    """R_P, R_AP [ohm] and coercive field [T] of the cells of one compound; a single is nominal."""
    mtj, coercive = stack.mtj(t), stack.magnetics.device_coercivity
    if cells == 1:
        return np.full(1, mtj.r_p), np.full(1, mtj.r_ap), np.full(1, coercive)
    sample = stack.variability().sample(CompoundMTJ(mtj, cells), 1, SEED, coercive_field=coercive)
    r_p = 1 / sample.g_p[0]
    return r_p, r_p * (1 + sample.tmr[0]), sample.coercive_field[0]


def pulse_loop(
    stack: Stack, t: float, cells: int, voltage: Floats, assist_field: float | None = None, *,
    initial_parallel: bool = True, devices: int = 1,
) -> VoltageLoop:
    """The R(V) loop of pulses of `voltage` [V], with the stack's spread where there are cells.

    `assist_field` [T] by default the least of the file.
    """
    r_p, r_ap, _ = cells_of(stack, t, cells)
    pulse, least = write_pulse(stack)
    return resistance_voltage_loop(
        stack.writing_magnet(t, cells), voltage, r_p, r_ap, cells=cells, devices=devices,
        pulse=pulse, assist_field=least if assist_field is None else assist_field,
        spread=stack.variability().sigma_v_c if cells > 1 else 0.0,
        initial_parallel=initial_parallel, rng=SEED)


def reach(stack: Stack, t: float, cells: int) -> float:
    """Up to breakdown [V]; of a file that states none, half as much again as V_c."""
    if stack.tables.breakdown:
        return float(stack.tables.breakdown.voltage(t, cells))
    return 1.5 * critical(stack.writing_magnet(t, cells))


def critical(magnet: FreeLayer, assist: float = 0.0) -> float:
    """Critical voltage [V], a magnitude, from AP to P with a field of `assist` [T] that helps."""
    return float(critical_voltage(magnet, pulse_field(magnet, -1, assist), polarity=-1))


def setting_steps(stack: Stack, cells: int, assist: float, reach: float, points: int) -> Floats:
    """Pulses (points,) [V] that write P, up to `reach` times the largest critical voltage."""
    magnets = [stack.writing_magnet(t, cells) for t in stack.thickness_range]
    most = max(critical(magnet, assist) for magnet in magnets)
    return np.linspace(0.0, -magnets[0].spin_sign * reach * most, points)
