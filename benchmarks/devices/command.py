"""The paper's device figures as a gallery, and every number it states beside the model's."""

import argparse
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.cli.parser import Parser, Subparsers, add_out, count
from benchmarks.cli.quantities import NANOMETRES
from benchmarks.devices.comparison import rows
from benchmarks.devices.contradictions import contradictions
from benchmarks.devices.measurements import MeasuredRow, Measurements, printed
from benchmarks.devices.number import SOURCES
from benchmarks.inputs.paper import PAPER
from benchmarks.output.files import prepare_folder, replacing, versions, write_json
from circuits.spice import subcircuit, verilog_a
from device_models import CompoundMTJ, load_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.devices.number import Row
    from benchmarks.devices.page_figure import Overlay
    from device_models import Stack

TEMPLATE = Path(__file__).with_name("template.toml")
DESCRIPTION = """\
Everything measured on one synapse, from R(H) to breakdown, as a model and as a picture.

Draws what Fig. 3a-f and 4a-h of Kumar et al. 2024 show, with the numbers they state marked and a
line on what is measured and what is assumed; prints the table paper | model | deviation of every
number they state of the device; reports where their text does not fit itself.

Writes devices.json, and for each page, devices_magnetics (Fig. 3) and devices_switching (Fig. 4), a
.png, an .svg and its curves as .csv. For another
stack the table still compares with the paper, but the panels claim nothing of it: they say which
numbers of the stack's file they show and where those come from. A perpendicular stack shows in 4c
and 4d how the in-plane field decides. A panel that the file cannot feed is left out, with the
reason printed; a page without panels is not written.

A stack of one's own begins with the template: every key that a stack file may have, with comments;
only [resistance] must be there, each other table adds figures.

examples:
  %(prog)s
  %(prog)s --template > mine.toml
  %(prog)s --stack perpendicular_cofeb --out perpendicular
  %(prog)s --stack mine.toml
  %(prog)s --stack mine.toml --data mine
  %(prog)s --export compound.sp --cells 3 --thickness 1.9
"""


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `devices` to the command line."""
    parser = subparsers.add_parser(
        "devices", help="the device's figures as a gallery, and its numbers beside the paper's",
        description=DESCRIPTION)
    parser.add_argument("--stack", default="kumar2024",
                        help="name of a stack, or path to a .toml file")
    parser.add_argument("--template", action="store_true",
                        help="print a stack file to fill in, with comments, and nothing else")
    parser.add_argument("--data", type=Path, metavar="FOLDER",
                        help="draw the measurements of a folder beside the model, and print how "
                             "far off it is, instead of the paper's numbers: its measurements.toml "
                             "says which file is what, see docs/devices.md")
    parser.add_argument("--export", type=Path, metavar="FILE",
                        help="write a compound as an ngspice subcircuit (.sp, .cir, .lib) or a "
                             "Verilog-A module (.va), on its channel if the file has one, and "
                             "nothing else")
    parser.add_argument("--cells", type=count, default=3, metavar="N", help="of --export")
    parser.add_argument("--thickness", type=NANOMETRES, metavar="NM",
                        help="free layer of --export [nm]; the middle of the range")
    add_out(parser, "results")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compute, print, draw, save."""
    if args.template:
        print(TEMPLATE.read_text(encoding="utf-8"), end="")
        return 0
    stack = load_stack(args.stack)
    if args.export is not None:
        return _export(args, stack)
    measured = None if args.data is None else Measurements.of(args.data)
    prepare_folder(args.out)
    table, remarks = list(rows(stack)), list(contradictions(stack))
    ours = measured is not None and stack.doi != PAPER
    print("\n".join(head(stack) if ours else report(stack, table, remarks)))
    from benchmarks.devices.magnetics_figure import draw_magnetics
    from benchmarks.devices.switching_figure import draw_switching

    compared: list[MeasuredRow] = []
    marks: Mapping[str, Overlay] = {}
    if measured is not None:
        from benchmarks.devices.measured_figure import overlays

        compared, marks = measured.rows(stack), overlays(measured)
        print("\n".join(printed(compared, measured.folder)))
    missing: dict[str, str] = {}
    written = ["devices.json"]
    pictures = {"devices_magnetics.png": draw_magnetics, "devices_switching.png": draw_switching}
    for name, draw in pictures.items():
        missing |= _page(args.out / name, partial(draw, overlays=marks), stack)
        written += [path.name for path in beside(args.out / name) if path.exists()]
    write_json(args.out / "devices.json", {
        "stack": stack.name, "title": stack.title, "citation": stack.citation,
        "caveat": stack.caveat, "numbers": table, "counted": counted(table),
        "contradictions": {str(item): text for item, text in remarks},
        "measured": compared, "panels_left_out": missing, "tags": dict(stack.tags),
        "versions": versions()})
    for panel, reason in missing.items():
        print(f"panel {panel} left out: {reason}")
    print(f"\nwrote {', '.join(written)} to {args.out}")
    return 0


def _export(args: argparse.Namespace, stack: "Stack") -> int:
    """Write a compound for another simulator."""
    writers = {".sp": subcircuit, ".cir": subcircuit, ".lib": subcircuit, ".va": verilog_a}
    write = writers.get(args.export.suffix)
    if write is None:
        raise ValueError(f"--export {args.export} ends in {args.export.suffix!r}; expected "
                         f"{', '.join(writers)}")
    channel = stack.write_channel() if stack.tables.channel else None
    thickness = None if args.thickness is None else NANOMETRES.to_si(args.thickness)
    compound = CompoundMTJ(stack.mtj(thickness), args.cells, channel)
    text = write(compound, re.sub(r"\W", "_", stack.name))
    prepare_folder(args.export.parent)
    with replacing(args.export) as temporary:
        temporary.write_text(text, encoding="ascii")
    print(f"wrote {args.export}")
    return 0


def beside(path: Path) -> list[Path]:
    """The files of a page: a picture of points, one of lines, and the curves."""
    return [path, path.with_suffix(".svg"), path.with_suffix(".csv")]


def _page(
    path: Path, draw: "Callable[[Path, Stack], dict[str, str]]", stack: "Stack"
) -> dict[str, str]:
    """Draw a page, or remove an earlier one where the stack feeds no panel of it."""
    with TemporaryDirectory(dir=path.parent) as folder:
        drawn = Path(folder) / path.name
        missing = draw(drawn, stack)
        for new, old in zip(beside(drawn), beside(path), strict=True):
            if new.exists():
                new.replace(old)
            else:
                old.unlink(missing_ok=True)
    return missing


def head(stack: "Stack") -> list[str]:
    """What a stack is, as lines."""
    return [f"stack {stack.name}: {stack.title}", stack.caveat]


def counted(table: "list[Row]") -> str:
    """How many predictions are met; what was put in, or fitted, cannot be missed and counts not."""
    known = [row for row in table if row["model"] is not None]
    by = {source: [row for row in known if row["source"] == source] for source in SOURCES}
    met = sum(row["verdict"] == "met" for row in by["prediction"])
    amiss = [row["name"] for source in ("input", "fit") for row in by[source]
             if row["verdict"] not in ("met", "another device")]
    if not by["prediction"] or any(row["verdict"] == "another device" for row in known):
        return f"{len(known)} numbers have a counterpart in this stack; none is counted as met"
    return (f"predictions: {met} of {len(by['prediction'])} met; not counted: "
            f"{len(by['input'])} inputs, which stand in the stack file, {len(by['fit'])} fits, to "
            f"which a law was fitted, {len(by['definition'])} definitions"
            + (f"; of those not met: {', '.join(amiss)}" if amiss else ""))


def report(
    stack: "Stack", table: "list[Row]", remarks: list[tuple[int, str]]
) -> list[str]:
    """The table and the contradictions as lines."""
    lines = [*head(stack), "",
             f"{'stated by Kumar et al. 2024':34}{'paper':>9}{'model':>10}{'deviation':>11}"
             f"{'allowed':>9}  unit      {'source':12}verdict"]
    for row in table:
        model, deviation = (
            "-" if row[key] is None else f"{row[key]:.4g}" for key in ("model", "deviation"))
        verdict = row["verdict"] if row["model"] is not None else "not in this stack"
        lines.append(f"{row['name']:34}{row['paper']:>9g}{model:>10}{deviation:>11}"
                     f"{row['allowed']:>9g}  {row['unit']:10}{row['source']:12}{verdict}")
    if any(row["verdict"] == "another device" for row in table):
        lines += ["", "this is another device than the paper's: deviations compare, none is a miss"]
    lines += ["", counted(table)]
    lines += ["", "where the paper does not fit itself"] * bool(remarks)
    return lines + [f" {item}. {text}" for item, text in remarks]
