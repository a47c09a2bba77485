"""Reading a stack's file into a `Stack`, checked as a whole."""

import tomllib
from functools import partial
from pathlib import Path

import numpy as np

from device_models.checks import known
from device_models.junction import laws
from device_models.stacks.errors import StackError
from device_models.stacks.optional import OPTIONAL, read_tables
from device_models.stacks.registry import stack_path, stack_sources
from device_models.stacks.schema import Arguments, Section, read_law
from device_models.stacks.stack import Stack
from device_models.stacks.thickness_law import ThicknessLaw, at_thickness

_AREA = {"ellipse": 3.141592653589793 / 4, "rectangle": 1.0}  # of long axis x short axis


def available_stacks() -> list[str]:
    """Names of the stacks that come with the package, or that another one registers."""
    return sorted(stack_sources())


def load_stack(name: str | Path, area_convention: str | None = None) -> Stack:
    """The stack of a name in `available_stacks()`, or of a path to a .toml file.

    `area_convention` ("ellipse" or "rectangle") overrides the file's.
    """
    if not isinstance(name, str | Path):
        raise TypeError(f"stack is {name!r}; expected a name, one of "
                        f"{', '.join(available_stacks())}, or the path of a .toml file")
    path = Path(name)
    if path.suffix != ".toml":
        sources = stack_sources()
        path = stack_path(str(name), sources[known("stack", str(name), sources)])
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"no stack file {path}; give an existing .toml file, or one of: "
            f"{', '.join(available_stacks())}"
        ) from None
    except IsADirectoryError:
        raise StackError(f"{path} is a folder; expected a .toml file: give one inside it") from None
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
    limits = thickness.pair("range_nm")
    convention, axes = _junction(junction, area_convention)
    resistance, tmr = root.table("resistance"), root.table("tmr")
    if not resistance.data.keys().isdisjoint(_AREA):  # given for each convention
        resistance.expect((convention,), tuple(_AREA))
        resistance = resistance.table(convention)
    area = axes[0] * axes[1] * _AREA[convention]
    r_p, ratio = (_bind(*read_law(section, kind, area)) for section, kind in (
        (resistance, "resistance"), (tmr, "tmr")))
    _check_law(resistance, "r_p", "ohm", r_p, limits)
    _check_law(tmr, "tmr", "1", ratio, limits)
    tables, tags = read_tables(root)
    sections = (junction, thickness, resistance, tmr, bias)
    return Stack(
        name=about.text("name"),
        title=about.text("title"),
        citation=about.text("citation"),
        doi=about.text("doi"),
        caveat=about.text("caveat"),
        thickness_range=limits,
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


def _junction(section: Section, chosen: str | None) -> tuple[str, tuple[float, float]]:
    """Area convention, and long and short axis [m]."""
    stated = section.tagged("area_convention")
    if not isinstance(stated, str) or stated not in _AREA:
        raise StackError(f"{section.where} area_convention is {stated!r}; expected one of: "
                         f"{', '.join(_AREA)}")
    long, short = section.number("long_axis_nm"), section.number("short_axis_nm")
    if short > long:
        raise StackError(f"{section.where} short_axis_nm is {short * 1e9:g} and long_axis_nm "
                         f"{long * 1e9:g}; expected the longer as long_axis_nm: swap them?")
    return known("area convention", chosen or stated, _AREA), (long, short)


def _check_law(section: Section, name: str, unit: str, law: ThicknessLaw,
               limits: tuple[float, float]) -> None:
    """Refuse a law that leaves the physical within the range of thickness [m]."""
    for t in np.linspace(*limits, 201):
        try:
            at_thickness(law, name, unit, float(t))
        except ValueError as error:
            raise StackError(f"{section.where} {error}; [thickness] range_nm goes there: narrow "
                             "it, or change the law") from None


def _bind(law: str, arguments: Arguments) -> ThicknessLaw:
    """The function of `device_models.junction.laws` named `law` with its arguments."""
    return partial(getattr(laws, law), **arguments)
