"""The template: a file that loads as it is, and whatever of it is filled in."""

import re
import tomllib
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.devices.command import TEMPLATE
from device_models import CompoundMTJ, load_stack
from device_models.stacks.entries import keys_of
from device_models.stacks.optional import OPTIONAL

TEXT = TEMPLATE.read_text(encoding="utf-8")
BASIC = {"stack": {"name", "title", "citation", "doi", "caveat"}, "thickness": {"range_nm"},
         "junction": {"long_axis_nm", "short_axis_nm", "area_convention", "contact_ohm"},
         "bias": {"v_p_v", "v_h_v"}, "resistance": {"law", "r_p_kohm", "r_ap_kohm"}}


def filled_in(text: str, either: bool = False) -> str:
    """All entries taken out of their comments; those of `either` or, with three blanks, too."""
    return re.sub(r"(?m)^#(?:   (?=\w+ =)|(?=\S))" if either else r"(?m)^#(?=\S)", "", text)


def test_the_command_prints_it_and_writes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["devices", "--template", "--out", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out == TEXT
    assert list(tmp_path.iterdir()) == []


def test_it_has_every_key_and_no_other() -> None:
    tables = tomllib.loads(filled_in(TEXT, either=True))
    assert {name: set(table) for name, table in tables.items()} == BASIC | {
        name: set(keys_of(table)) for name, table in OPTIONAL.items()}


def test_it_loads_as_it_is_and_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for text in (TEXT, filled_in(TEXT)):
        path.write_text(text, encoding="utf-8")
        assert len(CompoundMTJ(load_stack(path).mtj(), 3).conductances(0.1)) == 4
    stack = load_stack(path)
    assert stack.lacking == ()
    assert None not in vars(stack.tables).values()
    assert float(stack.breakdown.voltage(1.2e-9)) > 0
    assert stack.magnet(1.2e-9).thickness == 1.2e-9


@pytest.mark.parametrize("name", [name for name in (*BASIC, *OPTIONAL) if name != "resistance"])
def test_each_table_can_be_filled_in_alone(tmp_path: Path, name: str) -> None:
    parts = re.split(r"(?m)^(?=#?\[)", TEXT)
    path = tmp_path / "mine.toml"
    path.write_text("".join(filled_in(part) if re.match(rf"#?\[{name}\]", part) else part
                            for part in parts), encoding="utf-8")
    stack = load_stack(path)
    assert name not in stack.lacking
    assert name == "stack" or any(key.startswith(f"{name}.") for key in stack.tags)
    assert stack.mtj().r_ap == 20e3
