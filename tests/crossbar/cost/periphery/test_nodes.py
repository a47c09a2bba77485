"""Laws of the scaling between CMOS nodes."""

import itertools

import pytest

from crossbar.cost.periphery import NODES, area_scale, delay_scale, energy_scale, supply

LENGTHS = (130e-9, 90e-9, 65e-9, 45e-9, 32e-9, 28e-9, 22e-9, 20e-9, 16e-9, 14e-9, 10e-9, 7e-9)
SCALES = (energy_scale, delay_scale, area_scale)


@pytest.mark.parametrize("scale", SCALES)
def test_a_node_is_itself_and_the_way_back_is_the_inverse(scale) -> None:
    for a, b in itertools.product(LENGTHS, repeat=2):
        assert scale(a, a) == pytest.approx(1, rel=1e-12)
        assert scale(a, b) * scale(b, a) == pytest.approx(1, rel=1e-12)
        assert scale(a, 45e-9) * scale(45e-9, b) == pytest.approx(scale(a, b), rel=1e-12)


@pytest.mark.parametrize("scale", [energy_scale, area_scale])
def test_smaller_nodes_take_less(scale) -> None:
    steps = [scale(a, b) for a, b in itertools.pairwise(LENGTHS)]
    assert all(0 < step < 1 for step in steps)


def test_polynomials_of_the_paper_at_two_nodes() -> None:
    """Their corrected example: the energy factor of 32 nm at 0.9 V is 0.4571; and 65 nm by hand."""
    at_65 = 3.755 * 1.1**2 - 4.398 * 1.1 + 1.975
    assert energy_scale(65e-9, 32e-9) == pytest.approx(0.4571 / at_65, rel=1e-3)
    at_7 = -28.58 * 0.7**3 + 76.6 * 0.7**2 - 70.26 * 0.7 + 24.69
    at_45 = -501.6 + 1567 - 1619 + 566.1
    assert delay_scale(45e-9, 7e-9) == pytest.approx(at_7 / at_45, rel=1e-3)


def test_between_nodes_powers_of_the_length() -> None:
    """28 nm lies at ln(32/28)/ln(32/20) of the way from 32 to 20."""
    way = 0.2841
    assert area_scale(32e-9, 28e-9) == pytest.approx((0.21 / 0.46) ** way, rel=1e-4)
    assert supply(28e-9) == pytest.approx(0.9, rel=1e-12)


def test_energy_goes_with_the_square_of_the_supply() -> None:
    assert energy_scale(45e-9, 45e-9, 1.0, 0.5) == pytest.approx(0.25, rel=1e-12)
    assert energy_scale(45e-9, 32e-9, to_supply=0.9) == energy_scale(45e-9, 32e-9)


def test_nominal_supplies_fall() -> None:
    volts = [node.supply for node in NODES]
    assert volts == sorted(volts, reverse=True)
    assert supply(45e-9) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(("node", "said"), [
    (180e-9, "expected 7e-09 to 1.3e-07"), (5e-9, "published"), (45.0, "meant in nm"),
    (-45e-9, "more than zero")])
def test_nodes_outside_the_table_are_refused(node: float, said: str) -> None:
    for use in (supply, lambda n: area_scale(45e-9, n), lambda n: energy_scale(n, 45e-9)):
        with pytest.raises(ValueError, match=said):
            use(node)
