"""What a study found: means and intervals over chips, tables, pictures and exports in SI."""

import csv
from pathlib import Path

import pytest

from benchmarks.output.files import OutputError
from benchmarks.sweep.export import records, write_csv, write_netcdf, write_parquet, writer_of
from benchmarks.sweep.result import lines_of, shown, table
from benchmarks.sweep.store import Row
from benchmarks.sweep.study import Study, tasks_of
from benchmarks.sweep.study_figure import draw

STUDY = Study("Cells", "how many?", {}, {"cells": (1, 2), "tile": ("64x64", "128x128")}, (),
              ("analog", "energy"), chips=2)
TASKS = list(tasks_of(STUDY, "code"))


def rows(failed: int = 3) -> dict[str, Row]:
    """The number of a task in place of what it found; one failed, and the last was not tried."""
    found = {task.key: Row(task.key, {"analog": 0.9 + 0.01 * number, "energy": 1e-9 * number}, None,
                           1.0) for number, task in enumerate(TASKS[:-1])}
    key = TASKS[failed].key
    return {**found, key: Row(key, None, "ValueError: wrong", 0.5)}


def test_lines_are_means_with_what_failed_and_what_is_missing() -> None:
    lines = lines_of(STUDY, TASKS, rows())
    assert [dict(line.settings) for line in lines] == [
        {"cells": cells, "tile": tile} for cells in (1, 2) for tile in ("64x64", "128x128")]
    assert lines[0].mean("analog") == pytest.approx(0.905)
    # Student's t of one degree of freedom, over the root of two
    assert lines[0].half("analog") == pytest.approx(12.7062 * 0.01 / 2, rel=1e-4)
    assert (lines[1].failed, lines[1].half("analog")) == (("ValueError: wrong",), None)
    assert lines[3].missing == 1
    text = table(STUDY, lines)
    assert "accuracy [%]" in text
    assert "90.5 +- 6.4" in text
    assert shown(None, None, 1.0) == "-"


def test_a_csv_has_every_chip_in_si(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    write_csv(path, STUDY, list(records(STUDY, TASKS, rows())))
    with path.open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert len(found) == len(TASKS) - 1
    assert [float(one["energy"]) for one in found[:3]] == [0.0, 1e-9, 2e-9]
    assert found[3]["error"] == "ValueError: wrong"
    assert found[3]["analog"] == ""
    assert int(found[0]["seed"]) == TASKS[0].seed


def test_a_parquet_file_has_the_same(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra [study]")
    path, every = tmp_path / "s.parquet", list(records(STUDY, TASKS, rows()))
    write_parquet(path, STUDY, every)
    assert parquet.read_table(path).to_pylist() == every


def test_a_cube_has_a_place_for_each_chip_and_nan_where_none_is(tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray", reason="the extra [study]")
    path = tmp_path / "s.nc"
    write_netcdf(path, STUDY, list(records(STUDY, TASKS, rows())))
    with xarray.open_dataset(path, engine="scipy") as cube:
        assert dict(cube.sizes) == {"cells": 2, "tile": 2, "network": 1, "chip": 2}
        assert float(cube.energy.sel(cells=2).isel(tile=0, network=0, chip=1)) == 5e-9
        assert bool(cube.analog.isel(cells=1, tile=1, chip=1, network=0).isnull())


def test_an_export_of_another_ending_is_refused() -> None:
    with pytest.raises(OutputError, match=r"expected .csv, .parquet, .nc"):
        writer_of(Path("s.xls"))


def test_a_study_is_drawn_whatever_is_missing(tmp_path: Path) -> None:
    for found in (rows(), {}):
        path = tmp_path / "s.png"
        draw(path, STUDY, lines_of(STUDY, TASKS, found))
        assert path.read_bytes()[:4] == b"\x89PNG"
