"""Users and traffic, as agents count them: how many, where nobody is, and where the line is full.

Where nobody counts, each panel says so in a line.
"""

from dashboards import extra, states
from dashboards import queries as q
from dashboards.extra import core
from dashboards.parts.columns import hotspot_columns, isp_column, kelurahan_column, since_column
from dashboards.style import FULL_STEPS, PanelColumn, Style, ask, ask_rows, at, follow, in_color


def uncounted(style: Style) -> str:
    """What stands where no agent is heard that counts: in a city without agents, everywhere."""
    return style.text("No agent counts users here now")


def users_now(style: Style, id_: int, where: core.GridPos, days: int) -> extra.Stat:
    """How many are connected now, over how it went in so many days.

    The number is asked by itself: the last of a curve is up to half an hour old, and stays when nobody counts any more.
    """
    _ = style.text
    nobody = extra.SpecialMapping("null+nan", extra.Look(uncounted(style), "text"))
    return style.number(
        id_,
        where,
        _("Users, {days} days").format(days=days),
        _("Connected now, over the last days, as agents at the hotspots count; counts only, nobody is known by them."),
        [ask(q.or_unknown(q.CITY_USERS), "A", _("users")), follow(q.CITY_USERS, "B")],
        steps=(extra.ThresholdStep("text"), extra.ThresholdStep(states.ACCENT, 0)),
        mappings=[nobody],
        overrides=[
            extra.Override("B", {"mappings": [extra.RangeMapping(0, None, extra.Look(" "))]}, "byFrameRefID"),
        ],
        no_value=uncounted(style),
        graph=True,
        text_mode="value",
        orientation="horizontal",
        timeFrom=f"now-{days}d",
        hideTimeOverride=True,
    )


def users_by_day(style: Style, id_: int, where: core.GridPos) -> extra.TimeSeries:
    """The most at the same time on each of thirty days."""
    _ = style.text
    return style.lines(
        id_,
        where,
        _("Users by day"),
        _("The most at the same time on each day, of today so far. How many people came, nobody counts."),
        [follow(q.most_each_day(q.CITY_USERS), "A", _("most at the same time"))],
        unit="none",
        lowest=0,
        fill=70,
        draw="bars",
        no_value=uncounted(style),
        interval="1d",
        timeFrom="now-30d",
        overrides=[in_color("A", states.ACCENT)],
    )


def users(style: Style, y: int, ids: tuple[int, int, int]) -> list[core.Panel]:
    """A row about the chosen hotspots: users and traffic over time, who is used by nobody, and who is full."""
    return [_over_time(style, ids[0], y), _unused(style, ids[1], y), _full(style, ids[2], y)]


def _over_time(style: Style, id_: int, y: int) -> extra.TimeSeries:
    _ = style.text
    on_the_right = {"unit": "bps", "custom.axisPlacement": "right", "custom.lineWidth": 1}
    return style.lines(
        id_,
        at(0, y, 8, 9),
        _("Users and traffic"),
        _("Connected at the same time, and what is received and sent, as agents at the hotspots count."),
        [
            follow(q.SCOPE_USERS, "A", _("users")),
            follow(q.scope_traffic(q.RECEIVED), "B", _("download")),
            follow(q.scope_traffic(q.SENT), "C", _("upload")),
        ],
        unit="none",
        lowest=0,
        no_value=uncounted(style),
        overrides=[
            in_color(ref, color, **looks)
            for ref, color, looks in (
                ("A", states.ACCENT, {}),
                ("B", states.GOOD, on_the_right),
                ("C", states.OTHER, on_the_right),
            )
        ],
    )


def _unused(style: Style, id_: int, y: int) -> extra.Table:
    _ = style.text
    return style.table(
        id_,
        at(8, y, 8, 9),
        _("Up, and used by nobody for 7 days"),
        _("A wrong place, a wrong name of the network, or a router that tells no clients: somebody should look."),
        ask_rows(q.UNUSED_SINCE),
        [
            *hotspot_columns(style),
            kelurahan_column(style, width=130),
            isp_column(style, width=80),
            since_column(style, width=150, title=_("Last used")),
        ],
        sort=[(_("Last used"), False)],
        no_value=uncounted(style),
    )


def _full(style: Style, id_: int, y: int) -> extra.Table:
    _ = style.text
    return style.table(
        id_,
        at(16, y, 8, 9),
        _("Saturated now"),
        _("Their traffic of 5 minutes is nearly all the bandwidth that was ordered for them."),
        ask_rows(q.FULL_SHARE, q.FULL_ORDERED, q.FULL_USERS),
        [
            *hotspot_columns(style),
            kelurahan_column(style, width=105),
            PanelColumn(
                "Value #A", _("Used"), unit="percentunit", decimals=0, steps=FULL_STEPS, colored="text", width=100
            ),
            PanelColumn("Value #B", _("Ordered"), unit="bps", decimals=0, width=80),
            PanelColumn("Value #C", _("Users"), unit="none", width=85),
        ],
        sort=[(_("Used"), True)],
        no_value=uncounted(style),
    )
