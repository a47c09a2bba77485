"""Laws of the write path: parts in series share a pulse's energy as their resistances."""

from dataclasses import replace

import pytest

from device_models import load_stack
from device_models.switching import WritePath

PATH = WritePath(channel=115.0, contacts=185.0, common=900.0)


def test_parts_share_the_energy_as_their_resistances_and_add_up() -> None:
    parts = PATH.split(2.4e-9)
    assert parts == {"channel": pytest.approx(2.3e-10, rel=1e-14),
                     "contacts": pytest.approx(3.7e-10, rel=1e-14),
                     "common": pytest.approx(1.8e-9, rel=1e-14)}
    assert sum(parts.values()) == pytest.approx(2.4e-9, rel=1e-14)


def test_a_path_of_another_compound_is_refused() -> None:
    stack = load_stack("kumar2024")
    three = stack.programming(1.9e-9, 3)
    with pytest.raises(ValueError, match=r"path has 1200 ohm .* magnet 1500\.28 ohm"):
        replace(three, path=PATH)
    with pytest.raises(TypeError, match=r"path is 1500\.0; expected .*WritePath\("):
        replace(three, path=1500.0)  # type: ignore[arg-type] # bad on purpose
    with pytest.raises(TypeError, match=r"barrier is 1\.8; expected .*Barrier\("):
        replace(three, barrier=1.8)  # type: ignore[arg-type] # bad on purpose


@pytest.mark.parametrize(("settings", "message"), [
    ({"channel": 0.0}, "channel"), ({"channel": 1.0, "contacts": -1.0}, "contacts"),
    ({"channel": 1.0, "common": -1.0}, "common")])
def test_what_no_resistance_is_is_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WritePath(**settings)
