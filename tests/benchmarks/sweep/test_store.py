"""The file of points: one writer, whole rows, and no file of anybody else's is touched."""

import sqlite3
from pathlib import Path

import pytest

from benchmarks.sweep.store import Store, StoreError
from benchmarks.sweep.tasks import Task


def task(cells: int) -> Task:
    return Task((f"--cells={cells}",), 0, 0, ("analog",), "code", (("cells", cells),))


def test_rows_come_back_and_a_new_try_replaces_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "points.sqlite"
    with Store(path) as store:
        store.put(task(1), {"analog": 0.1 + 0.2}, None, 1.5)
        store.put(task(2), None, "ValueError: wrong", 0.1)
    with Store(path) as store:
        store.put(task(2), {"analog": 0.5}, None, 0.2)
        rows = {row.key: row for row in store.rows()}
    assert rows[task(1).key].found == {"analog": 0.1 + 0.2}  # to the last bit
    assert rows[task(2).key].found == {"analog": 0.5}
    assert rows[task(2).key].error is None


def test_a_second_writer_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    path = tmp_path / "points.sqlite"
    with Store(path) as store:
        store.put(task(1), {"analog": 1.0}, None, 0.0)
        with pytest.raises(StoreError, match="another process"):
            Store(path)
        store.put(task(2), {"analog": 2.0}, None, 0.0)
    with Store(path) as store:
        assert len(list(store.rows())) == 2


@pytest.mark.parametrize("content", [b"", b"no database at all, but some text " * 40,
                                     b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_damaged_file_is_refused_and_not_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "points.sqlite"
    path.write_bytes(content)
    if not content:  # an empty file is an empty database
        Store(path).close()
        return
    with pytest.raises(StoreError, match=r"damaged|no file of points"):
        Store(path)
    assert path.read_bytes() == content


def test_a_page_that_was_overwritten_is_found(tmp_path: Path) -> None:
    path = tmp_path / "points.sqlite"
    with Store(path) as store:
        for cells in range(1, 400):
            store.put(task(cells), {"analog": float(cells)}, None, 0.0)
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xee" * 4096
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        Store(path)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE addresses (name TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="something else"):
        Store(path)
    assert path.read_bytes() == before


def fill(store: Store) -> None:
    for cells in range(2, 500):
        store.put(task(cells), {"analog": 2.0}, None, 0.0)


def test_a_full_disk_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "points.sqlite"
    with Store(path) as store:
        store.put(task(1), {"analog": 1.0}, None, 0.0)
        store._file.execute("PRAGMA max_page_count = 4")
        with pytest.raises(StoreError, match="disk is full"):
            fill(store)
    with Store(path) as store:
        assert next(row for row in store.rows() if row.key == task(1).key).found == {"analog": 1.0}


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        Store(tmp_path / "none" / "points.sqlite")
