"""A missing program is never overlooked where everything is required."""

import re
import shutil
from pathlib import Path

import pytest

from tests.programs import newer_program, require_program

TESTS = Path(__file__).parent
SKIPS = re.compile(r"pytest\.(skip\(|importorskip|mark\.skip)")
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


def test_a_newer_program_is_the_one_that_was_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never the installed one; where none was unpacked the reason says how."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("PANTAU_REQUIRE_ALL", raising=False)
    with pytest.raises(
        pytest.skip.Exception, match=r"no newer sh is unpacked; .*scripts/newer-programs\.sh sh, unpacks it"
    ):
        newer_program("sh")
    program = tmp_path / "pantau" / "newer" / "usr" / "bin" / "sh"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    assert newer_program("sh") == program


def test_no_test_skips_on_its_own() -> None:
    """A skip that CI would not notice: every one goes through `cannot_run`.

    Beside it stands the wheel's: of environments made without an extra, what asks for that extra is not asked.
    """
    skipping = {str(file.relative_to(TESTS)) for file in TESTS.rglob("*.py") if SKIPS.search(file.read_text("utf-8"))}
    assert skipping == {"programs.py", "package/test_wheel.py"}
