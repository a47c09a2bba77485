"""What stands under a panel: what the paper states, or where another stack's numbers come from."""

import re
import textwrap
from collections.abc import Iterable

from benchmarks.devices.quantity import plain, verbatim
from benchmarks.inputs.paper import is_paper
from device_models import Stack
from device_models.stacks.schema import without_unit

_SYMBOLS = {
    "r_p": r"$R_\mathrm{P}$", "r_ap": r"$R_\mathrm{AP}$", "ra": "RA", "tmr": "TMR",
    "sigma_r_p": r"$\sigma(R_\mathrm{P})$", "sigma_tmr": r"$\sigma(\mathrm{TMR})$",
    "sigma_h_c": r"$\sigma(H_\mathrm{c})$", "sigma_v_c": r"$\sigma(V_\mathrm{c})$",
    "spin_hall_angle": "spin Hall angle", "one_cell": "breakdown of one cell"}
_WIDTH = 62  # characters of a line under a panel
_UNIT = re.compile(r"(?<=[\d$]) (?=(?:%|nm|mT|V|s|ns|K|MA/m|\$\\mathrm\{k?\\Omega)(?:\W|$))")


def caption(stack: Stack, paper: str, shown: str, keys: Iterable[str]) -> str:
    """`paper` for the paper's stack; else what is `shown`, and the sources of `keys`.

    `keys` are table.key of the stack file; of each the tag's head is quoted, e.g. "A". The full
    tags are in devices.json.
    """
    return paper if is_paper(stack) else f"{shown} Numbers: {sources(stack, keys)}."


def sources(stack: Stack, keys: Iterable[str]) -> str:
    """The keys of a stack file by the heads of their tags: "A: damping, width; P §B: pulse"."""
    found: dict[str, list[str]] = {}
    for key in keys:
        if key in stack.tags:
            head = re.split(r":| \(", stack.tags[key])[0].strip() or stack.tags[key]
            found.setdefault(verbatim(head), []).append(_name(key))
    return "; ".join(f"{head}: {', '.join(names)}" for head, names in found.items()) or "none"


def _name(key: str) -> str:
    """interface anisotropy of magnetics.interface_anisotropy_mj_per_m2, R_P of r_p_kohm."""
    word = without_unit(key.rpartition(".")[2])
    return _SYMBOLS.get(word, word.replace("_", " "))


def wrapped(text: str) -> str:
    """Lines as wide as a panel; what is typeset counts as wide as its letters, and holds together.
    """
    text = _UNIT.sub("\u00a0", text)
    return "\n".join(line for part in text.split("\n") for line in _lines(part))


def _lines(text: str) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if len(plain(longer)) > _WIDTH and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def header(stack: Stack, drawn: str, columns: int) -> str:
    """The lines above a page: the stack's name and title, and what is `drawn`."""
    title = f"{stack.name}: {stack.title}" if stack.title else stack.name
    return verbatim("\n".join(
        line for text in (title, drawn) for line in textwrap.wrap(text, 62 * columns)))


def laid_out(stack: Stack, number: str, own: bool) -> str:
    """What is drawn on a page laid out as the paper's Fig. `number`, with points of one's `own`."""
    if own:
        return "model, and what was measured; numbers and their tags are those of its file"
    if is_paper(stack):
        return (f"model, laid out as Fig. {number} of Kumar et al. 2024; circles: numbers their "
                "text states (dotted: of the abscissa alone)")
    return "model; numbers and their tags are those of its file"
