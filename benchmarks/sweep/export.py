"""What a study found, for other programs: CSV, and with extras Parquet and netCDF."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.output.files import OutputError, replacing
from benchmarks.sweep.store import Row
from benchmarks.sweep.study import Study
from benchmarks.sweep.tasks import Task


def records(study: Study, tasks: Sequence[Task], rows: Mapping[str, Row]
            ) -> Iterator[dict[str, object]]:
    """A record for each network and chip of each point that was tried, in SI."""
    for task in tasks:
        row = rows.get(task.key)
        if row is None:
            continue
        settings = dict(task.settings)
        yield {**{name: settings.get(name) for name in study.varied}, "network": task.network,
               "chip": task.chip, "seed": task.seed,
               **{name: None if row.found is None else row.found[name] for name in study.observe},
               "error": row.error, "seconds": row.seconds, "key": row.key}


def write_csv(path: Path, study: Study, every: Sequence[Mapping[str, object]]) -> None:
    """Of all records, a header with their names; SI."""
    names = [*study.varied, "network", "chip", "seed", *study.observe, "error", "seconds", "key"]
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(every)


def write_parquet(path: Path, study: Study, every: Sequence[Mapping[str, object]]) -> None:
    """The same; what differs is text, if the study gives it in words and in numbers."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise _lacking("pyarrow", path) from None
    columns = {name: _alike([one[name] for one in every]) for name in (every[0] if every else ())}
    with replacing(path) as temporary:
        pyarrow.parquet.write_table(pyarrow.table(columns), temporary)


def write_netcdf(path: Path, study: Study, every: Sequence[Mapping[str, object]]) -> None:
    """A cube over the grid, networks and chips; of a study with a grid alone."""
    try:
        import xarray
    except ImportError:
        raise _lacking("xarray", path) from None
    if study.listed or not study.axes:
        raise ValueError(f"{path} is a cube over a grid, and the study has "
                         f"{'[[points]]' if study.listed else 'no grid'}; expected .csv or "
                         ".parquet")
    axes = {name: [_plain(value) for value in values] for name, values in study.axes.items()}
    axes |= {"network": list(range(study.networks)), "chip": list(range(study.chips))}
    shape = tuple(len(values) for values in axes.values())
    import numpy as np

    cubes = {name: np.full(shape, np.nan) for name in study.observe}
    for one in every:
        at = tuple(values.index(_plain(one[name])) for name, values in axes.items())
        for name in study.observe:
            if one[name] is not None:
                cubes[name][at] = one[name]
    data = xarray.Dataset({name: (tuple(axes), cube) for name, cube in cubes.items()}, axes,
                          {"title": study.title, "question": study.question})
    with replacing(path) as temporary:
        data.to_netcdf(temporary, engine="scipy")


WRITERS: Mapping[str, Callable[[Path, Study, Sequence[Mapping[str, object]]], None]] = {
    ".csv": write_csv, ".parquet": write_parquet, ".nc": write_netcdf}
"""By the ending of a file."""


def writer_of(path: Path) -> Callable[[Path, Study, Sequence[Mapping[str, object]]], None]:
    """What writes a file of that ending."""
    if path.suffix not in WRITERS:
        raise OutputError(f"--export {path} ends in {path.suffix!r}; expected "
                          f"{', '.join(WRITERS)}")
    return WRITERS[path.suffix]


def _alike(values: list[object]) -> list[object]:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) > 1 and not kinds <= {int, float}:
        return [None if value is None else _text(value) for value in values]
    return values


def _plain(value: object) -> object:
    """As a coordinate: truths are text, as their axis may have texts too."""
    return _text(value) if isinstance(value, bool) else value


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _lacking(package: str, path: Path) -> OutputError:
    return OutputError(f"--export {path} takes {package}: pip install "
                       "'spintronic-crossbar[study]', or export .csv")
