"""The sentence on top: does it page, and if not, why not. The first reason that applies, in the order of the chain."""

from datetime import timedelta, tzinfo

from pantau.alerting.explaining.alertmanager import described
from pantau.alerting.explaining.explanation import Case, Explanation
from pantau.alerting.explaining.prometheus import ActiveAlert, AlertingRule
from pantau.alerting.moments import clock
from pantau.states import SERVING, State


def verdict(explanation: Explanation) -> str:
    """One sentence, without the subject's name."""
    firing = [case for case in explanation.own if case.raised and case.raised.state == "firing"]
    loud = [case for case in firing if case.delivery and case.delivery.told]
    if loud:
        return _loud(loud[0])
    if firing:
        return _quiet(firing[0], explanation.now.tzinfo)
    pending = [(case.rule, case.raised) for case in explanation.own if case.raised]
    if pending:
        return _pending(*pending[0], explanation.now.tzinfo)
    return f"does not page: {_reason(explanation)}"


def _loud(case: Case) -> str:
    delivery = case.delivery
    receivers = (
        list(dict.fromkeys(taken.route.receiver for taken in delivery.routes if not taken.muted)) if delivery else []
    )
    told = f"{' and '.join(receivers)} {'is' if len(receivers) == 1 else 'are'} told"
    verb = (
        "pages" if case.rule.labels.get("severity") == "page" else f"is a {case.rule.labels.get('severity', 'notice')}"
    )
    return f"{verb}: {case.rule.name} fires, and {told}"


def _quiet(case: Case, zone: tzinfo | None) -> str:
    name, delivery = case.rule.name, case.delivery
    if delivery is None:
        return f"does not page: {name} fires, but Alertmanager does not answer and nobody is told"
    if delivery.silenced_by:
        return f"does not page: {name} fires, but is silenced by {delivery.silenced_by[0]}"
    if delivery.inhibited_by:
        return f"does not page: {name} fires, but {delivery.inhibited_by[0]} inhibits it"
    until = min((taken.muted_until for taken in delivery.routes if taken.muted_until), default=None)
    when = f" until {clock(until, zone)}" if until else ""
    return f"is not told now: {name} fires, but its route is outside its hours{when}"


def _pending(rule: AlertingRule, raised: ActiveAlert, zone: tzinfo | None) -> str:
    due = raised.since + timedelta(seconds=rule.hold_seconds)
    return f"does not page yet: {rule.name} is pending and fires at {clock(due, zone)} if it lasts"


def _reason(explanation: Explanation) -> str:
    facts = explanation.facts
    causes = [case for case in explanation.wider if case.raised and case.raised.state == "firing"]
    if facts.window is not None:
        end = f" until {clock(facts.window.ends, explanation.now.tzinfo)}" if facts.window.ends else ""
        return f"it is in the maintenance window {facts.window.id}{end}"
    if not facts.scraped:
        return "Prometheus cannot read the exporter; what fired before stays, nothing new comes"
    if facts.sees is False:
        return "our own path is cut; we cannot see it"
    if facts.peerings_cut:
        return f"our path to the ISP {facts.peerings_cut[0]} is cut; we cannot see it"
    if facts.state in SERVING:
        return f"it answers ({facts.state.label})"
    if causes:
        raised = causes[0].raised
        return f"{described(raised.labels) if raised else ''} explains it"
    if facts.state is not None and facts.state is not State.DOWN:
        return f"its state is {facts.state.label}"
    for share in facts.shares:
        if (share.kind, share.id) == (explanation.subject.kind, explanation.subject.id):
            return f"{share.down} of its {share.all} hotspots are down, and no rule about it holds"
    return "no rule about it holds; see what decides below"
