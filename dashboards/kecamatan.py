"""Kecamatan: the desk of one district, its map, its points and its outages."""

from dashboards import extra, parts
from dashboards import queries as q
from dashboards.style import SHARE_STEPS, Column, House, ask, at

UID = parts.KECAMATAN


def dashboard(house: House) -> extra.Dashboard:
    """What is down in this kecamatan, where, whose, since when, and how good it has been."""
    _ = house.text
    return house.dashboard(
        UID,
        _("Kecamatan"),
        _("The desk of one kecamatan: its points, their state and their outages."),
        [
            parts.share(house, 1, at(0, 0, 5, 6), q.SCOPE_SHARE),
            parts.counts(house, 2, at(0, 6, 5, 7)),
            parts.availability(house, 3, at(5, 0, 4, 4), _("Availability of 24 hours"), q.scope_availability("1d")),
            parts.availability(house, 4, at(5, 4, 4, 4), _("Availability of 30 days"), q.scope_availability("30d")),
            parts.outage_numbers(house, 5, at(5, 8, 4, 5)),
            house.map(6, at(9, 0, 8, 13), q.SCOPE),
            _kelurahan(house),
            _isps(house),
            parts.hotspots(house, 9, at(0, 13, 24, 14)),
            parts.outages(house, 10, at(0, 27, 24, 14)),
        ],
        variables=[house.choose_kecamatan(every=False), house.choose_isp(every=True)],
    )


def _kelurahan(house: House) -> extra.Table:
    _ = house.text
    return house.table(
        7,
        at(17, 0, 7, 7),
        _("By kelurahan"),
        _("Share online and points offline of each kelurahan."),
        [
            ask(q.KELURAHAN_SHARE, "A", table=True),
            ask(q.KELURAHAN_DOWN, "B", table=True),
            ask(q.KELURAHAN_POINTS, "C", table=True),
        ],
        [
            Column("kelurahan", _("Kelurahan")),
            Column("Value #C", _("Points"), unit="none", width=75),
            Column("Value #B", _("Offline"), unit="none", width=75),
            Column(
                "Value #A",
                _("Online"),
                unit="percentunit",
                decimals=0,
                steps=SHARE_STEPS,
                colored="background",
                width=80,
                align="center",
            ),
        ],
        sort=[(_("Online"), False)],
    )


def _isps(house: House) -> extra.Table:
    _ = house.text
    return house.table(
        8,
        at(17, 7, 7, 6),
        _("By ISP"),
        _("Share online and points offline of each ISP in this kecamatan."),
        [
            ask(q.share_by("isp"), "A", table=True),
            ask(q.down_by("isp"), "B", table=True),
            ask(q.judged_by("isp"), "C", table=True),
        ],
        [
            parts.isp_column(house, width=None),
            Column("Value #C", _("Points"), unit="none", width=75),
            Column("Value #B", _("Offline"), unit="none", width=75),
            Column(
                "Value #A",
                _("Online"),
                unit="percentunit",
                decimals=0,
                steps=SHARE_STEPS,
                colored="background",
                width=80,
                align="center",
            ),
        ],
        sort=[(_("Online"), False)],
    )
