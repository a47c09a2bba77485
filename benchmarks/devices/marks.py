"""Points beside a model's curves that are not the model's: what a publication states of a device.

A page takes any list of `Marks`, each with its source, which stands in the panel's legend and in
the table of its curves. Those of Kumar et al. are here, from their text and never from the model;
they are drawn for the reference stack alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.inputs.paper import is_paper
from device_models import Stack

KUMAR = "stated, Kumar et al."


@dataclass(frozen=True)
class Marks:
    """Points of one curve of one panel.

    Parameters
    ----------
    panel : str
        Number of the page and letter of the panel, as "3e".
    curve : str
        What they are of, as "R_P".
    source : str
        Who says so; in the legend, once a panel, and in the table.
    x, y : tuples of float
        In the units of the panel's axes. Without `y` only x is known: a line across the panel.
    y_error : tuple of float
        Half an interval around each y, or none.
    right : bool
        Of the axis on the right, where the panel has one.
    joined : bool
        A dense sweep: a thin line through the points, in their order, with no markers.
    """

    panel: str
    curve: str
    source: str
    x: tuple[float, ...]
    y: tuple[float, ...] = ()
    y_error: tuple[float, ...] = ()
    right: bool = False
    joined: bool = False

    def __post_init__(self) -> None:
        if not self.x or (self.y and len(self.y) != len(self.x)) or (
                self.y_error and len(self.y_error) != len(self.y)):
            raise ValueError(f"marks {self.curve!r} of panel {self.panel} have {len(self.x)} x, "
                             f"{len(self.y)} y and {len(self.y_error)} y_error; expected one x or "
                             "more, as many y or none, and as many y_error as y or none")


def stated(stack: Stack) -> Sequence[Marks]:
    """What Kumar et al. state, of their own stack; of another none."""
    return _KUMAR if is_paper(stack) else ()


_KUMAR = (  # section C of the text for 3a to 3f, D for 4a to 4h
    Marks("3a", "free layer switches", KUMAR, (-5.0, 5.0)),
    Marks("3b", "R", KUMAR, (300.0, 90.0, -10.0), (25.2, 33.8, 25.2)),
    Marks("3d", "R, 1.6 nm", KUMAR, (-10.0, 10.0), (25.2, 33.8)),
    Marks("3e", "H_ex, film", KUMAR, (1.6, 2.6), (2.5, 0.4)),
    Marks("3e", "H_s, film", KUMAR, (1.6, 2.6), (12.7, 14.8)),
    Marks("3e", "H_c, film", KUMAR, (1.6, 2.6), (5.0, 5.0), y_error=(0.6, 0.6)),  # 12 %
    Marks("3e", "H_c, device", KUMAR, (1.6, 2.6), (10.0, 10.0), y_error=(1.5, 1.5)),  # 15 %
    Marks("3f", "R_P", KUMAR, (1.6,), (25.2,)),
    Marks("3f", "R_AP", KUMAR, (1.6,), (33.8,)),
    Marks("3f", "TMR", KUMAR, (1.6, 1.9, 2.6), (33.0, 40.0, 78.0), right=True),
    Marks("4a", "H_c", KUMAR, (-10.0, 10.0)),
    Marks("4c", "V_c, 1.6 nm and 2.6 nm", KUMAR, (-0.7, -2.0)),
    Marks("4d", "devices that switch", KUMAR, (2.6,), (0.0,)),
    Marks("4h", "V_b, n=1", KUMAR, (1.6, 2.6), (1.8, 2.0)),
    Marks("4h", "V_b, n=3", KUMAR, (1.6, 2.6), (1.7, 1.9)))
