"""What stands under a panel: what the paper states, or where another stack's numbers come from."""

import re
import textwrap
from collections.abc import Iterable
from typing import Any

import numpy as np

from benchmarks.devices.numbers import PAPER
from device_models import Stack, load_stack
from device_models.stacks.schema_tables import strip

STATED: Any = {"ls": "none", "marker": "o", "mfc": "none", "mec": "k", "ms": 7, "zorder": 5}
_NUMBERS = ("thickness_range", "axes", "area", "v_p", "v_h", "tables")  # beside the two laws
_SYMBOLS = {"r_p": "R_P", "ra": "RA", "tmr": "TMR"}
_WIDTH = 74  # characters of a line under a panel


def is_paper(stack: Stack) -> bool:
    """Whether the stack is that of Kumar et al., whose numbers the circles and captions state.

    A copy of the bundled file with another number is another device: the captions would not hold.
    """
    if stack.doi != PAPER:
        return False
    paper = load_stack("kumar2024", area_convention=stack.area_convention)
    same = all(getattr(stack, name) == getattr(paper, name) for name in _NUMBERS)
    return same and all(float(ours(t)) == float(theirs(t))
                        for ours, theirs in ((stack.r_p, paper.r_p), (stack.tmr, paper.tmr))
                        for t in np.linspace(*stack.thickness_range, 7))


def circles(axes: Any, stack: Stack, x: Iterable[float], y: Iterable[float]) -> None:
    """Open circles at numbers that Kumar et al. state; none for another device."""
    if is_paper(stack):
        axes.plot(list(x), list(y), **STATED)


def caption(stack: Stack, paper: str, shown: str, keys: Iterable[str]) -> str:
    """`paper` for the paper's stack; else what is `shown`, and the sources of `keys`.

    `keys` are table.key of the stack file; of each the tag's head is quoted, e.g. "A". The full
    tags are in devices.json.
    """
    if is_paper(stack):
        return paper
    return "\n".join(textwrap.wrap(f"{shown} Numbers: {sources(stack, keys)}.", _WIDTH))


def sources(stack: Stack, keys: Iterable[str]) -> str:
    """The keys of a stack file by the heads of their tags: "A: damping, width; P §B: pulse"."""
    found: dict[str, list[str]] = {}
    for key in keys:
        if key in stack.tags:
            head = re.split(r"[:(]", stack.tags[key])[0].strip() or stack.tags[key]
            found.setdefault(head, []).append(_name(key))
    return "; ".join(f"{head}: {', '.join(names)}" for head, names in found.items()) or "none"


def _name(key: str) -> str:
    """interface_anisotropy of magnetics.interface_anisotropy_mj_per_m2, R_P of r_p_kohm."""
    word = strip(key.rpartition(".")[2])
    return _SYMBOLS.get(word, word)


def header(stack: Stack, number: str) -> str:
    """The line above a page."""
    page = f"{stack.name}: model, laid out as Fig. {number} of Kumar et al. 2024"
    if is_paper(stack):
        return f"{page}; open circles: numbers their text states of their own stack"
    return f"{page}, but of another device: numbers and their tags are those of its file"
