"""Free layers that several tests share: cells like the two stacks', in numbers of their own."""

from dataclasses import replace

from device_models import Magnet, PerpendicularMagnet

THIN = Magnet(
    saturation_magnetisation=1e6, interface_anisotropy=0.6544e-3, damping=0.01872,
    spin_hall_angle=0.11, thickness=1.6e-9, length=500e-9, width=250e-9, coercive_field=10e-3,
    channel_width=0.9e-6, channel_thickness=14e-9, channel_resistance=300.0)
THICK = replace(THIN, thickness=2.6e-9)
STANDING = PerpendicularMagnet(
    saturation_magnetisation=1.257e6, interface_anisotropy=1.3e-3, damping=0.1,
    spin_hall_angle=0.3, thickness=1.3e-9, length=60e-9, width=60e-9, coercive_field=50e-3,
    channel_width=170e-9, channel_thickness=3.5e-9, channel_resistance=1242.0)
