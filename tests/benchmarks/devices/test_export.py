"""`devices --export`: the file holds the compound of the flags, and nothing else is written."""

from pathlib import Path

import pytest

from benchmarks.__main__ import main
from circuits import spice
from device_models import CompoundMTJ, load_stack


@pytest.mark.parametrize(("suffix", "write"), [
    (".sp", spice.subcircuit), (".cir", spice.subcircuit), (".va", spice.verilog_a)])
def test_the_file_holds_the_compound_of_the_flags(
    suffix: str, write: "type[str]", tmp_path: Path
) -> None:
    stack, path = load_stack("kumar2024"), tmp_path / "new" / f"syn{suffix}"
    flags = ["--export", str(path), "--cells", "2", "--thickness", "1.7"]
    assert main(["devices", *flags]) == 0
    compound = CompoundMTJ(stack.mtj(1.7e-9), 2, stack.write_channel())
    assert path.read_text(encoding="ascii") == write(compound, "syn")
    assert main(["devices", *flags, "--per-cell", "--no-channel"]) == 0
    bare = CompoundMTJ(stack.mtj(1.7e-9), 2)
    assert path.read_text(encoding="ascii") == write(bare, "syn", per_cell=True)
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [path.name]


@pytest.mark.parametrize(("flags", "says"), [
    (["--export", "syn.v"], "ends with .sp, .cir, .va"),
    (["--export", "1.9nm.va"], "'x_1_9nm' would do"),
    (["--export", "syn.va", "--thickness", "5"], "give --thickness"),
    (["--cells", "2"], "--cells is of the compound that --export writes"),
    (["--per-cell"], "--per-cell is of the compound that --export writes"),
])
def test_what_cannot_be_written_is_refused_in_one_line(
    flags: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["devices", *flags]) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
