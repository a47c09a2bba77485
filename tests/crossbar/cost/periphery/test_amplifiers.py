"""Laws of row drivers and column amplifiers."""

import math

import pytest

from crossbar.cost.periphery import Amplifier, Driver


def test_a_switch_by_hand() -> None:
    """830 ohm um at 200 ohm is 4.15 um wide; 0.98 fF/um at 1 V, with two thirds for its buffer."""
    driver = Driver(node=45e-9)
    assert driver.width(200.0) == pytest.approx(4.15e-6, rel=1e-12)
    assert driver.energy(200.0) == pytest.approx(4.15 * 0.98e-15 * 5 / 3, rel=1e-12)
    assert driver.area(200.0) == pytest.approx(4.15e-6 * 180e-9 * 4 / 3 * 2, rel=1e-12)


def test_half_the_resistance_is_twice_the_energy_and_area() -> None:
    driver = Driver()
    for figure in (driver.width, driver.energy, driver.area):
        assert figure(50.0) == pytest.approx(2 * figure(100.0), rel=1e-12)


def test_an_ideal_driver_counts_as_the_assumed_one() -> None:
    assert Driver(on_resistance=300.0).energy(0.0) == Driver().energy(300.0)
    assert Driver().energy() == Driver().energy(200.0)


def test_energy_goes_with_the_square_of_the_supply() -> None:
    assert Driver(supply=0.5).energy() == pytest.approx(Driver().energy() / 4, rel=1e-12)


def test_smaller_nodes_take_less() -> None:
    nodes = (130e-9, 90e-9, 65e-9, 45e-9, 32e-9, 22e-9, 14e-9, 7e-9)
    energies = [Driver(node=node).energy() for node in nodes]
    assert energies == sorted(energies, reverse=True)
    assert energies == [Driver().energy(0.0, node) for node in nodes]


def test_a_switch_is_no_smaller_than_a_transistor() -> None:
    assert Driver().area(1e9) == Driver().area(1e8) > 0


def test_an_amplifier_by_hand() -> None:
    """100 MHz on 1 pF: 628 uS; at 15/V 41.9 uA, twice, at 1 V: 83.8 uW."""
    amplifier = Amplifier(node=45e-9)
    assert amplifier.transconductance(1e8, None, 1e-12) == pytest.approx(2 * math.pi * 1e-4)
    assert amplifier.power(1e8, None, 1e-12) == pytest.approx(83.776e-6, rel=1e-4)
    assert amplifier.power(1e8, None, 1e-12, current=1e-4) == pytest.approx(183.776e-6, rel=1e-4)


def test_power_goes_with_bandwidth_and_capacitance() -> None:
    power = Amplifier().power
    assert power(2e8, None, 1e-12) == pytest.approx(2 * power(1e8, None, 1e-12))
    assert power(1e8, None, 3e-12) == pytest.approx(3 * power(1e8, None, 1e-12))


def test_quiet_amplifiers_take_the_inverse_square_of_the_noise() -> None:
    """And loud ones what the bandwidth asks for."""
    power = Amplifier().power
    assert power(1e8, 1e-9, 1e-12) == pytest.approx(100 * power(1e8, 1e-8, 1e-12))
    assert power(1e8, 1.0, 1e-12) == power(1e8, None, 1e-12)
    assert power(1e8, 1e-9, 1e-12) > power(1e8, None, 1e-12)


def test_the_noise_asked_for_is_that_of_the_transconductance() -> None:
    """Its integral over the bandwidth, added up in small steps."""
    amplifier, b, c, g, steps = Amplifier(), 1e8, 1e-12, 1e-3, 20_000
    gm = amplifier.transconductance(b, 1e-8, c, g)
    width = b / steps
    through = sum(g**2 + (2 * math.pi * (k + 0.5) * width * c) ** 2 for k in range(steps)) * width
    variance = 4 * 1.380649e-23 * 300 * amplifier.gamma / gm * through
    assert math.sqrt(variance) == pytest.approx(1e-8, rel=1e-6)


def test_areas_go_with_the_node() -> None:
    assert Amplifier(node=130e-9).area() == pytest.approx(350e-12, rel=1e-12)
    assert Amplifier(node=65e-9).area() == pytest.approx(175e-12, rel=1e-12)


@pytest.mark.parametrize("arguments", [
    (0.0, None, 1e-12), (1e8, 0.0, 1e-12), (1e8, None, -1e-12), (float("inf"), None, 1e-12)])
def test_nonsense_is_refused(arguments: tuple[float, float | None, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Amplifier().power(*arguments)
    with pytest.raises(ValueError, match="on_resistance"):
        Driver().energy(-1.0)


@pytest.mark.parametrize(("part", "settings"), [
    (Driver, {"fan_out": 1.0}), (Driver, {"on_resistance": 0.0}), (Driver, {"node": 1e-9}),
    (Driver, {"gate_capacitance": 0.0}), (Amplifier, {"efficiency": 0.0}),
    (Amplifier, {"supply": -1.0})])
def test_parameters_are_checked(part: type, settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        part(**settings)
