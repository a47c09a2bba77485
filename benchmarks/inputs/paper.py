"""The device of Kumar et al. 2024, which every other is compared with."""

import numpy as np

from device_models import Stack, load_stack

PAPER = "10.1039/d4nh00097h"
"""The paper's DOI."""
_NUMBERS = ("thickness_range", "axes", "area", "v_p", "v_h", "tables")  # beside the two laws


def is_paper(stack: Stack) -> bool:
    """Whether the stack is that of Kumar et al., of which holds what their text states.

    A copy of the bundled file with another number is another device.
    """
    if stack.doi != PAPER:
        return False
    paper = load_stack("kumar2024", area_convention=stack.area_convention)
    same = all(getattr(stack, name) == getattr(paper, name) for name in _NUMBERS)
    return same and all(float(ours(t)) == float(theirs(t))
                        for ours, theirs in ((stack.r_p, paper.r_p), (stack.tmr, paper.tmr))
                        for t in np.linspace(*stack.thickness_range, 7))
