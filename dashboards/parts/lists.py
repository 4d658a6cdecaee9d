"""Lists of hotspots that more than one dashboard shows: all of them, the worst, those that were longest offline."""

from typing import Any

from dashboards import extra
from dashboards import queries as q
from dashboards.extra import core
from dashboards.parts.banner import sight_looks
from dashboards.parts.columns import (
    hotspot_columns,
    isp_column,
    kecamatan_column,
    kelurahan_column,
    loss_column,
    rtt_column,
    state_columns,
)
from dashboards.style import AVAILABILITY_STEPS, PanelColumn, Style, ask_rows, follow


def worst(style: Style, id_: int, where: core.GridPos, selector: str = "", count: int = 10) -> extra.Table:
    """The hotspots with the lowest availability of a day."""
    _ = style.text
    return style.table(
        id_,
        where,
        _("Worst hotspots of 24 hours"),
        _("The lowest availability of the last 24 hours; unknown time is not counted."),
        ask_rows(q.worst(count, selector), q.worst_states(count, selector)),
        [
            *hotspot_columns(style),
            PanelColumn(
                "Value #B", _("State"), mappings=[style.state_mapping()], colored="text", width=122, align="left"
            ),
            kecamatan_column(style, width=118),
            isp_column(style, width=75),
            PanelColumn(
                "Value #A",
                _("24 h"),
                unit="percentunit",
                decimals=1,
                steps=AVAILABILITY_STEPS,
                colored="text",
                width=82,
            ),
        ],
        sort=[(_("24 h"), False)],
    )


def hotspots(style: Style, id_: int, where: core.GridPos) -> extra.Table:
    """Every chosen hotspot: state, since when, availability, loss, RTT. The panel's own time range is this month."""
    _ = style.text
    share_looks: dict[str, Any] = {"unit": "percentunit", "steps": AVAILABILITY_STEPS, "colored": "text", "width": 85}
    return style.table(
        id_,
        where,
        _("All hotspots"),
        _("State, since when, availability, loss and mean RTT. Offline first; click a name for its page."),
        ask_rows(q.LIST_STATE, q.LIST_SINCE, q.LIST_DAY, q.LIST_WEEK, q.LIST_MONTH, q.LIST_LOSS, q.LIST_RTT),
        [
            *hotspot_columns(style, ids=True),
            kelurahan_column(style, width=150),
            isp_column(style),
            *state_columns(style),
            PanelColumn("Value #C", _("24 h"), decimals=1, **share_looks | {"width": 105}),
            PanelColumn("Value #D", _("7 days"), decimals=1, **share_looks),
            PanelColumn("Value #E", _("Month"), decimals=1, **share_looks),
            loss_column(style, "F"),
            rtt_column(style, "G"),
        ],
        sort=[(_("State"), False), (_("24 h"), False)],
        time_from="now/M",
        filterable=True,
    )


def outages(style: Style, id_: int, where: core.GridPos) -> extra.StateTimeline:
    """When the worst of the chosen hotspots were down in the time range."""
    _ = style.text
    return style.timeline(
        id_,
        where,
        _("Outages in the time range: the 20 hotspots longest offline"),
        _("The band of our own sight, and one a hotspot that was offline: its state over time."),
        [follow(q.SIGHT, "SIGHT", _("our own sight")), follow(q.longest_down(20), "A", "{{name}}")],
        mappings=[style.state_mapping()],
        overrides=[sight_looks(style)],
        step="2m",
    )
