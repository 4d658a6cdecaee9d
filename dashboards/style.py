"""The style: how a panel, a table column, a link and a dashboard look, so that no module has to remember it.

Every panel gets its data source, its text for an empty answer and its looks here; a module says only what it shows.
Thresholds stand here once, each with its reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grafanalib import core

from dashboards import extra, states
from dashboards import queries as q
from dashboards.place import Place
from dashboards.text import Translate, translation

SOURCE = extra.DataSource("prometheus", "${datasource}")

TAG = "pantau"

CHOSEN_BY = {
    "pantau-kecamatan": ("kecamatan", "isp"),
    "pantau-isp": ("isp", "kecamatan"),
    "pantau-titik": ("kecamatan", "isp", "hotspot"),
    "pantau-sla": ("kecamatan", "isp"),
}
"""The variables of the dashboards that have some: a click keeps those that both sides know."""

SHARE_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.BAD, 0),
    extra.ThresholdStep(states.WARNING, 0.79),
    extra.ThresholdStep(states.GOOD, 0.95),
)
"""Share online: below March 2024 (79 %) the programme has lost ground; from 95 % on only single points are left.

The first step, here and below, is that of the words for "no data": in red they would shout.
"""

AVAILABILITY_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.BAD, 0),
    extra.ThresholdStep(states.WARNING, 0.95),
    extra.ThresholdStep(states.GOOD, 0.98),
)
"""Availability: 98 % is what ISPs of the country usually promise, 95 % the least that any of them does."""

LOSS_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.GOOD, 0),
    extra.ThresholdStep(states.WARNING, 0.02),
    extra.ThresholdStep(states.BAD, 0.2),
)
"""Loss: from 2 % on people notice, from 20 % on calls and lessons break off."""

RTT_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.GOOD, 0),
    extra.ThresholdStep(states.WARNING, 0.1),
    extra.ThresholdStep(states.BAD, 0.3),
)
"""RTT in seconds: a call feels 0.1 s, and 0.3 s is what a geostationary link would need."""

PLAIN = (extra.ThresholdStep("text"),)

COUNT_STEPS = (extra.ThresholdStep("text"), extra.ThresholdStep(states.BAD, 1))
"""Things that ought not to be there at all."""


def at(x: int, y: int, w: int, h: int) -> core.GridPos:
    """A place in the grid of 24 columns; one row is 38 pixels high, the gap included."""
    return core.GridPos(x=x, y=y, w=w, h=h)


def ask(expression: str, ref: str = "A", legend: str | None = None, *, table: bool = False) -> extra.Query:
    """What is so now; `table` for labels as columns."""
    return extra.Query(expr=expression, ref_id=ref, source=SOURCE, legend=legend, instant=True, table=table)


def follow(expression: str, ref: str = "A", legend: str | None = None, **more: Any) -> extra.Query:
    """How it went over the time range."""
    return extra.Query(expr=expression, ref_id=ref, source=SOURCE, legend=legend, **more)


@dataclass(frozen=True)
class TableColumn:
    """One column of a table: the field that Prometheus gives, its heading and its looks.

    `link` is the uid of a dashboard and the variables it gets, each from the field named.
    """

    field: str
    title: str
    unit: str | None = None
    decimals: int | None = None
    width: int | None = None
    mappings: Sequence[extra.ValueMapping | extra.RangeMapping | extra.RegexMapping | extra.SpecialMapping] = ()
    steps: Sequence[extra.ThresholdStep] = ()
    colored: str | None = None
    """``text`` or ``background``: what takes the colour of the value."""
    link: tuple[str, Mapping[str, str]] | None = None
    hidden: bool = False
    align: str | None = None


@dataclass(frozen=True)
class Style:
    """The style in one language for one city. Panels are made by its methods."""

    language: str
    place: Place
    text: Translate = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", translation(self.language).gettext)

    # ---- words

    def state_mapping(self) -> extra.ValueMapping:
        """Values of `hotspot_state` to shape, word and colour."""
        looks = {str(s.value): extra.Look(self.state_name(s), s.color, i) for i, s in enumerate(states.STATES)}
        return extra.ValueMapping(looks)

    def state_name(self, state: states.State) -> str:
        """Shape and word."""
        return f"{state.shape} {self.text(state.word)}"

    def names(self, of: Mapping[str, str]) -> extra.ValueMapping:
        """Ids to the names that people know."""
        return extra.ValueMapping({id_: extra.Look(text=name, index=i) for i, (id_, name) in enumerate(of.items())})

    # ---- links

    def link(self, title: str, uid: str, variables: Mapping[str, str]) -> core.DataLink:
        """A click that leads to another dashboard and keeps the data source and the time range."""
        given = "".join(f"&var-{name}={value}" for name, value in variables.items())
        return core.DataLink(title, f"/d/{uid}?${{datasource:queryparam}}{given}&${{__url_time_range}}")

    def navigation(self) -> core.DashboardLink:
        """The menu of all our dashboards, at the top of each."""
        return core.DashboardLink(
            asDropdown=True,
            icon="dashboard",
            includeVars=True,
            keepTime=True,
            tags=[TAG],
            title=self.text("Pantau"),
            tooltip=self.text("All dashboards of Pantau"),
            type="dashboards",
        )

    # ---- panels

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
        return extra.Field(unit=unit, no_value=no_value or self.text("No data yet"), **more)

    def number(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        *,
        unit: str = "short",
        decimals: int | None = None,
        steps: Sequence[extra.ThresholdStep] = PLAIN,
        mappings: Sequence[Any] = (),
        overrides: Sequence[extra.Override] = (),
        links: Sequence[core.DataLink] = (),
        no_value: str | None = None,
        **more: Any,
    ) -> extra.Stat:
        """One figure, or a few beside each other, large enough for the wall."""
        look = self.fields(unit, no_value, decimals=decimals, steps=steps, mappings=mappings, links=links)
        return extra.Stat(
            **self.frame(id_, where, title, description, queries), field=look, overrides=overrides, **more
        )

    def table(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        columns: Sequence[TableColumn],
        *,
        sort: Sequence[tuple[str, bool]] = (),
        no_value: str | None = None,
        before: Sequence[extra.Transformation] = (),
        time_from: str | None = None,
    ) -> extra.Table:
        """Rows of the instant answers, joined on the labels that they share; only `columns` show, in their order.

        Each of several queries must be aggregated `by` its labels: a bare metric's `__name__` would let nothing join.
        """
        steps = [*before]
        if len(queries) > 1:
            steps.append(extra.Transformation("merge", {}))
        steps.append(extra.Transformation("filterFieldsByName", {"include": {"names": [c.field for c in columns]}}))
        order = {column.field: index for index, column in enumerate(columns)}
        titles = {column.field: column.title for column in columns}
        steps.append(
            extra.Transformation("organize", {"excludeByName": {}, "indexByName": order, "renameByName": titles})
        )
        return extra.Table(
            **self.frame(id_, where, title, description, queries, transformations=steps, timeFrom=time_from),
            field=self.fields(
                "short", no_value, custom={"align": "auto", "filterable": False, "inspect": False, "minWidth": 60}
            ),
            overrides=[self._override(column, order) for column in columns],
            sort=sort,
        )

    def _override(self, column: TableColumn, order: Mapping[str, int]) -> extra.Override:
        # The panel's words for "no rows" would otherwise stand in every empty cell.
        looks: dict[str, Any] = {"noValue": "–"}
        if column.unit is not None:
            looks["unit"] = column.unit
        if column.decimals is not None:
            looks["decimals"] = column.decimals
        if column.mappings:
            looks["mappings"] = list(column.mappings)
        if column.steps:
            looks["thresholds"] = {"mode": "absolute", "steps": list(column.steps)}
        if column.colored:
            looks |= colored(column.colored)
        if column.width is not None:
            looks["custom.width"] = column.width
        if column.align is not None:
            looks["custom.align"] = column.align
        if column.hidden:
            looks["custom.hidden"] = True
        if column.link is not None:
            uid, given = column.link
            variables = {name: f"${{__data.fields[{order[source]}]}}" for name, source in given.items()}
            looks["links"] = [self.link(self.text("Open the dashboard"), uid, variables)]
        return extra.Override(column.title, looks)

    def lines(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        *,
        unit: str,
        overrides: Sequence[extra.Override] = (),
        no_value: str | None = None,
        fill: int = 0,
        stacked: bool = False,
        lowest: float | None = None,
        soft_lowest: float | None = None,
        highest: float | None = None,
        draw: str = "line",
        **more: Any,
    ) -> extra.TimeSeries:
        """Lines over time; `stacked` lays them on each other. Fixed decimals would leave an axis without its marks."""
        custom = {
            "axisPlacement": "auto",
            "drawStyle": draw,
            "fillOpacity": fill,
            "lineInterpolation": "linear",
            "lineWidth": 2,
            "showPoints": "never",
            "spanNulls": False,
            "stacking": {"group": "A", "mode": "normal" if stacked else "none"},
        }
        if soft_lowest is not None:
            custom["axisSoftMin"] = soft_lowest
        look = self.fields(unit, no_value, min=lowest, max=highest, color_mode="palette-classic", custom=custom)
        return extra.TimeSeries(
            **self.frame(id_, where, title, description, queries), field=look, overrides=overrides, **more
        )

    def map(self, id_: int, where: core.GridPos, selector: str = "") -> extra.Geomap:
        """A dot for each hotspot: colour and shape tell its state; the dead lie above the living."""
        _ = self.text
        shown = tuple(reversed(states.STATES))
        layers = [
            extra.Markers(name=self.state_name(s), ref_id=s.label, color=s.color, symbol=s.marker, size=s.size)
            for s in shown
        ]
        queries = [ask(q.hotspots_in_state(s.value, selector), s.label, table=True) for s in shown]
        numbers = [{"targetField": name, "destinationType": "number"} for name in ("latitude", "longitude")]
        converted = extra.Transformation("convertFieldType", {"conversions": numbers, "fields": {}})
        place = self.place
        names = extra.Outlines(name="kecamatan", source=place.labels_url(), color="text", text_field="name")
        return extra.Geomap(
            **self.frame(
                id_,
                where,
                _("Map"),
                _("Each hotspot by state: ● online, ▲ degraded, ✖ offline, ■ unknown. Point at a dot for its name."),
                queries,
                transformations=[converted],
            ),
            field=self.fields("short", mappings=[self.state_mapping()]),
            layers=[*layers, names],
            tiles=place.tiles,
            attribution=place.attribution,
        )

    def smoke(self, id_: int, where: core.GridPos, title: str, expression: str) -> extra.Heatmap:
        """The distribution of the RTT over time: the darker, the fewer."""
        description = self.text(
            "Each column is a moment, each row an RTT; the brighter, the more replies took that long."
        )
        query = follow(expression, "A", "{{le}}", heatmap=True)
        frame = self.frame(id_, where, title, description, [query], interval="1m")
        return extra.Heatmap(**frame, field=self.fields("s"))

    def timeline(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        *,
        mappings: Sequence[Any] = (),
        overrides: Sequence[extra.Override] = (),
        unit: str = "short",
        no_value: str | None = None,
        step: str | None = None,
        **more: Any,
    ) -> extra.StateTimeline:
        """Bands over time, no finer than `step`. Not coloured by thresholds: Grafana would print "2+" for the word."""
        look = self.fields(
            unit,
            no_value,
            color_mode="fixed",
            color=states.MUTED,
            mappings=mappings,
            custom={"fillOpacity": 85, "lineWidth": 0},
        )
        return extra.StateTimeline(
            **self.frame(id_, where, title, description, queries, interval=step),
            field=look,
            overrides=overrides,
            **more,
        )

    def bars(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        *,
        unit: str,
        decimals: int | None = None,
        steps: Sequence[extra.ThresholdStep] = PLAIN,
        highest: float | None = None,
        mappings: Sequence[Any] = (),
        overrides: Sequence[extra.Override] = (),
        links: Sequence[core.DataLink] = (),
    ) -> extra.BarGauge:
        """A bar for each name, with its figure."""
        look = self.fields(unit, decimals=decimals, steps=steps, min=0, max=highest, mappings=mappings, links=links)
        return extra.BarGauge(**self.frame(id_, where, title, description, queries), field=look, overrides=overrides)

    # ---- variables

    def choose_kecamatan(self, *, every: bool) -> extra.Variable:
        """Which kecamatan, by name; `every` offers all of them together."""
        return self._choose("kecamatan", self.text("Kecamatan"), self.place.kecamatan, every)

    def choose_isp(self, *, every: bool) -> extra.Variable:
        """Which ISP, by name; `every` offers all of them together."""
        return self._choose("isp", self.text("ISP"), self.place.isps, every)

    def _choose(self, name: str, label: str, of: Mapping[str, str], every: bool) -> extra.Variable:
        listed = ",".join(f"{shown.replace(',', ' ').replace(':', ' ')} : {id_}" for id_, shown in of.items())
        first, shown = next(iter(of.items()))
        return extra.Variable(
            name=name,
            label=label,
            query=listed,
            type="custom",
            all_text=self.text("All") if every else None,
            current=None if every else {"text": shown, "value": first},
        )

    def choose_hotspot(self) -> extra.Variable:
        """Which hotspot of those chosen, by its name."""
        return extra.Variable(
            name="hotspot",
            label=self.text("Hotspot"),
            source=SOURCE,
            query=f"query_result({q.HOTSPOTS_TO_CHOOSE})",
            regex='/hotspot="(?<value>[^"]+)".*name="(?<text>[^"]+)"/',
        )

    # ---- dashboards

    def dashboard(
        self,
        uid: str,
        title: str,
        description: str,
        panels: Sequence[core.Panel],
        *,
        variables: Sequence[extra.Variable] = (),
        start: str = "now-24h",
        refresh: str = "1m",
    ) -> extra.Dashboard:
        """A dashboard with the data source as its first variable and the menu of the others."""
        source = extra.Variable(
            name="datasource",
            label=self.text("Data source"),
            query="prometheus",
            type="datasource",
            hide=2,
            current={"text": "Prometheus", "value": "prometheus"},
        )
        _keep([variable.name for variable in variables], panels)
        drawn: dict[str, Any] = {
            "uid": uid,
            "title": title,
            "description": description,
            "tags": [TAG],
            "panels": list(panels),
            "templating": core.Templating(list=[source, *variables]),
            "links": [self.navigation()],
            "time": core.Time(start, "now"),
            "refresh": refresh,
            "timezone": self.place.timezone,
            "editable": False,
            "graphTooltip": 1,
        }
        return extra.Dashboard(**drawn)


def _keep(names: Sequence[str], panels: Sequence[core.Panel]) -> None:
    """Let each link pass on what is chosen here and asked for there, beside what it says itself."""
    for panel in panels:
        links = [*panel.field.links, *(link for one in panel.overrides for link in one.properties.get("links", ()))]
        for link in links:
            uid = link.linkUrl.removeprefix("/d/").partition("?")[0]
            kept = [name for name in CHOSEN_BY.get(uid, ()) if name in names and f"var-{name}=" not in link.linkUrl]
            more = "".join(f"&${{{name}:queryparam}}" for name in kept)
            link.linkUrl = link.linkUrl.replace("&${__url_time_range}", f"{more}&${{__url_time_range}}")


def colored(what: str) -> dict[str, Any]:
    """Let the value's colour fall on a cell's `text` or `background`; twice, for Grafana 9.4 knows the older name."""
    if what == "text":
        return {"custom.cellOptions": {"type": "color-text"}, "custom.displayMode": "color-text"}
    cell = {"type": "color-background", "mode": "basic"}
    return {"custom.cellOptions": cell, "custom.displayMode": "color-background-solid"}
