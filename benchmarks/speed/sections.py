"""The sections of the comparison: what each measures, and how its rows are printed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.speed.devices import devices
from benchmarks.speed.exact import exact
from benchmarks.speed.large import large
from benchmarks.speed.linear import batch, matrix
from benchmarks.speed.nonlinear import nonlinear
from benchmarks.speed.process import ProcessError
from benchmarks.speed.row import Quantity, Row
from benchmarks.speed.scaling import scaling
from benchmarks.speed.settings import Settings
from benchmarks.speed.tools import tools


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


def _number(row: Row, key: Quantity, form: str = ".3g", unit: float = 1.0) -> str:
    value = row.get(key)
    return "-" if value is None else f"{value / unit:{form}}"


def _either(row: Row, one: Quantity, other: Quantity) -> str:
    return _number(row, one if one in row else other)


SECTIONS = {
    "matrix": Section(
        "all of T against SuperLU and CHOLMOD",
        ("array", "wire [ohm]", "T [s]", "SuperLU factor [s]", "ratio", "its all of T [s]",
         "CHOLMOD factor [s]", "its all of T [s]", "GFLOP/s", "MiB", "SuperLU MiB", "difference",
         "ordering"),
        matrix, lambda r: (
            _shape(r), f"{r['wire_ohm']:g}", f"{r['seconds']:.4f}",
            f"{r['superlu_factor_seconds']:.4f}", f"{r['ratio']:.2f}",
            f"{r['superlu_matrix_seconds']:.3g}", _number(r, "cholmod_factor_seconds"),
            _number(r, "cholmod_matrix_seconds"), f"{r['gflops']:.3g}",
            _number(r, "bytes", ".0f", 2**20), _number(r, "superlu_bytes", ".0f", 2**20),
            f"{r['largest_relative_difference']:.1e}", r["ordering"])),
    "exact": Section(
        "more of the exact solver", (f"{'what':>15}", "array", "arrays", "time [s]", "difference"),
        exact, lambda r: (
            r["kind"], _shape(r), f"{r['count']}", f"{r['seconds']:.4f}",
            f"{r['largest_relative_difference']:.1e}")),
    "batch": Section(
        "currents of many inputs against a SuperLU solution for each, extrapolated from 16",
        ("array", "inputs", "T included [s]", "T at hand [s]", "SuperLU [s]", "ratio",
         "ratio at hand", "difference"),
        batch, lambda r: (
            _shape(r), f"{r['batch']}", f"{r['seconds']:.3g}", f"{r['seconds_with_matrix']:.3g}",
            f"{r['superlu_seconds']:.3g}", f"{r['ratio']:.3g}", f"{r['ratio_with_matrix']:.3g}",
            f"{r['largest_relative_difference']:.1e}")),
    "nonlinear": Section(
        "nonlinear devices; layers of 64x64 tiles take digit images, each in its own process",
        ("law", "devices", "of", "tolerance", "wire [ohm]", "inputs", "time [s]", "ms per input",
         "iterations", "peak MiB", "difference"),
        nonlinear, lambda r: (
            r["law"], _shape(r), r["kind"], f"{r['tolerance']:g}", f"{r['wire_ohm']:g}",
            f"{r['batch']}", f"{r['seconds']:.3g}", f"{1e3 * r['seconds_per_input']:.3g}",
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
        "large arrays, each solver in its own process; adjoint solutions extrapolated from 16",
        ("array", "wire [ohm]", f"{'solver':>29}", "time [s]", "factor [s]", "one solve [s]",
         "ratio", "peak MiB", "MiB", "difference"),
        large, lambda r: (
            _shape(r), f"{r['wire_ohm']:g}", r["solver"], f"{r['seconds']:.3g}",
            _either(r, "superlu_factor_seconds", "cholmod_factor_seconds"),
            _either(r, "superlu_solve_seconds", "cholmod_solve_seconds"), _number(r, "ratio"),
            _number(r, "peak_bytes", ".0f", 2**20), _number(r, "bytes", ".0f", 2**20),
            _number(r, "largest_relative_difference", ".1e"))),
}
DEFAULT = tuple(name for name in SECTIONS if name != "large")
