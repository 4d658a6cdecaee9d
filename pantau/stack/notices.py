"""The wording of a notification in the terminal: Indonesian first, a word and a symbol beside every colour."""

from collections.abc import Iterable
from datetime import datetime

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from pantau.alerting.moments import moment_of
from pantau.alerting.sentences import ENDED, ENDINGS
from pantau.alerting.word_templates import LOCALE
from pantau.inventory import format_duration
from pantau.stack.receiver import Alert, Notification
from pantau.texts import LANGUAGES, catalogue

_SHOWN = 3
SECOND = "second"
"""The receiver of pages that nobody has acknowledged."""
_FIRING = ("▲ GANGGUAN (firing)", "bold red")
_SYMBOLS = {"recovered": ("✔", "bold green"), "": ("○", "bold")}
"""Of an end; all but these are no end of the fault."""
_STILL_WRONG = ("◆", "bold yellow")


def notice(notification: Notification, now: datetime) -> RenderableType:
    """A few lines: what happened, when, to whom, how long ago, and what to do."""
    head, style = _FIRING if notification.status == "firing" else _end(notification)
    weight = "bold" if notification.common_labels.get("severity") == "page" else ""
    first = Text.assemble((head, style), "  ", (_summary(notification), weight))
    lines = [Text(_facts(notification, now), "dim"), *_details(notification, now)]
    return Group(first, *(Padding(line, (0, 0, 0, 2), expand=False) for line in lines))


def _end(notification: Notification) -> tuple[str, str]:
    """How it ended, in both languages, as the rules saw it: that it is well is said of nothing else."""
    ended = notification.common_annotations.get("ended", "")
    symbol, style = _SYMBOLS.get(ended, _STILL_WRONG)
    english = ENDINGS.get(ended, ENDED)
    return f"{symbol} {catalogue(LOCALE, LANGUAGES[0]).gettext(english)} ({english.lower()})", style


def _summary(notification: Notification) -> str:
    """What is wrong; of what has ended how much is silent, for what was wrong would read as if it were so still."""
    if notification.status == "resolved":
        silent = notification.common_annotations.get("silent")
        return f"masih diam (still silent): {silent}" if silent else ""
    return notification.common_annotations.get("summary") or notification.alerts[0].annotations.get("summary", "")


def _facts(notification: Notification, now: datetime) -> str:
    labels = notification.common_labels
    named = {"isp": "ISP ", "kecamatan": "kecamatan ", "hotspot": ""}
    facts = [f"{now.astimezone():%H:%M:%S}", labels.get("severity"), labels.get("alertname")]
    if notification.receiver == SECOND:
        facts.append("kontak kedua (second contact)")
    facts += [prefix + labels[label] for label, prefix in named.items() if label in labels]
    if len(notification.alerts) == 1:
        facts.append(_age(notification.alerts[0], now))
    else:
        facts.append(f"{len(notification.of('firing'))} menyala, {len(notification.of('resolved'))} selesai")
    return " · ".join(fact for fact in facts if fact)


def _details(notification: Notification, now: datetime) -> list[Text]:
    if len(notification.alerts) > 1:
        lists = (
            ("menyala, umur (firing, age)", notification.of("firing")),
            ("selesai, lamanya (ended, lasted)", notification.of("resolved")),
        )
        return [Text(f"{words}: {_names(alerts, now)}") for words, alerts in lists if alerts]
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
    names = [f"{_name(alert)} {_length(alert, now)}" for alert in latest[:_SHOWN]]
    rest = len(latest) - _SHOWN
    return ", ".join(names) + (f", {rest} lagi (more)" if rest > 0 else "")


def _name(alert: Alert) -> str:
    for label in ("hotspot", "isp", "kecamatan", "reason", "alertname"):
        if label in alert.labels:
            return alert.labels[label]
    return "?"


def _age(alert: Alert, now: datetime) -> str:
    words = "umur (age)" if alert.status == "firing" else "lamanya (lasted)"
    return f"{words} {_length(alert, now)}"


def _length(alert: Alert, now: datetime) -> str:
    """From its first lost probe to now, or to its first answer; where the rule says neither, as long as it fired."""
    if lasted := alert.annotations.get("lasted"):
        return lasted.replace(" ", "")
    began = moment_of(alert.annotations.get("since", ""), now.tzinfo) or alert.started
    seconds = ((now if alert.status == "firing" else alert.ended) - began).total_seconds()
    return format_duration(max(1, round(seconds)))
