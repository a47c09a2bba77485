"""Laws of points on disk: done once, whatever interrupts; never from other code."""

from pathlib import Path

import pytest

from benchmarks.output.points import Points

CODE = "digest of the code"


def count(path: Path, names: list[str]) -> tuple[list[float], int]:
    """Values of `names`, and how many had to be computed."""
    computed = 0

    def compute() -> float:
        nonlocal computed
        computed += 1
        return computed + 0.1

    points = Points(path, CODE)
    try:
        return [points.get(name, compute) for name in names], computed
    finally:
        points.close()


def test_a_point_done_is_not_done_again(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    first, computed = count(path, ["a", "b", "a"])
    assert computed == 2
    assert first == [1.1, 2.1, 1.1]
    again, computed = count(path, ["b", "c", "a"])
    assert computed == 1
    assert again == [2.1, 1.1, 1.1]


def test_a_line_cut_by_an_interruption_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    count(path, ["a", "b"])
    whole = path.read_bytes()
    for cut in range(1, 20):
        path.write_bytes(whole[:-cut])
        assert count(path, ["a", "b"])[1] == 1
        assert path.read_bytes().count(b"\n") == 3


@pytest.mark.parametrize("line", ["{", "[1]", '["a", 1, 2]', "3", "not json", '["a", "b"]',
                                  '["a", NaN]', '["a", null]', "[1, 1.0]", '["a", [1]]',
                                  '["a", true]'])
def test_a_damaged_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "points.jsonl"
    count(path, ["a"])
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(ValueError, match=r"points\.jsonl: line 3 is damaged.*delete the file"):
        Points(path, CODE)


def test_a_file_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    for other in (b"\x00\xff\n", b"notes\n", b'{"a": 1}\n'):
        path.write_bytes(other)
        with pytest.raises(ValueError, match="holds no points"):
            Points(path, CODE)
        assert path.read_bytes() == other


def test_points_of_other_code_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "points.jsonl"
    count(path, ["a"])
    points = Points(path, "another")
    points.close()
    assert (points.found, points.outdated) == (0, True)
    assert count(path, ["a"])[1] == 1
    assert count(path, ["a"])[1] == 0


def test_what_fails_leaves_no_point(tmp_path: Path) -> None:
    def fail() -> float:
        raise ArithmeticError

    points = Points(tmp_path / "points.jsonl", CODE)
    with pytest.raises(ArithmeticError):
        points.get("a", fail)
    points.close()
    assert count(tmp_path / "points.jsonl", ["a"])[1] == 1
