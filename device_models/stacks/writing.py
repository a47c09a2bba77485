"""How a stack's compounds are written: what its tables say of pulses, path and barrier."""

from typing import Any

from device_models.compound.channel import Channel
from device_models.magnet.free_layer import FreeLayer
from device_models.population.variability import Variability
from device_models.reliability.barrier import Barrier
from device_models.reliability.endurance import breakdown_of_width
from device_models.stacks.errors import MissingEntryError, NotGivenError
from device_models.stacks.optional import Tables
from device_models.stacks.tables import SwitchingTable
from device_models.switching.path import WritePath
from device_models.switching.programming import Programming
from device_models.switching.write import field_free_probability

MISSED = 0.01
"""Share [1] of cells that a reset and the last state's pulse may miss: assumed, 1.45 V of the
1.76 V that three cells of Kumar et al. bear on average."""


def programming(
    tables: Tables, magnet: FreeLayer, channel: Channel, cells: int,
    variability: Variability | None, given: dict[str, Any], area: float = 1.0,
) -> Programming:
    """See `Stack.programming`; `magnet` as a write pulse sees it, on the `channel`; cells of mean
    relative `area` [1]."""
    law = variability
    settings: dict[str, Any] = {
        "spread": law.sigma_v_c if law else 0.0,
        "cycle_spread": law.sigma_cycle_v_c if law else 0.0,
        "missed": MISSED,
        "path": write_path(channel, magnet, cells),
        **given,
    }
    t, drive = magnet.thickness, tables.switching
    for name, of_tables in (("pulse", _pulse), ("assist_field", _assist_field),
                            ("field_free", _field_free), ("edge", _edge)):
        if name not in settings:
            settings[name] = of_tables(drive, t)
    if "barrier" not in settings:
        settings["barrier"] = barrier(tables, t)
    if "breakdown_voltage" not in settings:
        settings["breakdown_voltage"] = _breakdown_voltage(tables, t, cells, area, settings)
    return Programming(magnet=magnet, **settings)


def write_path(channel: Channel, magnet: FreeLayer, cells: int) -> WritePath:
    """What is in series between the write terminals of `cells` on a `channel`."""
    whole = channel.resistance(cells)
    return WritePath(channel=whole - channel.fixed, contacts=channel.fixed,
                     common=max(magnet.channel_resistance - whole, 0.0))


def barrier(tables: Tables, t: float) -> Barrier:
    """Of one cell with a free layer of `t` [m]; what the file does not say is None in it."""
    table, mean = tables.breakdown, mean_breakdown_voltage(tables, t, 1)
    return Barrier(breakdown_voltage=mean, shape=table.shape if table and mean else None,
                   cycles=table.endurance_cycles if table else None,
                   pulse=table.pulse if table else None)


def _breakdown_voltage(
    tables: Tables, t: float, cells: int, area: float, settings: dict[str, Any]
) -> float | None:
    """Mean of the compound [V] under the pulses and for the barrier of the `settings`."""
    mean, borne = mean_breakdown_voltage(tables, t, cells, area), settings["barrier"]
    if mean is None or not isinstance(borne, Barrier):
        return mean
    return float(breakdown_of_width(mean, borne.width(settings["pulse"]), borne.acceleration))


def mean_breakdown_voltage(
    tables: Tables, t: float, cells: int, area: float = 1.0
) -> float | None:
    """Of a compound [V], at a free layer of `t` [m], its cells of mean relative `area` [1]; None
    where the file does not say."""
    try:
        voltage = float(tables.breakdown.voltage(t, cells, area)) if tables.breakdown else 0.0
    except NotGivenError:
        return None
    return voltage if voltage > 0 else None  # far outside the measured range


def _pulse(drive: SwitchingTable | None, _: float) -> float:
    if drive is None or drive.pulse is None:
        raise MissingEntryError("pulse_ns in [switching]; give pulse=... [s]")
    return drive.pulse


def _assist_field(drive: SwitchingTable | None, _: float) -> float:
    """The middle of the file's range [T]."""
    if drive is None or drive.assist_field is None:
        raise MissingEntryError("assist_field_mt in [switching]; give assist_field=... [T]")
    return sum(drive.assist_field) / 2


def _edge(drive: SwitchingTable | None, _: float) -> float | None:
    """Rise and fall [s]; what the laws assume, where the file does not say."""
    return None if drive is None else drive.edge


def _field_free(drive: SwitchingTable | None, t: float) -> float:
    """Share of compounds that switch without field [1]; all, where the file does not say."""
    if drive is None or drive.field_free_middle is None or drive.field_free_width is None:
        return 1.0
    return float(field_free_probability(t, drive.field_free_middle, drive.field_free_width))
