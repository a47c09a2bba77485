"""The paper's device figures as a gallery, and every number it states beside the model's."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.cli.parser import Parser, Subparsers, add_out
from benchmarks.devices import export
from benchmarks.devices.comparison import rows
from benchmarks.devices.contradictions import contradictions
from benchmarks.output.files import prepare_folder, versions, write_json
from device_models import load_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.devices.number import Row
    from device_models import Stack

TEMPLATE = Path(__file__).with_name("template.toml")
DESCRIPTION = """\
Everything measured on one synapse, from R(H) to breakdown, as a model and as a picture.

Draws what Fig. 3a-f and 4a-h of Kumar et al. 2024 show, with the numbers they state marked and a
line on what is measured and what is assumed; prints the table paper | model | deviation of every
number they state of the device; reports where their text does not fit itself.

Writes devices.json, devices_magnetics.png (Fig. 3) and devices_switching.png (Fig. 4). For another
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
  %(prog)s --export synapse.sp --cells 3 --per-cell
"""


def add_parser(subparsers: "Subparsers[Parser]") -> None:
    """Add the command `devices` to the command line."""
    parser = subparsers.add_parser(
        "devices", help="the device's figures as a gallery, and its numbers beside the paper's",
        description=DESCRIPTION)
    parser.add_argument("--template", action="store_true",
                        help="print a stack file to fill in, with comments, and nothing else")
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
    table, remarks = list(rows(stack)), list(contradictions(stack))
    print("\n".join(report(stack, table, remarks)))
    from benchmarks.devices.magnetics_figure import draw_magnetics
    from benchmarks.devices.switching_figure import draw_switching

    missing: dict[str, str] = {}
    written = ["devices.json"]
    pictures = {"devices_magnetics.png": draw_magnetics, "devices_switching.png": draw_switching}
    for name, draw in pictures.items():
        missing |= _picture(args.out / name, draw, stack)
        written += [name] * (args.out / name).exists()
    write_json(args.out / "devices.json", {
        "stack": stack.name, "citation": stack.citation, "caveat": stack.caveat, "numbers": table,
        "contradictions": {str(item): text for item, text in remarks},
        "panels_left_out": missing, "tags": dict(stack.tags), "versions": versions()})
    for panel, reason in missing.items():
        print(f"panel {panel} left out: {reason}")
    print(f"\nwrote {', '.join(written)} to {args.out}")
    return 0


def _picture(
    path: Path, draw: "Callable[[Path, Stack], dict[str, str]]", stack: "Stack"
) -> dict[str, str]:
    """Draw a page, or remove an earlier one where the stack feeds no panel of it."""
    with TemporaryDirectory(dir=path.parent) as folder:
        picture = Path(folder) / path.name
        missing = draw(picture, stack)
        if picture.exists():
            picture.replace(path)
        else:
            path.unlink(missing_ok=True)
    return missing


def report(
    stack: "Stack", table: "list[Row]", remarks: list[tuple[int, str]]
) -> list[str]:
    """The table and the contradictions as lines."""
    lines = [f"stack {stack.name}: {stack.title}", f"{stack.caveat}", "",
             f"{'stated by Kumar et al. 2024':34}{'paper':>9}{'model':>10}{'deviation':>11}"
             f"{'allowed':>9}  unit      in/out  verdict"]
    for row in table:
        model, deviation = (
            "-" if row[key] is None else f"{row[key]:.4g}" for key in ("model", "deviation"))
        verdict = row["verdict"] if row["model"] is not None else "not in this stack"
        lines.append(f"{row['name']:34}{row['paper']:>9g}{model:>10}{deviation:>11}"
                     f"{row['allowed']:>9g}  {row['unit']:10}{row['source']:8}{verdict}")
    known = [row for row in table if row["model"] is not None]
    met = sum(row["verdict"] == "met" for row in known)
    if any(row["verdict"] == "another device" for row in known):
        lines += ["", "this is another device than the paper's: deviations compare, none is a miss"]
    lines += ["", f"{met} of {len(known)} met; in: stands in the stack file, fit: a law was "
              "fitted to it, out: a law gives it by itself"]
    lines += ["", "where the paper does not fit itself"] * bool(remarks)
    return lines + [f" {item}. {text}" for item, text in remarks]
