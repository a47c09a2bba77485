"""Tables in plain text."""

from collections.abc import Iterable, Sequence


def aligned(rows: Iterable[Sequence[str]], left: int = 1) -> list[str]:
    """Rows of cells, all of as many, as lines: the first `left` columns flush left, the others
    flush right, two blanks between."""
    columns = list(zip(*rows, strict=True))
    for number, column in enumerate(columns):
        width = max(map(len, column))
        columns[number] = tuple(cell.ljust(width) if number < left else cell.rjust(width)
                                for cell in column)
    return ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]
