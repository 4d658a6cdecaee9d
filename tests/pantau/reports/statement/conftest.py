"""A journal for each file of tests."""

import pytest

from tests.pantau.reports.statement.chained import TOWN, Chained, journal_of


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> Chained:
    """The town's inventory was chained before April."""
    return journal_of(tmp_path_factory.mktemp("march"), {"03-31 00:00": TOWN})
