"""SLA: what has been delivered this month against what was promised, and how the month will end."""

from typing import Any

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.style import AVAILABILITY_STEPS, COUNT_STEPS, PLAIN, Column, House, ask, at, follow

UID = parts.SLA

BUDGET_STEPS = (extra.Step("text"), extra.Step(states.BAD, -1e9), extra.Step(states.GOOD, 0))
"""Time that may still be lost: below 0 the promise is broken."""

PACE_STEPS = (extra.Step(states.GOOD), extra.Step(states.WARNING, 1), extra.Step(states.BAD, 2))
"""Use of the error budget: at 1 it lasts for the month, at 2 for half of it."""


def dashboard(house: House) -> extra.Dashboard:
    """Month to date by contract, ISP and kecamatan: availability, budget, pace, projection, and what nobody saw."""
    _ = house.text
    return house.dashboard(
        UID,
        _("SLA"),
        _("Month to date against the contracts, for operations. What is paid is reckoned from the journal."),
        [
            *_heads(house),
            _contracts(house),
            _by(house, 7, (0, 18), _("By ISP"), "isp", parts.isp_column(house, width=None)),
            _by(house, 8, (8, 18), _("By kecamatan"), "kecamatan", parts.kecamatan_column(house, width=None)),
            _trend(house),
        ],
        variables=[house.choose_kecamatan(every=True), house.choose_isp(every=True)],
        start="now/M",
        refresh="5m",
    )


def _heads(house: House) -> list[extra.Stat]:
    _ = house.text
    return [
        parts.availability(house, 1, at(0, 0, 5, 5), _("Month to date"), q.delivered("")),
        house.number(
            2,
            at(5, 0, 5, 5),
            _("Error budget left"),
            _("What may still be lost this month, of all points together."),
            [ask(f"sum({q.BUDGET_LEFT})")],
            unit=_hours(house),
            decimals=0,
            steps=BUDGET_STEPS,
        ),
        house.number(
            3,
            at(10, 0, 5, 5),
            _("Contracts below their promise"),
            _("Month to date; the rest keep it so far."),
            [ask(q.BELOW, "A", _("below")), ask(q.CONTRACTS_NUMBER, "B", _("of"))],
            unit="none",
            text_mode="value_and_name",
            overrides=[
                extra.Override("A", {"thresholds": {"mode": "absolute", "steps": list(COUNT_STEPS)}}, "byFrameRefID")
            ],
        ),
        house.number(
            4,
            at(15, 0, 5, 5),
            _("Projection to the end of the month"),
            _("If all days to come are like the last 24 hours."),
            [ask(q.projection(""))],
            unit="percentunit",
            decimals=2,
            steps=AVAILABILITY_STEPS,
        ),
        house.number(
            5,
            at(20, 0, 4, 5),
            _("Not judged"),
            _("Time that nobody can judge: unknown, maintenance, not monitored. It is charged to nobody."),
            [ask(q.UNJUDGED_RATIO)],
            unit="percentunit",
            decimals=1,
            steps=(extra.Step(states.MUTED),),
        ),
    ]


def _hours(house: House) -> str:
    """Hours, in the reader's word: Grafana's own units of time speak English only."""
    _ = house.text
    return "suffix: " + _("hours")


def _fixed(ref: str, color: str) -> extra.Override:
    return extra.Override(ref, {"color": {"mode": "fixed", "fixedColor": color}}, "byFrameRefID")


def _contracts(house: House) -> extra.Table:
    _ = house.text
    labels = q.CONTRACT
    share: dict[str, Any] = {"unit": "percentunit", "decimals": 2, "width": 110}
    return house.table(
        6,
        at(0, 5, 24, 13),
        _("By contract"),
        _("Month to date. Budget: what may still be lost, all points. Pace: at 1 the budget lasts for the month."),
        [
            ask(q.delivered(labels), "A", table=True),
            ask(q.OBJECTIVE, "B", table=True),
            ask(q.POINTS, "C", table=True),
            ask(q.BUDGET_LEFT, "D", table=True),
            ask(q.PACE, "E", table=True),
            ask(q.projection(labels), "F", table=True),
            ask(q.UNJUDGED, "G", table=True),
        ],
        [
            Column("contract", _("Contract")),
            parts.kecamatan_column(house, width=150),
            parts.isp_column(house, width=150),
            Column("Value #C", _("Points"), unit="none", width=80),
            Column("Value #A", _("Delivered"), steps=AVAILABILITY_STEPS, colored="text", **share),
            Column("Value #B", _("Promised"), **share),
            Column(
                "Value #D",
                _("Budget left"),
                unit=_hours(house),
                decimals=0,
                steps=BUDGET_STEPS,
                colored="text",
                width=140,
            ),
            Column("Value #E", _("Pace"), decimals=1, steps=PACE_STEPS, colored="text", width=90),
            Column("Value #F", _("Projection"), steps=AVAILABILITY_STEPS, colored="text", **share),
            Column("Value #G", _("Not judged"), unit=_hours(house), decimals=0, steps=PLAIN, width=130),
        ],
        sort=[(_("Pace"), True)],
    )


def _by(house: House, id_: int, where: tuple[int, int], title: str, label: str, name: Column) -> extra.Table:
    _ = house.text
    share: dict[str, Any] = {"unit": "percentunit", "decimals": 2, "width": 110}
    return house.table(
        id_,
        at(*where, 8, 11),
        title,
        _("Availability of the month to date, and the projection to its end."),
        [ask(q.delivered(label), "A", table=True), ask(q.projection(label), "B", table=True)],
        [
            name,
            Column("Value #A", _("Delivered"), steps=AVAILABILITY_STEPS, colored="text", **share),
            Column("Value #B", _("Projection"), steps=AVAILABILITY_STEPS, colored="text", **share),
        ],
        sort=[(_("Delivered"), False)],
    )


def _trend(house: House) -> extra.TimeSeries:
    _ = house.text
    return house.lines(
        9,
        at(16, 18, 8, 11),
        _("Availability of 24 hours"),
        _("Day by day; the line is what most contracts promise."),
        [follow(q.scope_availability("1d"), "A", _("24 h")), follow(q.USUAL, "B", _("Promised"))],
        unit="percentunit",
        highest=1.0,
        overrides=[_fixed("A", states.ACCENT), _fixed("B", states.GOOD)],
    )
