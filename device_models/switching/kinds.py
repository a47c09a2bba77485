"""Whose laws a free layer follows: the registry of its kinds."""

from functools import singledispatch

from device_models.magnet.in_plane import Magnet
from device_models.magnet.perpendicular import PerpendicularMagnet
from device_models.switching.in_plane import InPlaneLaws
from device_models.switching.laws import SwitchingLaws
from device_models.switching.perpendicular import PerpendicularLaws


@singledispatch
def laws_of(magnet: object) -> SwitchingLaws:
    """The laws of `magnet`, chosen by its type; `laws_of.register(Type, Laws)` adds a kind."""
    raise TypeError(f"magnet is a {type(magnet).__name__}; expected a Magnet or a "
                    "PerpendicularMagnet, e.g. of stack.magnet()")


laws_of.register(Magnet, InPlaneLaws)
laws_of.register(PerpendicularMagnet, PerpendicularLaws)
