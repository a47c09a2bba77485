"""The free layer of a junction: demagnetisation, anisotropy, energy barriers and field loops,
of in-plane and perpendicular easy axes."""

from device_models.magnet.anisotropy import (
    anisotropy_field,
    barrier_factor,
    energy_barrier,
    stability_factor,
    state_stability,
    wall,
)
from device_models.magnet.coercivity import sharrock_coercivity
from device_models.magnet.demagnetisation import demagnetising_factors
from device_models.magnet.easy_axis import EasyAxisError
from device_models.magnet.free_layer import ATTEMPT_TIME, GYROMAGNETIC, FreeLayer
from device_models.magnet.heat import ChannelHeat
from device_models.magnet.in_plane import Magnet
from device_models.magnet.loops import (
    check_order,
    film_magnetisation,
    hysteron,
    resistance_field_loop,
)
from device_models.magnet.magnetisation import saturation_magnetisation
from device_models.magnet.perpendicular import PerpendicularMagnet

__all__ = [
    "ATTEMPT_TIME", "GYROMAGNETIC", "ChannelHeat", "EasyAxisError", "FreeLayer", "Magnet",
    "PerpendicularMagnet",
    "anisotropy_field", "barrier_factor", "check_order", "demagnetising_factors",
    "energy_barrier", "film_magnetisation", "hysteron", "resistance_field_loop",
    "saturation_magnetisation", "sharrock_coercivity", "stability_factor", "state_stability",
    "wall",
]
