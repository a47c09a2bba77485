"""Parameters of a perpendicular free layer's switching: Delta, V_c, spin Hall angle, K_s."""

from dataclasses import dataclass
from dataclasses import field as entry

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import mu_0

from device_models.checks import Floats, positive, real_array
from device_models.fits.counts import checked_counts
from device_models.fits.critical_voltage import threshold_or_zero
from device_models.fits.least_squares import Fit, FitError, least_squares, points
from device_models.fits.profile import Likelihood
from device_models.magnet.demagnetisation import demagnetising_factors
from device_models.magnet.free_layer import ATTEMPT_TIME
from device_models.magnet.perpendicular import PerpendicularMagnet
from device_models.magnet.perpendicular_barrier import lower_barrier
from device_models.switching.perpendicular import PerpendicularLaws
from device_models.switching.pulse import Pulse, written_by
from device_models.switching.thresholds import critical_voltage

_TORQUES = np.linspace(0.0, 3.0, 6001)  # i [1] of the tables; no threshold is higher


@dataclass(frozen=True)
class _Tables:
    """`lower_barrier` over i, of the few pairs of fields that a fit asks for."""

    known: dict[tuple[float, float], Floats] = entry(default_factory=dict)

    def __call__(self, i: ArrayLike, h: ArrayLike, k: ArrayLike = 0.0) -> Floats:
        fields = float(np.ravel(h)[0]), float(np.ravel(k)[0])
        if fields not in self.known:
            self.known[fields] = lower_barrier(_TORQUES, *fields)
        return np.asarray(np.interp(np.asarray(i, float), _TORQUES, self.known[fields]))


def fit_switching_probability_perpendicular(
    voltage: ArrayLike, switched: ArrayLike, trials: ArrayLike, pulse: ArrayLike,
    magnet: PerpendicularMagnet, field: float = 0.0, temperature: float = 300.0,
) -> Fit:
    """`stability` Delta [1] and `critical_voltage` V_c [V] from counts of switched cells.

    The law of `switching_probability` out of the plane: activation over the barrier that the
    torque leaves, the way back, and the state that a strong pulse ends in. By maximum likelihood,
    with profile intervals.

    Parameters
    ----------
    voltage, switched, trials, pulse
        As in `fit_switching_probability_activation`; the sign of the voltage is that of the pulses.
    magnet : PerpendicularMagnet
        Gives H_k, damping and offset; its spin Hall angle, channel and volume are not used but as a
        scale.
    field : float
        Applied field H_x [T], signed as in `switching_probability`.
    temperature : float
        [K].

    Returns
    -------
    Fit
        `stability` as of `switching.stability`, without field; `critical_voltage` at `field`, as of
        `switching.critical_voltage`. `residual` and open ends as in the in-plane fit.
    """
    _check_kind(magnet)
    counts = checked_counts(voltage, switched, trials, pulse, ATTEMPT_TIME)
    applied, kelvin = _one_field(field), positive("temperature", temperature, "K")
    nominal = float(critical_voltage(magnet, applied, kelvin, written_by(magnet, counts.sign)))
    if nominal <= 0:
        raise FitError(f"field is {applied:g} T, which leaves no threshold; expected less than H_k")
    laws = PerpendicularLaws(magnet, _Tables())
    short, long = magnet.anisotropy_fields

    def law(stability: Floats, critical: Floats) -> Floats:
        cell = Pulse.of(counts.sign * counts.v, counts.t, applied, kelvin, critical / nominal,
                        magnet=magnet)
        return laws.log_outcome_of(cell, stability * short / long).log_error()

    return Likelihood(counts, law).fit()


def fit_critical_voltage_perpendicular(
    thickness: ArrayLike, voltage: ArrayLike, magnet: PerpendicularMagnet, field: float = 0.0,
    spread: ArrayLike | None = None,
) -> Fit:
    """Size of `spin_hall_angle` [1] and `interface_anisotropy` [J/m^2] from critical voltages.

    The law of `switching.critical_voltage` out of the plane, over the thickness t: the voltage goes
    with M_s t H_k = 2 K_s - mu0 M_s^2 t (N_z - N_x), over the spin Hall angle, and so falls with t
    [T: K.-S. Lee et al., Appl. Phys. Lett. 102 (2013) 112410].

    Parameters
    ----------
    thickness, voltage : (points,) arrays
        Free layer [m] and size of its critical voltage [V]; 3 points or more.
    magnet : PerpendicularMagnet
        Gives M_s, shape, channel and offset; its damping does not matter, its spin Hall angle,
        interface anisotropy and thickness are not used.
    field : float
        Applied field H_x [T], as of pulses from AP to P.
    spread : (points,) array, optional
        Standard deviation of each voltage [V].
    """
    _check_kind(magnet)
    t, y = points(("thickness", thickness, "m"), ("voltage", voltage, "V"), 3)
    applied = _one_field(field)
    slope, at_zero = np.polyfit(t, y, 1)
    if slope >= 0 or at_zero <= 0:
        raise FitError("the critical voltage does not fall with thickness; expected sizes that do, "
                       "out of the plane")
    n_long, _, n_thick = demagnetising_factors(magnet.length, magnet.width, t.mean())
    none = mu_0 * magnet.saturation_magnetisation**2 * float(n_thick - n_long) / 2.0
    k_s = none * max(at_zero / -slope, 1.02 * float(t.max()))  # so that all stand out of the plane

    def law(x: Floats, angle: float, anisotropy: float) -> Floats:
        volts = [threshold_or_zero(magnet, applied, -1, thickness=float(each),
                                   interface_anisotropy=abs(anisotropy) * 1e-3) for each in x]
        return np.array(volts) * abs(magnet.spin_hall_angle) / angle

    guess = float(np.mean(law(t, 1.0, k_s * 1e3)) / np.mean(y)), k_s * 1e3
    return least_squares(law, t, y, guess, {"spin_hall_angle": 1.0, "interface_anisotropy": 1e-3},
                         spread)


def _one_field(field: float) -> float:
    value = real_array("field", field, "T")
    if value.ndim:
        raise FitError(f"field [T] has shape {value.shape}; expected one number, fit each field")
    return float(value)


def _check_kind(magnet: object) -> None:
    if not isinstance(magnet, PerpendicularMagnet):
        raise TypeError(f"magnet is {type(magnet).__name__}; expected a PerpendicularMagnet, whose "
                        "law this is")
