"""Parameters of the laws from measurements, with 95 % intervals:
fit_<law>_<method>."""

from device_models.fits.activation import fit_switching_probability_activation
from device_models.fits.least_squares import Fit, FitError
from device_models.fits.static import (
    fit_bias_quadratic,
    fit_channel_least_squares,
    fit_coercivity_sharrock,
    fit_resistance_quadratic,
    fit_tmr_bias_lorentzian,
    fit_tmr_exponential,
)
from device_models.fits.switching import fit_critical_voltage_macrospin
from device_models.fits.weibull import fit_breakdown_weibull

__all__ = [
    "Fit", "FitError", "fit_bias_quadratic", "fit_breakdown_weibull",
    "fit_channel_least_squares", "fit_coercivity_sharrock", "fit_critical_voltage_macrospin",
    "fit_resistance_quadratic", "fit_switching_probability_activation",
    "fit_tmr_bias_lorentzian", "fit_tmr_exponential",
]
