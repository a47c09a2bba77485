"""A quantity over free-layer thickness."""

from typing import Protocol

from device_models.checks import Floats


class ThicknessLaw(Protocol):
    """A quantity over free-layer thickness [m]."""

    def __call__(self, t: float) -> Floats: ...


def at_thickness(law: ThicknessLaw, name: str, unit: str, t: float) -> float:
    """What a `law` gives at `t` [m]; ValueError with the law's name unless it is above zero."""
    value = float(law(t))
    if not value > 0:
        function = getattr(law, "func", law)
        raise ValueError(f"{name} follows the law {getattr(function, '__name__', function)}, which "
                         f"gives {value:g} {unit} at {t * 1e9:g} nm; expected more than zero")
    return value
