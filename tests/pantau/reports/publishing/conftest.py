"""A town for each test."""

from pathlib import Path

import pytest

from tests.pantau.reports.publishing.town import Town, found


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """See `found`."""
    return found(tmp_path)
