"""Programs that a test needs and that a machine may lack: skipped with a reason at home, a failure in CI."""

import os
import shutil
from pathlib import Path

import pytest


def require_program(name: str) -> Path:
    """The path of `name`; where it is missing, the calling test is skipped, or fails if PANTAU_REQUIRE_ALL is 1."""
    found = shutil.which(name)
    if found is None:
        reason = f"{name} is not installed; `make install` as root installs it"
        if os.environ.get("PANTAU_REQUIRE_ALL") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return Path(found)
