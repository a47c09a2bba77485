"""Units as instruments write them, by `pint`; a field H counts as mu0 H.

`pint` is imported where a unit is first read, so that `import device_models` stays light.
"""

import re
import tokenize
from functools import lru_cache
from typing import Any

from scipy.constants import mu_0

# In front of pint, which knows the names in lower case and symbols as SI writes them.
_SPELLINGS = (
    (r"_per_", "/"),
    (r"\s*[·*.]?\s*m\s*(\^\s*-\s*1|\*\*\s*-\s*1|-1|⁻¹)$", "/m"),
    (r"[\u2126\u03a9]", "ohm"),
    (r"(?i)ohms?$", "ohm"),
    (r"(?i)oersteds?$", "oersted"),
    (r"(?i)(gauss|tesla|volt|nanometer|angstrom)s?$", lambda found: found[1].lower()),
    (r"^K(?=ohm|Oe|A|V)", "k"),
    (r"(?i)^([munkµμ]?)oe$", r"\1Oe"),
    (r"^([munµμ]?)t$", r"\1T"),
    (r"^([munkµμ]?)v$", r"\1V"),
    (r"^([mk]?)a/m$", r"\1A/m"),
)


def si_factor(text: str, unit: str) -> float | None:
    """How many `unit` (SI: "T", "V", "ohm", "m", "1") one of `text` is; None if it is no such unit.
    """
    if not text.strip() or text.strip() == "mohm":  # of lower case: milli or mega
        return None
    return _factor(text.strip(), unit)


@lru_cache(maxsize=256)
def _factor(text: str, unit: str) -> float | None:
    for pattern, spelling in _SPELLINGS:
        text = re.sub(pattern, spelling, text)
    registry, target = _registry(), "dimensionless" if unit == "1" else unit
    try:
        one = registry.Quantity(1.0, registry.Unit(text))
        return float(one.to(target, "vacuum").magnitude)
    except (ValueError, TypeError, AttributeError, KeyError, SyntaxError, tokenize.TokenError,
            AssertionError):  # what pint and Python's own parser raise of other texts
        return None


@lru_cache(maxsize=1)
def _registry() -> Any:
    """Of pint, in which H and B of vacuum are one quantity: 1 Oe is 0.1 mT."""
    try:
        import pint
    except ImportError as error:
        raise ImportError("units of measured files are read by pint, which is missing; install "
                          "it: python -m pip install pint") from error
    registry, vacuum = pint.UnitRegistry(), pint.Context("vacuum")
    permeability = registry.Quantity(mu_0, "T*m/A")
    gauss = registry.Quantity(1e-4, "T") / registry.Quantity(1.0, "gauss")
    induction = "[mass]/[time]**2/[current]"
    vacuum.add_transformation("[current]/[length]", induction, lambda _, h: h * permeability)
    vacuum.add_transformation("[mass]**0.5/[length]**0.5/[time]", induction,
                              lambda _, h: h * gauss)
    registry.add_context(vacuum)
    return registry
