"""SLA: what has been delivered this month against what was promised, and how the month will end."""

from typing import Any

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.extra import core
from dashboards.style import (
    COUNT_STEPS,
    PLAIN,
    PROMISE_STEPS,
    PanelColumn,
    Style,
    ask,
    ask_rows,
    at,
    follow,
    in_color,
    with_steps,
)

UID = parts.SLA

BUDGET_STEPS = (extra.ThresholdStep("text"), extra.ThresholdStep(states.BAD, -1e9), extra.ThresholdStep(states.GOOD, 0))
"""Time that may still be lost: below 0 the promise is broken."""

PACE_STEPS = (
    extra.ThresholdStep("text"),
    extra.ThresholdStep(states.GOOD, 0),
    extra.ThresholdStep(states.WARNING, 1),
    extra.ThresholdStep(states.BAD, 2),
)
"""Use of the error budget: at 1 it lasts for the month, at 2 for half of it."""


def dashboard(style: Style) -> extra.Dashboard:
    """Month to date by contract, ISP and kecamatan: availability, budget, pace, projection, and what nobody saw."""
    _ = style.text
    return style.dashboard(
        UID,
        _("SLA"),
        _("Month to date against the contracts, for operations. What is paid is reckoned from the journal."),
        parts.under_banner(
            style,
            [
                *_heads(style),
                _contracts(style),
                _by(style, 7, (0, 18), _("By ISP"), "isp", parts.isp_column(style, width=None)),
                _by(style, 8, (8, 18), _("By kecamatan"), "kecamatan", parts.kecamatan_column(style, width=None)),
                _trend(style),
            ],
        ),
        variables=[style.choose_kecamatan(every=True), style.choose_isp(every=True)],
        start="now/M",
        own_time=True,
        refresh="5m",
    )


def _heads(style: Style) -> list[extra.Stat]:
    _ = style.text
    return [
        _against(style, 1, at(0, 0, 5, 5), _("Month to date"), q.delivered("")),
        style.number(
            2,
            at(5, 0, 5, 5),
            _("Error budget left"),
            _("What may still be lost this month, of all points together."),
            [ask(f"sum({q.BUDGET_LEFT})")],
            unit=_hours(style),
            decimals=0,
            steps=BUDGET_STEPS,
        ),
        style.number(
            3,
            at(10, 0, 5, 5),
            _("Contracts below their promise"),
            _("Month to date; the rest keep it so far."),
            [ask(q.BELOW, "A", _("below")), ask(q.CONTRACTS_NUMBER, "B", _("of"))],
            unit="none",
            text_mode="value_and_name",
            overrides=[with_steps("A", COUNT_STEPS)],
        ),
        _against(style, 4, at(15, 0, 5, 5), _("Projection to the end of the month"), q.projection("")),
        style.number(
            5,
            at(20, 0, 4, 5),
            _("Not judged"),
            _("Time that nobody can judge: unknown, maintenance, not monitored. It is charged to nobody."),
            [ask(q.UNJUDGED_RATIO)],
            unit="percentunit",
            decimals=1,
            steps=(extra.ThresholdStep(states.MUTED),),
        ),
    ]


def _against(style: Style, id_: int, where: core.GridPos, title: str, expression: str) -> extra.Stat:
    """An availability, and how far it is above or below what the contracts promise: this takes the colour."""
    _ = style.text
    return style.number(
        id_,
        where,
        title,
        _("Beside it the distance to what the contracts promise. To the end: if all days are like the last 24 hours."),
        [ask(expression, "A", _("availability")), ask(q.against_promise(expression, ""), "B", _("against promise"))],
        unit="percentunit",
        decimals=2,
        steps=PLAIN,
        overrides=[with_steps("B", PROMISE_STEPS)],
        text_mode="value_and_name",
        orientation="horizontal",
    )


def _hours(style: Style) -> str:
    """Hours, in the reader's word: Grafana's own units of time speak English only."""
    _ = style.text
    return "suffix: " + _("hours")


def _contracts(style: Style) -> extra.Table:
    _ = style.text
    labels = q.CONTRACT
    share: dict[str, Any] = {"unit": "percentunit", "decimals": 2, "width": 95}
    distance = share | {"steps": PROMISE_STEPS, "colored": "text"}
    return style.table(
        6,
        at(0, 5, 24, 13),
        _("By contract"),
        _("Month to date. Budget: what may still be lost, all points. Pace: at 1 the budget lasts for the month."),
        ask_rows(
            q.delivered(labels),
            q.OBJECTIVE,
            q.POINTS,
            q.BUDGET_LEFT,
            q.PACE,
            q.projection(labels),
            q.UNJUDGED,
            q.against_promise(q.delivered(labels)),
            q.against_promise(q.projection(labels)),
        ),
        [
            PanelColumn("contract", _("Contract")),
            parts.kecamatan_column(style, width=125),
            parts.isp_column(style, width=105),
            PanelColumn("Value #C", _("Points"), unit="none", width=100),
            PanelColumn("Value #B", _("Promised"), **share),
            PanelColumn("Value #A", _("Delivered"), **share),
            PanelColumn("Value #H", _("Against promise"), **distance | {"width": 112}),
            PanelColumn(
                "Value #D",
                _("Budget left"),
                unit=_hours(style),
                decimals=0,
                steps=BUDGET_STEPS,
                colored="text",
                width=115,
            ),
            PanelColumn("Value #E", _("Pace"), decimals=1, steps=PACE_STEPS, colored="text", width=80),
            PanelColumn("Value #F", _("Projection"), **share),
            PanelColumn("Value #I", _("Its distance"), **distance),
            PanelColumn("Value #G", _("Not judged"), unit=_hours(style), decimals=0, steps=PLAIN, width=105),
        ],
        sort=[(_("Pace"), True)],
    )


def _by(style: Style, id_: int, where: tuple[int, int], title: str, label: str, name: PanelColumn) -> extra.Table:
    _ = style.text
    share: dict[str, Any] = {"unit": "percentunit", "decimals": 2, "width": 92}
    return style.table(
        id_,
        at(*where, 8, 11),
        title,
        _("Availability of the month to date, and the projection to its end."),
        [
            ask(q.delivered(label), "A", table=True),
            ask(q.against_promise(q.delivered(label), label), "C", table=True),
            ask(q.projection(label), "B", table=True),
        ],
        [
            name,
            PanelColumn("Value #A", _("Delivered"), **share | {"width": 106}),
            PanelColumn(
                "Value #C", _("Against promise"), steps=PROMISE_STEPS, colored="text", **share | {"width": 112}
            ),
            PanelColumn("Value #B", _("Projection"), **share),
        ],
        sort=[(_("Delivered"), False)],
    )


def _trend(style: Style) -> extra.TimeSeries:
    _ = style.text
    return style.lines(
        9,
        at(16, 18, 8, 11),
        _("Availability of 24 hours"),
        _("Day by day; the line is what most contracts promise."),
        [follow(q.scope_availability("1d"), "A", _("24 h")), follow(q.USUAL, "B", _("Promised"))],
        unit="percentunit",
        highest=1.0,
        overrides=[in_color("A", states.ACCENT), in_color("B", states.GOOD)],
    )
