"""A material stack: a file of measured numbers, and the junctions made from it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from device_models import laws
from device_models.bias import BiasLaw
from device_models.channel import Channel
from device_models.checks import Floats, known, positive
from device_models.magnet import Magnet
from device_models.mtj import MTJ
from device_models.perpendicular_magnet import PerpendicularMagnet
from device_models.schema import Section, StackError, read_law
from device_models.schema_tables import OPTIONAL, Table, read_tables
from device_models.variability import Variability

_FOLDER = Path(__file__).parent / "stacks"
_AREA = {"ellipse": 3.141592653589793 / 4, "rectangle": 1.0}  # of long axis x short axis


class ThicknessLaw(Protocol):
    """A quantity over free-layer thickness [m]."""

    def __call__(self, t: float) -> Floats: ...


@dataclass(frozen=True)
class Stack:
    """A material stack as read from its file.

    Parameters
    ----------
    name, title, citation, doi, caveat : str
        What it is, where it comes from and what not to trust it for.
    thickness_range : (float, float)
        Free-layer thicknesses it was measured at [m].
    area : float
        Junction area [m^2].
    area_convention : str
        Whether that is of the ellipse or of the rectangle around it.
    r_p, tmr : functions
        Parallel resistance [ohm] and TMR [1] over thickness [m].
    v_p, v_h : float
        Bias laws; see `device_models.MTJ` [V].
    tags : mapping
        The tag of every number, by its key in the file.
    axes : (float, float)
        Long and short axis of the junction [m].
    tables : mapping
        The optional tables of the file, in SI; see `table`.
    """

    name: str
    title: str
    citation: str
    doi: str
    caveat: str
    thickness_range: tuple[float, float]
    area: float
    area_convention: str
    r_p: ThicknessLaw
    tmr: ThicknessLaw
    v_p: float
    v_h: float
    tags: Mapping[str, str]
    axes: tuple[float, float] = (0.0, 0.0)
    tables: Mapping[str, Table] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """An optional table ("magnetics", "switching", ...): its values in SI, keys without units.

        Raises
        ------
        ValueError
            If no stack file has such a table, or this one has not.
        """
        if known("table", name, OPTIONAL) not in self.tables:
            raise ValueError(f"stack {self.name!r} has no table [{name}]; add it to its file: see "
                             "device_models/stacks/README.md")
        return self.tables[name]

    def mtj(
        self,
        thickness: float | None = None,
        *,
        r_p: float | None = None,
        ra: float | None = None,
        tmr: float | None = None,
        temperature: float | None = None,
        bias: BiasLaw | None = None,
        extrapolate: bool = False,
    ) -> MTJ:
        """The junction with a free layer of `thickness` [m], default the middle of the range.

        `r_p` [ohm], or the resistance-area product `ra` [ohm m^2], and `tmr` [1] override the
        stack's values, at its reference temperature: "what if TMR were 260 %". `temperature` [K]
        then scales the TMR by the polarisation law (`laws.tmr_at_temperature`); R_P stays. `bias`
        replaces the quadratic law of bias. A thickness outside the measured range raises
        ValueError unless `extrapolate` is true.
        """
        t = self._thickness(thickness, extrapolate)
        ratio = float(self.tmr(t)) if tmr is None else tmr
        if temperature is not None:
            law = self.table("temperature")
            ratio = float(laws.tmr_at_temperature(
                positive("tmr", ratio, "1"), positive("temperature", temperature, "K"),
                law["reference"], law["polarisation_decay"]))
        if ra is not None:
            if r_p is not None:
                raise ValueError(f"r_p is {r_p!r} and ra is {ra!r}; give one of them, the other "
                                 f"follows from the area of {self.area:g} m^2")
            r_p = positive("ra", ra, "ohm m^2") / self.area
        ohms = float(self.r_p(t)) if r_p is None else r_p
        return MTJ(ohms, ratio, self.v_p, self.v_h, self.area, bias)

    def magnet(self, thickness: float | None = None, cells: int = 1, *,
               extrapolate: bool = False) -> Magnet | PerpendicularMagnet:
        """The free layer of `thickness` [m] over the write channel of `cells` junctions.

        The file's easy axis decides its type: `Magnet` in the plane, `PerpendicularMagnet` out of
        it. Raises ValueError if the file lacks [magnetics], [switching] or [channel].
        """
        film, drive = self.table("magnetics"), self.table("switching")
        channel, warm = self.table("channel"), self.tables.get("temperature", {})
        common = {
            "saturation_magnetisation": film["saturation_magnetisation"],
            "interface_anisotropy": film["interface_anisotropy"],
            "damping": film["damping"],
            "spin_hall_angle": drive["spin_hall_angle"],
            "thickness": self._thickness(thickness, extrapolate),
            "length": self.axes[0],
            "width": self.axes[1],
            "coercive_field": film["device_coercivity"],
            "offset_field": film.get("device_offset", 0.0),
            "channel_width": channel["width"],
            "channel_thickness": channel["thickness"],
            "channel_resistance": self.write_channel().resistance(cells),
            **({"curie_temperature": warm["curie"],
                "magnetisation_exponent": warm["magnetisation_exponent"]} if warm else {}),
        }
        if film["easy_axis"] == "perpendicular":
            if drive.get("oersted"):
                raise ValueError(f"stack {self.name!r} has [switching] oersted, which helps "
                                 "in-plane cells only: remove it, or set it to 0")
            return PerpendicularMagnet(**common)
        return Magnet(**common, oersted=drive.get("oersted", 0.0))

    def write_channel(self, both_ends: bool = False) -> Channel:
        """The write channel, read from one end or from both."""
        strip = self.table("channel")
        return Channel(strip["sheet_resistance"], strip["width"], strip["length"], strip["pitch"],
                       strip["fixed"], both_ends)

    def variability(self) -> Variability:
        """Spread, faults and noise of the file's [variability] table."""
        values = dict(self.table("variability"))
        values.pop("flicker", None)
        if "open" in values:
            values["open_"] = values.pop("open")
        return Variability(**values)

    def over_thickness(self, table: str, key: str, thickness: float) -> float:
        """Entry `key` of a table at `thickness` [m], in SI; linear, constant beyond its ends."""
        values = self.table(table)
        if key not in values or not isinstance(values[key], tuple) or "thickness" not in values:
            raise ValueError(f"stack {self.name!r}: [{table}] has no {key} over thickness")
        return float(np.interp(thickness, values["thickness"], values[key]))

    def _thickness(self, thickness: float | None, extrapolate: bool) -> float:
        """A thickness [m] inside the range, or the middle of the range."""
        low, high = self.thickness_range
        t = (low + high) / 2 if thickness is None else positive("thickness", thickness, "m")
        if not extrapolate and not low * (1 - 1e-9) <= t <= high * (1 + 1e-9):
            raise ValueError(
                f"thickness is {t * 1e9:g} nm; stack {self.name!r} covers {low * 1e9:g} to "
                f"{high * 1e9:g} nm; to go beyond it on purpose, pass "
                "extrapolate=True (command line: --extrapolate)"
            )
        return t


def available_stacks() -> list[str]:
    """Names of the stacks that come with the package."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load_stack(name: str | Path, area_convention: str | None = None) -> Stack:
    """The stack of a name in `available_stacks()`, or of a path to a .toml file.

    `area_convention` ("ellipse" or "rectangle") overrides the file's.
    """
    path = Path(name)
    if path.suffix != ".toml":
        path = _FOLDER / f"{known('stack', str(name), available_stacks())}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"no stack file {path}; give an existing .toml file, or one of: "
            f"{', '.join(available_stacks())}"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StackError(f"{path} is not valid TOML: {error}") from error
    return _parse(Section(str(path), "", data), area_convention)


def _parse(root: Section, area_convention: str | None) -> Stack:
    """Check a whole file and build its stack."""
    root.expect(("stack", "junction", "thickness", "resistance", "tmr", "bias"), tuple(OPTIONAL))
    about, junction, bias = root.table("stack"), root.table("junction"), root.table("bias")
    about.expect(("name", "title", "citation", "doi", "caveat"))
    junction.expect(("long_axis_nm", "short_axis_nm", "area_convention"))
    bias.expect(("v_p_v", "v_h_v"))
    thickness = root.table("thickness")
    thickness.expect(("range_nm",))
    limits = thickness.numbers("range_nm")
    if len(limits) != 2 or not 0 < limits[0] <= limits[1]:
        raise StackError(f"{root.file}: [thickness] range_nm must be [lowest, highest]")
    stated = junction.tagged("area_convention")
    if stated not in _AREA:
        raise StackError(f"{junction.where} area_convention is {stated!r}; expected one of: "
                         f"{', '.join(_AREA)}")
    convention = known("area convention", area_convention or stated, _AREA)
    resistance, tmr = root.table("resistance"), root.table("tmr")
    if not resistance.data.keys().isdisjoint(_AREA):  # given for each convention
        resistance.expect((convention,), tuple(_AREA))
        resistance = resistance.table(convention)
    axes = junction.number("long_axis_nm"), junction.number("short_axis_nm")
    area = axes[0] * axes[1] * _AREA[convention]
    r_p, ratio = (_bind(*read_law(section, kind, area)) for section, kind in (
        (resistance, "resistance"), (tmr, "tmr")))
    tables, tags = read_tables(root)
    sections = (junction, thickness, resistance, tmr, bias)
    return Stack(
        name=about.text("name"),
        title=about.text("title"),
        citation=about.text("citation"),
        doi=about.text("doi"),
        caveat=about.text("caveat"),
        thickness_range=(limits[0], limits[1]),
        area=area,
        area_convention=convention,
        r_p=r_p,
        tmr=ratio,
        v_p=bias.number("v_p_v"),
        v_h=bias.number("v_h_v"),
        tags={key: tag for section in sections for key, tag in section.tags.items()} | tags,
        axes=axes,
        tables=tables,
    )


def _bind(law: str, arguments: dict[str, Any]) -> ThicknessLaw:
    """The function of `device_models.laws` named `law` with its arguments."""
    return partial(getattr(laws, law), **arguments)
