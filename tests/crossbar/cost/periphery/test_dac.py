"""Laws of what input converters take."""

import numpy as np
import pytest

from crossbar.cost.periphery import CapacitiveDAC


def test_eight_bits_lie_within_the_usual() -> None:
    assert 0.1e-12 < CapacitiveDAC().energy(8) < 0.5e-12


@pytest.mark.parametrize("bits", [1, 2, 5, 8])
def test_mean_over_all_codes_is_that_of_the_charges(bits: int) -> None:
    """The charge that the reference gives for each code, by a capacitive divider."""
    dac, units = CapacitiveDAC(switch_energy=1e-30), 2**bits
    up = dac.unit_capacitance * np.arange(units)
    down = dac.unit_capacitance * units - up
    charge = dac.reference * np.divide(up * down, up + down)
    assert dac.energy(bits) == pytest.approx(np.mean(charge) * dac.reference, rel=1e-9)


def test_energy_goes_with_capacitance_and_the_square_of_the_reference() -> None:
    one = CapacitiveDAC(switch_energy=1e-30)
    two = CapacitiveDAC(switch_energy=1e-30, unit_capacitance=1e-14, reference=0.5)
    assert two.energy(8) == pytest.approx(one.energy(8) / 2, rel=1e-9)


def test_energy_and_area_nearly_double_per_bit() -> None:
    dac = CapacitiveDAC()
    for figure in (dac.energy, dac.area):
        steps = [figure(bits + 1) / figure(bits) for bits in range(8, 20)]
        assert all(1.9 < step < 2.0 + 1e-9 for step in steps)
    assert dac.area(8) == pytest.approx(256 * 2.5e-12 + 80e-12, rel=1e-12)


@pytest.mark.parametrize("bits", [0, -1, 25, 8.0, True])
def test_nonsense_is_refused(bits: int) -> None:
    for figure in (CapacitiveDAC().energy, CapacitiveDAC().area):
        with pytest.raises(ValueError, match="bits"):
            figure(bits)


def test_parameters_are_checked() -> None:
    with pytest.raises(ValueError, match=r"density \[F/m\^2\]"):
        CapacitiveDAC(density=0.0)
