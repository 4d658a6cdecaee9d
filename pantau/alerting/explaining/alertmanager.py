"""What Alertmanager knows: the alerts that it has been given, what silences them, and its configuration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pantau.alerting.explaining.asking import JsonSource
from pantau.alerting.hours import Interval, named_intervals
from pantau.alerting.matchers import Labels
from pantau.alerting.routing import Route, parse_route
from pantau.alerting.yaml_file import parse_mapping

_OWN = {"alertname", "scope", "severity"}


@dataclass(frozen=True, slots=True)
class HeldAlert:
    """An alert as Alertmanager holds it."""

    fingerprint: str
    labels: Labels
    since: datetime
    inhibited_by: tuple[str, ...]
    """Fingerprints of the alerts that do."""
    silenced_by: tuple[str, ...]
    """Ids of silences."""


@dataclass(frozen=True, slots=True)
class Silence:
    """What somebody has asked to be quiet about."""

    comment: str
    author: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class Alertmanager:
    """Its state at one moment."""

    held: Mapping[str, HeldAlert]
    """By fingerprint."""
    silences: Mapping[str, Silence]
    """By id; expired ones too."""
    route: Route
    intervals: Mapping[str, list[Interval]]

    @classmethod
    async def ask(cls, source: JsonSource) -> "Alertmanager":
        """Raises `AlertingError` if it does not answer."""
        held = [_held(one) for one in await source.get("api/v2/alerts")]
        silences = {one["id"]: _silence(one) for one in await source.get("api/v2/silences")}
        status = await source.get("api/v2/status")
        configuration = parse_mapping(status["config"]["original"], "Alertmanager's configuration")
        return cls(
            {one.fingerprint: one for one in held},
            silences,
            parse_route(configuration["route"]),
            named_intervals(configuration),
        )

    def find(self, labels: Labels) -> HeldAlert | None:
        """The alert with these labels; Prometheus may have added external ones to what it sent."""
        for one in self.held.values():
            if labels.items() <= one.labels.items():
                return one
        return None

    def named(self, fingerprints: Iterable[str]) -> list[str]:
        """Those alerts as a person reads them."""
        return [described(self.held[one].labels) if one in self.held else one for one in fingerprints]


def described(labels: Labels) -> str:
    """`IspOutage isp=telkom`: the name and what it speaks about."""
    rest = (f"{name}={value}" for name, value in sorted(labels.items()) if name not in _OWN)
    return " ".join([labels.get("alertname", "?"), *rest])


def _held(one: Mapping[str, Any]) -> HeldAlert:
    status = one["status"]
    since = datetime.fromisoformat(one["startsAt"])
    return HeldAlert(
        one["fingerprint"], one["labels"], since, tuple(status["inhibitedBy"]), tuple(status["silencedBy"])
    )


def _silence(one: Mapping[str, Any]) -> Silence:
    return Silence(one["comment"], one["createdBy"], datetime.fromisoformat(one["endsAt"]))
