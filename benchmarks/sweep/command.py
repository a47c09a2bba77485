"""A study of many points: a grid over the flags of the main job, on all processors or a cluster."""

import argparse
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import psutil

from benchmarks.cli.parser import Parser, Subparsers, add_out, count, flags_of
from benchmarks.cli.quantities import Quantity
from benchmarks.output.files import prepare_folder, replacing, versions, write_json
from benchmarks.sweep.cluster import Cluster
from benchmarks.sweep.drive import Workers, drive
from benchmarks.sweep.export import WRITERS, records, writer_of
from benchmarks.sweep.measure import OBSERVED, code, measured
from benchmarks.sweep.outcome import tried
from benchmarks.sweep.processes import Processes
from benchmarks.sweep.result import lines_of, table
from benchmarks.sweep.store import Row, Store
from benchmarks.sweep.study import Study, read_study, tasks_of
from benchmarks.sweep.tasks import Task
from circuits.threads import available_threads

EXAMPLE = """\
  [study]
  title = "Cells and TMR"
  question = "How many cells, how much TMR?"
  observe = ["analog", "energy"]   # of: {observed}
  chips = 3                        # of every network; 95 %% intervals are over both
  networks = 2

  [set]                            # flags of all points, as of 'accuracy'
  images = 1000
  read-noise = true

  [grid]                           # every combination of these
  cells = [1, 2, 3]
  tmr = [33, 78, 150]
"""
DESCRIPTION = f"""\
A study: the main job at many points, over networks and chips.

A study file says what is varied, by the names of the flags of 'accuracy':

{EXAMPLE.format(observed=', '.join(OBSERVED))}
[[points]] lists points instead, or each of them with all of the grid; calibrate = N and
wire-aware = true win accuracy back.

Every point is kept in OUT/points.sqlite as it comes: stop the command, or kill it, and start it
again; what is done is not done twice. A point that fails keeps its error, and the others go on.
Points are known by their flags, their chip and the code that computes them.

They run on Dask, if 'distributed' is installed (the extra [study]), else on processes of this
machine. --scheduler takes a cluster of many: 'dask scheduler' and 'dask worker tcp://HOST:8786
--nthreads 1' with this package installed, and OMP_NUM_THREADS and NUMBA_NUM_THREADS as wanted.

examples:
  %(prog)s study.toml --dry-run
  %(prog)s study.toml --out cells
  %(prog)s study.toml --out cells --retry --export cells.csv
  %(prog)s study.toml --scheduler tcp://10.0.0.1:8786
"""
_SHARE = 0.9  # of this machine's memory that workers have between them
_FILE = "points.sqlite"


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `sweep` to the command line."""
    parser = subparsers.add_parser(
        "sweep", help="studies of many points, on all processors or a cluster",
        description=DESCRIPTION)
    add = parser.add_argument
    add("study", type=Path, metavar="STUDY.toml", help="what is varied")
    add("--dry-run", action="store_true",
        help="count points, compute one of them, and say how long all would take")
    add("--retry", action="store_true", help="compute points that failed again")
    add("--export", type=Path, metavar="FILE", help=f"all points in SI: {', '.join(WRITERS)}")
    add("--workers", type=count, metavar="N", help="processes; one for each processor")
    add("--threads", type=count, default=1, metavar="N", help="of each process")
    add("--memory", type=Quantity("GB", 9), metavar="GB",
        help="of each process; 90 %% of this machine's between them")
    add("--runner", choices=("dask", "processes"), metavar="NAME",
        help="'dask' or 'processes'; dask, if it is installed")
    add("--scheduler", metavar="ADDRESS", help="of a Dask cluster, tcp://HOST:PORT")
    add_out(parser, "study")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check, compute, print, save."""
    study = read_study(args.study)
    write = None if args.export is None else writer_of(args.export)
    workers = _workers(args)
    tasks = list(tasks_of(study, code()))
    if args.dry_run:
        return _dry(study, tasks, args)
    prepare_folder(args.out)
    with Store(args.out / _FILE) as store:
        _tell(args.out, tasks, {row.key for row in store.rows()})
        print(f"{study.title}: {len(tasks)} points, on {workers}")
        tally = drive(tasks, store, workers, measured, retry=args.retry)
        rows = {row.key: row for row in store.rows()}
    print(f"{tally.known} were there, {tally.computed} computed, {tally.failed} of them failed; "
          f"{time.perf_counter() - args.start:.1f} s\n")
    lines = lines_of(study, tasks, rows)
    print(table(study, lines))
    _say_errors(tasks, rows)
    every = list(records(study, tasks, rows))
    if write is not None:
        write(args.export, study, every)
    from benchmarks.sweep.study_figure import draw

    files = [args.out / "study.png", args.out / "study.json"]
    configuration: dict[str, object] = {
        **flags_of(args), "study_file": args.study.read_text("utf-8"), "versions": versions()}
    with replacing(files[0]) as picture:
        draw(picture, study, lines)
    write_json(files[1], {
        "title": study.title, "question": study.question, "varied": list(study.varied),
        "observed": {name: OBSERVED[name][0] for name in study.observe}, "points": every,
        "configuration": configuration})
    print(f"\nwrote {', '.join(str(file) for file in [*files, *filter(None, [args.export])])}; "
          f"points are in {args.out / _FILE}")
    return 0


def _count(args: argparse.Namespace) -> int:
    """Of processes on this machine."""
    return int(args.workers or max(1, available_threads() // args.threads))


def _workers(args: argparse.Namespace) -> Workers:
    """Where points are computed, as the flags say."""
    dask = find_spec("distributed") is not None
    if args.scheduler is not None and args.runner == "processes":
        raise ValueError("--scheduler is of a Dask cluster, and --runner is processes; expected "
                         "one of them")
    if (args.scheduler is not None or args.runner == "dask") and not dask:
        raise ValueError("Dask is not installed: pip install 'spintronic-crossbar[study]', or "
                         "--runner processes")
    number = _count(args)
    memory = (int(args.memory * 1e9) if args.memory else
              int(_SHARE * psutil.virtual_memory().total / number))
    if args.scheduler is not None or (dask and args.runner != "processes"):
        return Cluster(args.scheduler, number, args.threads, memory)
    return Processes(number, args.threads, memory)


def _dry(study: Study, tasks: list[Task], args: argparse.Namespace) -> int:
    """Count, and try one point in the middle: the first also starts everything."""
    number = _count(args)
    print(f"{study.title}: {len(tasks)} points: " + " x ".join(
        [*(f"{len(values)} of {name}" for name, values in study.axes.items()),
         *([f"{len(study.listed)} listed"] if study.listed else []),
         f"{study.networks} networks", f"{study.chips} chips"]))
    tried(measured, tasks[0])
    sample = tried(measured, tasks[len(tasks) // 2])
    if sample.error is not None:
        print(f"the point {' '.join(sample.task.flags)} fails: {sample.error}")
        return 1
    hours = sample.seconds * len(tasks) / number / 3600
    print(f"one of them took {sample.seconds:.2f} s; all take about {hours:.2g} h on {number} "
          "processes, fewer points if some are done")
    return 0


def _tell(folder: Path, tasks: list[Task], there: set[str]) -> None:
    """Say so if the points there are of another study, or of other code."""
    wanted = {task.key for task in tasks}
    if there - wanted:
        print(f"{folder / _FILE} also holds {len(there - wanted)} points of other studies, flags "
              "or code; they stay", file=sys.stderr)


def _say_errors(tasks: list[Task], rows: Mapping[str, Row]) -> None:
    """The first error of each kind, with its flags."""
    seen: set[str] = set()
    for task in tasks:
        row = rows.get(task.key)
        if row is not None and row.error is not None and row.error not in seen:
            seen.add(row.error)
            print(f"failed: {' '.join(task.flags)}: {row.error}", file=sys.stderr)
