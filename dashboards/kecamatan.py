"""Kecamatan: the desk of one district, its map, its points and its outages."""

from collections.abc import Sequence

from dashboards import extra, parts
from dashboards import queries as q
from dashboards.extra import core
from dashboards.style import SHARE_STEPS, PanelColumn, Style, ask_rows, at

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
                *parts.heads(style),
                style.map(6, at(9, 0, 7, 13), q.SCOPE),
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
    asked = ask_rows(q.KELURAHAN_SHARE, q.KELURAHAN_DOWN, q.KELURAHAN_POINTS, q.KELURAHAN_UNJUDGED)
    name = PanelColumn("kelurahan", _("Kelurahan"))
    return _by(style, 7, at(16, 0, 8, 7), _("By kelurahan"), asked, name)


def _isps(style: Style) -> extra.Table:
    _ = style.text
    asked = ask_rows(q.share_by("isp"), q.down_by("isp"), q.points_by("isp"), q.unjudged_by("isp"))
    return _by(style, 8, at(16, 7, 8, 6), _("By ISP"), asked, parts.isp_column(style, width=None))


def _by(
    style: Style, id_: int, where: core.GridPos, title: str, asked: Sequence[extra.Query], name: PanelColumn
) -> extra.Table:
    """Of each kelurahan or ISP its share online, and how many points there are, do not serve, are not judged."""
    _ = style.text
    return style.table(
        id_,
        where,
        title,
        _("Share online, all points, those that do not serve, and those that nobody can judge (unknown, maintenance)."),
        asked,
        [
            name,
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
