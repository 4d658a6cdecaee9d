"""The wording of a notification in the terminal: Indonesian first, a word and a symbol beside every colour."""

from collections.abc import Iterable
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from exporter.inventory import format_duration
from stack.receiver import Alert, Notification, Status

_SHOWN = 6
_HEADS: dict[Status, tuple[str, str]] = {
    "firing": ("▲ GANGGUAN (firing)", "bold red"),
    "resolved": ("✔ PULIH (resolved)", "bold green"),
}
_PAGE_STYLE = "bold"


def notice(notification: Notification, now: datetime) -> RenderableType:
    """A few lines: what happened, when, to whom, how long ago, and what to do."""
    head, style = _HEADS[notification.status]
    labels = notification.common_labels
    first = Text.assemble((head, style), "  ", (_summary(notification), _PAGE_STYLE if _is_page(labels) else ""))
    lines = [Text(_facts(notification, now), "dim"), *_details(notification, now)]
    return Group(first, *(Padding(line, (0, 0, 0, 2), expand=False) for line in lines))


def _is_page(labels: object) -> bool:
    return isinstance(labels, dict) and labels.get("severity") == "page"


def _summary(notification: Notification) -> str:
    return notification.common_annotations.get("summary") or notification.alerts[0].annotations.get("summary", "")


def _facts(notification: Notification, now: datetime) -> str:
    labels = notification.common_labels
    named = {"isp": "ISP ", "kecamatan": "kecamatan ", "hotspot": ""}
    facts = [f"{now.astimezone():%H:%M:%S}", labels.get("severity"), labels.get("alertname")]
    facts += [prefix + labels[label] for label, prefix in named.items() if label in labels]
    if len(notification.alerts) == 1:
        facts.append(_age(notification.alerts[0], now))
    else:
        facts.append(f"{len(notification.of('firing'))} menyala, {len(notification.of('resolved'))} pulih")
    return " · ".join(fact for fact in facts if fact)


def _details(notification: Notification, now: datetime) -> list[Text]:
    if len(notification.alerts) > 1:
        lists = (("menyala", notification.of("firing")), ("pulih", notification.of("resolved")))
        return [Text(f"{word}: {_names(alerts, now)}") for word, alerts in lists if alerts]
    if notification.status == "resolved":
        return []
    alert = notification.alerts[0]
    details = [Text(alert.annotations.get("description", ""))]
    if "runbook_url" in alert.annotations:
        details.append(Text(f"→ {alert.annotations['runbook_url']}", "cyan"))
    return details


def _names(alerts: Iterable[Alert], now: datetime) -> str:
    """The latest of them, for those before were told before."""
    latest = sorted(alerts, key=lambda alert: alert.started, reverse=True)
    names = [f"{_name(alert)} {_age(alert, now)}" for alert in latest[:_SHOWN]]
    rest = len(latest) - _SHOWN
    return ", ".join(names) + (f", {rest} lagi (more)" if rest > 0 else "")


def _name(alert: Alert) -> str:
    for label in ("hotspot", "isp", "kecamatan", "reason", "alertname"):
        if label in alert.labels:
            return alert.labels[label]
    return "?"


def _age(alert: Alert, now: datetime) -> str:
    if alert.status == "resolved":
        return f"lamanya (lasted) {_duration((alert.ended - alert.started).total_seconds())}"
    return f"umur (age) {_duration((now - alert.started).total_seconds())}"


def _duration(seconds: float) -> str:
    return format_duration(max(1, round(seconds)))
