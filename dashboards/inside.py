"""What Titik shows of the inside of a hotspot: what its agent says, how many are connected, what goes through."""

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.style import PLAIN, Style, ask, at, follow, in_color


def agent(style: Style, id_: int, y: int) -> extra.Stat:
    """Users, checks, the last heartbeat, and since when its device runs."""
    _ = style.text
    passed = extra.ValueMapping(
        {"1": extra.Look(_("✔ passes"), states.GOOD, 0), "0": extra.Look(_("✖ does not pass"), states.BAD, 1)}
    )
    moment = {"unit": "time:D MMM HH:mm", "mappings": []}
    return style.number(
        id_,
        at(0, y, 8, 8),
        _("Its agent"),
        _("What the agent in it says, and what checks of the service say: the portal is what a citizen meets first."),
        [
            ask(q.ONE_CLIENTS, "A", _("users")),
            ask(q.ONE_CHECKS, "B", "{{check}}"),
            ask(q.ONE_BEAT, "C", _("last heartbeat")),
            ask(q.ONE_BOOT, "D", _("its device runs since")),
        ],
        unit="none",
        steps=PLAIN,
        orientation="horizontal",
        text_mode="value_and_name",
        no_value=no_agent(style),
        overrides=[
            extra.Override("B", {"mappings": [passed]}, "byFrameRefID"),
            extra.Override("C", moment, "byFrameRefID"),
            extra.Override("D", moment, "byFrameRefID"),
            extra.Override("agent_dns", {"displayName": "DNS"}),
        ],
    )


def users(style: Style, id_: int, y: int) -> extra.TimeSeries:
    """How many are connected, over time."""
    _ = style.text
    return style.lines(
        id_,
        at(8, y, 8, 8),
        _("Users"),
        _("Connected at the same time, as its agent counts them."),
        [follow(q.ONE_CLIENTS, "A", _("users"))],
        unit="none",
        lowest=0,
        fill=30,
        no_value=no_agent(style),
        overrides=[in_color("A", states.ACCENT)],
    )


def traffic(style: Style, id_: int, y: int) -> extra.TimeSeries:
    """What goes through, beside what was ordered."""
    _ = style.text
    return style.lines(
        id_,
        at(16, y, 8, 8),
        _("Traffic"),
        _("What it receives and sends, by its agent's counters, beside the bandwidth that was ordered."),
        [
            follow(q.one_traffic(q.RECEIVED), "A", _("download")),
            follow(q.one_traffic(q.SENT), "B", _("upload")),
            follow(q.ONE_ORDERED, "C", _("ordered")),
        ],
        unit="bps",
        lowest=0,
        no_value=no_agent(style),
        overrides=[
            *(in_color(ref, color) for ref, color in (("A", states.GOOD), ("B", states.OTHER))),
            parts.line("C", q.ONE_ORDERED, _("ordered"), states.WARNING, [10, 6]),
        ],
    )


def no_agent(style: Style) -> str:
    """What stands where nothing comes from the inside."""
    return style.text("No agent is heard of it")
