"""Pemantau: whether Pantau itself sees, keeps time, and is heard."""

from typing import Any

from dashboards import extra, parts, states
from dashboards import queries as q
from dashboards.extra import core
from dashboards.style import COUNT_STEPS, Style, ask, at, follow, with_steps

UID = parts.SELF


def dashboard(style: Style) -> extra.Dashboard:
    """The vantage, the engine's honesty, and the chain from the scrape to the page."""
    _ = style.text
    return style.dashboard(
        UID,
        _("Monitor"),
        _("For those who keep Pantau: its sight, its honesty, and the chain from scrape to page."),
        [
            parts.measurement_health(style, 1, at(0, 0, 8, 4)),
            *_facts(style),
            *_yes_or_no(style),
            *_honesty(style),
            *_cost(style),
            *_notifying(style),
        ],
        start="now-6h",
        refresh="30s",
    )


def _facts(style: Style) -> list[extra.Stat]:
    _ = style.text
    return [
        style.number(
            2,
            at(8, 0, 8, 4),
            _("Running"),
            _("Version, engine and socket."),
            [ask(q.VERSION, "A", "{{version}}"), ask(q.ENGINE, "B", "{{engine}}, {{socket}}")],
            unit="none",
            text_mode="name",
        ),
        style.number(
            16,
            at(16, 0, 8, 4),
            _("Since"),
            _("When it was started, and when it last took a configuration."),
            [ask(q.STARTED, "A", _("started")), ask(q.RELOADED, "B", _("configuration of"))],
            unit="time:D MMM HH:mm",
            text_mode="value_and_name",
            orientation="horizontal",
        ),
    ]


def _yes_or_no(style: Style) -> list[extra.StateTimeline]:
    _ = style.text
    good = extra.ValueMapping(
        {"1": extra.Look(_("✔ good"), states.GOOD, 0), "0": extra.Look(_("✖ bad"), states.BAD, 1)}
    )
    return [
        style.timeline(
            3,
            at(0, 4, 12, 8),
            _("Vantage and reference hosts"),
            _("Reference hosts (canaries) tell our own faults from the city's: without them all would look down."),
            [
                follow(q.VANTAGE, "A", _("vantage")),
                follow(q.CANARIES, "B", "{{canary}}"),
                follow(q.PEERINGS, "C", _("path to {{isp}}")),
            ],
            mappings=[good],
        ),
        style.timeline(
            4,
            at(12, 4, 12, 8),
            _("Scrapes, configuration, journal"),
            _("Whether Prometheus reaches each part, the configuration was taken, the journal takes what it is given."),
            [
                follow(q.TARGETS, "A", "{{job}}"),
                follow(q.RELOAD, "B", _("configuration")),
                follow(q.JOURNAL, "C", _("journal")),
            ],
            mappings=[good],
        ),
    ]


def _line(
    style: Style,
    id_: int,
    where: core.GridPos,
    title: str,
    description: str,
    queries: list[tuple[str, str]],
    unit: str,
    **more: Any,
) -> extra.TimeSeries:
    asked = [follow(expression, f"Q{index}", legend) for index, (expression, legend) in enumerate(queries, start=1)]
    return style.lines(id_, where, title, description, asked, unit=unit, lowest=0, **more)


def _honesty(style: Style) -> list[core.Panel]:
    _ = style.text
    return [
        _line(
            style,
            5,
            at(0, 12, 8, 8),
            _("Lateness of probes"),
            _("How late probes leave; over 1 s outages are dated late."),
            [(q.lateness(0.5), _("median")), (q.lateness(0.99), _("99 %")), (q.loop_lag(0.99), _("event loop, 99 %"))],
            "s",
        ),
        _line(
            style,
            6,
            at(8, 12, 8, 8),
            _("Our own faults"),
            _("Any of these makes probes inconclusive: counted as unknown, never as an outage."),
            [
                (q.DROPS, _("dropped by the kernel")),
                (q.SEND_ERRORS, _("send error {{errno}}")),
                (q.SKIPPED, _("slots skipped")),
                (q.CLOCK_STEPS, _("clock steps")),
            ],
            "none",
        ),
        _line(
            style,
            7,
            at(16, 12, 8, 8),
            _("Strange replies"),
            _("Late ones came after the timeout; unmatched ones answer no probe of ours."),
            [(q.LATE, _("late")), (q.UNMATCHED, _("unmatched: {{reason}}"))],
            "none",
        ),
        _line(
            style,
            8,
            at(0, 20, 8, 8),
            _("Probes"),
            _("Probes that came to a conclusive end, per second."),
            [(q.PROBES, _("probes"))],
            "reqps",
        ),
        style.number(
            9,
            at(8, 20, 4, 8),
            _("Inventory"),
            _("Hotspots by status; only active ones are probed."),
            [ask(q.INVENTORY, "A", "{{status}}")],
            unit="none",
            orientation="horizontal",
            text_mode="value_and_name",
            overrides=[
                extra.Override(status, {"displayName": word})
                for status, word in (("active", _("active")), ("planned", _("planned")), ("retired", _("retired")))
            ],
        ),
    ]


def _cost(style: Style) -> list[core.Panel]:
    _ = style.text
    return [
        _line(
            style,
            10,
            at(12, 20, 6, 8),
            _("Memory"),
            _("Resident memory of each part."),
            [(q.MEMORY, "{{job}}")],
            "bytes",
        ),
        _line(style, 11, at(18, 20, 6, 8), _("CPU"), _("Cores used by each part."), [(q.CPU, "{{job}}")], "none"),
        _line(
            style,
            12,
            at(0, 28, 8, 8),
            _("Scrape time"),
            _("How long a scrape takes; it has 5 s."),
            [(q.SCRAPE_SECONDS, "{{job}}")],
            "s",
        ),
        _line(
            style,
            13,
            at(8, 28, 8, 8),
            _("Rule time"),
            _("How long each group of rules takes."),
            [(q.RULE_SECONDS, "{{group}}")],
            "s",
        ),
    ]


def _notifying(style: Style) -> list[core.Panel]:
    _ = style.text
    return [
        _line(
            style,
            14,
            at(16, 28, 8, 8),
            _("Notifications"),
            _("What Alertmanager sends, by the way it takes."),
            [(q.PAGES_SENT, "{{integration}}")],
            "none",
        ),
        style.number(
            15,
            at(0, 36, 24, 4),
            _("Prometheus, Alertmanager, journal"),
            _("Series in memory, Alertmanagers known; rules and notifications failed; events waiting, or lost."),
            [
                ask(q.HEAD_SERIES, "A", _("series")),
                ask(q.ALERTMANAGERS, "B", _("Alertmanagers")),
                ask(q.RULE_FAILURES, "C", _("rules failed")),
                ask(q.PAGES_FAILED, "D", _("notifications failed")),
                ask(q.JOURNAL_SPOOLED, "E", _("journal: waiting")),
                ask(q.JOURNAL_LOST, "F", _("journal: lost")),
            ],
            overrides=[with_steps(ref, COUNT_STEPS) for ref in ("C", "D", "F")],
            unit="none",
            text_mode="value_and_name",
        ),
    ]
