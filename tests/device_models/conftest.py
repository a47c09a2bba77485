"""A user's own stack file, complete and valid, to be bent by the tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

PLAIN = """\
[stack]
name = "mine"
title = "a stack of the user's own"
citation = "laboratory notebook 7"
doi = ""
caveat = "none"

[junction]
long_axis_nm = { value = 200.0, tag = "SEM" }
short_axis_nm = { value = 100.0, tag = "SEM" }
area_convention = { value = "ellipse", tag = "SEM" }

[thickness]
range_nm = { value = [1.0, 3.0], tag = "wedge" }

[resistance]
law = "constant"
r_p_kohm = { value = 10.0, tag = "measured" }

[tmr]
law = "constant"
tmr = { value = 1.5, tag = "measured" }

[bias]
v_p_v = { value = 0.9, tag = "A" }
v_h_v = { value = 0.5, tag = "A" }
"""


@pytest.fixture
def stack_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the plain file with (old, new) replacements; every old must be in it once."""

    def write(*replacements: tuple[str, str]) -> Path:
        text = PLAIN
        for old, new in replacements:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
