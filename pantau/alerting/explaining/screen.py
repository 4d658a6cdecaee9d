"""An explanation in a terminal: the sentence, the facts, the wider causes, the rules with their clauses."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group
from rich.text import Text

from pantau.alerting.explaining.alertmanager import described
from pantau.alerting.explaining.clauses import DecidingClause
from pantau.alerting.explaining.delivery import AlertDelivery, TakenRoute
from pantau.alerting.explaining.explanation import Case, Explanation
from pantau.alerting.explaining.verdict import verdict
from pantau.alerting.moments import clock
from pantau.inventory import format_duration

_LONGEST_CLAUSE = 160
_MOST_CLAUSES = 5


def shown(explanation: Explanation) -> Group:
    """Everything, the answer first."""
    subject = explanation.subject
    head = Text.assemble((subject.id, "bold"), f" · {subject.name} ({subject.kind})")
    parts = [head, Text(verdict(explanation), "bold cyan"), *_section("Facts", _facts(explanation))]
    if explanation.trouble:
        parts.append(Text(f"! {explanation.trouble}", "bold red"))
    parts += _section("Wider causes", [line for case in explanation.wider for line in _case(case, explanation.now)])
    parts += _section("Rules about it", list(_own(explanation)))
    return Group(*parts)


def _section(title: str, lines: list[Text]) -> list[Text]:
    body = lines or [Text("none", "dim")]
    return [Text(f"\n{title}", "bold"), *(Text("  ").append_text(line) for line in body)]


def _facts(explanation: Explanation) -> list[Text]:
    rows = list(_fact_rows(explanation))
    width = max(len(name) for name, _ in rows)
    return [Text.assemble((name.ljust(width + 2), "dim"), text) for name, text in rows]


def _fact_rows(explanation: Explanation) -> Iterator[tuple[str, str]]:
    facts, now = explanation.facts, explanation.now
    if facts.state is not None:
        since = f" since {clock(facts.since, now.tzinfo)} ({_age(facts.since, now)})" if facts.since else ""
        yield "state", facts.state.label + since
    elif explanation.subject.kind in {"hotspot", "uplink"}:
        yield "state", "not probed, or not known to Prometheus"
    for share in facts.shares:
        yield f"{share.kind} {share.id}", f"{share.down} of {share.all} hotspots down"
    answering, canaries = facts.canaries
    sight = {True: "good", False: "CUT", None: "not known"}[facts.sees]
    yield "our own path", f"{sight}; {answering} of {canaries} canaries answer" if canaries else f"{sight}; no canaries"
    if not facts.scraped:
        yield "exporter", "Prometheus cannot read it"
    for isp in facts.peerings_cut:
        yield "peering", f"our path to the ISP {isp} is cut"
    for window in facts.windows:
        ends = clock(window.ends, now.tzinfo) if window.ends else "?"
        yield (
            "maintenance",
            f"{window.id} ({window.scope} {window.target}): {'open' if window.open else 'closed'}, end {ends}",
        )
    for phone in explanation.subject.phones:
        yield "to call", phone


def _own(explanation: Explanation) -> Iterator[Text]:
    """Each rule; of several by one name that do not hold (a page and a ticket, 4 h and 24 h) the first in full."""
    told: set[str] = set()
    for case in explanation.own:
        if case.raised is None and case.rule.name in told:
            yield Text.assemble((case.rule.name, "bold"), f" ({_kind(case)}): does not hold either")
        else:
            yield from _case(case, explanation.now)
        told.add(case.rule.name)


def _kind(case: Case) -> str:
    """Its severity, and what else tells it from others of its name."""
    labels = case.rule.labels
    rest = (value for name, value in sorted(labels.items()) if name not in {"scope", "severity"})
    return ", ".join([labels.get("severity", "?"), *rest])


def _case(case: Case, now: datetime) -> Iterator[Text]:
    raised = case.raised
    if raised is None:
        yield Text.assemble((case.rule.name, "bold"), f" ({_kind(case)}): does not hold")
    else:
        style = "bold red" if raised.state == "firing" else "bold yellow"
        about = described(raised.labels)
        began = raised.fault_since(now.tzinfo)
        age = f"since {clock(began, now.tzinfo)} ({_age(began, now)})"
        yield Text.assemble((about, "bold"), f" ({_kind(case)}): ", (raised.state, style), f" {age}")
    if case.rule.error:
        yield Text(f"  ! Prometheus cannot evaluate it: {case.rule.error}", "red")
    clauses = list(dict.fromkeys(case.clauses))
    yield from map(_clause, clauses[:_MOST_CLAUSES])
    if len(clauses) > _MOST_CLAUSES:
        yield Text(f"  … {len(clauses) - _MOST_CLAUSES} more", "dim")
    if case.delivery is not None:
        yield from (Text(f"  {line}") for line in _delivery(case.delivery, raised is not None, now))


def _clause(decided: DecidingClause) -> Text:
    clause = decided.clause
    mark, style = ("✔", "green") if clause.holds else ("✘", "red")
    text = clause.text if len(clause.text) <= _LONGEST_CLAUSE else f"{clause.text[:_LONGEST_CLAUSE]}…"
    return Text.assemble(
        "  " * (1 + decided.depth), (mark, style), f" {text}", (f"   [{clause.found}]" if clause.found else "", "dim")
    )


def _delivery(delivery: AlertDelivery, raised: bool, now: datetime) -> Iterator[str]:
    verb = "goes to" if raised else "would go to"
    yield from (f"→ {verb} {_taken(taken, now)}" for taken in delivery.routes)
    if raised and not delivery.known:
        yield "Alertmanager has not been given it"
    yield from (f"quiet: inhibited by {one}" for one in delivery.inhibited_by)
    yield from (f"quiet: silenced by {one}" for one in delivery.silenced_by)


def _taken(taken: TakenRoute, now: datetime) -> str:
    route = taken.route
    grouping = "all labels" if route.group_by == ("...",) else ", ".join(route.group_by)
    rhythm = f"after {route.group_wait}, again every {route.repeat_interval}, grouped by {grouping}"
    hours = ""
    if taken.muted:
        until = f" until {clock(taken.muted_until, now.tzinfo)}" if taken.muted_until else ""
        hours = f"; quiet now, outside {', '.join(route.active_in) or 'its hours'}{until}"
    return f"{route.receiver} ({rhythm}{hours})"


def _age(moment: datetime, now: datetime) -> str:
    return format_duration(max(1, round((now - moment).total_seconds())))
