"""What the paper's one sentence on quantisation may mean: the readings, each a set of objects.

"Both positive and negative weights are quantized based on experimentally measured conductance
states (normalized)", Kumar et al. 2024, section G. It leaves open how a sign is made of positive
conductances (mapping), at which weights the states stand (scale), whether the read-out undoes that
scale (gain), and what happens to the biases.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from benchmarks.cli.choices import choose, text_of
from crossbar import Gain, Hardware, Mapping, Scale
from crossbar.mapping import GAINS, MAPPINGS, SCALES
from device_models import CompoundMTJ
from device_models.checks import known

BIASES = {"float": False, "quantised": True}


@dataclass(frozen=True)
class Reading:
    """One way from float weights to states and back.

    Parameters
    ----------
    mapping, scale, gain : Mapping, Scale, Gain
        As in `crossbar.Hardware`.
    quantised_bias : bool
        Whether biases are one more row of devices, or stay in floats.
    """

    mapping: Mapping
    scale: Scale
    gain: Gain
    quantised_bias: bool = False

    def __str__(self) -> str:
        bias = next(name for name, value in BIASES.items() if value == self.quantised_bias)
        return ",".join([text_of(self.mapping, MAPPINGS), text_of(self.scale, SCALES),
                         text_of(self.gain, GAINS), bias])

    def hardware(self, synapse: CompoundMTJ) -> Hardware:
        """Hardware that reads like this, and else is ideal."""
        return Hardware(synapse, mapping=self.mapping, scale=self.scale, gain=self.gain,
                        analog_bias=self.quantised_bias)

    def with_mapping(self, mapping: Mapping) -> "Reading":
        """The same with another mapping."""
        return replace(self, mapping=mapping)


def reading_of(text: str) -> Reading:
    """The reading that str() wrote: MAPPING,SCALE,GAIN,BIAS."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4:
        raise ValueError(f"reading {text!r} has {len(parts)} parts; expected MAPPING,SCALE,GAIN,"
                         f"BIAS, for example {DEFAULT}")
    return Reading(choose("mapping", parts[0], MAPPINGS), choose("scale", parts[1], SCALES),
                   choose("gain", parts[2], GAINS), BIASES[known("bias", parts[3], BIASES)])


DEFAULT = "differential,deviation:0.5,swing:0.3,float"
"""The reading of least distance to the paper's claims, found by `python -m benchmarks paper`."""

# The study is published with these: a further mapping, scale or gain elsewhere changes nothing.
_MAPPINGS = ("differential", "reference", "signed")
_SCALES = ("max", "percentile:99", "percentile:90", "mean:0.7", "mean:0.85", "mean:1", "mean:1.2",
           "mean:1.5", "deviation:0.5", "deviation:0.6", "deviation:0.7", "deviation:1",
           "deviation:2", "least-squares")
_BIASES = ("float", "quantised")
_GAINS = ("renormalised", "swing:0.25", "swing:0.3", "swing:0.35", "swing:0.4", "swing:0.5",
          "swing:0.7", "swing:1", "swing:1.4")


def all_readings() -> Iterator[Reading]:
    """The 756 combinations in the search, the gains innermost: they share their states."""
    for mapping, scale, bias, gain in product(_MAPPINGS, _SCALES, _BIASES, _GAINS):
        yield reading_of(f"{mapping},{scale},{gain},{bias}")
