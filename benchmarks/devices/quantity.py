"""What axes show, typeset for a picture and as plain text for a table."""

import re
from typing import NamedTuple

_COMMAND = re.compile(r"\\(?:mathrm|mathit|text)\{([^{}]*)\}")
_WORDS = {r"\mu": "mu", r"\pm": "+-", r"\Omega": "Ohm", r"\Phi": "Phi", r"\sigma": "sigma",
          r"\times": "x", r"\,": " ", r"\%": "%"}
_UNITS = {"kohm": r"$\mathrm{k\Omega}$", "ohm": r"$\mathrm{\Omega}$"}


class Quantity(NamedTuple):
    """`text` with symbols in Matplotlib's mathtext; `unit` in letters, "1" of a ratio."""

    text: str
    unit: str

    @property
    def label(self) -> str:
        """Of an axis."""
        return self.text if self.unit == "1" else f"{self.text} ({typeset_unit(self.unit)})"

    @property
    def header(self) -> str:
        """Of a column."""
        return f"{plain(self.text)} ({self.unit})"


FIELD = Quantity(r"field $\mu_0H$", "mT")
VOLTS = Quantity(r"pulse $V$", "V")
VOLTAGE = Quantity(r"voltage $V$", "V")
THICKNESS = Quantity(r"free layer $t$", "nm")
RESISTANCE = Quantity(r"$R$", "kohm")
MOMENT = Quantity(r"$M/M_\mathrm{s}$", "1")
TMR = Quantity("TMR", "%")


def typeset_unit(unit: str) -> str:
    """k and an omega of "kohm"; other units stay as they are."""
    return _UNITS.get(unit, unit)


def plain(text: str) -> str:
    """Mathtext as letters: R_P of $R_\\mathrm{P}$, mu0H of $\\mu_0H$."""
    text = _COMMAND.sub(r"\1", text)
    for command, word in _WORDS.items():
        text = text.replace(command, word)
    return text.replace("mu_0", "mu0").replace(r"\$", "$").translate(str.maketrans("", "", "{}")
        ).replace("$", "")


def verbatim(text: str) -> str:
    """Text of others, that no sign of it is taken for mathtext."""
    return text.replace("$", r"\$")
