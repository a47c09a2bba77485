"""What holds for every test."""

import inspect
import os
import shutil

import pytest
from hypothesis import settings

from circuits.spice.run import INSTALL

# no deadline: the first example of a test may compile, on a machine that may be busy
settings.register_profile("crossbar", deadline=None)
settings.load_profile("crossbar")
# pytest.approx has a floor of 1e-12 besides what is asked for, below which everything is equal: in
# SI that is a picojoule and a picosecond, and most of what is measured here
inspect.getmodule(pytest.approx).ApproxScalar.DEFAULT_ABSOLUTE_TOLERANCE = 0.0


@pytest.fixture(scope="session")
def ngspice() -> str:
    """Where ngspice is; without it a test is skipped, and in CI fails."""
    found = shutil.which("ngspice")
    if found is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"CI needs ngspice; {INSTALL}")
        pytest.skip(INSTALL)
    return found
