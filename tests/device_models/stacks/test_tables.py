"""Optional tables of stack files: read in SI, refused by name, and swapped as whole stacks."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import device_models
from device_models import (
    CompoundMTJ,
    Magnet,
    PerpendicularMagnet,
    StackError,
    Variability,
    available_stacks,
    critical_voltage,
    load_stack,
)
from device_models.stacks import MissingEntryError, MissingTableError
from device_models.stacks.entries import Curve, keys_of
from device_models.stacks.optional import OPTIONAL, Tables
from device_models.stacks.schema import unit_of, without_unit

Write = Callable[..., Path]
STACKS = Path(device_models.__file__).parent / "stacks"
BIAS = 'v_h_v = { value = 0.5, tag = "A" }'
HOT = """
[temperature]
reference_k = { value = 300.0, tag = "A" }
polarisation_decay_per_k1p5 = { value = 2e-5, tag = "S" }
curie_k = { value = 1420.0, tag = "S" }
magnetisation_exponent = { value = 0.4, tag = "S" }
"""


def test_old_files_without_tables_load_and_say_what_they_lack(stack_file: Write) -> None:
    stack = load_stack(stack_file())
    assert stack.tables == Tables()
    for need in (stack.magnet, stack.write_channel, stack.variability,
                 lambda: stack.mtj(temperature=350.0)):
        with pytest.raises(MissingTableError, match=r"has no table \[\w+\]; add it"):
            need()


@pytest.mark.parametrize("table", sorted(set(OPTIONAL) - {"variability"}))
def test_a_table_is_there_typed_or_named_as_missing(stack_file: Write, table: str) -> None:
    there = load_stack("kumar2024")
    assert getattr(there, table) is getattr(there.tables, table)
    assert type(getattr(there, table)) is OPTIONAL[table]
    with pytest.raises(MissingTableError, match=rf"stack 'mine' has no table \[{table}\]"):
        getattr(load_stack(stack_file()), table)


def test_a_table_is_in_si_without_units(stack_file: Write) -> None:
    stack = load_stack(stack_file((BIAS, BIAS + HOT)))
    assert stack.temperature.polarisation_decay == 2e-5
    assert stack.tags["temperature.curie_k"] == "S"
    assert stack.mtj(temperature=400.0).tmr < stack.mtj().tmr


BREAK = '\n[breakdown]\nthickness_nm = {{ value = {}, tag = "A" }}\none_cell_v = {{ value = {}, ' \
        'tag = "A" }}\n'
BAD = {
    "unknown key": (HOT.replace("curie_k", "currie_k"), ["currie_k", "did you mean 'curie_k'"]),
    "missing key": (HOT.replace('curie_k = { value = 1420.0, tag = "S" }', ""), ["curie_k"]),
    "no tag": (HOT.replace('{ value = 1420.0, tag = "S" }', "1420.0"), ["curie_k", "tag"]),
    "negative": (HOT.replace("1420.0", "-1.0"), ["curie_k", "above zero"]),
    "unknown table": (HOT.replace("[temperature]", "[temprature]"),
                      ["temprature", "did you mean 'temperature'"]),
    "negative spread": ('\n[variability]\nsigma_r_p = { value = -0.1, tag = "A" }\n',
                        ["sigma_r_p", "zero or more"]),
    "unequal lists": (BREAK.format("[1.0, 2.0]", "[1.8]"), ["one_cell_v", "expected 2"]),
    "falling nodes": (BREAK.format("[2.0, 1.0]", "[1.8, 2.0]"), ["thickness_nm", "increase"]),
    "a number for a list": ('\n[process]\nsaf_nm = { value = 0.6, tag = "A" }\n',
                            ["[process] saf_nm is 0.6", "expected a list of numbers"]),
    "a list for a number": ('\n[process]\ncap_nm = { value = [8.0], tag = "A" }\n',
                            ["[process] cap_nm is [8.0]", "expected a finite number"]),
    "a number for a choice": ('\n[magnetics]\neasy_axis = { value = 3, tag = "A" }\n'
                              'saturation_magnetisation_ka_per_m = { value = 1.0, tag = "A" }\n'
                              'interface_anisotropy_mj_per_m2 = { value = 1.0, tag = "A" }\n'
                              'damping = { value = 1.0, tag = "A" }\n'
                              'device_coercivity_mt = { value = 1.0, tag = "A" }\n',
                              ["[magnetics]", "easy_axis", "known: in-plane, perpendicular"]),
    "no nodes": ('\n[breakdown]\none_cell_v = { value = [1.8], tag = "A" }\n', ["thickness_nm"]),
    "a choice": ('\n[magnetics]\neasy_axis = { value = "in plane", tag = "A" }\n'
                 'saturation_magnetisation_ka_per_m = { value = 1.0, tag = "A" }\n'
                 'interface_anisotropy_mj_per_m2 = { value = 1.0, tag = "A" }\n'
                 'damping = { value = 1.0, tag = "A" }\n'
                 'device_coercivity_mt = { value = 1.0, tag = "A" }\n',
                 ["easy_axis", "did you mean 'in-plane'"]),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_a_table_outside_the_schema_is_refused(
    stack_file: Write, text: str, words: list[str]
) -> None:
    path = stack_file((BIAS, BIAS + text))
    with pytest.raises(StackError) as caught:
        load_stack(path)
    for word in [str(path), *words]:
        assert re.search(re.escape(word), str(caught.value)), word


BUNDLED = (STACKS / "kumar2024.toml").read_text("utf-8")
BEYOND = {"shorted": "5", "oersted": "7", "curie_k": "200", "damping": "30",
          "correlation_h_c_v_c": "3", "sigma_r_p": "4", "device_coercivity_spread": "15",
          "assist_field_mt": "[8]", "pulse_range_v": "[2, 1]", "ra_range_kohm_um2": "[1, 2, 3]",
          "compound_extra": "[0.2]", "polarisation_decay_per_k1p5": "1e-3"}


@pytest.mark.parametrize(("key", "value"), BEYOND.items(), ids=BEYOND)
def test_a_value_beyond_its_limits_is_refused_with_file_table_and_key(
    tmp_path: Path, key: str, value: str
) -> None:
    path = tmp_path / "mine.toml"
    text, changes = re.subn(rf"(?m)^({key} = \{{ value = )(\[.*?\]|[^,]+)", rf"\g<1>{value}",
                            BUNDLED)
    assert changes == 1
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StackError, match=rf"\[\w+\] {key} is .*expected") as caught:
        load_stack(path)
    assert str(path) in str(caught.value)


def test_faults_of_one_cell_add_to_a_probability(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    more = 'open = { value = 0.6, tag = "A" }\nshorted = { value = 0.6'
    path.write_text(BUNDLED.replace("shorted = { value = 1e-4", more), encoding="utf-8")
    with pytest.raises(StackError, match=r"\[variability\].*add to 1\.2"):
        load_stack(path)


@pytest.mark.parametrize("nm", [1.6, 2.6])
def test_the_magnet_of_a_write_keeps_one_cell_and_has_the_series_resistance(nm: float) -> None:
    """V_c of n cells over one is (R_n + R_s)/(R_1 + R_s)."""
    stack, t = load_stack("kumar2024"), nm * 1e-9
    one, three = stack.writing_magnet(t), stack.writing_magnet(t, cells=3)
    assert one == stack.magnet(t)
    assert three.channel_resistance == stack.magnet(t, 3).channel_resistance + 900
    assert critical_voltage(three) / critical_voltage(one) == pytest.approx(
        (600.28 + 900) / (300 + 900), rel=1e-3)


def test_a_common_series_resistance_keeps_one_perpendicular_cell_too() -> None:
    """Its threshold has no damping, so the torque makes up for the resistance."""
    stack = load_stack("perpendicular_cofeb")
    drive = replace(stack.switching, common_series=900.0)
    with_series = replace(stack, tables=replace(stack.tables, switching=drive))
    one, three = (with_series.writing_magnet(1.2e-9, cells) for cells in (1, 3))
    channels = [stack.magnet(1.2e-9, cells).channel_resistance for cells in (1, 3)]
    expected = (channels[1] + 900) / (channels[0] + 900)
    assert critical_voltage(three) / critical_voltage(one) == pytest.approx(expected, rel=1e-12)


def test_a_table_or_an_entry_that_no_stack_has_is_refused() -> None:
    stack = load_stack("kumar2024")
    with pytest.raises(AttributeError, match="swiching"):
        _ = stack.swiching
    with pytest.raises(AttributeError, match="spin_hal_angle"):
        _ = stack.switching.spin_hal_angle
    with pytest.raises(TypeError, match="spin_hal_angle"):
        replace(stack.switching, spin_hal_angle=0.1)


@pytest.mark.parametrize("name", available_stacks())
def test_round_trip_of_every_optional_number(name: str) -> None:
    """What stands in the file is what comes out, in SI, under the key without its unit."""
    factors = {"nm": 1e-9, "um": 1e-6, "um2": 1e-12, "kohm": 1e3, "mt": 1e-3, "ns": 1e-9,
               "min": 60.0, "ka_per_m": 1e3, "mj_per_m2": 1e-3, "kohm_um2": 1e-9,
               "ohm_um2": 1e-12}
    file, stack = tomllib.loads((STACKS / f"{name}.toml").read_text("utf-8")), load_stack(name)
    tables = {table: vars(values) for table, values in vars(stack.tables).items() if values}
    assert set(tables) == set(file) & set(OPTIONAL)
    for table, values in tables.items():
        given = {key for key, value in values.items() if value is not None}
        assert given == {without_unit(key) for key in file[table]}
        for key, entry in file[table].items():
            value, found = entry["value"], values[without_unit(key)]
            scale = factors.get(unit_of(key), 1.0)
            if isinstance(found, Curve):
                assert found.nodes == values["thickness"]
                found = found.values
            if isinstance(value, str):
                assert found == value
            else:
                assert found == pytest.approx(
                    tuple(v * scale for v in value) if isinstance(value, list) else value * scale)
            assert stack.tags[f"{table}.{key}"] == entry["tag"]


def test_readme_names_every_key_of_the_schema() -> None:
    text = (STACKS / "README.md").read_text(encoding="utf-8")
    for name, table in OPTIONAL.items():
        assert f"`[{name}]`" in text
        assert not [key for key in keys_of(table) if f"`{key}`" not in text]


@pytest.mark.parametrize("name", available_stacks())
def test_any_stack_can_be_swapped_in(name: str) -> None:
    stack = load_stack(name)
    mtj = stack.mtj(temperature=350.0)
    assert mtj.tmr < stack.mtj().tmr
    channel = stack.write_channel() if stack.tables.channel else None
    synapse = CompoundMTJ(mtj, 3, channel=channel)
    assert len(synapse.conductances(0.1)) == 4
    sample = stack.variability().sample(synapse, 10, 0)
    assert sample.conductances(sample.patterns(1), 0.1).shape == (10,)


def test_the_perpendicular_stack_has_its_published_numbers_and_a_perpendicular_magnet() -> None:
    stack = load_stack("perpendicular_cofeb")
    mtj = stack.mtj(1.3e-9)
    assert mtj.ra * 1e12 == pytest.approx(18, rel=1e-3)
    assert mtj.tmr == pytest.approx(1.24)
    assert isinstance(stack.magnet(), PerpendicularMagnet)
    assert stack.magnet(1.1e-9).interface_anisotropy == pytest.approx(1.3e-3)


def test_a_stack_for_reading_has_its_published_tmr_and_nothing_that_writes() -> None:
    stack = load_stack("liu2025")
    mtj = stack.mtj()
    assert mtj.tmr == 1.5
    assert mtj.r_p == pytest.approx(load_stack("kumar2024").mtj(1.6e-9).r_p, rel=1e-12)
    assert stack.variability().sigma_r_p == 0.1
    for needs in (stack.magnet, stack.write_channel, stack.programming):
        with pytest.raises(MissingTableError, match="liu2025"):
            needs()


def test_a_magnet_has_the_numbers_of_its_stack() -> None:
    stack = load_stack("kumar2024")
    one, three = stack.magnet(1.6e-9), stack.magnet(1.6e-9, cells=3)
    assert isinstance(one, Magnet)
    assert (one.length, one.width) == (pytest.approx(500e-9), pytest.approx(250e-9))
    assert one.coercive_field == pytest.approx(10e-3)
    assert (round(one.channel_resistance), round(three.channel_resistance)) == (300, 600)
    with pytest.raises(ValueError, match="extrapolate"):
        stack.magnet(3e-9)


def test_variability_of_the_reference_stack_is_the_default_one() -> None:
    assert load_stack("kumar2024").variability() == Variability()


@pytest.mark.parametrize(("nm", "volt"), [(1.6, 0.7), (2.1, 1.35), (2.6, 2.0), (3.0, 2.0)])
def test_values_over_thickness_are_linear_between_nodes(nm: float, volt: float) -> None:
    curve = load_stack("kumar2024").switching.critical_voltage
    assert curve is not None
    assert curve(nm * 1e-9) == pytest.approx(volt)


def test_only_lists_that_pair_with_thickness_are_functions_of_it() -> None:
    """assist_field_mt is [least, largest], though it has as many entries as thickness_nm."""
    stack = load_stack("kumar2024")
    curves = {(name, key) for name, table in vars(stack.tables).items()
              for key, value in vars(table).items() if callable(value)}
    assert curves == {
        ("magnetics", "exchange_field"), ("magnetics", "saturation_field"),
        ("switching", "critical_voltage"), ("switching", "full_switching_field"),
        ("breakdown", "one_cell"), ("breakdown", "three_cells")}


def test_breakdown_is_the_line_through_the_stated_ends() -> None:
    """1.8 to 2.0 V for one cell, 1.7 to 1.9 V for the weakest of three [P §D]."""
    table = load_stack("kumar2024").breakdown
    ends = [1.6e-9, 2.6e-9]
    assert table.voltage(ends) == pytest.approx([1.8, 2.0])
    assert table.voltage(ends, cells=3) == pytest.approx([1.7, 1.9], abs=0.05)
    assert table.voltage(2.1e-9) == pytest.approx(1.9)


@pytest.mark.parametrize("lacking", [{"shape": None}, {"one_cell": None},
                                     {"one_cell": Curve((1.6e-9,), (1.8,))}])
def test_breakdown_needs_a_shape_and_two_points(lacking: dict[str, Curve | None]) -> None:
    table = load_stack("kumar2024").breakdown
    with pytest.raises(MissingEntryError, match="has no breakdown voltage over thickness"):
        replace(table, **lacking).voltage(2e-9)


@pytest.mark.parametrize(("table", "changes", "words"), [
    ("temperature", {"curie": 290.0}, "curie_k is 290"),
    ("temperature", {"polarisation_decay": 1e-3}, "polarisation_decay_per_k1p5 is 0.001"),
    ("variability", {"open": 0.6, "shorted": 0.6}, r"add to 1\.2")])
def test_a_table_changed_by_hand_is_checked_as_a_whole_too(
    table: str, changes: dict[str, float], words: str
) -> None:
    with pytest.raises(StackError, match=words):
        replace(getattr(load_stack("kumar2024").tables, table), **changes)
