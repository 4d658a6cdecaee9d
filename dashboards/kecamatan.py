"""Kecamatan: the desk of one district, its map, its points and its outages."""

from dashboards import extra, parts
from dashboards import queries as q
from dashboards.style import SHARE_STEPS, PanelColumn, Style, ask, at

UID = parts.KECAMATAN


def dashboard(style: Style) -> extra.Dashboard:
    """What is down in this kecamatan, where, whose, since when, and how good it has been."""
    _ = style.text
    return style.dashboard(
        UID,
        _("Kecamatan"),
        _("The desk of one kecamatan: its points, their state and their outages."),
        parts.under_banner(
            style,
            [
                parts.share(style, 1, at(0, 0, 5, 6), q.SCOPE_SHARE),
                parts.counts(style, 2, at(0, 6, 5, 7)),
                parts.availability(style, 3, at(5, 0, 4, 4), _("Availability of 24 hours"), q.scope_availability("1d")),
                parts.availability(style, 4, at(5, 4, 4, 4), _("Availability of 30 days"), q.scope_availability("30d")),
                parts.outage_numbers(style, 5, at(5, 8, 4, 5)),
                style.map(6, at(9, 0, 8, 13), q.SCOPE),
                _kelurahan(style),
                _isps(style),
                parts.hotspots(style, 9, at(0, 13, 24, 14)),
                parts.outages(style, 10, at(0, 27, 24, 14)),
                *parts.users(style, 41, (11, 12, 13)),
            ],
        ),
        variables=[style.choose_kecamatan(every=False), style.choose_isp(every=True)],
    )


def _kelurahan(style: Style) -> extra.Table:
    _ = style.text
    return style.table(
        7,
        at(17, 0, 7, 7),
        _("By kelurahan"),
        _("Share online, all points, those that do not serve, and those that nobody can judge (unknown, maintenance)."),
        [
            ask(q.KELURAHAN_SHARE, "A", table=True),
            ask(q.KELURAHAN_DOWN, "B", table=True),
            ask(q.KELURAHAN_POINTS, "C", table=True),
            ask(q.KELURAHAN_UNJUDGED, "D", table=True),
        ],
        [
            PanelColumn("kelurahan", _("Kelurahan")),
            PanelColumn("Value #C", _("Pts"), unit="none", width=55),
            PanelColumn("Value #B", _("Offline"), unit="none", width=65),
            PanelColumn("Value #D", _("Not judged"), unit="none", width=92),
            PanelColumn(
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


def _isps(style: Style) -> extra.Table:
    _ = style.text
    return style.table(
        8,
        at(17, 7, 7, 6),
        _("By ISP"),
        _("Share online, all points, those that do not serve, and those that nobody can judge (unknown, maintenance)."),
        [
            ask(q.share_by("isp"), "A", table=True),
            ask(q.down_by("isp"), "B", table=True),
            ask(q.points_by("isp"), "C", table=True),
            ask(q.unjudged_by("isp"), "D", table=True),
        ],
        [
            parts.isp_column(style, width=None),
            PanelColumn("Value #C", _("Pts"), unit="none", width=55),
            PanelColumn("Value #B", _("Offline"), unit="none", width=65),
            PanelColumn("Value #D", _("Not judged"), unit="none", width=92),
            PanelColumn(
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
