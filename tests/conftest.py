"""What holds for every test."""

import os
import shutil

import pytest
from hypothesis import settings

from circuits.spice.run import INSTALL

# no deadline: the first example of a test may compile, on a machine that may be busy
settings.register_profile("crossbar", deadline=None)
settings.load_profile("crossbar")


@pytest.fixture(scope="session")
def ngspice() -> str:
    """Where ngspice is; without it a test is skipped, and in CI fails."""
    found = shutil.which("ngspice")
    if found is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"CI needs ngspice; {INSTALL}")
        pytest.skip(INSTALL)
    return found
