"""What Prometheus knows: the value of an expression now, its rules, and what they have raised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Literal

from pantau.alerting.errors import AlertingError
from pantau.alerting.explaining.asking import JsonSource
from pantau.alerting.matchers import Labels
from pantau.alerting.moments import moment_of
from pantau.prometheus import Sample, samples_of

AlertState = Literal["pending", "firing"]


@dataclass(frozen=True, slots=True)
class ActiveAlert:
    """An alert of a rule, pending or firing."""

    labels: Labels
    state: AlertState
    since: datetime
    """When its expression began to hold."""
    annotations: Labels = field(default_factory=dict)

    def fault_since(self, zone: tzinfo | None) -> datetime:
        """Since when the fault is, as the message says it; else when the expression began to hold."""
        return moment_of(self.annotations.get("since", ""), zone) or self.since


@dataclass(frozen=True, slots=True)
class AlertingRule:
    """An alerting rule."""

    name: str
    expression: str
    labels: Labels
    hold_seconds: float
    """Its `for`."""
    raised: tuple[ActiveAlert, ...]
    error: str
    """Of its last evaluation; empty if it went well."""

    @property
    def scope(self) -> str:
        """What it speaks about."""
        return self.labels.get("scope", "")


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """All of them: alerts in their order, recorded expressions by name."""

    alerts: tuple[AlertingRule, ...]
    recorded: Mapping[str, str]
    """Where a name is recorded by several rules, the first."""


class Prometheus:
    """Asks one Prometheus; each question once."""

    def __init__(self, source: JsonSource) -> None:
        self._source = source
        self._known: dict[str, list[Sample]] = {}

    async def query(self, expression: str) -> list[Sample]:
        """The series of an instant vector, or a scalar as one without labels; NaN and infinities as they are."""
        if expression not in self._known:
            data = (await self._source.get("api/v1/query", {"query": expression}))["data"]
            self._known[expression] = _samples(data, expression)
        return self._known[expression]

    async def rules(self) -> LoadedRules:
        """All rules that it evaluates."""
        groups = (await self._source.get("api/v1/rules"))["data"]["groups"]
        every = [rule for group in groups for rule in group["rules"]]
        recorded = {rule["name"]: rule["query"] for rule in reversed(every) if rule["type"] == "recording"}
        return LoadedRules(tuple(_rule(rule) for rule in every if rule["type"] == "alerting"), recorded)


def _samples(data: Mapping[str, Any], expression: str) -> list[Sample]:
    try:
        return samples_of(data)
    except (LookupError, TypeError, ValueError) as error:
        raise AlertingError(f"Prometheus answers {expression} in another form than Prometheus does") from error


def _rule(rule: Mapping[str, Any]) -> AlertingRule:
    raised = tuple(
        ActiveAlert(one["labels"], one["state"], datetime.fromisoformat(one["activeAt"]), one.get("annotations", {}))
        for one in rule.get("alerts") or ()
    )
    labels = rule.get("labels") or {}
    return AlertingRule(
        rule["name"], rule["query"], labels, rule.get("duration", 0), raised, rule.get("lastError") or ""
    )
