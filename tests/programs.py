"""What a test needs and a machine may lack: the test is skipped with a reason at home, and fails in CI."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def require_program(name: str) -> Path:
    """The path of `name`; where it is missing, the calling test is skipped, or fails if PANTAU_REQUIRE_ALL is 1."""
    return _present(shutil.which(name), f"{name} is not installed; `make install` as root installs it")


def newer_program(name: str) -> Path:
    """The path of the newer `name` that scripts/newer-programs.sh has unpacked; skipped or failed as above."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    reason = f"no newer {name} is unpacked; `make install` on Debian, or scripts/newer-programs.sh {name}, unpacks it"
    return _present(shutil.which(name, path=str(cache / "pantau" / "newer" / "usr" / "bin")), reason)


def cannot_run(reason: str) -> NoReturn:
    """End the calling test: skipped for `reason`, or failed if PANTAU_REQUIRE_ALL is 1."""
    if os.environ.get("PANTAU_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _present(found: str | None, reason: str) -> Path:
    if found is None:
        cannot_run(reason)
    return Path(found)
