"""All that is known of why a subject does or does not page, put together."""

from dataclasses import dataclass
from datetime import datetime

from pantau.alerting.explaining.alertmanager import Alertmanager
from pantau.alerting.explaining.clauses import Clauses, DecidingClause
from pantau.alerting.explaining.delivery import AlertDelivery, delivery_of
from pantau.alerting.explaining.facts import Facts, gather
from pantau.alerting.explaining.prometheus import ActiveAlert, AlertingRule, Prometheus
from pantau.alerting.explaining.subject import Subject
from pantau.alerting.matchers import Labels

WIDER = ("vantage", "city", "kecamatan", "isp", "isp_kecamatan", "uplink", "hotspot")
"""The scopes of what may explain a subject, the widest first."""


@dataclass(frozen=True, slots=True)
class Case:
    """One alert, there or not, and what becomes of it."""

    rule: AlertingRule
    raised: ActiveAlert | None
    """Nothing while the rule's expression does not hold for the subject."""
    clauses: tuple[DecidingClause, ...]
    """Those that decide; empty for a wider cause, of which it is enough to know that it fires."""
    delivery: AlertDelivery | None
    """Nothing if Alertmanager does not answer."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer."""

    subject: Subject
    now: datetime
    """On the city's clocks."""
    facts: Facts
    own: tuple[Case, ...]
    """The rules that speak of the subject itself."""
    wider: tuple[Case, ...]
    """What fires or is pending around it, the widest first."""
    trouble: str | None
    """Why Alertmanager could not be asked."""


async def explain(
    subject: Subject, prometheus: Prometheus, alertmanager: Alertmanager | str, now: datetime
) -> Explanation:
    """Ask for everything; in place of an Alertmanager that does not answer, the reason."""
    facts = await gather(prometheus, subject)
    subject = subject.within(frozenset(window.id for window in facts.windows))
    known = await prometheus.rules()

    def delivery(labels: Labels) -> AlertDelivery | None:
        return None if isinstance(alertmanager, str) else delivery_of(alertmanager, labels, now)

    clauses = Clauses(prometheus, known.recorded, subject)
    own, wider = [], []
    for rule in known.alerts:
        around = [one for one in rule.raised if _concerns(subject, one)]
        if rule.scope == subject.kind:
            raised = next((one for one in around if subject.is_named_by(one.labels)), None)
            deciding = tuple((await clauses.of(rule.expression)).deciding(rule.name))
            labels = raised.labels if raised else _would_be(rule, subject)
            own.append(Case(rule, raised, deciding, delivery(labels)))
            around = [one for one in around if not subject.is_named_by(one.labels)]
        wider += [Case(rule, one, (), delivery(one.labels)) for one in around]
    wider.sort(key=lambda case: WIDER.index(case.rule.scope))
    trouble = alertmanager if isinstance(alertmanager, str) else None
    return Explanation(subject, now, facts, tuple(own), tuple(wider), trouble)


def _concerns(subject: Subject, raised: ActiveAlert) -> bool:
    return raised.labels.get("scope") in WIDER and subject.concerned_by(raised.labels)


def _would_be(rule: AlertingRule, subject: Subject) -> dict[str, str]:
    """The labels that an alert of this rule about the subject would carry, as far as routes can ask for them."""
    # An uplink's alert names the uplink alone, and a hotspot's none of its uplinks.
    named = {"uplink"} if subject.kind == "uplink" else {"hotspot", "isp", "kecamatan"}
    places = {place: min(values) for place, values in subject.labels.items() if place in named}
    return {"alertname": rule.name, **places, subject.kind: subject.id, **rule.labels}
