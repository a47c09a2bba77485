"""What a reader of a result needs to know of hardware, in a few lines."""

from benchmarks.cli import settings
from benchmarks.cli.choices import text_of
from benchmarks.cli.hardware.cells import VARIABILITY
from benchmarks.cli.hardware.converters import CONVERTER
from benchmarks.cli.quantities import DURATIONS
from circuits import ADC, DAC, BitSerial, ColumnSense, RowDrive
from crossbar import Hardware
from crossbar.imperfections import ReadNoise
from crossbar.mapping import GAINS, MAPPINGS, SCALES
from device_models import CompoundMTJ, Synapse, Variability
from device_models.switching import Programming

_IDEAL = "ideal"
_ROOM = 300.0  # [K] for which stacks and wires stand


def describe(hardware: Hardware) -> list[tuple[str, str]]:
    """Pairs of name and text; of what is not as by default there are more."""
    wires, tile = hardware.wires, hardware.tile
    g = hardware.synapse.conductances(hardware.read_voltage) * 1e6
    lines = [
        ("states", f"{len(g)}, {g[0]:.1f} to {g[-1]:.1f} uS at {hardware.read_voltage:g} V"
                   + _device(hardware.synapse)),
        ("mapping", f"{text_of(hardware.mapping, MAPPINGS)}, scale "
                    f"{text_of(hardware.scale, SCALES)}, gain {text_of(hardware.gain, GAINS)}"
                    + ", biases as a row" * hardware.analog_bias),
        ("wires", f"{wires.row:g} ohm per row segment, {wires.column:g} per column segment, "
                  f"source {wires.source:g}, sense {wires.sense:g}"
                  + (f", access {wires.access:g}" if wires.access != 0 else "")),
        ("tiles", f"{tile[0]} x {tile[1]}" + _ends(hardware)),
        ("read", _read(hardware)),
        ("noise", "" if hardware.noise is None else _noise(hardware.noise)),
        ("chip", _chip(hardware)),
        ("cells", "" if hardware.variability is None else _cells(hardware.variability)),
        ("write", _write(hardware)),
        ("since", _since(hardware)),
    ]
    return [(name, text) for name, text in lines if text]


def _device(synapse: Synapse) -> str:
    """What a compound is beside its number of cells."""
    if not isinstance(synapse, CompoundMTJ):
        return ""
    parts = []
    if synapse.channel is not None:
        ends = "both ends" if synapse.channel.both_ends else "one end"
        parts.append(f"through {ends} of the channel")
    if synapse.areas is not None:
        parts.append(f"areas {':'.join(f'{area:g}' for area in synapse.areas)}")
    if synapse.mtj.temperature != _ROOM:
        parts.append(f"{synapse.mtj.temperature:g} K")
    return "".join(f", {part}" for part in parts)


def _ends(hardware: Hardware) -> str:
    drive, sense = hardware.drive, hardware.sense
    return (("" if drive is RowDrive.LEFT else f", rows driven {_end(drive)}")
            + ("" if sense is ColumnSense.BOTTOM else f", columns sensed {_end(sense)}"))


def _end(end: RowDrive | ColumnSense) -> str:
    return "at both ends" if end.name == "BOTH" else f"at the {end.name.lower()}"


def _read(hardware: Hardware) -> str:
    made = hardware.converters
    shared = f", {made.columns_per_adc} columns per converter" * (made.columns_per_adc > 1)
    return (f"{hardware.read_voltage:g} V, {hardware.read_time * 1e9:g} ns, "
            f"inputs {_converter(made.dac)}, currents {_converter(made.adc)}{shared}"
            + ", nonlinear devices" * hardware.nonlinear)


def _converter(made: DAC | ADC | BitSerial | int | None) -> str:
    if isinstance(made, DAC | ADC):
        ideal = type(made)(made.bits, made.low, made.high)
        return f"{made.bits} bit {settings.written(made, ideal, CONVERTER)}".rstrip()
    if isinstance(made, BitSerial):
        return f"{made.bits} bit in turn"
    return _IDEAL if made is None else f"{made} bit"


def _noise(noise: ReadNoise) -> str:
    bandwidth = "1/(2 read time)" if noise.bandwidth is None else f"{noise.bandwidth / 1e6:g} MHz"
    return (f"of every read, over {bandwidth}, 1/f {noise.alpha * 1e12:g} um2 from "
            f"{noise.lowest_frequency:g} Hz, amplifiers {noise.amplifier * 1e12:g} pA/sqrt(Hz)")


def _chip(hardware: Hardware) -> str:
    channel = getattr(hardware.synapse, "channel", None)
    mean = channel is not None and not hardware.by_pattern
    return (f"seed {hardware.seed}, spread {hardware.spread * 100:g} %"
            + ", mean over patterns" * mean)


def _cells(variability: Variability) -> str:
    """Every spread and fault that is not zero."""
    none = Variability(**dict.fromkeys(VARIABILITY, 0.0) | {"short_resistance": 1.0})
    return settings.written(variability, none, VARIABILITY)


def _write(hardware: Hardware) -> str:
    made = hardware.programming
    if made is not None:
        return _pulses(made)
    share = hardware.write_probability
    return "" if share == 1 else f"{share * 100:g} % of the cells switch"


def _pulses(made: Programming) -> str:
    way = f"verified, {made.most_pulses} pulses at most" if made.verify else "open loop"
    volts = "" if made.set_voltages is None else ":".join(f"{v:.3g}" for v in made.set_voltages)
    return (f"{way}, {made.pulse * 1e9:g} ns, {made.assist_field * 1e3:g} mT"
            + (f", set {volts} V" if volts else "")
            + ("" if made.reset_voltage is None else f", reset {made.reset_voltage:.3g} V"))


def _since(hardware: Hardware) -> str:
    parts = []
    if hardware.age:
        parts.append(f"{_time(hardware.age)} since the write")
    if hardware.reads:
        parts.append(f"{hardware.reads:g} reads")
    return ", ".join(parts)


def _time(seconds: float) -> str:
    """In the largest unit of which there is one or more."""
    unit = max((name for name, one in DURATIONS.items() if one <= seconds),
               key=DURATIONS.__getitem__, default="s")
    return f"{seconds / DURATIONS[unit]:g} {unit}"
