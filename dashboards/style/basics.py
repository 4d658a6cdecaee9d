"""What every panel has: its words in one language, its place, its data source, its text for an empty answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards import extra, states
from dashboards.extra import core
from dashboards.place import Place
from dashboards.style.queries import SOURCE
from dashboards.text import Translate, translation
from pantau.states import State, named


def at(x: int, y: int, w: int, h: int) -> core.GridPos:
    """A place in the grid of 24 columns; one row is 38 pixels high, the gap included."""
    return core.GridPos(x=x, y=y, w=w, h=h)


@dataclass(frozen=True)
class PanelBasics:
    """Words, links and frames in one language for one city; the panels are made by its subclasses."""

    language: str
    place: Place
    text: Translate = field(init=False, repr=False)

    def __post_init__(self) -> None:
        said, levels = translation(self.language).gettext, self.place.levels
        object.__setattr__(self, "text", lambda message: levels.within(said(message)))

    def state_mapping(self) -> extra.ValueMapping:
        """Values of `hotspot_state` to shape, word and colour."""
        looks = {str(s.value): extra.Look(self.state_name(s), s.colour, i) for i, s in enumerate(states.SHOWN)}
        return extra.ValueMapping(looks)

    def state_name(self, state: State) -> str:
        """Shape and word."""
        return named(state, self.language)

    def names(self, of: Mapping[str, str]) -> extra.ValueMapping:
        """Ids to the names that people know."""
        return extra.ValueMapping({id_: extra.Look(text=name, index=i) for i, (id_, name) in enumerate(of.items())})

    @staticmethod
    def spaced() -> list[extra.RegexMapping]:
        """Words of the inventory's vocabulary, such as a category, with spaces between them."""
        return [
            extra.RegexMapping("^([a-z]+)_([a-z]+)$", extra.Look("$1 $2", index=1001)),
            extra.RegexMapping("^([a-z]+)_([a-z]+)_([a-z]+)$", extra.Look("$1 $2 $3", index=1002)),
        ]

    def file_link(self, uid: str, id_: int) -> core.DashboardLink:
        """From a panel's head to Grafana's own view of its data, which has the button for CSV."""
        url = f"/d/{uid}?${{datasource:queryparam}}&inspect={id_}&inspectTab=data&${{__url_time_range}}"
        return core.DashboardLink(title="CSV", type="link", uri=url, keepTime=False, includeVars=False, icon="doc")

    def frame(
        self, id_: int, where: core.GridPos, title: str, description: str, queries: Sequence[extra.Query], **more: Any
    ) -> dict[str, Any]:
        """What every panel has: its place, its words, its data source."""
        return more | {
            "id": id_,
            "gridPos": where,
            "title": title,
            "description": description,
            "targets": list(queries),
            "dataSource": SOURCE,
            "maxDataPoints": None,
        }

    def fields(self, unit: str, no_value: str | None = None, **more: Any) -> extra.Field:
        """How the values are written; without an answer the panel says so in words."""
        return extra.Field(unit=unit, no_value=no_value or self.text("? No data: see our own eyes above"), **more)
