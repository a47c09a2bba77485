"""How fast the exact solver is, against other solvers in one run on one network."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from threadpoolctl import threadpool_info
from tqdm import tqdm

from benchmarks.cli.parser import Parser, Subparsers, add_out, count, number, seed, size
from benchmarks.output.files import prepare_folder, versions, write_json
from benchmarks.output.pictures import formats_of, replacing_picture
from benchmarks.speed.row import Row
from benchmarks.speed.scaling import Exponent, exponents
from benchmarks.speed.sections import DEFAULT, SECTIONS
from benchmarks.speed.settings import Settings, warm_up
from benchmarks.speed.targets import ALL_IMAGES, Judgement, judge
from circuits.threads import available_threads

SIZES = ((64, 64), (128, 128), (256, 256), (784, 128), (784, 256), (512, 512))

DESCRIPTION = """\
Time the exact solver against SciPy's SuperLU, CHOLMOD, ngspice and badcrossbar on the same
networks.

sections:
  matrix     all of T against SuperLU's factorisation with the fastest of its orderings and,
             where scikit-sparse is installed, CHOLMOD's
  exact      52 arrays at once, and the gradient of T
  batch      currents of 1, 100 and 10,000 inputs against one SuperLU solution for each
             (extrapolated from 16, one by one or all at once, whichever is faster)
  nonlinear  two laws at wires of 0.1 to 100 ohm; one input of a batch on one core;
             digit images through 784x256 in 64x64 tiles
  scaling    how time grows with both sides, rows, columns and inputs: fitted exponents
  tools      ngspice and badcrossbar, where installed, on small arrays
  large      all of T of 1024x1024 and 2048x2048, node voltages and single inputs of 1024x1024:
             minutes and some GiB, most of them SuperLU's

Times are the best of the repetitions (fewer of what takes over 10 s, one where a section runs in
its own process to measure memory); a ratio above 1 says that ours is faster.

examples:
  %(prog)s --sections matrix --sizes 784x128 256x256 64x64 --repeat 5
  %(prog)s --full --images 10000
"""


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `speed` to the command line."""
    parser = subparsers.add_parser(
        "speed", help="time the exact solver against SciPy's SuperLU", description=DESCRIPTION)
    add = parser.add_argument
    add("--sizes", type=size, nargs="+", default=list(SIZES), metavar="ROWSxCOLUMNS",
        help="arrays to time: 64x64 to 512x512 if not given")
    add("--wire", type=number, nargs="+", default=[1.0, 10.0], metavar="OHM",
        help="one wire segment [ohm], above 0; of several, the matrix section takes all and the "
             "others the first")
    add("--sections", nargs="+", choices=list(SECTIONS), default=list(DEFAULT), metavar="SECTION",
        help=f"of {', '.join(SECTIONS)}")
    add("--full", action="store_true", help="all sections")
    add("--images", type=count, default=1000,
        help="digit images of the nonlinear section; targets speak of 10000")
    add("--repeat", type=count, default=3, help="repetitions of each measurement")
    add("--seed", type=seed, default=0, help="of the conductances, 30 to 90 uS")
    add_out(parser, "results")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, print, save."""
    settings = _settings(args)
    prepare_folder(args.out)
    threads = available_threads()
    print(f"{threads} threads for ours (BLAS on one each, but for NumPy's product of inputs and "
          f"T), 1 for SuperLU, {_ohms(settings)} ohm per segment, best of {args.repeat}")
    warm_up()
    sections: dict[str, list[Row]] = {}
    chosen = [name for name in SECTIONS if args.full or name in args.sections]
    for name in chosen:
        rows = sections.setdefault(name, [])
        print(f"{name}: {SECTIONS[name].title}", flush=True)
        for line in tqdm(SECTIONS[name].lines(settings, rows), disable=None, leave=False,
                         unit="row"):
            tqdm.write(line)
    measured = {name: [row for row in rows if "skipped" not in row]
                for name, rows in sections.items()}
    if "scaling" in measured:
        measured["scaling"] += [row for row in measured.get("large", []) if "over" in row]
    fits = exponents(measured.get("scaling", []))
    judged = judge({**measured, "exponents": [
        {"over": fit["over"], "fixed": fit["fixed"], "exponent": fit["exponent"],
         "kind": f"{fit['from']} to {fit['to']}"} for fit in fits]})
    _print_verdict(fits, judged)
    _save(args.out, measured, fits, {
        "arrays": measured.get("matrix", []), "sections": sections, "targets": judged,
        "exponents": fits, "threads": threads, "superlu_threads": 1,
        "blas_threads": _blas_threads(),
        "wire_ohm": settings.wires[0], "wires_ohm": list(settings.wires),
        "images": settings.images, "seed": args.seed, "repeat": args.repeat,
        "versions": versions(),
    })
    return 0


def _settings(args: argparse.Namespace) -> Settings:
    for wire in args.wire:
        if wire <= 0:
            raise ValueError(f"--wire is {wire:g} ohm; the comparison needs more than 0, because "
                             "plain nodal analysis cannot join nodes")
    if args.images > ALL_IMAGES:
        raise ValueError(f"--images is {args.images}; there are {ALL_IMAGES} digit "
                         "images, give fewer")
    return Settings(tuple(args.sizes), tuple(args.wire), args.repeat, args.seed, args.images)


def _ohms(settings: Settings) -> str:
    return ", ".join(f"{wire:g}" for wire in settings.wires)


def _blas_threads() -> dict[str, int]:
    """Threads of each BLAS of this process, by the folder it was loaded from."""
    return {Path(library["filepath"]).parent.name: int(library["num_threads"])
            for library in threadpool_info() if library["user_api"] == "blas"}


def _print_verdict(fits: Sequence[Exponent], judged: Sequence[Judgement]) -> None:
    for fit in fits:
        print(f"time grows with {fit['over']} ({fit['fixed']}) as size^{fit['exponent']:.2f}, "
              f"{fit['from']} to {fit['to']}")
    for target in judged:
        if target["met"] is not None:
            print(f"target: {target['name']}: {target['bound']} {target['target']:.4g} "
                  f"{target['unit']}, reached {target['reached']:.4g} ({target['at']}): "
                  f"{'met' if target['met'] else 'NOT met'}; bounded by {target['limit']}")


def _save(folder: Path, measured: Mapping[str, Sequence[Row]], fits: Sequence[Exponent],
          content: Mapping[str, object]) -> None:
    from benchmarks.speed.figure import draw, drawable  # loads Matplotlib

    written = [folder / "speed.json"]
    if drawable(measured):
        written += formats_of(folder / "speed.png")
        with replacing_picture(written[1]) as picture:
            draw(picture, measured, fits)
    write_json(written[0], content)
    print("wrote " + " and ".join(map(str, written)))
