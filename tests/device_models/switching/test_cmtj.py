"""The LLG against another macrospin code: cmtj, which shares nothing with this one (`pip install
cmtj`; without it these are skipped).

It writes, with a reference direction p and fields H, h_d and h_f [A/m],

    (1 + a^2) dm/dt = -g [m x H + a m x (m x H) + (h_f - a h_d) m x p + (h_d + a h_f) m x (m x p)]

which is Gilbert's equation with -g h_f m x p - g h_d m x (m x p) on its right: its h_d along +y is
our torque b/mu0, and its h_f our `field_like` b/mu0. Its own anisotropy term is 2 K/M_s along an
axis, the demagnetising one -N M_s; both are given to it as such, not as our sum of them.

Both are told the same constants. What is left is the error of Heun's rule here, of the second order
in a step of 1 ps or less, and of its Runge-Kutta rule there, of the fourth in 0.1 ps.
"""

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from scipy.constants import mu_0

from device_models import Magnet, PerpendicularMagnet
from device_models.magnet import GYROMAGNETIC, demagnetising_factors
from device_models.switching import critical_currents
from device_models.switching.llg import macrospin, spin_torque_field, trajectories
from tests.support.magnets import STANDING, THIN

AnyMagnet = Magnet | PerpendicularMagnet
EVERY, STEP = 10e-12, 1e-13  # [s] between records, and of the rule there


@pytest.fixture(scope="module")
def cmtj() -> Iterator[ModuleType]:
    """The module, with CODATA's constants as long as these tests run: it keeps older ones."""
    module = pytest.importorskip("cmtj", reason="pip install cmtj")
    constants = module.constants.PhysicalConstants
    constants.set_magnetic_permeability(mu_0)
    constants.set_gyromagnetic_ratio(GYROMAGNETIC * mu_0)
    yield module
    constants.resetToDefaults()


def theirs(
    cmtj: ModuleType, magnet: AnyMagnet, start: np.ndarray, duration: float, field: np.ndarray,
    torque: float,
) -> np.ndarray:
    """Path (records, 3) of one moment; `field` and `torque` [T], the field-like one by the magnet's
    `field_like`."""
    n_long, n_short, n_thick = demagnetising_factors(magnet.length, magnet.width, magnet.thickness)
    tensor = [cmtj.CVector(n_short, 0, 0), cmtj.CVector(0, n_long, 0), cmtj.CVector(0, 0, n_thick)]
    layer = cmtj.Layer(
        "free", cmtj.CVector(*start), cmtj.CVector(0, 0, 1),
        mu_0 * magnet.saturation_magnetisation, magnet.thickness,
        np.pi / 4 * magnet.length * magnet.width, tensor, magnet.damping)
    layer.setReferenceLayer(cmtj.CVector(0, 1, 0))
    junction = cmtj.Junction([layer])
    constant = cmtj.constantDriver
    junction.setLayerAnisotropyDriver("free", constant(
        magnet.interface_anisotropy / magnet.thickness))
    junction.setLayerExternalFieldDriver("free", cmtj.AxialDriver(
        *(constant(component / mu_0) for component in field)))
    junction.setLayerDampingLikeTorqueDriver("free", constant(torque / mu_0))
    junction.setLayerFieldLikeTorqueDriver("free", constant(magnet.field_like * torque / mu_0))
    # it rounds the number of steps down, and writes after each step
    junction.runSimulation(duration + STEP / 2, STEP, STEP)
    log, stride = junction.getLog(), round(EVERY / STEP)
    return np.stack([log[f"free_m{axis}"] for axis in "xyz"], axis=1)[stride - 1::stride]


def ours(
    magnet: AnyMagnet, start: np.ndarray, duration: float, field: np.ndarray, torque: float,
    dt: float | None = None,
) -> np.ndarray:
    push = field + np.array([0.0, magnet.field_like * torque, 0.0])
    return trajectories(macrospin(magnet, 0.0), start[None], duration, field=push, torque=torque,
                        dt=dt, records=round(duration / EVERY))[0]


def tilted(theta: float, phi: float, easy: int) -> np.ndarray:
    """At `theta` from the easy axis, y or z."""
    across, along = np.sin(theta), np.cos(theta)
    return np.roll([across * np.cos(phi), across * np.sin(phi), along], (easy - 2) % 3)


IN_PLANE, OUT_OF_PLANE = (THIN, 1), (STANDING, 2)
# fields and torques [T] that leave a state, and such that reverse it
PATHS = [
    (*IN_PLANE, (0.0, 0.0, 0.0), 0.0),
    (*IN_PLANE, (1e-3, 5e-3, 0.0), 4e-3),
    (*IN_PLANE, (1e-3, 5e-3, 0.0), -12e-3),
    (*IN_PLANE, (0.0, 0.0, 30e-3), 12e-3),
    (*OUT_OF_PLANE, (0.0, 0.0, 0.0), 0.0),
    (*OUT_OF_PLANE, (20e-3, 0.0, 0.0), 50e-3),
    (*OUT_OF_PLANE, (20e-3, 0.0, 0.0), -180e-3),
]


@pytest.mark.parametrize("beta", [0.0, 0.3, -0.2])
@pytest.mark.parametrize(("magnet", "easy", "field", "torque"), PATHS)
def test_paths_are_the_same_and_what_is_left_is_our_step(
    cmtj: ModuleType, magnet: AnyMagnet, easy: int, field: tuple[float, ...], torque: float,
    beta: float,
) -> None:
    """2 ns, some ten precessions: within 1e-3, and a quarter of it with half the step."""
    given = (replace(magnet, field_like=beta), tilted(0.3, 0.5, easy), 2e-9, np.array(field),
             torque)
    expected = theirs(cmtj, *given)
    apart = [np.abs(ours(*given, dt=dt) - expected).max() for dt in (None, 0.5e-12)]
    assert apart[0] < 1e-3
    assert apart[1] == pytest.approx(apart[0] / 4, rel=0.1)


@pytest.mark.parametrize(("magnet", "easy", "field", "torque"), [PATHS[1], PATHS[5]])
def test_other_signs_are_other_paths(
    cmtj: ModuleType, magnet: AnyMagnet, easy: int, field: tuple[float, ...], torque: float
) -> None:
    """Of either torque: so that the paths above could have disagreed."""
    start, along = tilted(0.3, 0.5, easy), np.array(field)
    magnet = replace(magnet, field_like=0.3)
    path = ours(magnet, start, 2e-9, along, torque)
    for other in (theirs(cmtj, magnet, start, 2e-9, along, -torque),
                  theirs(cmtj, replace(magnet, field_like=-0.3), start, 2e-9, along, torque)):
        assert np.abs(path - other).max() > 0.05


@pytest.mark.parametrize("sign", [1, -1])
def test_in_the_plane_it_switches_at_our_threshold_too(cmtj: ModuleType, sign: int) -> None:
    """0 K: below the rim of `critical_currents` a moment circles in its well, above it leaves."""
    magnet, field = THIN, np.array([0.0, 6e-3 * sign, 0.0])
    rim = float(critical_currents(magnet, 6e-3).rim)
    for share, stays in ((0.97, True), (1.03, False)):
        torque = sign * float(spin_torque_field(magnet, share * rim))
        start = tilted(0.01, 0.0, 1) * [1.0, -sign, 1.0]
        assert (theirs(cmtj, magnet, start, 60e-9, field, torque)[-1, 1] * sign < 0) == stays


@pytest.mark.parametrize("beta", [0.0, 0.3])
def test_out_of_the_plane_pulses_end_in_the_same_state(cmtj: ModuleType, beta: float) -> None:
    """1 ns with abrupt edges, then 3 ns: both polarities, from well below to well above V_c."""
    magnet, field = replace(STANDING, field_like=beta), np.array([30e-3, 0.0, 0.0])
    ends = []
    for torque in np.concatenate([np.linspace(-0.4, -0.1, 5), np.linspace(0.1, 0.4, 5)]):
        found = []
        for run in (ours, lambda *given: theirs(cmtj, *given)):
            m = tilted(0.02, 0.0, 2)
            for push, duration in ((float(torque), 1e-9), (0.0, 3e-9)):
                m = run(magnet, m, duration, field, push)[-1]
                m = m / np.linalg.norm(m)
            found.append(m)
        np.testing.assert_allclose(*found, atol=5e-3)
        ends.append(found[0][2] > 0)
    assert len(set(ends)) == 2  # some switch and some do not
