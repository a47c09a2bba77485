"""The numbers of a page's curves, as one table."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from device_models.checks import Floats


@dataclass(frozen=True)
class Curve:
    """A curve, or points, of a panel.

    Parameters
    ----------
    panel, name, source : str
        Where it is drawn, what it is, and whose it is: "model", or who states or measured it.
    x_header, y_header : str
        Of the quantities: a name with its unit in brackets.
    x, y : array (n,)
        In these units; of what has no ordinate y is None.
    y_error : tuple of float
        Half an interval around each y, or none.
    """

    panel: str
    name: str
    source: str
    x_header: str
    y_header: str
    x: Floats
    y: Floats | None
    y_error: tuple[float, ...] = ()


def curves_csv(curves: Sequence[Curve]) -> str:
    """A row for each point: panel, curve, source, y_error, and its x and y.

    Each quantity has a column of its own, with the unit in its header, "x: field mu0H (mT)"; a row
    fills one that begins with "x:" and one that begins with "y:", and y_error in the unit of that.
    """
    headers = [*dict.fromkeys(f"x: {each.x_header}" for each in curves),
               *dict.fromkeys(f"y: {each.y_header}" for each in curves)]
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["panel", "curve", "source", "y_error", *headers])
    for each in curves:
        x, y = headers.index(f"x: {each.x_header}"), headers.index(f"y: {each.y_header}")
        for place in range(len(each.x)):
            row = [""] * len(headers)
            row[x] = _digits(each.x[place])
            if each.y is not None:
                row[y] = _digits(each.y[place])
            table.writerow([each.panel, each.name, each.source,
                            _digits(each.y_error[place]) if each.y_error else "", *row])
    return text.getvalue()


def _digits(value: float) -> str:
    """Seven digits, and no -0."""
    return f"{value + 0.0:.7g}"
