"""How fast the exact solver is, against other solvers in one run on one network."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_info
from tqdm import tqdm

from benchmarks.cli.parser import Parser, Subparsers, add_out, count, number, seed, size
from benchmarks.output.files import prepare_folder, replacing, versions, write_json
from benchmarks.speed import targets as speed_targets
from benchmarks.speed.devices import devices
from benchmarks.speed.large import large
from benchmarks.speed.linear import batch, matrix
from benchmarks.speed.nonlinear import nonlinear
from benchmarks.speed.process import ProcessError, Row
from benchmarks.speed.scaling import exponents, scaling
from benchmarks.speed.settings import Settings, warm_up
from benchmarks.speed.superlu import ORDERINGS, nodal_matrix
from benchmarks.speed.tools import tools
from circuits.threads import available_threads

__all__ = ["ORDERINGS", "SECTIONS", "Section", "add_parser", "nodal_matrix", "run"]

DESCRIPTION = """\
Time the exact solver against SciPy's SuperLU, ngspice and badcrossbar on the same networks.

sections:
  matrix     all of T against SuperLU's factorisation with the fastest of its orderings
  batch      currents of 1, 100 and 10,000 inputs against one SuperLU solution for each
             (extrapolated from 16, one by one or all at once, whichever is faster)
  nonlinear  two laws at wires of 0.1 to 100 ohm; digit images through 784x256 in 64x64 tiles
  scaling    how time grows with rows, columns and inputs: fitted exponents
  tools      ngspice and badcrossbar, where installed, on small arrays
  large      all of T of 1024x1024, one input of 2048x2048: many minutes and some GiB

Times are the best of the repetitions (one where a section runs in its own process to measure
memory); a ratio above 1 says that ours is faster.

examples:
  python -m benchmarks speed --sections matrix --sizes 784x128 256x256 64x64 --repeat 5
  python -m benchmarks speed --full --images 10000
"""


@dataclass(frozen=True)
class Section:
    """A table: its title, the heads of its columns, its rows, and their cells as text."""

    title: str
    heads: tuple[str, ...]
    measure: Callable[[Settings], Iterator[Row]]
    cells: Callable[[Row], tuple[str, ...]]

    def lines(self, settings: Settings, rows: list[Row]) -> Iterator[str]:
        """Printed lines as they are measured; the rows are appended to `rows`."""
        widths = [max(len(head), 9) for head in self.heads]
        yield _line(self.heads, widths)
        try:
            for row in self.measure(settings):
                rows.append(row)
                yield row["skipped"] if "skipped" in row else _line(self.cells(row), widths)
        except ProcessError as error:  # what was measured before must not be lost
            rows.append({"skipped": f"not measured: {error}"})
            yield rows[-1]["skipped"]


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _shape(row: Row) -> str:
    return f"{row['rows']}x{row['columns']}"


def _number(row: Row, key: str, form: str = ".3g", unit: float = 1.0) -> str:
    value = row.get(key)
    return "-" if value is None else f"{value / unit:{form}}"


SECTIONS = {
    "matrix": Section(
        "all of T against SuperLU",
        ("array", "wire [ohm]", "T [s]", "SuperLU factor [s]", "ratio", "its all of T [s]",
         "GFLOP/s", "MiB", "its MiB", "difference", "ordering"),
        matrix, lambda r: (
            _shape(r), f"{r['wire_ohm']:g}", f"{r['seconds']:.4f}",
            f"{r['superlu_factor_seconds']:.4f}", f"{r['ratio']:.2f}",
            f"{r['superlu_matrix_seconds']:.3g}", f"{r['gflops']:.3g}",
            _number(r, "bytes", ".0f", 2**20), _number(r, "superlu_bytes", ".0f", 2**20),
            f"{r['largest_relative_difference']:.1e}", r["ordering"])),
    "batch": Section(
        "currents of many inputs against a SuperLU solution for each, extrapolated from 16",
        ("array", "inputs", "T included [s]", "T at hand [s]", "SuperLU [s]", "ratio",
         "ratio at hand", "difference"),
        batch, lambda r: (
            _shape(r), f"{r['batch']}", f"{r['seconds']:.3g}", f"{r['seconds_with_matrix']:.3g}",
            f"{r['superlu_seconds']:.3g}", f"{r['ratio']:.3g}", f"{r['ratio_with_matrix']:.3g}",
            f"{r['largest_relative_difference']:.1e}")),
    "nonlinear": Section(
        "nonlinear devices to 1e-9; layers of 64x64 tiles take digit images, each in its own "
        "process", ("law", "devices", "of", "wire [ohm]", "inputs", "time [s]", "ms per input",
                    "iterations", "peak MiB", "difference"),
        nonlinear, lambda r: (
            r["law"], _shape(r), r["kind"], f"{r['wire_ohm']:g}", f"{r['batch']}",
            f"{r['seconds']:.3g}", f"{1e3 * r['seconds_per_input']:.3g}",
            f"{r['iterations']:.1f}", _number(r, "peak_bytes", ".0f", 2**20),
            f"{r['largest_relative_difference']:.1e}")),
    "scaling": Section(
        "growth of time", ("over", "value", "time [s]", f"{'fixed':>18}"),
        scaling, lambda r: (r["over"], f"{r['value']}", f"{r['seconds']:.4f}", r["fixed"])),
    "devices": Section(
        "device models", (f"{'what':>22}", "count", "time [s]"),
        devices, lambda r: (r["kind"], f"{r['count']}", f"{r['seconds']:.3g}")),
    "tools": Section(
        "other simulators, from conductances to currents",
        ("tool", "law", "array", "inputs", "ours [s]", "theirs [s]", "ratio", "difference"),
        tools, lambda r: (
            r["tool"], r["law"], _shape(r), f"{r['batch']}", f"{r['seconds']:.3g}",
            f"{r['tool_seconds']:.3g}", f"{r['ratio']:.3g}",
            f"{r['largest_relative_difference']:.1e}")),
    "large": Section(
        "large arrays, each solver in its own process; SuperLU extrapolated from 8 solutions",
        ("array", f"{'solver':>31}", "time [s]", "factor [s]", "one solve [s]", "ratio", "MiB",
         "difference"),
        large, lambda r: (
            _shape(r), r["solver"], f"{r['seconds']:.3g}", _number(r, "superlu_factor_seconds"),
            _number(r, "superlu_solve_seconds"), _number(r, "ratio"),
            _number(r, "bytes", ".0f", 2**20), _number(r, "largest_relative_difference", ".1e"))),
}
DEFAULT = tuple(name for name in SECTIONS if name != "large")


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `speed` to the command line."""
    parser = subparsers.add_parser(
        "speed", help="time the exact solver against SciPy's SuperLU", description=DESCRIPTION)
    add = parser.add_argument
    add("--sizes", type=size, nargs="+", default=[(784, 128), (256, 256), (64, 64)],
        metavar="ROWSxCOLUMNS", help="arrays to time: 784x128 256x256 64x64 if not given")
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
    measured = _measured(sections)
    content = {
        "arrays": measured.get("matrix", []), "sections": sections,
        "targets": speed_targets.judge(measured),
        "exponents": exponents(measured.get("scaling", [])),
        "threads": threads, "superlu_threads": 1, "blas_threads": _blas_threads(),
        "wire_ohm": settings.wires[0], "wires_ohm": list(settings.wires),
        "images": settings.images, "seed": args.seed, "repeat": args.repeat,
        "versions": versions(),
    }
    _print_verdict(content)
    _save(args.out, content)
    return 0


def _settings(args: argparse.Namespace) -> Settings:
    for wire in args.wire:
        if wire <= 0:
            raise ValueError(f"--wire is {wire:g} ohm; the comparison needs more than 0, because "
                             "plain nodal analysis cannot join nodes")
    if args.images > speed_targets.ALL_IMAGES:
        raise ValueError(f"--images is {args.images}; there are {speed_targets.ALL_IMAGES} digit "
                         "images, give fewer")
    return Settings(tuple(args.sizes), tuple(args.wire), args.repeat, args.seed, args.images)


def _measured(sections: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The rows that hold numbers."""
    return {name: [row for row in rows if "skipped" not in row]
            for name, rows in sections.items()}


def _ohms(settings: Settings) -> str:
    return ", ".join(f"{wire:g}" for wire in settings.wires)


def _blas_threads() -> dict[str, int]:
    """Threads of each BLAS of this process, by the folder it was loaded from."""
    return {Path(library["filepath"]).parent.name: int(library["num_threads"])
            for library in threadpool_info() if library["user_api"] == "blas"}


def _print_verdict(content: dict[str, Any]) -> None:
    for fit in content["exponents"]:
        print(f"time grows with {fit['over']} ({fit['fixed']}) as size^{fit['exponent']:.2f}, "
              f"{fit['from']} to {fit['to']}")
    for target in content["targets"]:
        if target["met"] is not None:
            print(f"target: {target['name']}: {target['bound']} {target['target']:.4g} "
                  f"{target['unit']}, reached {target['reached']:.4g} ({target['at']}): "
                  f"{'met' if target['met'] else 'NOT met'}; bounded by {target['limit']}")


def _save(folder: Path, content: dict[str, Any]) -> None:
    from benchmarks.speed import figure as speed_figure  # loads Matplotlib

    written = [folder / "speed.json"]
    rows = _measured(content["sections"])
    if speed_figure.drawable(rows):
        written.append(folder / "speed.png")
        with replacing(written[1]) as picture:
            speed_figure.draw(picture, rows, content["exponents"])
    write_json(written[0], content)
    print("wrote " + " and ".join(map(str, written)))
