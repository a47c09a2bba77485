"""A compound as a subcircuit of ngspice."""

from collections.abc import Iterator, Mapping
from functools import partial

from circuits.spice.export.curves import Curves
from circuits.spice.export.device import ByArea, ByCell, by_cell, by_state, checked_name, title
from circuits.spice.export.fitting import meaning
from device_models import CompoundMTJ
from device_models.checks import Floats

_BIAS = "v(top,bottom)"


def subcircuit(
    compound: CompoundMTJ, name: str = "synapse", *, per_cell: bool = False, limit: float = 1.0,
    tolerance: float = 1e-9,
) -> str:
    """A compound as a `.subckt` for ngspice, its law of bias inside.

    By state, `X1 top bottom synapse state=2`: the current from `top` (the joined upper electrodes)
    to `bottom` is `compound.current(state, v)`. The quadratic and the Brinkman law are written as
    formulas, whose parameters (`r_p`, `tmr`, `v_h` ..) each instance may set; behind a channel or
    contacts, and of other laws, as curves: polynomials, or cubics in pieces.

    Per cell, `X1 top left right synapse p0=1 p1=0 p2=1`: cell i is parallel where `p<i>` is 1, and
    stands on its own node of the channel between `left` (the read end) and `right`, which may be
    left open. Without a channel the nodes are `top bottom`.

    A state or pattern that there is not stops ngspice.

    Parameters
    ----------
    compound : CompoundMTJ
        The synapse.
    name : str
        Of the subcircuit: a letter, then letters, digits, underscores.
    per_cell : bool
        Whether each cell has a state of its own.
    limit : float
        Bias up to which curves hold [V]; beyond, conductances stay as they are there.
    tolerance : float
        Largest error of a curve, relative to the conductance [1].

    Raises
    ------
    ValueError, TypeError
        If the name is none, or no curve follows the law of bias up to `limit`.

    Examples
    --------
    >>> from device_models import MTJ, CompoundMTJ
    >>> text = subcircuit(CompoundMTJ(MTJ(1e4, 0.8, 0.9, 0.5, 1e-14), cells=3))
    >>> print(text.splitlines()[2])
    .subckt synapse top bottom state=0 r_p=10000.0 tmr=0.8 v_p=0.9 v_h=0.5
    """
    name = checked_name(name)
    if per_cell:
        body = _cells(name, by_cell(compound, limit, tolerance))
    else:
        device = by_state(compound, limit, tolerance)
        body = _curves(name, device) if isinstance(device, Curves) else _areas(name, device)
    head = (f"* {line}" for line in title(compound))
    return "\n".join([*head, *body, f".ends {name}", ""])


def _areas(name: str, device: ByArea) -> Iterator[str]:
    barrier, areas = device.barrier, device.areas
    yield f"* {barrier.meaning}"
    yield _first(name, "top bottom", {"state": 0}, barrier.parameters)
    yield _known(len(areas))
    yield f".param area_p={{{_of_state(areas)}}}"
    yield f".param area_ap={{{float(areas[-1])!r}-area_p}}"
    yield from _constants(barrier.curves)
    yield from _scaled(barrier.curves, "y", _BIAS)
    chord = barrier.chord(_BIAS, "area_p", "area_ap", partial(_polynomial, "y"))
    yield f"Bdevice top bottom I={_BIAS}*known*{chord}"


def _curves(name: str, curves: Curves) -> Iterator[str]:
    yield f"* {meaning(curves)}"
    yield _first(name, "top bottom", {"state": 0}, {})
    yield _known(len(curves.coefficients))
    for k, of_states in enumerate(curves.coefficients.T):
        yield f".param c0_{k}={{{_of_state(of_states)}}}"
    yield from _points(curves)
    yield from _scaled(curves, "y", _BIAS)
    yield f"Bdevice top bottom I={_BIAS}*known*({_polynomial('y', curves, 0)})"


def _cells(name: str, device: ByCell) -> Iterator[str]:
    barrier, n = device.barrier, len(device.areas)
    yield f"* {barrier.meaning}"
    nodes = "top bottom" if device.segments is None else "top left right"
    yield _first(name, nodes, {f"p{i}": 0 for i in range(n)}, barrier.parameters)
    yield from _constants(barrier.curves)
    for k, (start, end, ohm) in enumerate(device.channel):
        yield f"Rchannel{k} {start} {end} {ohm!r}"
    for i, area in enumerate(device.areas):
        yield from _cell(device, i, float(area))


def _cell(device: ByCell, i: int, area: float) -> Iterator[str]:
    """A junction, and its contact between `top` and the junction."""
    barrier, (upper, lower) = device.barrier, device.nodes(i)
    v = f"v({upper},{lower})"
    if device.contact:
        yield f"Rcontact{i} top {upper} {device.contact / area!r}"
    yield f".param area{i}={area!r} known{i}={{1/((p{i}==0)+(p{i}==1))}}"
    yield from _scaled(barrier.curves, f"y{i}", v)
    chord = barrier.chord(v, f"area{i}*p{i}", f"area{i}*(1-p{i})",
                          partial(_polynomial, f"y{i}"))
    yield f"Bcell{i} {upper} {lower} I={v}*known{i}*{chord}"


def _first(name: str, nodes: str, own: Mapping[str, int], others: Mapping[str, float]) -> str:
    values = [f"{key}={value!r}" for given in (own, others) for key, value in given.items()]
    return f".subckt {name} {nodes} {' '.join(values)}"


def _known(states: int) -> str:
    """1, or a division by zero for a state that there is not, which ngspice does not take."""
    return f".param known={{1/({'+'.join(f'(state=={k})' for k in range(states))})}}"


def _of_state(values: Floats) -> str:
    """The value of the state, as ngspice computes parameters: to all digits."""
    return "+".join(f"(state=={k})*({value + 0.0!r})" for k, value in enumerate(values.tolist()))


def _constants(curves: Curves | None) -> Iterator[str]:
    """Coefficients as parameters: ngspice keeps 11 digits of a number in an expression."""
    if curves is not None:
        for b, row in enumerate(curves.coefficients):
            yield ".param " + " ".join(f"c{b}_{k}={float(c)!r}" for k, c in enumerate(row))
        yield from _points(curves)


def _points(curves: Curves) -> Iterator[str]:
    if curves.points.size:
        yield ".param " + " ".join(f"y_{k}={float(y)!r}" for k, y in enumerate(curves.points))


def _scaled(curves: Curves | None, node: str, v: str) -> Iterator[str]:
    """A node of 2 V/limit volts, from -2 to 2."""
    if curves is not None:
        yield f".param scale_{node}={2.0 / curves.limit!r}"
        yield f"B{node} {node} 0 V=min(max({v}*scale_{node},-2),2)"


def _polynomial(node: str, curves: Curves, which: int) -> str:
    """One of the curves over the bias of `node`, with parameters for its numbers."""
    points, (_, coefficients) = range(len(curves.points)), curves.coefficients.shape
    return curves.text(f"v({node})", [f"y_{k}" for k in points],
                       [f"c{which}_{k}" for k in range(coefficients)])
