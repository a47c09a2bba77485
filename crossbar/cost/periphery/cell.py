"""One synapse as it lies in the array: how large, and what it adds to its lines."""

from dataclasses import dataclass, field

from circuits import Technology, segment_capacitance
from crossbar.cost.periphery.parameters import checked, parameter, zero_or_more
from device_models.checks import positive, whole
from device_models.compound import Channel

PERMITTIVITY = 8.8541878188e-12
"""Of the vacuum [F/m], CODATA 2022."""


@dataclass(frozen=True)
class Cell:
    """A cross-point: its pitch along both lines, and the capacitance of a segment of each.

    Parameters
    ----------
    row_pitch : float
        Length of a row's segment, from column to column [m]; default 1.8 um: a channel of 0.9 um
        (kumar2024) and as much of spacing (assumed).
    column_pitch : float
        Length of a column's segment, from row to row [m]; default 4.15 um: the channel of three
        cells, 3.25 um (kumar2024), and 0.9 um of spacing (assumed).
    technology : str
        Metal of the lines, one of `circuits.TECHNOLOGIES`.
    junction_capacitance : float
        Of all junctions of a cross-point, between its row and its column [F]; default 14.1 fF:
        three plates of 0.0982 um^2, 1.8 nm of MgO apart (kumar2024), relative permittivity 9.7.
        It is counted to the row, whose voltage moves; the column is held.
    drain_capacitance : float
        Of the access transistor, at the column [F]; default 1 fF (1 um wide, 1 fF/um), assumed.
    row_wire, column_wire : float, optional
        Capacitance of the wire of one segment [F]; None: that of the technology's narrowest wire.
    """

    row_pitch: float = parameter(1.8e-6, "m", "kumar2024 channel; spacing assumed")
    column_pitch: float = parameter(4.15e-6, "m", "kumar2024 channel; spacing assumed")
    technology: str | Technology = field(
        default="45nm", metadata={"unit": "metal", "source": "see circuits.TECHNOLOGIES"})
    junction_capacitance: float = zero_or_more(
        14.1e-15, "F", "kumar2024 junctions, MgO permittivity 9.7")
    drain_capacitance: float = zero_or_more(1e-15, "F", "assumed")
    row_wire: float | None = zero_or_more(None, "F", "DNN_NeuroSim wire of the technology")
    column_wire: float | None = zero_or_more(None, "F", "DNN_NeuroSim wire of the technology")

    def __post_init__(self) -> None:
        checked(self)
        _ = self.row_capacitance, self.column_capacitance  # refuses an unknown technology

    @classmethod
    def of(cls, channel: Channel, cells: int, junction_area: float, barrier: float, *,
           spacing: float = 0.9e-6, transistor_width: float = 1e-6,
           technology: str | Technology = "45nm", permittivity: float = 9.7) -> "Cell":
        """The cross-point of `cells` junctions on their `channel`, by design rules.

        Parameters
        ----------
        channel : Channel
            The write channel, which lies along the column, as `stack.write_channel()`.
        cells : int
            Junctions on it.
        junction_area, barrier : float
            Of one junction [m^2], and the thickness of its oxide [m].
        spacing : float
            To the neighbouring channel, either way [m]; assumed.
        transistor_width : float
            Of the access transistor, which lies below the channel [m]; 1 fF/um of drain, assumed.
        technology, permittivity
            Metal of the lines; relative permittivity of the barrier [1], of MgO by default.
        """
        cells, spacing = whole("cells", cells, 1), positive("spacing", spacing, "m")
        width = positive("transistor_width", transistor_width, "m")
        plate = PERMITTIVITY * positive("permittivity", permittivity, "1") * positive(
            "junction_area", junction_area, "m^2") / positive("barrier", barrier, "m")
        length = channel.length + (cells - 1) * channel.pitch
        return cls(max(channel.width, width) + spacing, length + spacing, technology,
                   cells * plate, 1e-9 * width)

    @property
    def area(self) -> float:
        """[m^2]."""
        return self.row_pitch * self.column_pitch

    @property
    def row_capacitance(self) -> float:
        """Of one segment of a row with its cross-point [F]."""
        return self._wire(self.row_wire, self.row_pitch) + self.junction_capacitance

    @property
    def column_capacitance(self) -> float:
        """Of one segment of a column with its cross-point [F]."""
        return self._wire(self.column_wire, self.column_pitch) + self.drain_capacitance

    def _wire(self, given: float | None, length: float) -> float:
        return segment_capacitance(self.technology, length) if given is None else given
