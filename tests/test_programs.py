"""A missing program is never overlooked where everything is required."""

import shutil

import pytest

from tests.programs import require_program

MISSING = "no-such-program-anywhere"


def test_a_present_program_is_found() -> None:
    """The path is the one the shell would take."""
    assert str(require_program("sh")) == shutil.which("sh")


def test_a_missing_program_skips_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PANTAU_REQUIRE_ALL the test is skipped, and says what is missing."""
    monkeypatch.delenv("PANTAU_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"{MISSING} is not installed"):
        require_program(MISSING)


def test_a_missing_program_fails_where_all_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    """With PANTAU_REQUIRE_ALL=1 the test fails."""
    monkeypatch.setenv("PANTAU_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match=f"{MISSING} is not installed"):
        require_program(MISSING)
