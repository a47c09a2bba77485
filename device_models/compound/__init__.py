"""A compound synapse: n junctions in parallel on one write channel,
its states, its patterns of cells and the channel itself."""

from device_models.compound.channel import Channel, fit_channel_two_lengths, ladder_voltages
from device_models.compound.patterns import all_patterns, states_of
from device_models.compound.synapse import CompoundMTJ, Synapse, UnlimitedStates

__all__ = [
    "Channel", "CompoundMTJ", "Synapse", "UnlimitedStates", "all_patterns",
    "fit_channel_two_lengths", "ladder_voltages", "states_of",
]
