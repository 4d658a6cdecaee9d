"""Which tests share a worker where several run side by side (`--dist loadgroup`): a file's, and those of the story."""

from pathlib import Path

import pytest

SHARED = {"story", "lossy"}
"""Fixtures of a session that take minutes: whoever uses one goes to the worker that has it."""


@pytest.hookimpl(tryfirst=True)  # the groups must stand before xdist writes them into the names of the tests
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test of the slow tiers its group, and let the largest group begin first."""
    for item in items:
        if item.get_closest_marker("city") or item.get_closest_marker("stack"):
            item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: _group(item) != "story")


def _group(item: pytest.Item) -> str:
    in_city = Path(item.path).parent.name == "city"
    fixtures = set(getattr(item, "fixturenames", ()))
    return "story" if in_city and fixtures & SHARED else str(item.path)
