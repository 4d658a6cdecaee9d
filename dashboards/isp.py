"""ISP: the page of one provider, with nothing of any other but the median of all."""

from typing import Any

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.style import PROMISE_STEPS, SHARE_STEPS, PanelColumn, Style, ask_rows, at, follow, in_color

UID = parts.ISP


def dashboard(style: Style) -> extra.Dashboard:
    """How this ISP does against its contracts, where it is worst, and against the city's median."""
    _ = style.text
    return style.dashboard(
        UID,
        _("ISP"),
        _("One ISP's own page: its points against its contracts. No other ISP is named."),
        parts.under_banner(
            style,
            [
                *parts.heads(style),
                _contracts(style),
                _against(
                    style,
                    7,
                    (0, 13),
                    _("Availability of 24 hours against the median"),
                    "percentunit",
                    q.ISP_AVAILABILITY_DAY,
                    q.MEDIAN_AVAILABILITY_DAY,
                ),
                _against(style, 8, (8, 13), _("RTT against the median"), "s", q.ISP_RTT, q.MEDIAN_RTT),
                _against(style, 9, (16, 13), _("Loss against the median"), "percentunit", q.ISP_LOSS, q.MEDIAN_LOSS),
                style.smoke(
                    10,
                    at(0, 21, 12, 10),
                    _("RTT of all points"),
                    q.ISP_RTT_BUCKETS,
                ),
                parts.worst(style, 11, at(12, 21, 12, 10), q.SCOPE),
                parts.outages(style, 12, at(0, 31, 24, 14)),
                *parts.users(style, 45, (13, 14, 15)),
            ],
        ),
        variables=[style.choose_isp(every=False), style.choose_kecamatan(every=True)],
    )


def _contracts(style: Style) -> extra.Table:
    _ = style.text
    share: dict[str, Any] = {"unit": "percentunit", "width": 110, "align": "center"}
    return style.table(
        6,
        at(9, 0, 15, 13),
        _("Availability against the contract, by kecamatan"),
        _("30 days up to now, weighed by time, beside what the contract promises; and what is online at this moment."),
        ask_rows(
            q.contract_availability("latest30d"),
            q.OBJECTIVE,
            q.POINTS,
            q.contract_online(),
            q.against_promise(q.contract_availability("latest30d")),
        ),
        [
            parts.kecamatan_column(style, width=None),
            PanelColumn("contract", _("Contract"), width=190),
            PanelColumn("Value #C", _("Points"), unit="none", width=105),
            PanelColumn("Value #D", _("Online"), decimals=0, steps=SHARE_STEPS, colored="background", **share),
            PanelColumn("Value #B", _("Promised"), decimals=2, **share),
            PanelColumn("Value #A", _("30 days"), decimals=2, **share),
            PanelColumn("Value #E", _("Against promise"), decimals=2, steps=PROMISE_STEPS, colored="text", **share),
        ],
        sort=[(_("30 days"), False)],
    )


def _against(
    style: Style, id_: int, where: tuple[int, int], title: str, unit: str, own: str, median: str
) -> extra.TimeSeries:
    _ = style.text
    dashed = {"custom.lineStyle": {"fill": "dash", "dash": [10, 6]}}
    looks = [in_color("A", states.ACCENT, **{"custom.lineWidth": 3}), in_color("B", states.MUTED, **dashed)]
    return style.lines(
        id_,
        at(*where, 8, 8),
        title,
        _("The chosen ISP, or each of several, beside the median of all ISPs of the city."),
        [follow(own, "A", "{{name}}"), follow(median, "B", _("median of the city"))],
        unit=unit,
        overrides=looks,
    )
