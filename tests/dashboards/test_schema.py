"""Grafana's own types, generated from its schema: they take our JSON whole and give it back whole."""

import json
import re
from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from tests.dashboards.conftest import Drawn


def _lost(where: str, ours: Any, theirs: Any) -> Iterator[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            yield from _lost(f"{where}.{key}", value, theirs[key]) if key in theirs else [f"{where}.{key}"]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _lost(f"{where}[{index}]", mine, other)
    elif ours != theirs:
        yield where


_DATA_SOURCES_OWN = re.compile(r"\.annotations\.list\[\d+\]\.(expr|step|textFormat|titleFormat)$")
"""An annotation's fields that belong to Prometheus' data source, which Grafana's own model does not know."""


def _lost_of_grafana(uid: str, ours: Any) -> list[str]:
    theirs = json.loads(json.dumps(Dashboard.from_json(ours), cls=JSONEncoder))
    return [where for where in _lost(uid, ours, theirs) if not _DATA_SOURCES_OWN.search(where)]


def test_a_round_trip_through_grafanas_types_loses_and_refuses_nothing(drawn: Drawn) -> None:
    """Every key that we write is a key that Grafana knows, with a value of its type."""
    register_default_plugins()
    for uid, ours in drawn.items():
        assert _lost_of_grafana(uid, ours) == []


def test_a_key_that_grafana_does_not_know_is_lost(drawn: Drawn) -> None:
    """The round trip would notice one."""
    register_default_plugins()
    ours = drawn["pantau-kota"] | {"rows": []}
    assert _lost_of_grafana("pantau-kota", ours) == ["pantau-kota.rows"]
