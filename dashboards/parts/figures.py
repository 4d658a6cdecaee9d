"""Figures that more than one dashboard shows: shares, counts, availability, outages in numbers."""

from typing import Any
from zoneinfo import ZoneInfo

from dashboards import extra, states
from dashboards import queries as q
from dashboards.extra import core
from dashboards.style import AVAILABILITY_STEPS, SHARE_STEPS, Style, ask, at, in_color
from pantau.texts import Formats

_OF_BASELINES = (states.WARNING, states.BAD, states.BAD, states.BAD)
"""The latest count is the one to be held against; more than four are not drawn."""


def share(style: Style, id_: int, where: core.GridPos, expression: str) -> extra.Stat:
    """The share online, huge."""
    _ = style.text
    return style.number(
        id_,
        where,
        _("Share online"),
        _("Hotspots that serve, of those that we can judge. The target is 100 %."),
        [ask(expression, legend=_("online"))],
        unit="percentunit",
        decimals=1,
        steps=SHARE_STEPS,
        no_value=_("? We cannot see"),
    )


def availability(style: Style, id_: int, where: core.GridPos, title: str, expression: str) -> extra.Stat:
    """One availability figure."""
    _ = style.text
    return style.number(
        id_,
        where,
        title,
        _("Time online or degraded, of the time that we can judge; unknown time and maintenance are in neither."),
        [ask(expression)],
        unit="percentunit",
        decimals=2,
        steps=AVAILABILITY_STEPS,
    )


def counts(style: Style, id_: int, where: core.GridPos, selector: str = q.SCOPE, **more: Any) -> extra.Stat:
    """How many of the chosen hotspots are in each state: the everyday ones always, all others where there are any.

    They add up to all points. Beside them, and counted among them: those that nobody waits for any more, and those that
    no map can show.
    """
    _ = style.text
    looks = [in_color(s.label, s.colour) for s in states.SHOWN]
    beside = [ask(q.without_place(selector), "without_place", _("without coordinates, not on the map"))]
    if not selector:
        beside.append(ask(q.UNKNOWN_LONG, "unknown_long", _("unknown for more than a day")))
    queries = [
        ask(
            (q.state_count if s in states.EVERYDAY else q.state_count_if_any)(s.label, selector),
            s.label,
            style.state_name(s),
        )
        for s in states.SHOWN
    ]
    return style.number(
        id_,
        where,
        _("Hotspots by state"),
        _("Every active hotspot is in exactly one state. Unknown means that we could not see; nobody is blamed."),
        [*queries, *beside],
        unit="none",
        overrides=looks,
        orientation="horizontal",
        text_mode="value_and_name",
        **more,
    )


def outage_numbers(style: Style, id_: int, where: core.GridPos) -> extra.Stat:
    """How many outages there were in the time range, on how many hotspots, how long together."""
    _ = style.text
    return style.number(
        id_,
        where,
        _("Outages in numbers"),
        _("Number of outages, hotspots hit, and their time offline added up."),
        [
            ask(q.OUTAGES_NUMBER, "A", _("outages")),
            ask(q.OUTAGES_HOTSPOTS, "B", _("hotspots hit")),
            ask(q.OUTAGES_SECONDS, "C", _("time offline, all together")),
        ],
        overrides=[extra.Override("C", {"unit": "dthms"}, "byFrameRefID")],
        unit="none",
        decimals=0,
        orientation="horizontal",
        text_mode="value_and_name",
    )


def heads(style: Style) -> list[core.Panel]:
    """The left of a page about the chosen hotspots: their share, states and availability, and outages in numbers."""
    _ = style.text
    return [
        share(style, 1, at(0, 0, 5, 6), q.SCOPE_SHARE),
        counts(style, 2, at(0, 6, 5, 7)),
        availability(style, 3, at(5, 0, 4, 4), _("Availability of 24 hours"), q.scope_availability("1d")),
        availability(style, 4, at(5, 4, 4, 4), _("Availability of 30 days"), q.scope_availability("30d")),
        outage_numbers(style, 5, at(5, 8, 4, 5)),
    ]


TrendLine = tuple[str, str, str, str, list[int] | None]
"""Of a trend: the query's letter, its expression, its name, its colour, its dashes."""


def goals(style: Style) -> list[TrendLine]:
    """What the city means to reach, and what it counted earlier, the latest first."""
    place, dash = style.place, [10, 6]
    share = f"{float(place.target) * 100:g} %"
    lines: list[TrendLine] = [
        ("B", f"vector({float(place.target):g})", style.text("Target {share}").format(share=share), states.GOOD, dash)
    ]
    months = Formats(style.language, ZoneInfo("UTC"))
    for ref, (when, online), color in zip("CDEF", reversed(place.baselines), _OF_BASELINES, strict=False):
        told = f"{months.month(when)}: {float(online) * 100:g} %"
        lines.append((ref, f"vector({float(online):g})", told, color, dash))
    return lines


def line(ref: str, _expression: str, _legend: str, color: str, dash: list[int] | None) -> extra.Override:
    """The looks of one line of a trend: a dash for what is only a mark to be held against."""
    if dash is None:
        return in_color(ref, color, **{"custom.lineWidth": 3})
    return in_color(ref, color, **{"custom.lineStyle": {"fill": "dash", "dash": dash}, "custom.lineWidth": 1})
