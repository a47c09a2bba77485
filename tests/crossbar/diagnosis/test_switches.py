"""Laws of switches: all of them off is `Hardware.ideal()`, all of them on is the hardware."""

import ast
import inspect
import textwrap
from dataclasses import replace

import pytest

from circuits import ADC, DAC, Wires
from crossbar.diagnosis import SWITCHES, only
from crossbar.hardware import Hardware
from device_models import CompoundMTJ, Variability, load_stack

ON = {
    "wires": {"wires": Wires(access=2e3)}, "nonlinear": {"nonlinear": True},
    "spread": {"spread": 0.1}, "variability": {"variability": Variability()},
    "write_probability": {"write_probability": 0.9}, "age": {"age": 1e6}, "reads": {"reads": 1e6},
    "read_noise": {"read_noise": True}, "dac": {"dac": DAC(6, 0.0, 1.0)}, "adc": {"adc_bits": 6}}


@pytest.fixture(scope="module")
def full(synapse: CompoundMTJ) -> Hardware:
    """Everything that goes together and needs no channel."""
    return Hardware(synapse, by_pattern=False,
                    **{name: value for each in ON.values() for name, value in each.items()})


def test_what_ideal_hardware_lacks_are_the_fields_of_switches_each_once() -> None:
    """The arguments of `replace` in `Hardware.ideal` are the list; a new one needs its switch."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(Hardware.ideal)))
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call)
               and isinstance(node.func, ast.Name) and node.func.id == "replace")
    fields = [name for switch in SWITCHES for name in switch.fields]
    assert sorted(fields) == sorted(str(keyword.arg) for keyword in call.keywords)


def test_all_off_is_ideal_and_all_on_is_the_hardware(full: Hardware) -> None:
    assert only(full, ()) == full.ideal()
    assert only(full, [switch.name for switch in SWITCHES]) == full
    assert not any(switch.is_on(full.ideal()) for switch in SWITCHES)


@pytest.mark.parametrize("name", ON)
def test_one_alone_is_on_and_the_others_are_off(name: str, full: Hardware) -> None:
    alone = only(full, [name])
    assert [switch.name for switch in SWITCHES if switch.is_on(alone)] == [name]
    assert alone == replace(full.ideal(), **ON[name])  # type: ignore[arg-type]  # of its fields
    left_out = only(full, {switch.name for switch in SWITCHES} - {name})
    assert {switch.name for switch in SWITCHES if switch.is_on(left_out)} == set(ON) - {name}


def test_patterns_befall_devices_on_a_channel_only(synapse: CompoundMTJ) -> None:
    assert Hardware(synapse).by_pattern
    assert not any(switch.is_on(Hardware(synapse)) for switch in SWITCHES)
    on_channel = replace(synapse, channel=load_stack("kumar2024").write_channel())
    assert [switch.name for switch in SWITCHES if switch.is_on(Hardware(on_channel))] == [
        "by_pattern"]


def test_ideal_converters_are_of_either_kind(synapse: CompoundMTJ) -> None:
    for hardware in (Hardware(synapse, adc=ADC(5, 0.0, 1.0), dac_bits=4),
                     Hardware(synapse, adc_bits=5, dac=DAC(4, 0.0, 1.0))):
        assert only(hardware, ["dac", "adc"]) == replace(hardware, by_pattern=False)
        assert only(hardware, ["dac"]).converters.adc_bits is None
