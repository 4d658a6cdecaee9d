"""What Titik shows around a hotspot: alerts that explain it, and whether its neighbours do the same."""

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.style import PanelColumn, Style, ask_rows, at


def on_uplink(style: Style) -> extra.Table:
    """Those that hang on what carries it directly."""
    _ = style.text
    return style.table(
        15,
        at(0, 43, 12, 11),
        _("Neighbours on the same uplink"),
        _("If they are down too, the fault is the uplink's: its tower, POP or backhaul."),
        ask_rows(q.UPLINK_NEIGHBOURS, q.UPLINK_NEIGHBOURS_SINCE),
        [
            *parts.hotspot_columns(style),
            parts.kelurahan_column(style),
            PanelColumn("uplink", _("Uplink"), width=120),
            *parts.state_columns(style),
        ],
        sort=[(_("State"), False)],
        no_value=_("No uplink is known of it, it hangs there alone, or we cannot see"),
    )


def neighbours(style: Style) -> extra.Table:
    """Those of its kelurahan."""
    _ = style.text
    return style.table(
        13,
        at(12, 43, 12, 11),
        _("Neighbours in the kelurahan"),
        _("If they are down too, look for power or a shared path before looking here."),
        ask_rows(q.NEIGHBOURS, q.NEIGHBOURS_SINCE),
        [
            *parts.hotspot_columns(style),
            parts.isp_column(style),
            PanelColumn("access", _("Access"), mappings=style.spaced(), width=110),
            *parts.state_columns(style),
        ],
        sort=[(_("State"), False)],
        no_value=_("It is alone in its kelurahan, or we cannot see"),
    )


def alerts(style: Style) -> extra.Table:
    """Its own alerts, and those of everything wider that it belongs to."""
    _ = style.text
    phases = extra.ValueMapping(
        {
            "firing": extra.Look(_("✖ firing"), states.BAD, 0),
            "pending": extra.Look(_("▲ pending"), states.WARNING, 1),
        }
    )
    none = extra.ValueMapping({q.NONE: extra.Look(_("✔ No alerts"), states.GOOD)})
    return style.table(
        14,
        at(0, 37, 24, 6),
        _("Alerts"),
        _("Alerts of this hotspot, and those of its uplink, ISP, kecamatan or of the city that explain it."),
        ask_rows(q.ONE_ALERTS),
        [
            PanelColumn("alertname", _("Alert"), mappings=[none]),
            PanelColumn("scope", _("Scope"), width=110),
            PanelColumn("alertstate", _("Phase"), mappings=[phases], colored="text", width=120),
        ],
    )
