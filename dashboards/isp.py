"""ISP: the page of one provider, with nothing of any other but the median of all."""

from typing import Any

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.style import AVAILABILITY_STEPS, SHARE_STEPS, Column, House, ask, at, follow

UID = parts.ISP


def dashboard(house: House) -> extra.Dashboard:
    """How this ISP does against its contracts, where it is worst, and against the city's median."""
    _ = house.text
    return house.dashboard(
        UID,
        _("ISP"),
        _("One ISP's own page: its points against its contracts. No other ISP is named."),
        [
            parts.share(house, 1, at(0, 0, 5, 6), q.SCOPE_SHARE),
            parts.counts(house, 2, at(0, 6, 5, 7)),
            parts.availability(house, 3, at(5, 0, 4, 4), _("Availability of 24 hours"), q.scope_availability("1d")),
            parts.availability(house, 4, at(5, 4, 4, 4), _("Availability of 30 days"), q.scope_availability("30d")),
            parts.outage_numbers(house, 5, at(5, 8, 4, 5)),
            _contracts(house),
            _against(
                house,
                7,
                (0, 13),
                _("Availability of 24 hours against the median"),
                "percentunit",
                q.ISP_AVAILABILITY_DAY,
                q.MEDIAN_AVAILABILITY_DAY,
            ),
            _against(house, 8, (8, 13), _("RTT against the median"), "s", q.ISP_RTT, q.MEDIAN_RTT),
            _against(house, 9, (16, 13), _("Loss against the median"), "percentunit", q.ISP_LOSS, q.MEDIAN_LOSS),
            house.smoke(
                10,
                at(0, 21, 12, 10),
                _("RTT of all points"),
                q.ISP_RTT_BUCKETS,
            ),
            parts.worst(house, 11, at(12, 21, 12, 10), q.SCOPE),
            parts.outages(house, 12, at(0, 31, 24, 14)),
        ],
        variables=[house.choose_isp(every=False), house.choose_kecamatan(every=True)],
    )


def _contracts(house: House) -> extra.Table:
    _ = house.text
    share: dict[str, Any] = {"unit": "percentunit", "width": 110, "align": "center"}
    return house.table(
        6,
        at(9, 0, 15, 13),
        _("Availability against the contract, by kecamatan"),
        _("30 days up to now, weighed by time, beside what the contract promises; and what is online at this moment."),
        [
            ask(q.contract_availability("latest30d"), "A", table=True),
            ask(q.OBJECTIVE, "B", table=True),
            ask(q.POINTS, "C", table=True),
            ask(q.contract_online(), "D", table=True),
        ],
        [
            parts.kecamatan_column(house, width=None),
            Column("contract", _("Contract"), width=190),
            Column("Value #C", _("Points"), unit="none", width=70),
            Column("Value #D", _("Online"), decimals=0, steps=SHARE_STEPS, colored="background", **share),
            Column("Value #A", _("30 days"), decimals=2, steps=AVAILABILITY_STEPS, colored="text", **share),
            Column("Value #B", _("Promised"), decimals=2, **share),
        ],
        sort=[(_("30 days"), False)],
    )


def _against(
    house: House, id_: int, where: tuple[int, int], title: str, unit: str, own: str, median: str
) -> extra.TimeSeries:
    _ = house.text
    looks = [
        extra.Override(
            "A", {"color": {"mode": "fixed", "fixedColor": states.ACCENT}, "custom.lineWidth": 3}, "byFrameRefID"
        ),
        extra.Override(
            "B",
            {
                "color": {"mode": "fixed", "fixedColor": states.MUTED},
                "custom.lineStyle": {"fill": "dash", "dash": [10, 6]},
            },
            "byFrameRefID",
        ),
    ]
    return house.lines(
        id_,
        at(*where, 8, 8),
        title,
        _("This ISP beside the median of all ISPs of the city."),
        [follow(own, "A", _("this ISP")), follow(median, "B", _("median of the city"))],
        unit=unit,
        overrides=looks,
    )
