"""What the tests of the dashboards share: the built JSON in each language, and what Prometheus offers."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from dashboards import LANGUAGES, rendered
from dashboards.contract import offered
from tests.sources import EXAMPLE

Drawn = dict[str, dict[str, Any]]


@pytest.fixture(scope="session", params=LANGUAGES)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    """Every dashboard by its uid, once in each language."""
    return {uid: json.loads(text) for uid, text in rendered(request.param, EXAMPLE)}


@pytest.fixture(scope="session")
def series() -> Mapping[str, frozenset[str]]:
    """Every series that there can be, with its labels."""
    return offered()
