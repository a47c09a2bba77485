"""Hardware as plain data comes back as it was, bit for bit; what is not ours does not come in."""

import itertools
import json
import math
import pickle
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import crossbar
from circuits import ColumnSense, RowDrive, Wires
from crossbar import Hardware, stored
from crossbar.mapping import GAINS, MAPPINGS, SCALES
from crossbar.stored import from_plain, to_plain
from device_models import (
    MTJ,
    BrinkmanBias,
    CompoundMTJ,
    QuadraticBias,
    Synapse,
    UnlimitedStates,
    Variability,
    available_stacks,
    load_stack,
)

MTJS = {name: load_stack(name).mtj() for name in available_stacks()}
CHANNEL = load_stack("kumar2024").write_channel(both_ends=True)
FORMS: dict[str, Callable[[MTJ], Synapse]] = {
    "one cell": CompoundMTJ,
    "many cells": lambda mtj: CompoundMTJ(mtj, 1000),
    "areas": lambda mtj: CompoundMTJ(mtj, 3, areas=(1, 2.0, 1 / 3)),
    "channel": lambda mtj: CompoundMTJ(mtj, 2, CHANNEL),
    "unlimited": lambda mtj: UnlimitedStates(CompoundMTJ(mtj, 4)),
    "Brinkman": lambda mtj: CompoundMTJ(replace(mtj, bias=BrinkmanBias(0.4, 1.8e-9, 0.5, 0.1)), 3),
    "quadratic": lambda mtj: CompoundMTJ(replace(mtj, bias=QuadraticBias(0.1 + 0.2, 1 / 3)), 3),
}
WIRES = Wires(row=np.array([[1.0, 0.1, -0.0], [5e-324, 1e308, 2 / 3]]), column=1 / 3,
              source=np.array([math.inf, 0.5]), access=np.full((2, 2), 5e3))


def through_json(obj: object) -> Any:
    """Over strict JSON, which has no infinities."""
    return from_plain(json.loads(json.dumps(to_plain(obj), allow_nan=False)))


def bits(value: object) -> object:
    """All that a field holds: types and bits, which equality alone does not see."""
    if isinstance(value, np.ndarray | np.generic):
        return type(value), value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return type(value), value.hex()
    if isinstance(value, list | tuple):
        return type(value), [bits(each) for each in value]
    if isinstance(value, dict):
        return type(value), [(key, bits(each)) for key, each in value.items()]
    if hasattr(value, "__dataclass_fields__"):
        return type(value), [(f.name, bits(getattr(value, f.name))) for f in fields(value)]
    return type(value), value


@pytest.mark.parametrize("stack", MTJS)
@pytest.mark.parametrize("form", FORMS)
def test_every_synapse_comes_back(stack: str, form: str) -> None:
    hardware = Hardware(FORMS[form](MTJS[stack]), WIRES)
    back = through_json(hardware)
    assert back == hardware
    assert hash(back) == hash(hardware)
    assert bits(back) == bits(hardware)


@pytest.mark.parametrize(("mapping", "scale", "gain"), [*itertools.product(MAPPINGS, SCALES,
                                                                            GAINS)])
def test_every_mapping_scale_and_gain_comes_back(
    mapping: str, scale: str, gain: str, synapse: CompoundMTJ
) -> None:
    hardware = Hardware(
        synapse, mapping=MAPPINGS[mapping](), scale=SCALES[scale](), gain=GAINS[gain](),
        tile=(8, 6), read_voltage=0.1 + 0.2, dac_bits=4, adc_bits=5, seed=2**40,
        spread=0.1, write_probability=0.9, analog_bias=True, read_time=1 / 3e7)
    assert bits(through_json(hardware)) == bits(hardware)


@pytest.mark.parametrize("value", [RowDrive.BOTH, ColumnSense.TOP, Variability(sigma_r_p=0.3),
                                   crossbar.ReferenceColumn(every=4), (1, (2.0, [3, None])), "x",
                                   {"a": 1, "class": (True,)}])
def test_enums_spreads_and_nested_values_come_back(value: object) -> None:
    assert bits(through_json(value)) == bits(value)


@given(st.floats())
def test_any_float_comes_back(x: float) -> None:
    back = through_json([x, np.float64(x), (x,)])
    assert math.isnan(x) or bits(back) == bits([x, np.float64(x), (x,)])
    assert math.isnan(back[0]) == math.isnan(x)


@given(hnp.arrays(st.sampled_from(["<f8", "<f4", "<f2", ">f8", "i1", "<i8", "<u8", "?"]),
                  hnp.array_shapes(min_dims=0, min_side=0, max_side=3)))
def test_any_array_comes_back(array: np.ndarray) -> None:
    back = through_json(array)
    assert (back.dtype.str, back.shape) == (array.dtype.str, array.shape)
    np.testing.assert_array_equal(back, array)
    assert np.array_equal(np.signbit(back), np.signbit(array)) or array.dtype.kind == "b" or bool(
        np.isnan(array).any())


@given(st.lists(st.floats(1e-300, 1e300), min_size=2, max_size=2), st.floats(0, 1e300))
def test_any_resistance_comes_back(rows: list[float], sense: float) -> None:
    wires = Wires(row=np.array(rows), sense=sense)
    assert bits(through_json(wires)) == bits(wires)


def test_equal_arguments_are_equal_hardware(synapse: CompoundMTJ) -> None:
    def made(**changes: object) -> Hardware:
        wires = Wires(np.array([1.0, 2.0]), access=5e3)
        return Hardware(synapse, **{"wires": wires, "seed": 3, **changes})

    assert made() == made()
    assert len({made(), made()}) == 1
    for changes in ({"seed": 4}, {"wires": Wires(np.array([1.0, 3.0]), access=5e3)},
                    {"wires": Wires()}, {"mapping": crossbar.SignedLevel()}):
        assert made(**changes) != made()
    assert hash(Wires(row=np.array([0.0]))) == hash(Wires(row=np.array([-0.0])))


@dataclass(frozen=True)
class Scaled(crossbar.Differential):
    """A mapping of a user's own."""

    factor: float = 1.0


class Plainly(crossbar.Differential):
    """A class that says nothing of its fields."""


class Outside(Enum):
    ONE = 1


@pytest.fixture
def nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_registered", {})


@pytest.mark.usefixtures("nothing_registered")
@pytest.mark.parametrize("mine", [Scaled(0.3), Outside.ONE])
def test_a_class_of_ones_own_comes_back_once_registered(
    mine: object, synapse: CompoundMTJ
) -> None:
    with pytest.raises(ValueError, match=rf"{type(mine).__name__}.*crossbar\.register"):
        to_plain(mine)
    assert crossbar.register(type(mine)) is type(mine)
    data = to_plain(mine)
    assert bits(from_plain(data)) == bits(mine)
    stored._registered.clear()
    with pytest.raises(ValueError, match=rf"{type(mine).__name__}.*crossbar\.register"):
        from_plain(data)


@pytest.mark.usefixtures("nothing_registered")
def test_the_place_of_an_unknown_class_is_named(synapse: CompoundMTJ) -> None:
    for mapping in (Scaled(), Plainly()):
        with pytest.raises(ValueError, match=r"hardware\.mapping is"):
            to_plain(Hardware(synapse, mapping=mapping))


@pytest.mark.parametrize("cls", [Plainly, Scaled(), len, "Scaled", dict])
def test_what_cannot_be_read_again_is_not_registered(cls: object) -> None:
    with pytest.raises(TypeError, match="frozen"):
        crossbar.register(cls)  # type: ignore[type-var]


@pytest.mark.parametrize("value", [
    NotImplemented, {1: 2}, 1j, np.array([1j]), np.ma.array([1.0]), {"a": {3}}, len, MTJ, b"x",
    np.array(["x"])], ids=repr)
def test_what_plain_data_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"(?s)list\[0\].*is .*; expected"):
        to_plain([value])


@pytest.mark.parametrize("name", [
    "os.system", "builtins.dict", "builtins.eval", "device_models.checks.real_array",
    "device_models.checks.np", "subprocess.Popen", "benchmarks.inputs.weights.Metadata",
    "device_models_evil.x.Y", "device_models", "crossbar.Hardware", "circuits..x", "", "MTJ",
    "device_models.junction.mtj.BiasLaw", "device_models.compound.synapse.MTJ",
    "device_models.nowhere.MTJ", "device_models.junction.mtj.MTJ.__init__", "circuits.copies.T",
    f"{__name__}.Scaled", None, 3, ["x"], {}])
def test_no_other_class_is_made(name: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def imported(module: str) -> object:
        assert module.startswith(("device_models.", "circuits.", "crossbar."))
        return importlib_import(module)

    importlib_import = stored.importlib.import_module
    monkeypatch.setattr(stored.importlib, "import_module", imported)
    for data in ({"class": name, "fields": {}}, {"enum": name, "name": "LEFT"}):
        with pytest.raises(ValueError, match="class"):
            from_plain(data)  # type: ignore[arg-type]


def test_a_pickle_is_never_loaded(monkeypatch: pytest.MonkeyPatch, synapse: CompoundMTJ) -> None:
    for name in ("loads", "load", "dumps", "dump"):
        monkeypatch.setattr(pickle, name, None)
    assert through_json(Hardware(synapse, WIRES)) == Hardware(synapse, WIRES)


def at(data: Any, *way: str) -> Any:
    """What lies in the fields `way` of stored dataclasses."""
    for name in way:
        data = data["fields"][name]
    return data


MTJ_WAY = ("synapse", "mtj")
ARRAY = ("wires", "row")
TAMPERED: dict[str, tuple[tuple[str, ...], dict[str, object] | None, str]] = {
    "unknown field": (MTJ_WAY, {"r_x": 1.0}, r"hardware\.synapse\.mtj\.r_x is no field"),
    "missing field": (MTJ_WAY, {"r_p": KeyError}, r"hardware\.synapse\.mtj\.r_p is missing"),
    "negative": (MTJ_WAY, {"r_p": -1.0}, r"hardware\.synapse\.mtj\.r_p is refused"),
    "text": (MTJ_WAY, {"r_p": "ten"}, r"hardware\.synapse\.mtj\.r_p is refused"),
    "marker": (MTJ_WAY, {"r_p": {"pickle": "gASV"}}, r"hardware\.synapse\.mtj\.r_p is a dict"),
    "two markers": (MTJ_WAY, {"r_p": {"float": "inf", "tuple": []}}, r"mtj\.r_p is a dict"),
    "no float": (MTJ_WAY, {"r_p": {"float": "1.0"}}, r"mtj\.r_p is '1.0'; expected one of inf"),
    "infinite": (MTJ_WAY, {"r_p": {"float": "inf"}}, r"mtj\.r_p is refused.*finite"),
    "another class": ((), {"mapping": {"class": "device_models.junction.bias.QuadraticBias",
                                       "fields": {"v_p": 1.0, "v_h": 1.0}}}, r"hardware\.mapping"),
    "fields a list": ((), {"mapping": {"class": "crossbar.mapping.differential.Differential",
                                       "fields": []}}, r"hardware\.mapping\.fields is \[\]"),
    "no tuple": ((), {"tile": {"tuple": 3}}, r"hardware\.tile is 3; expected a list"),
    "in a tuple": ((), {"tile": {"tuple": [64, {}]}}, r"hardware\.tile\[1\] is a dict"),
    "an enum as a class": ((), {"tile": {"class": "circuits.array.topology.RowDrive",
                                         "fields": {}}}, r"hardware\.tile is .*dataclass"),
    "a class as an enum": ((), {"tile": {"enum": "device_models.junction.mtj.MTJ",
                                         "name": "x"}}, r"hardware\.tile is .*enum"),
    "no member": ((), {"tile": {"enum": "circuits.array.topology.RowDrive", "name": "UP"}},
                  "UP.*LEFT"),
    "dtype": (ARRAY, {"dtype": "object"}, r"hardware\.wires\.row\.dtype is 'object'"),
    "shape": (ARRAY, {"shape": [3, 2]}, r"hardware\.wires\.row"),
    "sides": (ARRAY, {"shape": [2, True]}, r"hardware\.wires\.row\.shape"),
    "endless": (ARRAY, {"shape": [0, 10**30], "array": []}, r"hardware\.wires\.row"),
    "an entry": (ARRAY, {"array": [[1.0, "x", 1.0], [1.0, 1.0, 1.0]]}, r"wires\.row\[0\]\[1\]"),
    "inexact": (ARRAY, {"dtype": "<f4", "array": [[0.1] * 3] * 2}, r"wires\.row\[0\]\[0\]"),
    "too large": (ARRAY, {"dtype": "<i2", "array": [[2**20] * 3] * 2}, r"wires\.row\[0\]\[0\]"),
}


@pytest.mark.parametrize(("way", "changes", "message"), TAMPERED.values(), ids=TAMPERED)
def test_tampered_data_are_refused_by_place(
    way: tuple[str, ...], changes: dict[str, object], message: str, synapse: CompoundMTJ
) -> None:
    data = to_plain(Hardware(synapse, WIRES))
    target = at(data, *way)
    target = target if way == ARRAY else target["fields"]
    for name, value in changes.items():
        target.pop(name, None)
        if value is not KeyError:
            target[name] = value
    with pytest.raises(ValueError, match=message):
        from_plain(data)


@pytest.mark.parametrize("data", [(1, 2), {1: 2}, NotImplemented, {"class": "x"}], ids=repr)
def test_what_was_never_plain_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        from_plain(data)  # type: ignore[arg-type]
