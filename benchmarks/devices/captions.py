"""What stands under a panel: what the paper states, or where another stack's numbers come from."""

import re
import textwrap
from collections.abc import Iterable

from benchmarks.inputs.paper import is_paper
from device_models import Stack
from device_models.stacks.schema import without_unit

_SYMBOLS = {"r_p": "R_P", "ra": "RA", "tmr": "TMR"}
_HEADER = 140  # characters of a line above a page
_WIDTH = 60  # characters of a line under a panel


def caption(stack: Stack, paper: str, shown: str, keys: Iterable[str]) -> str:
    """`paper` for the paper's stack; else what is `shown`, and the sources of `keys`.

    In `paper` a line begins with "stated" or "assumed". `keys` are table.key of the stack file; of
    each the tag's head is quoted, e.g. "A". The full tags are in devices.json.
    """
    if is_paper(stack):
        return _wrapped(paper)
    return _wrapped(f"{shown}\nNumbers: {sources(stack, keys)}.")


def _wrapped(text: str) -> str:
    """Lines of text, each wrapped to what a column holds; a new one begins with a word for it."""
    text = re.sub(r"\n(?!assumed|Numbers)", " ", text)
    return "\n".join(part for line in text.split("\n") for part in textwrap.wrap(line, _WIDTH))


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
    word = without_unit(key.rpartition(".")[2])
    return _SYMBOLS.get(word, word)


def header(stack: Stack, number: str) -> str:
    """The line above a page."""
    name = "\n".join(textwrap.wrap(
        f"{stack.name}: {stack.title}" if stack.title else stack.name, _HEADER))
    if is_paper(stack):
        return (f"{name}\nmodel, laid out as Fig. {number} of Kumar et al. 2024; open circles: "
                "numbers that their text states")
    return f"{name}\nmodel; numbers and their tags are those of its file"
