"""How pages of many small panels look."""

from typing import Any

PANELS: Any = {"font.size": 8, "axes.spines.top": False, "axes.spines.right": False,
               "legend.frameon": False, "legend.fontsize": 7}
"""Settings for `matplotlib.rc_context`."""
