"""Gangguan: what one shift hands to the next."""

from dashboards import extra, handover, parts, states
from dashboards import queries as q
from dashboards.style import PanelColumn, Style, ask, ask_rows, at, follow, in_color

UID = parts.FAULTS


def dashboard(style: Style) -> extra.Dashboard:
    """The faults of the shift by cause, how long, how many points, and which are still open."""
    _ = style.text
    return style.dashboard(
        UID,
        _("Faults"),
        _("Handover: the faults of the shift by cause, their length and points, and what is open."),
        parts.under_banner(
            style,
            [
                _heads(style),
                parts.counts(style, 7, at(5, 0, 4, 8), ""),
                _causes(style),
                _timeline(style),
                _list(style),
                parts.present_faults(style, 5, at(0, 25, 24, 8)),
                _unseen(style),
                handover.alerts(style, 8, 41),
                handover.important(style, 9, 50),
                handover.degraded(style, 10, 58),
            ],
        ),
        variables=[],
        start="now-8h",
    )


def _heads(style: Style) -> extra.Stat:
    _ = style.text
    return style.number(
        1,
        at(0, 0, 5, 8),
        _("The shift in numbers"),
        _("Hotspots that ceased or began to serve, those that do not serve now, and how long we could not see."),
        [
            ask(q.SHIFT_HOTSPOTS, "A", _("hotspots changed")),
            ask(q.CITY_GAP, "B", _("without service now")),
            ask(q.SHIFT_BLIND, "C", _("time without sight")),
        ],
        unit="none",
        orientation="horizontal",
        text_mode="value_and_name",
        overrides=[extra.Override("C", {"unit": "dthms"}, "byFrameRefID")],
    )


def _causes(style: Style) -> extra.TimeSeries:
    _ = style.text
    kinds = (
        (q.FAULT_OF_CITY, _("The whole city"), "text"),
        (q.FAULT_OF_ISP, _("ISP outage"), states.BAD),
        (q.FAULT_OF_KECAMATAN, _("Kecamatan outage"), states.OTHER),
        (q.FAULT_OF_BOTH, _("ISP out in one kecamatan"), states.WARNING),
        (q.FAULT_OF_UPLINK, _("Uplink"), states.ACCENT),
        (q.FAULT_OF_MAINTENANCE, _("Maintenance has overrun"), states.CALM),
        (q.FAULT_OF_POINTS, _("Single points"), states.MUTED),
    )
    return style.lines(
        2,
        at(9, 0, 15, 8),
        _("Points offline by cause"),
        _("Every point offline is counted under its widest cause."),
        [follow(q.SHIFT_CAUSES[kind], f"F{kind}", name) for kind, name, _color in kinds],
        unit="none",
        lowest=0,
        stacked=True,
        fill=60,
        overrides=[in_color(f"F{kind}", color) for kind, _name, color in kinds],
    )


def _timeline(style: Style) -> extra.StateTimeline:
    _ = style.text
    legends = {
        q.FAULT_OF_CITY: _("The whole city"),
        q.FAULT_OF_ISP: "ISP {{owner}}",
        q.FAULT_OF_KECAMATAN: "{{place}}",
        q.FAULT_OF_BOTH: "{{owner}}, {{place}}",
        q.FAULT_OF_UPLINK: "{{name}}",
    }
    colors = ("text", states.BAD, states.OTHER, states.WARNING, states.ACCENT)
    return style.timeline(
        3,
        at(0, 8, 24, 9),
        _("Wide faults over time"),
        _("The band of our own sight, and one a fault; the figure is how many points it hit."),
        [
            follow(q.SHIFT_SIGHT, "SIGHT", _("our own sight")),
            *(follow(q.SHIFT_TIMELINE[kind], f"F{kind}", legend) for kind, legend in legends.items()),
        ],
        unit="none",
        overrides=[
            parts.sight_looks(style),
            *(in_color(f"F{kind}", color) for kind, color in zip(legends, colors, strict=True)),
        ],
    )


def _list(style: Style) -> extra.Table:
    _ = style.text
    words = extra.ValueMapping(
        {
            q.OPEN: extra.Look(_("▲ open"), states.WARNING, 0),
            q.OPEN_BEFORE: extra.Look(_("? open when we saw last"), states.MUTED, 1),
            q.ENDED: extra.Look(_("✔ ended"), states.GOOD, 2),
            q.NEVER: extra.Look(_("✔ none"), states.GOOD, 3),
        }
    )
    never = extra.ValueMapping({"0": extra.Look("–")})
    return style.table(
        4,
        at(0, 17, 24, 8),
        _("Wide faults of the shift"),
        _("One row an outage: when it began, its length, most points hit, and whether it is open."),
        ask_rows(q.SHIFT_OUTAGES),
        [
            PanelColumn("fault", _("What"), mappings=parts.fault_kinds(style), colored="text"),
            parts.kecamatan_column(style),
            parts.isp_column(style),
            PanelColumn("Value", _("Began"), unit="time:D MMM YYYY HH:mm", mappings=[never], width=150),
            PanelColumn("seconds", _("Length"), unit="dthms", width=90),
            PanelColumn("points", _("Pts"), unit="none", width=70),
            PanelColumn("now", _("Now"), mappings=[words], colored="text", width=230),
        ],
        sort=[(_("Began"), True)],
        as_file=UID,
        numbers=("seconds", "points"),
    )


def _unseen(style: Style) -> extra.Table:
    """What nobody would miss: no outage, no figure but that of the unknown."""
    _ = style.text
    words = {
        "resolve": _("its name has no address"),
        "send": _("its probes cannot be sent from here"),
        "inconclusive": _("its probes tell nothing"),
        "waiting": _("no round of probes has ended yet"),
        "unwatched": _("nothing probes it"),
        "none": _("✔ every point can be seen"),
    }
    looks = {reason: extra.Look(word, states.MUTED, index) for index, (reason, word) in enumerate(words.items())}
    return style.table(
        6,
        at(0, 33, 24, 8),
        _("Points that we cannot see"),
        _("Our own path works, and yet nothing is known of them: a mistyped name, no route. Not an outage."),
        ask_rows(q.UNSEEN_SINCE),
        [
            *parts.hotspot_columns(style),
            parts.kecamatan_column(style),
            parts.isp_column(style),
            PanelColumn("reason", _("Why"), mappings=[extra.ValueMapping(looks)], width=330),
            parts.since_column(style),
        ],
        sort=[(_("Since"), False)],
    )
