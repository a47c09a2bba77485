"""Tables in plain text: columns stand below each other, nothing is cut and nothing trails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbar.tables import aligned

CELLS = st.text("abc.", max_size=5)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(
    st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=5)), st.integers(0, 5))
def test_every_cell_stands_in_its_column(rows: list[list[str]], left: int) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, line in zip(rows, aligned(rows, left), strict=True):
        assert line == line.rstrip()
        whole, at = line.ljust(sum(widths) + 2 * len(widths)), 0
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            place = whole[at : at + width]
            assert place.strip() == cell
            assert place.startswith(cell) if number < left else place.endswith(cell)
            at += width + 2


def test_rows_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        aligned([["a", "b"], ["c"]])
