"""What came against what was expected: nothing false, nothing missed, nothing late."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lab.scenario_runner.scenario import ExpectedNotification
from lab.scenario_runner.webhook import ReceivedNotification
from pantau.alerting.moments import moment_of
from pantau.inventory import format_duration

SINCE_SECONDS = 13.0
"""So far the first lost probe may lie from the fault: an interval, its waiting, and a second of each clock."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`seconds` are from the fault to each first notification that something fires, of those expected that came."""

    expected: int
    received: int
    false: tuple[str, ...]
    missed: tuple[str, ...]
    late: tuple[str, ...]
    seconds: tuple[float, ...]

    @property
    def right(self) -> bool:
        """Whether the night shift heard exactly what it should, when it should."""
        return not (self.false or self.missed or self.late)


def judge(
    expected: Sequence[ExpectedNotification], notifications: Sequence[ReceivedNotification], began: float
) -> Judgement:
    """Each notification counts for one entry at most, in the order of the list."""
    left = list(notifications)
    missed: list[str] = []
    late: list[str] = []
    firing: list[float] = []
    for entry in expected:
        found = [notification for notification in left if _is(notification, entry)][: entry.messages]
        for notification in found:
            left.remove(notification)
        if len(found) < entry.messages and not entry.optional:
            missed += [_name(entry)] * (entry.messages - len(found))
        if found:
            seconds = found[0].received - began - entry.since
            firing += [seconds] if entry.status == "firing" else []
            late += _untimely(entry, seconds)
            late += [words for notification in found for words in _untrue(entry, notification, began)]
    count = sum(entry.messages for entry in expected if not entry.optional)
    false = tuple(f"{_words(notification)} after {notification.received - began:.0f} s" for notification in left)
    return Judgement(count, len(notifications), false, tuple(missed), tuple(late), tuple(firing))


def _is(notification: ReceivedNotification, entry: ExpectedNotification) -> bool:
    return (
        (notification.alert, notification.status, notification.severity) == (entry.alert, entry.status, entry.severity)
        and entry.about in (None, *notification.about)
        and (entry.about is None or len(notification.about) == 1)
    )


def _untimely(entry: ExpectedNotification, seconds: float) -> list[str]:
    if entry.within is not None and seconds > entry.within:
        return [f"{_name(entry)} after {seconds:.1f} s, not within {format_duration(entry.within)}"]
    if entry.earliest is not None and seconds < entry.earliest:
        return [f"{_name(entry)} after {seconds:.1f} s already, not after {format_duration(entry.earliest)}"]
    return []


def _untrue(entry: ExpectedNotification, notification: ReceivedNotification, began: float) -> list[str]:
    """What its annotations say otherwise than they should."""
    wrong = []
    for said in notification.said:
        for name, pattern in entry.says.items():
            if re.fullmatch(pattern, said.get(name, "")) is None:
                wrong.append(f"{_name(entry)} says {name}={said.get(name, '')!r}, not {pattern}")
        if entry.faulted is not None:
            fault_at = notification.received_at - notification.received + began + entry.faulted
            stated = moment_of(said.get("since", ""))
            if stated is None or abs(stated.timestamp() - fault_at) > SINCE_SECONDS:
                wrong.append(f"{_name(entry)} says since={said.get('since', '')!r}, not {entry.faulted:g} s")
    return wrong


def _name(entry: ExpectedNotification) -> str:
    return " ".join(filter(None, (entry.alert, entry.status, entry.about)))


def _words(notification: ReceivedNotification) -> str:
    names = ", ".join(notification.about[:3]) + (", …" if len(notification.about) > 3 else "")
    return f"{notification.severity} {notification.alert} {notification.status} ({len(notification.about)}: {names})"
