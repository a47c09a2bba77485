"""A kind of free layer is a class of laws: all answer alike, and a user's own is registered."""

from dataclasses import dataclass

import numpy as np
import pytest

from device_models import Magnet, PerpendicularMagnet
from device_models.checks import Floats
from device_models.magnet import FreeLayer
from device_models.switching import (
    Pulse,
    critical_voltage,
    laws_of,
    switching_probability,
)
from device_models.switching.in_plane import InPlaneLaws
from device_models.switching.llg import switching_probability_llg
from device_models.switching.perpendicular import PerpendicularLaws
from tests.support.magnets import STANDING, THIN

KINDS = pytest.mark.parametrize("magnet", [THIN, STANDING], ids=["in-plane", "perpendicular"])


def test_the_type_of_a_magnet_chooses_its_laws() -> None:
    assert laws_of(THIN) == InPlaneLaws(THIN)
    assert laws_of(STANDING) == PerpendicularLaws(STANDING)
    for other in ("kumar2024", None, FreeLayer):
        with pytest.raises(TypeError, match="expected a Magnet or a PerpendicularMagnet"):
            laws_of(other)


@KINDS
def test_laws_answer_for_arrays_of_pulses(magnet: Magnet | PerpendicularMagnet) -> None:
    """Every answer has the shape of the question and a meaning: the contract of `SwitchingLaws`."""
    laws, field = laws_of(magnet), np.linspace(-5e-3, 5e-3, 3)[:, None]
    polarity, current = np.array([1.0, -1.0]), np.array([1e-4, 2e-4])
    assert laws.easy_axis in (0, 1, 2)
    assert laws.edge >= 0
    assert laws.helping_field(field, polarity).shape == (3, 2)
    assert np.all(laws.critical_current(field, 300.0, polarity) >= 0)
    for law in (laws.damping_time, laws.easy_axis_field, laws.stability):
        assert np.all(law(np.array([300.0, 400.0])) > 0)
    assert abs(laws.pulse_field(-1.0, 8e-3)) == 8e-3
    assert laws.applied_field(field + 0 * current, current + 0 * field).shape == (3, 2, 3)
    outcome = laws.log_outcome(Pulse.of(
        polarity, 10e-9, field, 300.0, 1.0, magnet=magnet))
    for chance in outcome.probabilities():
        assert chance.shape == (3, 2)
        assert np.all((chance >= 0) & (chance <= 1))
    left = np.exp(outcome.log_error())
    np.testing.assert_allclose(outcome.probabilities()[0] + left, 1.0, atol=1e-12)


@dataclass(frozen=True, kw_only=True)
class Stubborn(Magnet):
    """A user's own kind of free layer: in-plane, and twice as hard to switch."""


class StubbornLaws(InPlaneLaws):
    """Its laws: those of its parent, but for the critical current."""

    def critical_current(
        self, field: Floats, temperature: float | Floats, polarity: Floats
    ) -> Floats:
        return 2.0 * super().critical_current(field, temperature, polarity)


def test_a_kind_of_the_users_own_is_one_class_and_one_line() -> None:
    stubborn = Stubborn(**vars(THIN))
    assert switching_probability(stubborn, -1.0, 50e-9) > 0.99  # its parent's laws, so far
    laws_of.register(Stubborn, StubbornLaws)
    assert critical_voltage(stubborn) == 2 * critical_voltage(THIN)
    assert switching_probability(stubborn, -1.0, 50e-9) < 0.01
    assert switching_probability(THIN, -1.0, 50e-9) > 0.99
    assert switching_probability_llg(stubborn, -2.0, 1e-9, count=2, relax=0.0).shape == ()
