"""The optional tables of a stack file: what each may hold, and reading them.

[magnetics], [switching], [channel], [breakdown], [temperature], [variability], [process]. A file
without them loads as ever; what needs a table that is not there says so by name. Every entry is
tagged; stacks/README.md explains each key.
"""

import itertools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from device_models.checks import known
from device_models.stacks.schema import UNLIMITED, Limits, Section, StackError, unit_of

Table = Mapping[str, Any]


class Key(NamedTuple):
    """One entry: its kind, sign, whether it must be there, and its limits.

    The kind is "number", "list", "pair" ([least, largest]) or the choices of a text; `limits` are
    the least and the largest value allowed, in the unit of the file.
    """

    kind: str | tuple[str, ...] = "number"
    sign: str = "positive"
    required: bool = False
    limits: Limits = UNLIMITED


_ONE, _LIST, _MUST = Key(), Key("list"), Key(required=True)
_ZERO, _PAIR = Key(sign="nonnegative"), Key("pair")
_SHARE = Key(sign="nonnegative", limits=(0.0, 1.0))  # a probability, or a relative deviation
_EITHER = Key(sign="any", limits=(-1.0, 1.0))

OPTIONAL: dict[str, dict[str, Key]] = {
    "magnetics": {
        "easy_axis": Key(("in-plane", "perpendicular"), required=True),
        "saturation_magnetisation_ka_per_m": _MUST,
        "interface_anisotropy_mj_per_m2": Key(sign="nonnegative", required=True),
        "damping": Key(required=True, limits=(0.0, 1.0)),
        "device_coercivity_mt": _MUST,
        "device_coercivity_spread": _SHARE,
        "film_coercivity_mt": _ONE,
        "film_coercivity_spread": _SHARE,
        "thickness_nm": _LIST,
        "exchange_field_mt": Key("list", "any"),
        "saturation_field_mt": _LIST,
        "device_offset_mt": Key(sign="any"),
        "minor_sweep_mt": _ONE,
        "major_sweep_mt": _ONE,
        "reference_flip_mt": Key(sign="any"),
        "reference_rise_mt": Key(sign="any"),
        "free_flip_mt": Key(sign="any"),
        "film_sweep_mt": _ONE,
    },
    "switching": {
        "spin_hall_angle": _MUST,
        "oersted": _EITHER,
        "attempt_time_ns": _ONE,
        "measuring_time_s": _ONE,
        "pulse_ns": _ONE,
        "pulse_delay_s": _ONE,
        "pulse_range_v": _PAIR,
        "assist_field_mt": _PAIR,
        "full_switching_field_mt": _LIST,
        "thickness_nm": _LIST,
        "critical_voltage_v": _LIST,
        "compound_extra": _PAIR,
        "common_series_ohm": _ZERO,
        "field_free_middle_nm": _ONE,
        "field_free_width_nm": _ONE,
        "read_voltage_v": _ONE,
        "series_kohm": _ONE,
    },
    "channel": {
        "width_um": _MUST,
        "thickness_nm": _MUST,
        "length_um": _MUST,
        "pitch_um": _MUST,
        "sheet_resistance_ohm_per_sq": _MUST,
        "fixed_ohm": Key(sign="nonnegative", required=True),
        "stated_cells": _LIST,
        "stated_resistance_ohm": _LIST,
        "stated_spacing_um": _ONE,
    },
    "breakdown": {
        "thickness_nm": _LIST,
        "one_cell_v": _LIST,
        "three_cells_v": _LIST,
        "shape": _ONE,
        "endurance_cycles": _ONE,
    },
    "temperature": {
        "reference_k": _MUST,
        "polarisation_decay_per_k1p5": _MUST,
        "curie_k": _MUST,
        "magnetisation_exponent": _MUST,
    },
    "variability": {
        "sigma_r_p": _SHARE,
        "sigma_tmr": _SHARE,
        "sigma_h_c": _SHARE,
        "sigma_v_c": _SHARE,
        "sigma_cycle_v_c": _SHARE,
        "correlation_r_p_tmr": _EITHER,
        "correlation_h_c_v_c": _EITHER,
        "shared": _SHARE,
        "stuck_parallel": _SHARE,
        "stuck_antiparallel": _SHARE,
        "shorted": _SHARE,
        "open": _SHARE,
        "short_resistance_ohm": _ONE,
        "flicker_um2": _ONE,
    },
    "process": {
        "ra_range_kohm_um2": _PAIR,
        "channel_layers_nm": _LIST,
        "barrier_nm": _ONE,
        "reference_nm": _ONE,
        "saf_nm": _LIST,
        "cap_nm": _ONE,
        "anneal_temperature_k": _ONE,
        "anneal_time_min": _ONE,
        "anneal_field_t": _ONE,
    },
}

_PAIRED = ("exchange_field_mt", "saturation_field_mt", "critical_voltage_v", "one_cell_v",
           "three_cells_v", "full_switching_field_mt")
_FAULTS = ("stuck_parallel", "stuck_antiparallel", "shorted", "open")
_MS_AT = 300.0  # [K] at which M_s is given; see `magnetics.saturation_magnetisation`


def read_tables(root: Section) -> tuple[dict[str, Table], dict[str, str]]:
    """The optional tables of a file, in SI and without units in their names, and all their tags."""
    tables: dict[str, Table] = {}
    tags: dict[str, str] = {}
    for name, keys in OPTIONAL.items():
        if name in root.data:
            section = root.table(name)
            required = tuple(key for key, entry in keys.items() if entry.required)
            section.expect(required, tuple(key for key in keys if key not in required))
            tables[name] = MappingProxyType(
                {strip(key): _read(section, key, keys[key]) for key in section.data})
            _check_pairs(section)
            _check_together(section, tables[name])
            tags |= section.tags
    return tables, tags


def strip(key: str) -> str:
    """A key without its unit: thickness of thickness_nm."""
    unit = unit_of(key)
    return key[: -len(unit) - 1] if unit else key


def _read(section: Section, key: str, entry: Key) -> Any:
    if isinstance(entry.kind, tuple):
        text = section.tagged(key)
        try:
            return known(key, text, entry.kind)
        except ValueError as error:
            raise StackError(f"{section.where} {error}") from None
    readers = {"list": section.numbers, "pair": section.pair, "number": section.number}
    return readers[entry.kind](key, entry.sign, entry.limits)


def _check_together(section: Section, values: Table) -> None:
    """Entries that are physical one by one, and not together."""
    faults = sum(values.get(key, 0.0) for key in _FAULTS)
    if faults > 1:
        raise StackError(f"{section.where} {', '.join(_FAULTS)} add to {faults:g}; expected at "
                         "most 1, they are probabilities of one cell")
    if "curie" not in values:
        return
    above = max(values["reference"], _MS_AT)
    if values["curie"] <= above:
        raise StackError(f"{section.where} curie_k is {values['curie']:g}; expected above "
                         f"{above:g} K, of reference_k and the 300 K of M_s the higher")
    if values["polarisation_decay"] * values["reference"] ** 1.5 >= 1:
        raise StackError(f"{section.where} polarisation_decay_per_k1p5 is "
                         f"{values['polarisation_decay']:g}; expected below reference_k^-1.5 = "
                         f"{values['reference'] ** -1.5:.3g}, or no polarisation is left there")


def _check_pairs(section: Section) -> None:
    """Lists over thickness pair with `thickness_nm`, which increases."""
    present = [key for key in _PAIRED if key in section.data]
    if not present:
        return
    if not isinstance(section.data.get("thickness_nm"), Mapping):
        raise StackError(f"{section.where} has {present[0]} but no thickness_nm to go with it")
    nodes = section.data["thickness_nm"]["value"]
    if any(b <= a for a, b in itertools.pairwise(nodes)):
        raise StackError(f"{section.where} thickness_nm must increase")
    for key in present:
        if len(section.data[key]["value"]) != len(nodes):
            raise StackError(f"{section.where} {key} has {len(section.data[key]['value'])} values; "
                             f"expected {len(nodes)}, one for each of thickness_nm")


OVER_THICKNESS: dict[str, tuple[str, ...]] = {
    table: tuple(strip(key) for key in keys if key in _PAIRED) for table, keys in OPTIONAL.items()}
"""The entries of each table that pair with its thickness_nm, without their units."""
