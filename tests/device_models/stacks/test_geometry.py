"""[junction]: what stands beside the size of a junction."""

from collections.abc import Callable
from pathlib import Path

import pytest

from device_models import StackError, load_stack


def test_a_contact_stands_in_series_with_every_junction(stack_file: Callable[..., Path]) -> None:
    axis = "short_axis_nm = "
    path = stack_file((axis, 'contact_ohm = { value = 500.0, tag = "measured" }\n' + axis))
    behind = load_stack(path).mtj()
    bare = load_stack(stack_file()).mtj()
    assert behind.contact == 500.0
    for parallel in (True, False):
        assert float(1 / behind.conductance(parallel)) == pytest.approx(
            500.0 + float(1 / bare.conductance(parallel)), rel=1e-12)
    bad = stack_file((axis, 'contact_ohm = { value = -1.0, tag = "measured" }\n' + axis))
    with pytest.raises(StackError, match="contact_ohm is -1"):
        load_stack(bad)
