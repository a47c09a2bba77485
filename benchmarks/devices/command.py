"""The paper's device figures as a gallery, and every number it states beside the model's."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cli.parser import Parser, Subparsers, add_out
from benchmarks.devices import export
from benchmarks.devices.comparison import rows
from benchmarks.devices.contradictions import contradictions
from benchmarks.devices.marks import stated
from benchmarks.devices.misfit_table import misfit_lines, misfit_records
from benchmarks.devices.number import summary
from benchmarks.devices.own_numbers import own_lines, own_numbers
from benchmarks.inputs.paper import PAPER
from benchmarks.output.files import prepare_folder, versions
from device_models import load_stack

if TYPE_CHECKING:
    from benchmarks.devices.measurements import Measurements
    from benchmarks.devices.number import Row
    from benchmarks.devices.own_numbers import Column
    from benchmarks.devices.page_figure import Page
    from device_models import Stack

TEMPLATE = Path(__file__).with_name("template.toml")
DESCRIPTION = """\
Everything measured on one synapse, from R(H) to breakdown, as a model and as a picture.

Draws what Fig. 3a-f and 4a-h of Kumar et al. 2024 show, with the numbers they state marked and a
line on what is measured and what is assumed, and in 4i an estimate of a pulse's heat;
prints the table paper | model | deviation of every number they state of the device, and whether it
is an input of the model, a fit or a prediction: only predictions count as met. Reports where their
text does not fit itself.

Writes devices.json, and the pages devices_magnetics (Fig. 3) and devices_switching (Fig. 4), each
as .png, as .svg and as .csv, the numbers of all its curves; a panel is as wide as a column, 85 mm.
Of another stack nothing of the paper is shown: the table has what the model gives at the stack's
own free layers, the panels say which numbers of its file they show and where those come from. A
perpendicular stack shows in 4c and 4d how the in-plane field decides. A panel that the file cannot
feed is left out, with the reason printed; a page without panels is not written.

A stack of one's own begins with the template: every key that a stack file may have, with comments;
only [resistance] must be there, each other table adds figures.

examples:
  %(prog)s
  %(prog)s --template > mine.toml
  %(prog)s --stack perpendicular_cofeb --out perpendicular
  %(prog)s --stack mine.toml
  %(prog)s --stack mine.toml --data folder
  %(prog)s --export synapse.sp --cells 3 --per-cell

--data names a folder of measurements (with measurements.toml, as of
device_models.stack_from_measurements). They are drawn beside the model, instead of the paper's
numbers; the page devices_measured has all loops, counts and breakdown voltages with the model of
the same device; and the misfits are printed.
"""


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `devices` to the command line."""
    parser = subparsers.add_parser(
        "devices", help="the device's figures as a gallery, and its numbers beside the paper's",
        description=DESCRIPTION)
    parser.add_argument("--template", action="store_true",
                        help="print a stack file to fill in, with comments, and nothing else")
    parser.add_argument("--data", type=Path, help="folder of your measurements of the stack, with "
                        "measurements.toml: drawn and compared instead of the paper's numbers")
    add_out(parser, "results")
    export.add_flags(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compute, print, draw, save."""
    if args.template:
        print(TEMPLATE.read_text(encoding="utf-8"), end="")
        return 0
    if args.export is not None:
        return export.write(args)
    export.refuse_alone(args)
    stack = load_stack(args.stack)
    prepare_folder(args.out)
    found = None if args.data is None else _measured(args.data, stack)
    table = list(rows(stack)) if stack.doi == PAPER and not found else []
    own, remarks = own_numbers(stack), [] if found else list(contradictions(stack))
    print("\n".join(report(stack, table, own, remarks)))
    if found:
        print("\n".join(["", *misfit_lines(found.misfits)]))
    from benchmarks.devices.written import write_pages

    pages = _pages(stack, found)
    missing = {name: why for page in pages.values() for name, why in page.left_out.items()}
    written = write_pages(args.out, pages, {
        "stack": stack.name, "title": stack.title, "citation": stack.citation,
        "caveat": stack.caveat, "numbers": table, "summary": summary(table) if table else None,
        "model": own, "measured": misfit_records(found.misfits) if found else [],
        "contradictions": {str(item): text for item, text in remarks},
        "panels_left_out": missing, "tags": dict(stack.tags), "versions": versions()})
    for panel, reason in missing.items():
        print(f"panel {panel} left out: {reason}")
    print(f"\nwrote {', '.join(written)} to {args.out}")
    return 0


def _measured(folder: Path, stack: "Stack") -> "Measurements":
    from benchmarks.devices.measurements import read_measurements

    return read_measurements(folder, stack)


def _pages(stack: "Stack", found: "Measurements | None") -> "dict[str, Page]":
    """All pages by the names of their files; with measurements in place of the paper's numbers."""
    from benchmarks.devices.magnetics_figure import draw_magnetics
    from benchmarks.devices.measured_figure import draw_measured
    from benchmarks.devices.measurements import marks_of
    from benchmarks.devices.page_figure import Page
    from benchmarks.devices.switching_figure import draw_switching

    marks = stated(stack) if found is None else marks_of(found, stack)
    return {"devices_magnetics": draw_magnetics(stack, marks),
            "devices_switching": draw_switching(stack, marks),
            "devices_measured": draw_measured(stack, found) if found else Page(None, {}, [])}


def report(
    stack: "Stack", table: "list[Row]", own: "list[Column]", remarks: list[tuple[int, str]]
) -> list[str]:
    """The table and the contradictions as lines."""
    lines = [f"stack {stack.name}: {stack.title}" if stack.title else f"stack {stack.name}",
             stack.caveat, ""]
    if not table:
        return lines + list(own_lines(own))
    lines.append(f"{'stated by Kumar et al. 2024':34}{'paper':>9}{'model':>10}{'deviation':>11}"
                 f"{'allowed':>9}  {'unit':10}{'kind':12}verdict")
    for row in table:
        model, deviation = (
            "-" if value is None else f"{value:.4g}" for value in (row["model"], row["deviation"]))
        verdict = row["verdict"] if row["model"] is not None else "not in this stack"
        lines.append(f"{row['name']:34}{row['paper']:>9g}{model:>10}{deviation:>11}"
                     f"{row['allowed']:>9g}  {row['unit']:10}{row['kind']:12}{verdict}")
    lines += ["", summary(table)["text"], "input: stands in the stack file, or follows by "
              "definition; fit: a parameter was fitted to it; prediction: it could fail"]
    lines += ["", "where the paper does not fit itself"] * bool(remarks)
    return lines + [f" {item}. {text}" for item, text in remarks]
