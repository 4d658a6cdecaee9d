"""What Gangguan shows whoever asks on: alerts with whom to call, clinics and schools, points that work badly."""

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.style import PanelColumn, Style, ask_rows, at


def alerts(style: Style, id_: int, y: int) -> extra.Table:
    """What fires: what, how urgent, where, whose, since when, whom to call."""
    _ = style.text
    urgent = extra.ValueMapping(
        {
            "page": extra.Look(_("✖ page"), states.BAD, 0),
            "ticket": extra.Look(_("▲ ticket"), states.WARNING, 1),
            q.NONE: extra.Look(_("✔ No alerts"), states.GOOD, 2),
        }
    )
    contacts = style.names({**style.place.contacts, q.EVERY: "–"})
    states_of = extra.ValueMapping(
        {
            q.TAKEN_UNKNOWN: extra.Look(_("? Alertmanager is not asked, or does not answer"), states.MUTED, 0),
            q.TAKEN_BY_NOBODY: extra.Look(_("▲ by nobody"), states.WARNING, 1),
            q.TAKEN_TOO_LATE: extra.Look(_("✖ by nobody: the second contact is called"), states.BAD, 2),
        }
    )
    somebody = extra.RegexMapping("^(.*)$", extra.Look("✔ $1", states.GOOD, 3))
    unnamed = extra.RegexMapping("^[a-z].*$", extra.Look(_("no contact in the inventory"), states.MUTED, 1000))
    return style.table(
        id_,
        at(0, y, 24, 9),
        _("Alerts that fire"),
        _("What fires, since when, whom to call, and who has taken it up: a silence with a comment, #ticket in it."),
        ask_rows(q.ALERTS),
        [
            PanelColumn("severity", _("Urgency"), mappings=[urgent], colored="text", width=110),
            PanelColumn("alertname", _("Alert"), elsewhere=style.alert_links(), width=200),
            parts.kecamatan_column(style, width=140),
            parts.isp_column(style, width=110),
            PanelColumn("matcher", _("Matcher"), hidden=True),
            PanelColumn("about", _("Id"), width=200),
            parts.since_column(style, width=125),
            PanelColumn("call", _("Whom to call"), mappings=[contacts, unnamed], width=240),
            PanelColumn("ack", _("Taken up"), mappings=[states_of, somebody], colored="text"),
            PanelColumn("ticket", _("Ticket"), width=100),
        ],
        sort=[(_("Urgency"), False), (_("Since"), True)],
        filterable=True,
        as_file=parts.FAULTS,
    )


def important(style: Style, id_: int, y: int) -> extra.Table:
    """Clinics and schools that are offline."""
    _ = style.text
    none = extra.ValueMapping({q.NONE: extra.Look(_("✔ all are served"), states.GOOD)})
    return style.table(
        id_,
        at(0, y, 24, 8),
        _("Clinics and schools without service"),
        _("Points of health and of schools that are offline or do not serve, the longest first."),
        ask_rows(q.important_since(style.place.priority_categories)),
        [
            *parts.hotspot_columns(style),
            PanelColumn("category", _("Category"), mappings=[none, *style.spaced()], width=150),
            parts.kecamatan_column(style),
            parts.isp_column(style),
            parts.since_column(style, width=125),
        ],
        sort=[(_("Since"), False)],
    )


def degraded(style: Style, id_: int, y: int) -> extra.Table:
    """Points that answer, and badly."""
    _ = style.text
    return style.table(
        id_,
        at(0, y, 24, 8),
        _("Degraded points"),
        _("They serve, with more loss or a longer RTT than their access should have."),
        ask_rows(q.DEGRADED_SINCE, q.DEGRADED_LOSS, q.DEGRADED_RTT),
        [
            *parts.hotspot_columns(style),
            parts.kelurahan_column(style),
            parts.kecamatan_column(style),
            parts.isp_column(style),
            parts.loss_column(style, "B"),
            parts.rtt_column(style, "C", width=85),
            parts.since_column(style, "Value #A", width=125),
        ],
        sort=[(_("Loss"), True)],
    )
