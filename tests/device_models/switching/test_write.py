"""Writing within what a barrier bears: shares kept, the largest field taken, energies, limits."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from device_models import Magnet, PerpendicularMagnet
from device_models.reliability import breakdown_probability, mean_breakdown
from device_models.switching import (
    critical_voltage,
    field_free_probability,
    pulse_field,
    switching_probability,
    tolerated_field,
    tolerated_write,
    write_energy,
)
from tests.support.magnets import STANDING, THICK, THIN

PULSE, LIMITS, SHAPE, TOLERATED = 200e-9, (6e-3, 10e-3), 20.0, 1e-4
MAGNETS = pytest.mark.parametrize("magnet", [THIN, THICK, STANDING],
                                  ids=["thin", "thick", "standing"])


@MAGNETS
@pytest.mark.parametrize("tolerated", [1e-6, 1e-4, 1e-2])
def test_a_write_breaks_what_is_tolerated_and_says_what_it_switches(
    magnet: Magnet | PerpendicularMagnet, tolerated: float
) -> None:
    each = tolerated_write(magnet, PULSE, LIMITS, 1.8, SHAPE, tolerated)
    scale = each.breakdown_voltage / float(mean_breakdown(1.0, SHAPE))
    assert float(breakdown_probability(each.voltage, scale, SHAPE)) == pytest.approx(tolerated)
    field = pulse_field(magnet, -1, each.field)
    assert each.thickness == magnet.thickness
    assert each.critical_voltage == critical_voltage(magnet, field, polarity=-1)
    assert each.with_field == switching_probability(magnet, -each.voltage, PULSE, field)
    assert each.field_free == switching_probability(magnet, -each.voltage, PULSE)
    assert each.energy == write_energy(each.voltage, PULSE, magnet.channel_resistance)


def test_more_tolerance_is_more_voltage_and_never_less_field() -> None:
    writes = [tolerated_write(THIN, PULSE, LIMITS, 1.8, SHAPE, share)
              for share in (1e-8, 1e-6, 1e-4, 1e-2, 0.5)]
    assert np.all(np.diff([each.voltage for each in writes]) > 0)
    assert np.all(np.diff([each.field for each in writes]) >= 0)
    assert np.all(np.diff([each.with_field for each in writes]) >= 0)


def test_devices_that_never_switch_without_a_field_are_left_out_of_the_share_that_does() -> None:
    one, some = (tolerated_write(THIN, PULSE, LIMITS, 1.8, SHAPE, TOLERATED, able)
                 for able in (1.0, 0.3))
    assert some.field_free == pytest.approx(0.3 * one.field_free)
    assert some.with_field == one.with_field


@pytest.mark.parametrize("magnet", [THIN, THICK], ids=["thin", "thick"])
def test_the_field_is_the_largest_that_by_itself_switches_no_more_than_tolerated(
    magnet: Magnet
) -> None:
    field, alone = tolerated_field(magnet, LIMITS, PULSE, TOLERATED)
    assert LIMITS[0] <= field <= LIMITS[1]
    assert alone <= TOLERATED
    assert alone == switching_probability(magnet, -1e-9, PULSE, -field)
    larger = switching_probability(magnet, -1e-9, PULSE, -field - 0.1e-3)
    assert field == LIMITS[1] or larger > TOLERATED


def test_without_a_field_that_spares_the_others_the_least_is_taken() -> None:
    """12 mT exceed H_k: every cell follows the field; the share says so."""
    field, alone = tolerated_field(THIN, (12e-3, 20e-3), PULSE, TOLERATED)
    assert field == 12e-3
    assert alone > 0.99


def test_field_free_probability_falls_from_one_to_zero() -> None:
    """Half at the centre; Phi((2.1 - t)/0.17) is nothing at 2.6 nm, as the paper states."""
    def law(t: ArrayLike) -> np.ndarray:
        return field_free_probability(t, 2.1e-9, 0.17e-9)

    assert round(float(law(2.6e-9)), 2) == 0.0
    assert float(law(2.1e-9)) == 0.5
    assert round(float(law(1.6e-9)), 2) == 1.0
    assert np.all(np.diff(law(np.linspace(1.6e-9, 2.6e-9, 50))) < 0)


@pytest.mark.parametrize(("volt", "ohm", "nanojoule"),
                         [(0.7, 300, 0.33), (2.0, 300, 2.7), (1.25 * 0.7, 600, 0.26)])
def test_write_energy_is_the_reference(volt: float, ohm: float, nanojoule: float) -> None:
    energy = 1e9 * float(write_energy(volt, 200e-9, ohm))
    assert round(energy, 1 if nanojoule > 1 else 2) == nanojoule


def test_a_channel_without_resistance_is_refused() -> None:
    with pytest.raises(ValueError, match="resistance"):
        write_energy(1.0, 1e-9, 0.0)
