"""A free layer: bad numbers refused by name, sizes that follow from its axes."""

import math
from dataclasses import replace

import pytest

from tests.support.magnets import THIN


@pytest.mark.parametrize(("name", "value"), [
    ("damping", 0.0), ("thickness", math.nan), ("interface_anisotropy", -1.0), ("width", 1e-6),
    ("oersted", 2.0), ("offset_field", math.inf), ("length", [1.0, 2.0]), ("damping", "low"),
])
def test_a_bad_magnet_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises((ValueError, TypeError), match=name):
        replace(THIN, **{name: value})


def test_magnet_knows_its_area_and_volume() -> None:
    assert THIN.area == pytest.approx(math.pi * 250e-9 * 125e-9)
    assert THIN.volume == pytest.approx(THIN.area * 1.6e-9)
    assert THIN.with_changes(damping=0.1).damping == 0.1
