"""Pictures of a solved array: node voltages, voltage drop, currents.

Figures are plain `matplotlib.figure.Figure` objects: no window is opened, no state is kept.
Matplotlib is loaded when a picture is drawn, not before.
"""

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from circuits.solution.operating_point import OperatingPoint
from device_models.checks import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Where = str | PathLike[str] | Axes | Sequence[Axes] | None

_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "\N{MICRO SIGN}", -3: "m", 0: "", 3: "k", 6: "M"}
_EXTEND = {(False, False): "neither", (True, False): "min", (False, True): "max",
           (True, True): "both"}
_MOST_TICKS = 9  # on an axis of rows or columns
_WIDTH, _HEIGHT = 4.6, 3.6  # of one panel [inch]


def draw_voltages(op: OperatingPoint, path_or_axes: "Where" = None) -> "Figure":
    """Maps of the row and the column node voltages.

    Parameters
    ----------
    op : OperatingPoint
        One solved input.
    path_or_axes : path, or sequence of two Axes, optional
        Where to save the figure, or what to draw into; the axes' figure is returned then.
    """
    _check_one_input(op)
    figure, axes = _panels(path_or_axes, 2)
    for ax, values, title in zip(axes, (op.row_voltages, op.column_voltages), ("Row", "Column"),
                                 strict=True):
        factor, prefix = _prefix(values)
        _draw_map(ax, values * factor, f"{title} node voltage ({prefix}V)", "viridis")
    return _finish(figure, path_or_axes)


def draw_drop(op: OperatingPoint, path_or_axes: "Where" = None) -> "Figure":
    """Map of the voltage every device misses, in per cent of its row's source voltage.

    Wires, drivers and amplifiers take it. Devices of rows without a source voltage are left blank;
    beyond 100 %, where columns drive current back into weakly driven rows, colours stay the same.
    The arguments are those of `draw_voltages`, with one Axes.
    """
    _check_one_input(op)
    figure, (ax,) = _panels(path_or_axes, 1)
    ideal = np.broadcast_to(op.voltages[:, None], op.array.shape)
    drop = np.full(op.array.shape, np.nan)
    np.divide(ideal - (op.row_voltages - op.column_voltages), ideal, out=drop, where=ideal != 0)
    _draw_map(ax, 100 * drop, "Voltage drop outside the devices (%)", "magma", most=100.0)
    return _finish(figure, path_or_axes)


def draw_currents(op: OperatingPoint, path_or_axes: "Where" = None) -> "Figure":
    """Map of the device currents, and the column currents beside those of ideal wires.

    The arguments are those of `draw_voltages`.
    """
    _check_one_input(op)
    figure, (left, right) = _panels(path_or_axes, 2)
    factor, prefix = _prefix(op.device_currents)
    _draw_map(left, op.device_currents * factor, f"Device current ({prefix}A)", "viridis")
    voltages = np.broadcast_to(op.voltages[:, None, None], (*op.array.shape, 1))
    ideal = op.array.devices.current(voltages)[:, :, 0].sum(axis=0)
    factor, prefix = _prefix(np.concatenate([ideal, op.column_currents]))
    column = np.arange(len(ideal))
    right.bar(column - 0.2, ideal * factor, 0.4, label="ideal wires", color="0.75")
    right.bar(column + 0.2, op.column_currents * factor, 0.4, label="solved", color="tab:blue")
    right.axhline(0.0, color="black", linewidth=0.8)
    right.set_xlabel("Column")
    right.set_ylabel(f"Column current ({prefix}A)")
    right.set_xticks(_ticks(len(ideal)))
    right.margins(y=0.15)
    right.legend(loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=2, frameon=False)
    return _finish(figure, path_or_axes)


def _check_one_input(op: OperatingPoint) -> None:
    if op.voltages.ndim != 1:
        raise ValueError(f"this operating point has {len(op.voltages)} inputs; a picture shows "
                         "one: solve it alone, circuit.solve(voltages[0])")


def _panels(where: "Where", count: int) -> "tuple[Figure, list[Axes]]":
    """The axes to draw into, and their figure."""
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    if where is None or isinstance(where, str | PathLike):
        layout = ConstrainedLayoutEngine(wspace=0.06)
        figure = Figure(figsize=(_WIDTH * count, _HEIGHT), layout=layout)
        return figure, list(figure.subplots(1, count, squeeze=False)[0])
    axes = [where] if isinstance(where, Axes) else list(where)
    if len(axes) != count or not all(isinstance(ax, Axes) for ax in axes):
        raise ValueError(f"path_or_axes is {where!r}; expected a path or {count} matplotlib Axes")
    parent = axes[0].get_figure(root=True)
    if parent is None:
        raise ValueError("the axes belong to no figure; make them by figure.subplots()")
    return parent, axes


def _finish(figure: "Figure", where: "Where") -> "Figure":
    if isinstance(where, str | PathLike):
        figure.savefig(where, dpi=150)
    return figure


def _draw_map(
    ax: "Axes", values: Floats, label: str, colours: str, most: float = np.inf
) -> None:
    """A map of (rows, columns) with its colour bar; values of both signs have white as zero.

    Colours end at -most and at `most`.
    """
    low, high = _limits(np.clip(values, -most, most))
    signed = low < 0 < high
    if signed:
        low, high = -max(-low, high), max(-low, high)
    image = ax.imshow(values, aspect="auto", interpolation="nearest", vmin=low, vmax=high,
                      cmap="RdBu_r" if signed else colours)
    ax.set_facecolor("0.85")
    ax.set_xlabel("Column")
    ax.set_ylabel("Row")
    ax.set_yticks(_ticks(values.shape[0]))
    ax.set_xticks(_ticks(values.shape[1]))
    below, above = bool(np.any(values < -most)), bool(np.any(values > most))
    ax.figure.colorbar(image, ax=ax, label=label, extend=_EXTEND[below, above])


def _limits(values: Floats) -> tuple[float, float]:
    """The least and the largest finite value, some way apart."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if high - low > 1e-9 * max(abs(low), abs(high)):
        return low, high
    middle = (low + high) / 2
    return (middle - abs(middle) / 2, middle + abs(middle) / 2) if middle else (0.0, 1.0)


def _ticks(count: int) -> Floats:
    """Whole numbers within 0..count - 1, few enough to read."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, count)
                if (count - 1) // s < _MOST_TICKS)
    return np.arange(0.0, count, step)


def _prefix(values: Floats) -> tuple[float, str]:
    """A factor and the unit's prefix that put the largest value between 1 and 1000."""
    largest = float(np.abs(values).max())
    if largest == 0:
        return 1.0, ""
    power = int(np.clip(3 * np.floor(np.log10(largest * (1 + 1e-9)) / 3), -15, 6))
    return 10.0**-power, _PREFIXES[power]
