"""What it takes to write an analog model, which states are reached, and what it wears."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras

from crossbar.conversion.report import names_of_products
from crossbar.cost.write_count import writes_of
from crossbar.cost.write_report import LayerWrites, WriteReport, summed
from crossbar.hardware import Hardware
from crossbar.imperfections.cells import check_compound
from crossbar.layers.model import programmed_products
from crossbar.layers.product import CrossbarProduct
from crossbar.tiles.matrix import Tile
from crossbar.tiles.progress import Progress, told
from device_models.checks import truth
from device_models.switching import Programming

_WAYS = (False, True)


def write_cost(
    model: keras.Model, programming: Programming | None = None, *, pulse: float | None = None,
    verify: bool | None = None, progress: Progress | None = None,
) -> WriteReport:
    """Pulses, energy, time and wear that writing an analog model takes, and the states it reaches.

    Devices are drawn and written again, as on the model's chip, open loop and verified; nothing is
    solved. A reading between pulses is one of its hardware: `read_voltage` for `read_time`.

    Parameters
    ----------
    model : keras.Model
        As `to_analog` returned it.
    programming : Programming, optional
        How it is written; by default as its hardware says. It stands in for `write_probability`.
        What its `path` and `barrier` do not say is not stated: `stack.programming(...)` has both.
    pulse : float, optional
        Another width of the pulses [s]; voltages are chosen anew if they were chosen before.
    verify : bool, optional
        Whether `layers` of the report are verified, if other than in `programming`.
    progress : callable
        Called with 1 after each product. A bar on a terminal, if not given.

    Raises
    ------
    ValueError
        If there is no analog layer, or nothing says how it is written.
    """
    products = programmed_products(model)
    changes: dict[str, Any] = {} if pulse is None else {"pulse": pulse}
    names, voltages = names_of_products(model), _Voltages()
    asked: dict[str, list[LayerWrites]] = {}
    ways: dict[bool, dict[str, list[LayerWrites]]] = {way: {} for way in _WAYS}
    with told(progress, len(products), "writing layers") as done:
        for product in products:
            name = names.get(id(product), product.layer)
            chosen = _chosen(product.hardware, programming, name)
            for way in _WAYS:
                hardware = replace(product.hardware, write_probability=1.0, programming=replace(
                    voltages.of(replace(chosen, **changes), product.hardware), verify=way))
                ways[way].setdefault(name, []).append(
                    writes_of(_tiles(product, hardware), hardware, name))
            mine = chosen.verify if verify is None else truth("verify", verify)
            asked.setdefault(name, []).append(ways[mine][name][-1])
            done(1)
    return WriteReport(*({name: summed(each) for name, each in parts.items()} for parts in (
        asked, *ways.values())))


def _chosen(hardware: Hardware, programming: Programming | None, name: str) -> Programming:
    """How the layer `name` is written."""
    chosen = hardware.programming if programming is None else programming
    if not isinstance(chosen, Programming | None):
        raise TypeError(f"programming is {chosen!r}; expected "
                        "device_models.switching.Programming(...), or None for the hardware's own")
    if chosen is None:
        raise ValueError(f"the hardware of layer {name!r} does not say how it is written; pass "
                         "programming=stack.programming(thickness, cells), or a "
                         "device_models.switching.Programming(...) of your own")
    return chosen


class _Voltages:
    """Programmings with every voltage, chosen once for all layers and ways."""

    def __init__(self) -> None:
        self._chosen: dict[tuple[Programming, int, tuple[float, ...]], Programming] = {}

    def of(self, programming: Programming, hardware: Hardware) -> Programming:
        """`programming` for the compounds of `hardware`."""
        compound = check_compound(hardware.synapse, "writes by pulses (programming)")
        same = replace(programming, verify=False), compound.cells, tuple(compound.areas or ())
        if same not in self._chosen:
            self._chosen[same] = same[0].with_voltages(compound.cells, compound.areas)
        return self._chosen[same]


def _tiles(product: CrossbarProduct, hardware: Hardware) -> Iterator[Tile]:
    """The arrays of `product`, written once more on its chip."""
    return (tile for _, tile in product.written.write(hardware, product.place))
