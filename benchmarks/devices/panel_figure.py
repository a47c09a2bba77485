"""One panel: its axes, and all that is drawn on them as numbers too."""

from typing import Any  # Matplotlib's styles are of any type

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from benchmarks.devices.curves import Curve
from benchmarks.devices.marks import Marks
from benchmarks.devices.quantity import Quantity, plain, verbatim

FALLING, RISING = "#4c78a8", "#e4572e"
_MODEL = "model"


class Panel:
    """Axes on which every curve is named and kept.

    Parameters
    ----------
    name : str
        Number of the page and letter, as "3a".
    axes : Axes
        Empty ones.
    """

    def __init__(self, name: str, axes: Axes) -> None:
        self.name, self.axes = name, axes
        self.right: Axes | None = None
        self.zoom: Axes | None = None  # where marks of x alone are drawn, if there is one
        self.curves: list[Curve] = []
        self.floor = False  # whether the axes begin at zero, whatever is drawn
        self.sources: set[str] = set()  # of marks
        self._x = self._y = Quantity("", "1")
        self._y_right = Quantity("", "1")

    def show(self, x: Quantity, y: Quantity) -> None:
        """What the axes are of."""
        self._x, self._y = x, y
        self.axes.set(xlabel=x.label, ylabel=y.label)

    def show_right(self, y: Quantity) -> None:
        """A second axis of ordinates."""
        self._y_right = y
        self.right = self.axes.twinx()
        self.right.spines["right"].set_visible(True)
        self.right.set_ylabel(y.label)

    def curve(self, x: ArrayLike, y: ArrayLike, name: str, *, right: bool = False,
              steps: bool = False, shift: float = 0.0, **style: Any) -> None:
        """Draw and keep a curve of the model, in the units of the axes.

        With `steps` y holds until the next x: what a sweep leaves is there until the next setting.
        `shift` is added to y in the picture alone.
        A `label` in `style` is what the legend has instead of `name`; "" is nothing.
        """
        label = style.pop("label", name)
        axes = self._axes(right)
        axes.plot(x, np.asarray(y, float) + shift, label=label or "_",
                  drawstyle="steps-post" if steps else "default", **style)
        self.keep(x, y, name, right=right)

    def keep(self, x: ArrayLike, y: ArrayLike | None, name: str, *, right: bool = False,
             source: str = _MODEL, y_error: tuple[float, ...] = ()) -> None:
        """Keep what is drawn in another way."""
        self.curves.append(Curve(
            self.name, plain(name), source, self._x.header,
            (self._y_right if right else self._y).header,
            np.asarray(x, float), None if y is None else np.asarray(y, float), y_error))

    def sweep(self, x: ArrayLike, y: ArrayLike, names: tuple[str, str], *, steps: bool,
              **style: Any) -> None:
        """The two halves of a sweep `x` that goes there and back, by their names."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        half = len(x) // 2
        for part, name, colour in ((slice(None, half), names[0], FALLING),
                                   (slice(half, None), names[1], RISING)):
            self.curve(x[part], y[part], name, steps=steps, color=colour, **style)

    def enlarge(self, place: tuple[float, float, float, float], x: ArrayLike, y: ArrayLike,
                name: str) -> None:
        """A sweep again, finer, on small axes at `place` of the axes; marks of x alone go there."""
        self.zoom = self.axes.inset_axes(place)
        self.zoom.tick_params(labelsize=6, pad=1.5)
        self.zoom.set_title(name, fontsize=6.5, pad=2)
        x, y = np.asarray(x, float), np.asarray(y, float)
        half = len(x) // 2
        for part, way, colour in ((slice(None, half), "falling", FALLING),
                                  (slice(half, None), "rising", RISING)):
            self.zoom.plot(x[part], y[part], color=colour, lw=1)
            self.keep(x[part], y[part], f"{name}, {way}")

    def mark(self, marks: Marks, colour: str = "k") -> None:
        """Draw and keep points from elsewhere, and name their source once."""
        name = verbatim(marks.source)
        label = "_" if name in self.sources else name
        self.sources.add(name)
        axes = self._axes(marks.right)
        if not marks.y:
            self._across(marks.x, colour, label)
        elif marks.joined:
            axes.plot(marks.x, marks.y, color=colour, lw=0.8, label=label)
        else:
            axes.errorbar(marks.x, marks.y, yerr=marks.y_error or None, label=label, capsize=2,
                          elinewidth=0.8, **_circle(colour))
        self.keep(marks.x, marks.y or None, marks.curve, right=marks.right,
                  source=marks.source, y_error=marks.y_error)

    def _across(self, x: tuple[float, ...], colour: str, label: str) -> None:
        """Dotted lines with circles at their feet, in the zoom if there is one."""
        place = self.zoom or self.axes
        for each in x:
            place.axvline(each, color=colour, lw=0.8, ls=":")
        place.plot(x, [0.0] * len(x), transform=place.get_xaxis_transform(),
                   **_circle(colour))
        self.axes.plot([], [], label=label, **_circle(colour))

    def finish(self) -> None:
        """After all is drawn: from zero, where that is wanted."""
        for axes in (self.axes, self.right):
            if axes is not None and self.floor and axes.get_yscale() == "linear":
                axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0] if _negative(axes) else 0.0))

    def place(self, box: tuple[float, float, float, float]) -> None:
        """Put the axes there, as shares of the page: left, bottom, width, height."""
        for axes in filter(None, (self.axes, self.right)):
            axes.set_position(box)

    def remove(self) -> None:
        """Take the panel off its page."""
        for axes in filter(None, (self.right, self.axes)):
            axes.remove()

    @property
    def front(self) -> Axes:
        """The axes that are drawn last, over all curves."""
        return self.right or self.axes

    def _axes(self, right: bool) -> Axes:
        return self.right if right and self.right is not None else self.axes


def _negative(axes: Axes) -> bool:
    return bool(axes.dataLim.y0 < 0)


def _circle(colour: str) -> dict[str, Any]:
    return {"ls": "none", "marker": "o", "mfc": "none", "mec": colour, "ms": 5.5, "mew": 0.9,
            "color": colour, "zorder": 5, "clip_on": False}
