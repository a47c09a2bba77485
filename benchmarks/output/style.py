"""How pictures look: settings for `matplotlib.rc_context`, and numbers in them."""

from typing import Any  # Matplotlib types its settings by a list of names, each version its own

_OPEN = {"axes.spines.top": False, "axes.spines.right": False}
PICTURE: Any = {"font.size": 9, **_OPEN}
PANELS: Any = {"font.size": 8, **_OPEN, "legend.frameon": False, "legend.fontsize": 7}
"""Of pages of many small panels."""


def digits(value: float) -> str:
    """Three digits of a number for a picture, and never an exponent above."""
    return f"{value:{'.3g' if abs(value) < 999.5 else '.0f'}}"
