"""What a column may hold, and by which headers that is known."""

import re
from dataclasses import dataclass
from itertools import chain

from device_models.measured.units import si_factor

_BRACKETS = re.compile(r"(.*?)\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*")
_BREAKS = re.compile(r"[\s_,:/]+")
_NO_LETTERS = re.compile(r"[^a-z0-9]")
_GREEK = str.maketrans({"µ": "mu", "μ": "mu", "Δ": "d", "₀": "0", "₁": "1"})


@dataclass(frozen=True)
class Role:
    """One quantity of a file.

    Parameters
    ----------
    name : str
        As in a map of columns.
    unit : str
        SI; see `units.si_factor`.
    words : tuple of str
        Other names, in lower case, letters and digits only.
    example : str
        A unit it is often written in.
    """

    name: str
    unit: str
    words: tuple[str, ...]
    example: str

    def knows(self, name: str) -> bool:
        """Whether a header without its unit means this."""
        plain = _plain(name)
        return plain in (_plain(self.name), *self.words)

    def unit_in(self, header: str) -> str | None:
        """The unit that a `header` gives, "" if it has none; None if it means something else."""
        if (found := _BRACKETS.fullmatch(header)) is not None and self.knows(found[1]):
            return found[2].strip() if si_factor(found[2], self.unit) is not None else ""
        if self.knows(header):
            return ""
        for place in _BREAKS.finditer(header):
            name, unit = header[:place.start()], header[place.end():]
            if self.knows(name) and si_factor(unit.strip("()[]"), self.unit) is not None:
                return unit.strip("()[]")
        return None


def _plain(name: str) -> str:
    return _NO_LETTERS.sub("", name.translate(_GREEK).lower())


FIELD = Role("field", "T", (
    "h", "b", "hx", "hy", "hz", "bx", "by", "bz", "mu0h", "u0h", "muoh", "hext", "happ", "bext",
    "appliedfield", "magneticfield", "externalfield", "fieldx", "fieldy", "fieldz", "fieldset",
    "setfield", "magnetfield", "feld", "magnetfeld"), "mT")
VOLTAGE = Role("voltage", "V", (
    "v", "u", "bias", "biasvoltage", "vbias", "pulse", "pulsevoltage", "pulseamplitude", "vpulse",
    "vp", "writevoltage", "vwrite", "amplitude", "spannung"), "V")
RESISTANCE = Role("resistance", "ohm", (
    "r", "res", "rmtj", "rdc", "mtjresistance", "rxx", "widerstand"), "kohm")
THICKNESS = Role("thickness", "m", (
    "t", "d", "tfree", "tcofeb", "freelayer", "freelayerthickness", "cofeb", "cofebthickness",
    "thicknesscofeb", "dicke"), "nm")
R_P = Role("r_p", "ohm", ("rparallel", "resistancep", "resistanceparallel", "rlow"), "kohm")
R_AP = Role("r_ap", "ohm", ("rantiparallel", "resistanceap", "resistanceantiparallel", "rhigh"),
            "kohm")
R_P_SPREAD = Role("r_p_spread", "1", ("sigmarp", "rpsigma", "drp"), "%")
TMR_SPREAD = Role("tmr_spread", "1", ("sigmatmr", "tmrsigma", "dtmr"), "%")
PULSE = Role("pulse", "s", ("width", "pulsewidth", "tp", "tpulse", "duration", "pulselength"), "ns")
TRIALS = Role("trials", "1", ("n", "pulses", "attempts"), "1")
SWITCHED = Role("switched", "1", ("k", "switches", "successes"), "1")
LOOP = (FIELD, VOLTAGE, RESISTANCE)
TABLE = (THICKNESS, R_P, R_AP, R_P_SPREAD, TMR_SPREAD)
COUNTS = (VOLTAGE, PULSE, TRIALS, SWITCHED)
_UNITS = tuple(sorted({role.unit for role in chain(LOOP, TABLE, COUNTS)}))


def is_unit(text: str) -> bool:
    """Whether a text is a unit of any role."""
    return any(si_factor(text, unit) is not None for unit in _UNITS)
