"""The accuracy study of Kumar et al. 2024 again: claims, readings, and beyond, with intervals."""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from benchmarks.cli.parser import Parser, Subparsers, add_out, count, number
from benchmarks.inputs.datasets import DATASETS, find_dataset
from benchmarks.inputs.quiet import load_keras
from benchmarks.inputs.weights import BUNDLED_SEEDS, DENSE
from benchmarks.output.files import prepare_folder, read_json, replacing, versions, write_json
from benchmarks.output.pictures import formats_of, replacing_picture
from benchmarks.output.points import Points
from benchmarks.paper.plan import Parts, make_plan
from benchmarks.paper.readings import DEFAULT, reading_of
from benchmarks.paper.report import claims_csv, readings_csv, report
from benchmarks.paper.result import StudyResult
from benchmarks.program import program
from device_models import load_stack
from device_models.checks import known

DESCRIPTION = f"""\
The accuracy study of Kumar et al., Nanoscale Horizons 2024, 9, 1522, done again.

784 x 128 x 10 networks trained in floats, then quantised to the states of 1, 2 and 3 cells over the
free-layer wedge (Fig. 5b, c), of 1 to 6 cells over TMR (Fig. 5d, e); every accuracy claim of the
text beside ours with its 95 %% interval over training seeds. The text leaves open how weights
became states: a search over all readings finds the one that explains its claims best. Beyond it:
wires, spread, read energy, and what is left of the accuracy once the states have to be written.

Writes paper.json, paper_claims.csv, paper_readings.csv, paper.png (Fig. 5) and paper_circuit.png,
of both a .svg too.
Points done are kept in paper_points.jsonl: the same command goes on where it was interrupted.

A reading is MAPPING,SCALE,GAIN,BIAS, for example {DEFAULT}: see
'accuracy --help' for the first three; BIAS is float or quantised.

examples:
  %(prog)s                 all of it, some minutes
  %(prog)s --quick         trends only, under a minute
  %(prog)s --only ideal    without circuits
  %(prog)s --redraw        the pictures again, from the saved numbers
"""

PARTS = ("ideal", "circuit")
_BAR = "{desc:10}{bar}{percentage:4.0f}%  {elapsed} < {remaining}"


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `paper` to the command line."""
    parser = subparsers.add_parser(
        "paper", help="the paper's accuracy study, claim by claim, then through the circuit",
        description=DESCRIPTION)
    add = parser.add_argument
    add("--quick", action="store_true", help="few points, no search over readings")
    add("--only", metavar="PART",
        help="'ideal', without circuits; or 'circuit', without the search over readings")
    add("--dataset", nargs="+", default=list(DATASETS), metavar="NAME", help="image sets")
    add("--reading", default="best", metavar="READING",
        help=f"how weights become states; 'best' is the one that the search finds, and without a "
             f"search {DEFAULT}")
    add("--stack", default="kumar2024", help="name of a stack, or path to a .toml file")
    add("--thickness", nargs="+", type=number, default=[], metavar="NM",
        help="free layers of the curves [nm]; the ends and 1.9 nm are always among them; "
             "11 equal steps if not given")
    add("--seeds", type=count, metavar="N",
        help=f"trainings, from seed 0, 2 or more; {len(BUNDLED_SEEDS[DENSE])} if not given")
    add("--weights", type=Path, metavar="DIR",
        help="folder of networks from 'train', instead of the bundled ones")
    add("--images", type=count, metavar="N", help="use the first N test images only")
    add("--redraw", action="store_true",
        help="draw the saved results of --out again; no other flag counts")
    add_out(parser, "results")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compute what is missing, print, draw, save."""
    if args.redraw:
        result = read_json(args.out / "paper.json", StudyResult, f"{program()} paper")
        written = []
    else:
        try:
            result = _compute(args)
        except KeyboardInterrupt:
            print("interrupted: the same command goes on after the points done", file=sys.stderr)
            return 130
        print("\n".join(report(result)))
        write_json(args.out / "paper.json", result)
        written = ["paper.json"]
    print(f"\nwrote {', '.join([*written, *_write_files(args.out, result)])} to {args.out}")
    return 0


def _compute(args: argparse.Namespace) -> StudyResult:
    parts = _parts(args)
    stack = load_stack(args.stack)
    prepare_folder(args.out)
    load_keras()
    from benchmarks.paper.quantities import code
    from benchmarks.paper.run import compute

    plan = make_plan(stack, args.dataset, [t * 1e-9 for t in args.thickness], args.seeds,
                     args.images, args.quick)
    points = Points(args.out / "paper_points.jsonl", code())
    if points.told:
        print(f"{args.out}: {points.told}", file=sys.stderr)
    try:
        with (tqdm(total=plan.points(parts), disable=None, leave=False, smoothing=0.05,
                   bar_format=_BAR) as bar,
              threadpool_limits(1, "blas")):  # each product is small, and has a thread of its own
            result = compute(plan, points, args.weights, parts, bar)
    finally:
        points.close()
    return replace(result, quick=args.quick, seconds=time.perf_counter() - args.start,
                   versions=versions())


def _parts(args: argparse.Namespace) -> Parts:
    """What is asked for; refuses bad input before any work."""
    for dataset in args.dataset:
        find_dataset(dataset)
    if args.seeds is not None and args.seeds < 2:
        raise ValueError("--seeds is 1; an interval takes 2 or more")
    reading = None if args.reading == "best" else reading_of(args.reading)
    parts = PARTS if args.only is None else (known("part", args.only, PARTS),)
    return Parts(reading, reading is None and not args.quick and "ideal" in parts,
                 "circuit" in parts)


def _write_files(folder: Path, result: StudyResult) -> list[str]:
    """The tables and the pictures; those of an earlier result that this one lacks are removed."""
    from benchmarks.paper.circuit_figure import draw_circuit  # load Matplotlib
    from benchmarks.paper.figure import draw_study

    files: dict[str, tuple[bool, Callable[[Path], object]]] = {
        "paper_claims.csv": (True, lambda path: path.write_text(
            claims_csv(result.claims), "utf-8")),
        "paper_readings.csv": (bool(result.readings), lambda path: path.write_text(
            readings_csv(result.readings), "utf-8")),
        "paper.png": (True, lambda path: draw_study(path, result)),
        "paper_circuit.png": (bool(result.circuit), lambda path: draw_circuit(path, result))}
    for name, (there, write) in files.items():
        if there:
            with (replacing_picture if name.endswith(".png") else replacing)(folder / name) as path:
                write(path)
        else:
            for path in formats_of(folder / name) if name.endswith(".png") else [folder / name]:
                path.unlink(missing_ok=True)
    return [name for name, (there, _) in files.items() if there]
