"""What the tests of the dashboards share: the built JSON in each language, and what Prometheus offers."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from dashboards import LANGUAGES, rendered
from dashboards.contract import offered
from tests.sources import EXAMPLE

Drawn = dict[str, dict[str, Any]]

ABOUT_USERS = {
    "pantau-kota": (9,),
    "pantau-eksekutif": (8, 9),
    "pantau-kecamatan": (11, 12, 13),
    "pantau-isp": (13, 14, 15),
    "pantau-titik": (16, 17, 18),
}
"""The panels that rest on agents; those of a kecamatan and of an ISP: over time, who is used by nobody, who is full."""


@pytest.fixture(scope="session", params=LANGUAGES)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    """Every dashboard by its uid, once in each language."""
    return {uid: json.loads(text) for uid, text in rendered(request.param, EXAMPLE)}


@pytest.fixture(scope="session")
def series() -> Mapping[str, frozenset[str]]:
    """Every series that there can be, with its labels."""
    return offered()
