"""Texts can be read on what lies behind them: each colour that lies behind words, as WCAG 2.1 reckons it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.states import contrast, ground
from pantau.states import State
from tests.dashboards.conftest import Drawn

READABLE = 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#FFFFFF", 21.0),
        ("#777777", "#FFFFFF", 4.48),
        ("#E69F00", "#FFFFFF", 2.25),
        ("#FF0000", "#FFFFFF", 4.0),
        ("#2F86C8", "#2F86C8", 1.0),
    ],
)
def test_the_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """Known pairs, either way round."""
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


@given(st.from_regex(r"#[0-9A-F]{6}", fullmatch=True))
def test_any_colour_becomes_a_ground_for_white_text(colour: str) -> None:
    """So dark that it can be read, and no darker: what is dark enough stays as it is."""
    behind = ground(colour)
    assert contrast(behind, "#FFFFFF") >= READABLE
    assert behind == colour or contrast(colour, "#FFFFFF") < READABLE


def _text_on(colour: str) -> str:
    """What Grafana writes on it: black on what it takes for light (tinycolor's brightness), else white."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#FFFFFF" if (red * 299 + green * 587 + blue * 114) / 1000 < 128 else "#000000"


def test_every_text_can_be_read_on_its_ground(drawn: Drawn) -> None:
    """Banner, present state, cells of tables: by their mappings and their thresholds."""
    found = {colour for dashboard in drawn.values() for panel in dashboard["panels"] for colour in _grounds(panel)}
    assert len(found) > 5
    assert [colour for colour in sorted(found) if contrast(colour, _text_on(colour)) < READABLE] == []


def test_every_state_can_be_told_by_its_ground() -> None:
    """Two states are never the same colour, nor behind a word."""
    assert len({ground(state.colour) for state in State}) == len(State)


def _grounds(panel: Mapping[str, Any]) -> Iterator[str]:
    defaults = panel["fieldConfig"]["defaults"]
    if panel["options"].get("colorMode") == "background":
        yield from _colours(defaults.get("mappings", ()), defaults["thresholds"]["steps"])
    for override in panel["fieldConfig"]["overrides"]:
        looks = {one["id"]: one["value"] for one in override["properties"]}
        if looks.get("custom.cellOptions", {}).get("type") == "color-background":
            yield from _colours(looks.get("mappings", ()), looks.get("thresholds", {"steps": ()})["steps"])


def _colours(mappings: Any, steps: Any) -> Iterator[str]:
    looks = [look for one in mappings if one["type"] == "value" for look in one["options"].values()]
    looks += [one["options"]["result"] for one in mappings if one["type"] != "value"]
    yield from (one["color"] for one in (*looks, *steps) if one.get("color", "").startswith("#"))
