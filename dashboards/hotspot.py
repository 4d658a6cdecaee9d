"""Titik: everything about one hotspot, from its smoke to its neighbours."""

from dashboards import around, extra, inside, parts, states
from dashboards import queries as q
from dashboards.style import LOSS_STEPS, PLAIN, PanelColumn, Style, ask, ask_rows, at, follow, in_color

UID = parts.HOTSPOT


def dashboard(style: Style) -> extra.Dashboard:
    """What it is, what it does, what it did, and whether its neighbours do the same."""
    _ = style.text
    return style.dashboard(
        UID,
        _("Hotspot"),
        _("One hotspot: state, RTT and loss over time, failures, neighbours, alerts."),
        parts.under_banner(
            style,
            [
                _state(style),
                _since(style),
                *_numbers(style),
                _info(style),
                _timeline(style),
                style.smoke(
                    9,
                    at(0, 11, 16, 10),
                    _("Distribution of the RTT"),
                    q.ONE_SMOKE,
                ),
                _failures(style),
                _rtt(style),
                _loss(style),
                inside.agent(style, 16, 29),
                inside.users(style, 17, 29),
                inside.traffic(style, 18, 29),
                around.alerts(style),
                around.on_uplink(style),
                around.neighbours(style),
            ],
        ),
        variables=[
            style.choose_kecamatan(every=True),
            style.choose_isp(every=True),
            style.choose_hotspot(),
        ],
    )


def _state(style: Style) -> extra.Stat:
    _ = style.text
    return style.number(
        1,
        at(0, 0, 5, 5),
        _("State"),
        _("The present verdict."),
        [ask(q.ONE_STATE)],
        mappings=[style.state_mapping()],
        color_mode="background",
    )


def _since(style: Style) -> extra.Stat:
    _ = style.text
    return style.number(
        2,
        at(5, 0, 7, 5),
        _("Since"),
        _("When the present state began, back-dated to the first probe that showed it."),
        [ask(q.ONE_SINCE, "A", _("state")), ask(q.ONE_LAST_REPLY, "B", _("last reply"))],
        unit="time:D MMM HH:mm",
        orientation="horizontal",
        text_mode="value_and_name",
    )


def _numbers(style: Style) -> list[extra.Stat]:
    _ = style.text
    one = q.ONE
    return [
        parts.availability(style, 3, at(12, 0, 3, 5), _("24 hours"), f"max({q.availability_day(one)})"),
        parts.availability(style, 4, at(15, 0, 3, 5), _("30 days"), f"max({q.availability_over('30d', one)})"),
        style.number(
            5,
            at(18, 0, 3, 5),
            _("Loss"),
            _("Of the last requests, 30 by default."),
            [ask(q.ONE_LOSS)],
            unit="percentunit",
            decimals=1,
            steps=LOSS_STEPS,
        ),
        style.number(
            6,
            at(21, 0, 3, 5),
            _("RTT"),
            _("Half of the replies are faster; from which limit on it is degraded, the graph shows."),
            [ask(q.one_rtt(0.5))],
            unit="s",
            decimals=1,
            steps=PLAIN,
            no_value=_("– not known"),
        ),
    ]


def _info(style: Style) -> extra.Table:
    _ = style.text
    names = _info_names(style)
    known = style.names({**style.place.kecamatan, **style.place.isps})
    return style.table(
        7,
        at(16, 11, 8, 10),
        _("What it is"),
        _("What the inventory says of it."),
        ask_rows(q.one_info(names)),
        [
            PanelColumn("field", _("Field"), width=120),
            PanelColumn("value", _("Value"), mappings=[known, *style.spaced()]),
        ],
        before=[
            extra.Transformation("filterFieldsByName", {"include": {"names": list(names)}}),
            extra.Transformation(
                "organize",
                {
                    "excludeByName": {},
                    "indexByName": {name: index for index, name in enumerate(names)},
                    "renameByName": names,
                },
            ),
            extra.Transformation("reduce", {"mode": "seriesToRows", "reducers": ["lastNotNull"]}),
            extra.Transformation(
                "organize",
                {
                    "excludeByName": {},
                    "indexByName": {},
                    "renameByName": {"Field": "field", "Last *": "value"},
                },
            ),
        ],
    )


def _info_names(style: Style) -> dict[str, str]:
    """What is shown of `hotspot_info`, in this order: each label with its name."""
    _ = style.text
    return {
        "name": _("Name"),
        "hotspot": _("Id"),
        "kecamatan": _("Kecamatan"),
        "kelurahan": _("Kelurahan"),
        "isp": _("ISP"),
        "category": _("Category"),
        "access": _("Access"),
        "contract": _("Contract"),
        "address": _("Address"),
    }


def _timeline(style: Style) -> extra.StateTimeline:
    _ = style.text
    return style.timeline(
        8,
        at(0, 5, 24, 6),
        _("State over time"),
        _("The state in the time range."),
        [follow(q.ONE_STATE, "A", _("State"))],
        mappings=[style.state_mapping()],
    )


def _failures(style: Style) -> extra.TimeSeries:
    _ = style.text
    words = {
        "timeout": _("no answer"),
        "unreachable_net": _("network unreachable"),
        "unreachable_host": _("host unreachable"),
        "prohibited": _("prohibited by a firewall"),
        "ttl_exceeded": _("went in a circle (TTL)"),
        "resolve": _("its name has no address"),
        "send": _("not sent from here"),
        "inconclusive": _("inconclusive"),
    }
    return style.lines(
        10,
        at(0, 21, 8, 8),
        _("Failures by reason"),
        _("Probes without a reply: silence, an ICMP error, or a fault of ours (resolve, send, inconclusive)."),
        [follow(q.ONE_FAILURES, "A", "{{reason}}")],
        unit="none",
        lowest=0,
        fill=80,
        stacked=True,
        draw="bars",
        overrides=[extra.Override(reason, {"displayName": word}) for reason, word in words.items()],
    )


def _rtt(style: Style) -> extra.TimeSeries:
    _ = style.text
    return style.lines(
        11,
        at(8, 21, 8, 8),
        _("RTT"),
        _("Half, and all but 5 %, of the replies are faster."),
        [
            follow(q.one_rtt(0.5), "A", _("median")),
            follow(q.one_rtt(0.95), "B", _("95 %")),
            follow(q.ONE_RTT_LIMIT, "C", _("limit")),
        ],
        unit="s",
        lowest=0,
        overrides=[parts.line("C", q.ONE_RTT_LIMIT, _("limit"), states.WARNING, [10, 6])],
    )


def _loss(style: Style) -> extra.TimeSeries:
    _ = style.text
    look = in_color("A", states.BAD)
    return style.lines(
        12,
        at(16, 21, 8, 8),
        _("Loss"),
        _("Of the last requests, 30 by default."),
        [follow(q.ONE_LOSS, "A", _("Loss")), follow(q.ONE_LOSS_LIMIT, "B", _("limit"))],
        unit="percentunit",
        lowest=0,
        highest=1,
        fill=40,
        overrides=[look, parts.line("B", q.ONE_LOSS_LIMIT, _("limit"), states.WARNING, [10, 6])],
    )
