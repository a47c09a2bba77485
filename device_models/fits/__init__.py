"""Parameters of the laws from measurements, with 95 % intervals:
fit_<law>_<method>."""

from device_models.fits.activation import fit_switching_probability_activation
from device_models.fits.bias import fit_bias_quadratic, fit_tmr_bias_lorentzian
from device_models.fits.channel import fit_channel_least_squares
from device_models.fits.coercivity import fit_coercivity_sharrock
from device_models.fits.critical_voltage import fit_critical_voltage_macrospin
from device_models.fits.least_squares import Fit, FitError, least_squares, points
from device_models.fits.perpendicular import (
    fit_critical_voltage_perpendicular,
    fit_switching_probability_perpendicular,
)
from device_models.fits.thickness import fit_resistance_quadratic, fit_tmr_exponential
from device_models.fits.weibull import fit_breakdown_weibull

__all__ = [
    "Fit", "FitError", "fit_bias_quadratic", "fit_breakdown_weibull",
    "fit_channel_least_squares", "fit_coercivity_sharrock", "fit_critical_voltage_macrospin",
    "fit_critical_voltage_perpendicular", "fit_resistance_quadratic",
    "fit_switching_probability_activation", "fit_switching_probability_perpendicular",
    "fit_tmr_bias_lorentzian", "fit_tmr_exponential", "least_squares", "points",
]
