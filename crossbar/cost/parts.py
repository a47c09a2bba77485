"""What the energy of a read is split into."""

from collections.abc import Iterable, Mapping

Parts = Mapping[str, float]
"""Energy of each part [J]."""

ARRAY = {
    "devices": "junctions",
    "channels": "write channels under the junctions",
    "access": "access transistors",
    "rows": "row wires",
    "columns": "column wires",
    "drivers": "drivers' output resistance",
    "sense": "amplifiers' input resistance",
}
"""Parts of the solved power balance: they add up to what the rows' sources deliver."""

PERIPHERY = {
    "charging": "lines charged by each pulse",
    "gates": "gates of the drivers",
    "dac": "input converters",
    "amplifiers": "column amplifiers",
    "adc": "current converters",
    "accumulation": "differences, shifts and sums of converted currents",
    "scaling": "digital gains, biases and offsets",
    "activation": "activation functions",
    "buffers": "inputs read, results written",
}
"""Parts that come on top, by a `Periphery`."""

EVERY = (*ARRAY, *PERIPHERY)


def added(parts: Iterable[Parts]) -> dict[str, float]:
    """Their sum, part by part, with every part in it."""
    total = dict.fromkeys(EVERY, 0.0)
    for each in parts:
        for name, energy in each.items():
            total[name] += energy
    return total
