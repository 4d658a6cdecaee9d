"""Panels that more than one dashboard shows, and the uids that links lead to."""

from typing import Any

from grafanalib import core

from dashboards import extra, states
from dashboards import queries as q
from dashboards.style import AVAILABILITY_STEPS, LOSS_STEPS, PLAIN, SHARE_STEPS, PanelColumn, Style, ask, follow

CITY = "pantau-kota"
KECAMATAN = "pantau-kecamatan"
ISP = "pantau-isp"
HOTSPOT = "pantau-titik"
SLA = "pantau-sla"
EXECUTIVE = "pantau-eksekutif"
FAULTS = "pantau-gangguan"
SELF = "pantau-pemantau"


def kecamatan_column(style: Style, field: str = "kecamatan", width: int | None = 130) -> PanelColumn:
    """Where, by name; a click leads to the kecamatan's dashboard."""
    _ = style.text
    names = [style.names(style.place.kecamatan | {q.EVERY: _("all"), "": "–"})]
    return PanelColumn(field, _("Where"), mappings=names, width=width, link=(KECAMATAN, {"kecamatan": field}))


def isp_column(style: Style, width: int | None = 90) -> PanelColumn:
    """Whose, by name; a click leads to the ISP's dashboard."""
    _ = style.text
    names = [style.names(style.place.isps | {q.EVERY: _("all"), "": "–"})]
    return PanelColumn("isp", _("Whose"), mappings=names, width=width, link=(ISP, {"isp": "isp"}))


def hotspot_columns(style: Style) -> list[PanelColumn]:
    """The hotspot's id, hidden, and its name; a click leads to the hotspot's dashboard."""
    _ = style.text
    return [
        PanelColumn("hotspot", _("Id"), hidden=True),
        PanelColumn("name", _("Hotspot"), link=(HOTSPOT, {"hotspot": "hotspot"})),
    ]


def fault_kinds(style: Style) -> list[extra.ValueMapping | extra.RegexMapping]:
    """The label `fault` in words; an uplink is called by its name."""
    _ = style.text
    words = (
        (q.FAULT_OF_CITY, _("✖ THE WHOLE CITY"), states.BAD),
        (q.FAULT_OF_ISP, _("✖ ISP outage"), states.BAD),
        (q.FAULT_OF_KECAMATAN, _("✖ Kecamatan outage"), states.BAD),
        (q.FAULT_OF_BOTH, _("✖ ISP in one kecamatan"), states.BAD),
        (q.FAULT_OF_PATH, _("■ Our path to the ISP is cut"), states.MUTED),
        (q.FAULT_OF_MAINTENANCE, _("▲ Maintenance has overrun"), states.WARNING),
        (q.FAULT_OF_POINTS, _("▲ Single points"), states.WARNING),
        (q.FAULT_OF_SIGHT, _("■ Points that we cannot see"), states.MUTED),
        (q.NO_FAULT, _("✔ No faults"), states.GOOD),
    )
    looks = {kind: extra.Look(word, color, index) for index, (kind, word, color) in enumerate(words)}
    uplink = extra.RegexMapping(f"^{q.FAULT_OF_UPLINK}(.*)$", extra.Look("✖ $1", states.BAD, len(looks)))
    return [extra.ValueMapping(looks), uplink]


def state_columns(style: Style) -> list[PanelColumn]:
    """The state of a row, asked as `A`, and since when, asked as `B`."""
    _ = style.text
    return [
        PanelColumn("Value #A", _("State"), mappings=[style.state_mapping()], colored="text", width=130, align="left"),
        PanelColumn("Value #B", _("Since"), unit="time:D MMM HH:mm", width=120),
    ]


def present_faults(style: Style, id_: int, where: core.GridPos) -> extra.Table:
    """What is broken now: one line a fault, the widest first."""
    _ = style.text
    return style.table(
        id_,
        where,
        _("Present faults"),
        _("One line for each fault, by the widest cause; single points are gathered by kecamatan and ISP."),
        [ask(q.FAULT_POINTS, "A", table=True), ask(q.FAULT_SINCE, "B", table=True)],
        [
            PanelColumn("fault", _("What"), mappings=fault_kinds(style), colored="text"),
            kecamatan_column(style, width=125),
            isp_column(style),
            PanelColumn("Value #A", _("Points"), unit="none", width=70),
            PanelColumn("Value #B", _("Since"), unit="time:D MMM HH:mm", width=120),
        ],
        sort=[(_("What"), False), (_("Points"), True)],
        no_value=_("✔ No faults"),
    )


def worst(style: Style, id_: int, where: core.GridPos, selector: str = "") -> extra.Table:
    """The ten hotspots with the lowest availability of a day."""
    _ = style.text
    return style.table(
        id_,
        where,
        _("Ten worst hotspots of 24 hours"),
        _("The lowest availability of the last 24 hours; unknown time is not counted."),
        [ask(q.worst(10, selector), "A", table=True), ask(q.worst_states(10, selector), "B", table=True)],
        [
            *hotspot_columns(style),
            PanelColumn(
                "Value #B", _("State"), mappings=[style.state_mapping()], colored="text", width=110, align="left"
            ),
            kecamatan_column(style, width=120),
            isp_column(style, width=80),
            PanelColumn(
                "Value #A",
                _("24 h"),
                unit="percentunit",
                decimals=1,
                steps=AVAILABILITY_STEPS,
                colored="text",
                width=70,
            ),
        ],
        sort=[(_("24 h"), False)],
    )


def share(style: Style, id_: int, where: core.GridPos, expression: str, title: str | None = None) -> extra.Stat:
    """The share online, huge."""
    _ = style.text
    return style.number(
        id_,
        where,
        title or _("Share online"),
        _("Hotspots that answer, of those that we can judge. The target is 100 %."),
        [ask(expression, legend=_("online"))],
        unit="percentunit",
        decimals=1,
        steps=SHARE_STEPS,
    )


def availability(style: Style, id_: int, where: core.GridPos, title: str, expression: str) -> extra.Stat:
    """One availability figure."""
    _ = style.text
    return style.number(
        id_,
        where,
        title,
        _("Time online or degraded, of the time that we can judge; unknown time and maintenance are in neither."),
        [ask(expression)],
        unit="percentunit",
        decimals=2,
        steps=AVAILABILITY_STEPS,
    )


def counts(style: Style, id_: int, where: core.GridPos) -> extra.Stat:
    """How many of the chosen hotspots are in each of the everyday states."""
    _ = style.text
    looks = [
        extra.Override(s.label, {"color": {"mode": "fixed", "fixedColor": s.colour}}, "byFrameRefID")
        for s in states.EVERYDAY
    ]
    return style.number(
        id_,
        where,
        _("Hotspots by state"),
        _("Every active hotspot is in exactly one state. Unknown means that we could not see; nobody is blamed."),
        [ask(q.scope_state_count(s.label), s.label, style.state_name(s)) for s in states.EVERYDAY],
        overrides=looks,
        orientation="horizontal",
        text_mode="value_and_name",
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
        [
            ask(q.LIST_STATE, "A", table=True),
            ask(q.LIST_SINCE, "B", table=True),
            ask(q.LIST_DAY, "C", table=True),
            ask(q.LIST_WEEK, "D", table=True),
            ask(q.LIST_MONTH, "E", table=True),
            ask(q.LIST_LOSS, "F", table=True),
            ask(q.LIST_RTT, "G", table=True),
        ],
        [
            *hotspot_columns(style),
            PanelColumn("kelurahan", _("Kelurahan"), width=150),
            isp_column(style),
            *state_columns(style),
            PanelColumn("Value #C", _("24 h"), decimals=1, **share_looks),
            PanelColumn("Value #D", _("7 days"), decimals=1, **share_looks),
            PanelColumn("Value #E", _("Month"), decimals=1, **share_looks),
            PanelColumn(
                "Value #F", _("Loss"), unit="percentunit", decimals=1, steps=LOSS_STEPS, colored="text", width=75
            ),
            PanelColumn("Value #G", _("RTT"), unit="s", decimals=1, steps=PLAIN, width=90),
        ],
        sort=[(_("State"), False), (_("24 h"), False)],
        time_from="now/M",
    )


def outages(style: Style, id_: int, where: core.GridPos) -> extra.StateTimeline:
    """When the worst of the chosen hotspots were down in the time range."""
    _ = style.text
    return style.timeline(
        id_,
        where,
        _("Outages in the time range: the 20 hotspots longest offline"),
        _("One row a hotspot, the state over time. Nothing here means that none was offline."),
        [follow(q.longest_down(20), "A", "{{name}}")],
        mappings=[style.state_mapping()],
        no_value=_("✔ No outages in the time range"),
        step="2m",
    )


def outage_numbers(style: Style, id_: int, where: core.GridPos) -> extra.Stat:
    """How many outages there were in the time range, on how many hotspots, how long together."""
    _ = style.text
    return style.number(
        id_,
        where,
        _("Outages in the time range"),
        _("Number of outages, hotspots hit, and their time offline added up."),
        [
            ask(q.OUTAGES_NUMBER, "A", _("outages")),
            ask(q.OUTAGES_HOTSPOTS, "B", _("hotspots hit")),
            ask(q.OUTAGES_SECONDS, "C", _("time offline, all together")),
        ],
        overrides=[extra.Override("C", {"unit": "dthms"}, "byFrameRefID")],
        unit="none",
        decimals=0,
        orientation="horizontal",
        text_mode="value_and_name",
    )


def measurement_health(style: Style, id_: int, where: core.GridPos) -> extra.Stat:
    """Whether we see at all: the banner over everything else."""
    _ = style.text
    words = {
        "0": extra.Look(_("✔ Our measurements are good"), states.CALM, 0),
        "1": extra.Look(_("▲ New configuration refused"), states.WARNING, 1),
        "2": extra.Look(_("▲ Our measurements are impaired"), states.WARNING, 2),
        "3": extra.Look(_("✖ OUR OWN PATH IS CUT: figures stand still"), states.BAD, 3),
        "4": extra.Look(_("✖ PANTAU DOES NOT RUN: nothing is monitored"), states.BAD, 4),
    }
    return style.number(
        id_,
        where,
        _("Our own eyes"),
        _("Whether Pantau itself sees well: its path to the network, its buffer, its clock, its configuration."),
        [ask(q.MEASUREMENT_HEALTH)],
        mappings=[extra.ValueMapping(words)],
        color_mode="background",
        value_size=26,
        no_value=_("✖ PROMETHEUS DOES NOT ANSWER"),
    )


def line(ref: str, _expression: str, _legend: str, color: str, dash: list[int] | None) -> extra.Override:
    """The looks of one line of a trend: a dash for what is only a mark to be held against."""
    looks: dict[str, object] = {"color": {"mode": "fixed", "fixedColor": color}}
    if dash is None:
        looks["custom.lineWidth"] = 3
    else:
        looks |= {"custom.lineStyle": {"fill": "dash", "dash": dash}, "custom.lineWidth": 1}
    return extra.Override(ref, looks, "byFrameRefID")
