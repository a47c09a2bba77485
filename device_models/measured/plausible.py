"""Questions about numbers that seem to be in another unit than their file says."""

import warnings

import numpy as np

from device_models.measured.columns import Columns
from device_models.measured.roles import Role

_RESISTANCES = (1.0, 1e7)  # [ohm] of junctions, beyond which the unit is asked about (assumed)
_UNITS = {1.0: "ohm", 1e3: "kohm", 1e6: "Mohm"}


def ask_about_resistance(found: Columns, role: Role) -> None:
    """Warn of a column whose median is no resistance of a junction, unless its unit was given."""
    column, (least, most) = found[role], _RESISTANCES
    middle = float(np.median(column.si))
    if column.stated or least <= middle <= most:
        return
    raw = float(np.median(column.raw))
    fitting = [name for factor, name in _UNITS.items() if least <= raw * factor <= most]
    meant = fitting[0] if fitting else "another unit"
    warnings.warn(f"{found.file}: {column.header!r}, read in {column.unit}, is {middle / 1e6:g} "
                  f"Mohm in the middle; expected {least:g} ohm to {most / 1e6:g} Mohm of a "
                  f"junction: is it in {meant}? say columns={{{role.name!r}: ({column.header!r}, "
                  f"{fitting[0] if fitting else column.unit!r})}}, or {column.unit!r} if not",
                  UserWarning, 4)
