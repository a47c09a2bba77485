"""Every field of `Hardware` can be set by a flag, means what Python means, and is kept in JSON."""

import json
from dataclasses import MISSING, Field, fields

import pytest

from benchmarks.cli import Parser, add_hardware, describe, hardware_of
from circuits import ADC, DAC, BitSerial, ColumnSense, RowDrive, Wires
from crossbar import BitSliced, ConductanceSwing, Hardware, MaxWeight
from crossbar.imperfections import ReadNoise
from crossbar.stored import from_plain, to_plain
from device_models import CompoundMTJ, Variability, load_stack
from device_models.reliability import Barrier, breakdown_of_width
from device_models.switching import Programming, WritePath, field_free_probability

STACK = load_stack("kumar2024")
PULSES = Programming(
    magnet=STACK.writing_magnet(1.9e-9, 3), pulse=100e-9, assist_field=9e-3, spread=0.0,
    missed=0.02, verify=True, most_pulses=9, step=0.05, breakdown_voltage=float(breakdown_of_width(
        STACK.breakdown.voltage(1.9e-9, 3), 100e-9 / (STACK.breakdown.pulse or 0))),
    field_free=float(field_free_probability(
            1.9e-9, STACK.switching.field_free_middle or 0, STACK.switching.field_free_width or 0)),
    path=WritePath(channel=STACK.write_channel().resistance(3) - STACK.channel.fixed,
                   contacts=STACK.channel.fixed, common=STACK.switching.common_series or 0),
    barrier=Barrier(breakdown_voltage=float(STACK.breakdown.voltage(1.9e-9)),
                    shape=STACK.breakdown.shape, cycles=STACK.breakdown.endurance_cycles,
                    pulse=STACK.breakdown.pulse))
# flags that set a field, and what Python gives it
SET: dict[str, tuple[str, object]] = {
    "synapse": ("--cells 2 --areas 1,2 --tmr 260 --r-p 10 --both-ends", CompoundMTJ(
        STACK.mtj(1.9e-9, r_p=10e3, tmr=2.6), 2, STACK.write_channel(True), (1, 2))),
    "wires": ("--wire 3 --column 2 --source 50 --sense 20 --access 1000",
              Wires(3.0, 2.0, 50.0, 20.0, 1000.0)),
    "mapping": ("--mapping sliced:slices=3", BitSliced(slices=3)),
    "tile": ("--tile 32x16", (32, 16)),
    "read_voltage": ("--read-voltage 0.2", 0.2),
    "read_time": ("--read-time 12", 12e-9),
    "dac_bits": ("--dac-bits 6", 6),
    "adc_bits": ("--adc-bits 9", 9),
    "seed": ("--seed 4", 4),
    "scale": ("--scale max", MaxWeight()),
    "gain": ("--gain swing", ConductanceSwing()),
    "spread": ("--spread 5", 0.05),
    "write_probability": ("--write-probability 95", 0.95),
    "variability": ("--variability default:sigma_r_p=7:open=0.01",
                    Variability(sigma_r_p=0.07, open_=1e-4)),
    "by_pattern": ("--no-by-pattern", False),
    "programming": ("--write verify --pulse-width 100 --assist-field 9 --missed 2 --most-pulses 9 "
                    "--voltage-step 5", PULSES.with_voltages(3)),
    "age": ("--age 10y", 10 * 365.25 * 86400.0),
    "reads": ("--reads 1e9", 1e9),
    "nonlinear": ("--nonlinear", True),
    "read_noise": ("--read-noise amplifier=2:bandwidth=20:alpha=3e-9:lowest_frequency=10",
                   ReadNoise(20e6, 2e-12, 3e-21, 10.0)),
    "analog_bias": ("--analog-bias", True),
    "drive": ("--row-drive both", RowDrive.BOTH),
    "sense": ("--column-sense top", ColumnSense.TOP),
    "dac": ("--dac 6:offset=-0.5:gain_spread=0.2", DAC(
        6, 0.0, 1.0, offset=-0.005, gain_spread=0.002, seed=0)),
    "adc": ("--adc 8:offset_spread=0.5:gain_error=1:dnl=0.3", ADC(
        8, 0.0, 1.0, 0.0, 0.01, 0.3, 0, 0.005)),
    "columns_per_adc": ("--columns-per-adc 4", 4),
}
FIELDS = {field.name: field for field in fields(Hardware)}


def hardware(flags: str = "") -> Hardware:
    parser = Parser(prog="x")
    add_hardware(parser)
    return hardware_of(parser.parse_args(flags.split()))


def default(field: "Field[object]") -> object:
    """As `Hardware` has it, if it has one."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def test_every_field_of_hardware_has_a_flag() -> None:
    assert list(SET) == list(FIELDS)


@pytest.mark.parametrize("name", SET)
def test_a_flag_sets_its_field_and_no_other(name: str) -> None:
    flags, wanted = SET[name]
    made, plain = hardware(flags), hardware()
    assert getattr(made, name) == wanted
    assert getattr(plain, name) != wanted
    assert {each for each in FIELDS if getattr(made, each) != getattr(plain, each)} == {name}


def test_without_flags_all_but_device_and_wires_is_as_in_python() -> None:
    made = hardware()
    assert made.wires == Wires(1.0, 1.0)
    for name, field in FIELDS.items():
        if name not in ("synapse", "wires"):
            assert getattr(made, name) == default(field), name


@pytest.mark.parametrize("flags", [flags for flags, _ in SET.values()] + [
    "", "--variability --write --age 30d --reads 5 --temperature 350", "--bit-serial 5",
    "--read-noise --no-channel --stack perpendicular_cofeb --thickness 1.2"])
def test_what_is_kept_in_json_is_the_hardware(flags: str) -> None:
    made = hardware(flags)
    kept = json.loads(json.dumps(to_plain(made), allow_nan=False))
    assert from_plain(kept) == made
    assert list(kept["fields"]) == list(FIELDS)


@pytest.mark.parametrize("name", sorted(SET))
def test_what_is_not_as_by_default_is_printed(name: str) -> None:
    flags, _ = SET[name]
    if name == "by_pattern":
        flags += " --channel"
    assert describe(hardware(flags)) != describe(hardware())


def test_little_is_printed_of_what_is_as_by_default() -> None:
    assert [name for name, _ in describe(hardware())] == [
        "states", "mapping", "wires", "tiles", "read", "chip"]


def test_bits_one_after_another_need_no_converter() -> None:
    assert hardware("--bit-serial 5").dac == BitSerial(5)
