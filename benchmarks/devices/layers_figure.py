"""Free layers of a stack with their colours, and the sweeps that panels draw over."""

import matplotlib
import numpy as np

from device_models import Stack
from device_models.checks import Floats

Colour = tuple[float, float, float, float]


def thicknesses(stack: Stack, count: int) -> Floats:
    """From the thinnest to the thickest free layer [m]; one, if the stack has one only."""
    low, high = stack.thickness_range
    return np.linspace(low, high, count if high > low else 1)


def marker(stack: Stack) -> str:
    """Of a curve over thickness: none on a line, a square for the only thickness."""
    low, high = stack.thickness_range
    return "None" if high > low else "s"


def one_thickness(stack: Stack) -> float:
    """That of the paper's loops, 1.7 nm, where the stack has it; else its thickest [m].

    The thickest perpendicular layer is the softest, and switches within the range of voltages.
    """
    low, high = stack.thickness_range
    return 1.7e-9 if low <= 1.7e-9 <= high else high


def fan(stack: Stack) -> list[tuple[float, Colour]]:
    """Up to five thicknesses [m] over the range, each with its colour from thin to thick."""
    t = thicknesses(stack, 5)
    colours = matplotlib.colormaps["viridis"](np.linspace(0, 0.85, len(t)))
    return [(float(x), tuple(colour)) for x, colour in zip(t, colours, strict=True)]


def there_and_back(reach: float, points: int = 401) -> Floats:
    """From `reach` to its negative and back, (2 points,), in the unit of `reach`."""
    down = np.linspace(reach, -reach, points)
    return np.concatenate([down, down[::-1]])


def minor_reach(stack: Stack) -> float:
    """Half of a minor sweep [T]: the file's, else twice the coercive field."""
    film = stack.magnetics
    return film.minor_sweep or 2 * film.device_coercivity
