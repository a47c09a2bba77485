"""How pictures look: settings for `matplotlib.rc_context`, and numbers in them."""

from typing import Any  # Matplotlib types its settings by a list of names, each version its own

_OPEN = {"axes.spines.top": False, "axes.spines.right": False}
PICTURE: Any = {"font.size": 9, **_OPEN}
PANELS: Any = {"font.size": 8, **_OPEN, "legend.frameon": False, "legend.fontsize": 7}
"""Of pages of many small panels."""
COLUMN: Any = {
    **_OPEN, "font.size": 7, "axes.titlesize": 8, "axes.labelsize": 7, "axes.labelpad": 2.5,
    "axes.linewidth": 0.6, "lines.linewidth": 1.2, "xtick.labelsize": 6.5, "ytick.labelsize": 6.5,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.major.size": 2.5,
    "ytick.major.size": 2.5, "legend.frameon": False, "legend.fontsize": 6.5}
"""Of panels that are as wide as a column of a journal, and printed at that size."""


def digits(value: float) -> str:
    """Three digits of a number for a picture, and never an exponent above."""
    return f"{value:{'.3g' if abs(value) < 999.5 else '.0f'}}"
