"""A state has the same word, shape and colour wherever people see it: table, page, dashboards, terminal."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest

from dashboards import rendered
from dashboards.states import ground
from exporter.web.page import render_page
from pantau.stack.summary import CitySummary
from pantau.states import SHOWN, State, word_of
from pantau.texts import LANGUAGES
from tests.exporter.web.running import make_overview
from tests.sources import EXAMPLE

SYMBOLS = {"circle": "●○", "triangle": "▲", "x-mark": "✖", "square": "■", "star": "★☆", "cross": "✚"}
"""What each symbol of Grafana's map looks like; an opacity of 0 leaves the outline."""


class Looks(NamedTuple):
    """Of one state, in one place."""

    shape: str
    word: str
    colour: str


def of_the_table(language: str) -> dict[State, Looks]:
    """What holds everywhere."""
    return {state: Looks(state.shape, word_of(state, language), state.colour) for state in SHOWN}


@cache
def drawn(language: str) -> list[dict[str, Any]]:
    """All dashboards."""
    return [json.loads(text) for _, text in rendered(language, EXAMPLE)]


def panels(language: str) -> Iterator[dict[str, Any]]:
    """Of all dashboards."""
    for dashboard in drawn(language):
        yield from dashboard["panels"]


def mappings(language: str) -> Iterator[Mapping[str, Any]]:
    """The value mappings of every panel and column."""
    for panel in panels(language):
        fields = panel.get("fieldConfig", {"defaults": {}, "overrides": []})
        lists = [fields["defaults"].get("mappings", [])]
        lists += [one["value"] for o in fields["overrides"] for one in o["properties"] if one["id"] == "mappings"]
        yield from (mapping["options"] for found in lists for mapping in found if mapping["type"] == "value")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_the_table(language: str) -> None:
    """Each state's line: its shape, its word, and the colour of its class."""
    page = render_page(make_overview(counts=dict.fromkeys(State, 1)), ready=True, languages=(language,))
    colours = dict(re.findall(r"\.(\w+) \{ --colour: (#\w+); \}", page))
    lines = re.findall(
        r'<li class="(\w+)"><span class="mark (\w+)"[^>]*>(.)</span>.*?<span class="word">(.*?)</span>', page
    )
    assert [mark for label, mark, _, _ in lines] == [label for label, *_ in lines] == [s.label for s in SHOWN]
    found = {label: Looks(shape, word, colours[label]) for label, _, shape, word in lines}
    assert found == {state.label: looks for state, looks in of_the_table(language).items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_mapping_of_the_dashboards_is_the_table(language: str) -> None:
    """Lists, timelines, the single state: shape and word as text, and the colour."""
    expected = {
        str(state.value): (f"{looks.shape} {looks.word}", looks.colour)
        for state, looks in of_the_table(language).items()
    }
    first = expected["1"][0]
    found = [options for options in mappings(language) if options.get("1", {}).get("text") == first]
    assert len(found) > 5
    for options in found:
        shown = {value: (look["text"], look["color"]) for value, look in options.items()}
        behind = {value: (text, ground(colour)) for value, (text, colour) in expected.items()}
        assert shown in (expected, behind)  # behind its word a colour is so dark that the word can be read


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_maps_draw_the_table(language: str) -> None:
    """A layer for each state, named with the shape that it draws; the description is the legend."""
    table = of_the_table(language)
    maps = [panel for panel in panels(language) if panel["type"] == "geomap"]
    assert len(maps) == 3
    for panel in maps:
        layers = {
            layer["filterData"]["options"]: layer for layer in panel["options"]["layers"] if "filterData" in layer
        }
        discs = layers.pop("share")
        assert discs["config"]["style"]["color"]["field"] == "Value #share"
        assert set(layers) == {state.label for state in State}
        for state, looks in table.items():
            layer, style = layers[state.label], layers[state.label]["config"]["style"]
            assert layer["name"] == f"{looks.shape} {looks.word}"
            assert style["color"]["fixed"] == looks.colour
            symbol = style["symbol"]["fixed"].removeprefix("img/icons/marker/").removesuffix(".svg")
            assert looks.shape in SYMBOLS[symbol]
            assert (style["opacity"] == 0) == (looks.shape in "○☆")
            assert layer["name"] in panel["description"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_counts_name_the_table(language: str) -> None:
    """Points by state on the wall and on the desks: a legend and a colour for each."""
    table = {state.label: looks for state, looks in of_the_table(language).items()}
    counts = [panel for panel in panels(language) if {t["refId"] for t in panel.get("targets", ())} & {"degraded"}]
    for panel in (one for one in counts if one["type"] == "stat"):
        named = {t["refId"]: t["legendFormat"] for t in panel["targets"] if t["refId"] in table}
        assert set(named) == {state.label for state in State}
        assert named == {label: f"{table[label].shape} {table[label].word}" for label in named}
        fixed = {
            override["matcher"]["options"]: prop["value"]["fixedColor"]
            for override in panel["fieldConfig"]["overrides"]
            for prop in override["properties"]
            if prop["id"] == "color"
        }
        assert fixed == {label: table[label].colour for label in named}


def test_the_terminal_shows_shape_and_colour() -> None:
    """`make demo` has one line for the city; its words are the labels, for it speaks of metrics."""
    text = CitySummary(Counter(dict.fromkeys(State, 2)), True, None).text()
    assert text.plain == "  ".join(f"{state.shape} 2 {state.label}" for state in SHOWN)
    assert [span.style for span in text.spans] == [state.colour for state in SHOWN]
