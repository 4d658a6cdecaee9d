"""Of each line: its seconds by what was observed, those that rest on an agent alone, and those that were told late."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pantau.inventory import Hotspot
from pantau.reports.accounting import OFFLINE, ONLINE, Account, Condition, OutageShare, Span, Spans, Stretch
from pantau.reports.statement.admitting import AGENT, Admission, LateRefusal, overlap
from pantau.reports.statement.inventory_history import InventoryHistory
from pantau.reports.statement.rows import PointRow
from pantau.states import State

UNKNOWN, MAINTENANCE = State.UNKNOWN.label, State.MAINTENANCE.label
STATES = (*(one.value for one in (*ONLINE, *OFFLINE)), MAINTENANCE, UNKNOWN)
"""The keys of `PointRow.state_seconds`, in their order."""


@dataclass(frozen=True, slots=True)
class AmendedRow:
    """What was told late of a point's unknown time under this contract: a row a point, source and state."""

    point: str
    source: str
    """Who told: ``agent``."""
    custody: str
    """Whose that device is: ``city`` or ``isp``; empty where the inventory knows no agent."""
    state: str
    seconds: int
    refusal: str
    """Why it does not count: ``final``, ``custody`` or ``seen``; empty where it does."""
    entries: tuple[int, ...]


def state_seconds(span: Span, stretches: Iterable[Stretch]) -> dict[str, int]:
    """Every second of a span in one state, as the exporter showed it: a window hides what lies beneath it.

    Answers within an outage that did not end it are up.
    """
    found = dict.fromkeys(STATES, 0)
    for one in stretches:
        length = min(one.end, span[1]) - max(one.start, span[0])
        if length > 0 and (one.hidden or one.condition is not Condition.UNSEEN):
            found[MAINTENANCE if one.hidden else one.condition.value] += length
    found[UNKNOWN] += span[1] - span[0] - sum(found.values())
    return found


def agent_seconds(point: str, span: Span, stretches: Sequence[Stretch], history: InventoryHistory) -> dict[str, int]:
    """The seconds of a span in which nothing but an agent tells what the point was, by whose its device is."""
    found: dict[str, int] = {}
    for held in history.held:
        hotspot = held.inventory.hotspot_by_id.get(point)
        start, end = max(span[0], held.start), min(span[1], held.end)
        if hotspot is None or not hotspot.agent or start >= end:
            continue
        alone = (one for one in stretches if _rests_on_agent(one, hotspot))
        length = sum(max(0, min(one.end, end) - max(one.start, start)) for one in alone)
        if length:
            found[hotspot.agent_custody] = found.get(hotspot.agent_custody, 0) + length
    return found


def _rests_on_agent(one: Stretch, hotspot: Hotspot) -> bool:
    """Where pings can tell, silence is theirs, and so is service that they confirm; a client's is never."""
    if one.condition is Condition.UNSEEN:
        return False
    return not hotspot.pinged or (one.evidence == AGENT and one.condition is not Condition.DOWN)


def amended_seconds(account: Account, stretches: Iterable[Stretch]) -> dict[str, int]:
    """The owed seconds of a line that were told late and count, by who told."""
    found: dict[str, int] = {}
    for one in stretches:
        if one.amended:
            length = (Spans.of([(one.start, one.end)]) & account.segment.counted).seconds
            if length:
                found[one.evidence] = found.get(one.evidence, 0) + length
    return found


def amended_rows(
    parts: Iterable[tuple[Account, Sequence[Stretch]]], told: Admission, history: InventoryHistory
) -> list[AmendedRow]:
    """All of it, also what does not count, and why."""
    sums: dict[tuple[str, str, str, str], tuple[int, set[int]]] = {}
    for account, stretches in parts:
        for key, seconds, entry in _pieces(account, stretches, told):
            before, entries = sums.get(key, (0, set()))
            sums[key] = before + seconds, entries | {entry}
    return [
        AmendedRow(point, source, _custody(history, point), state, seconds, refusal, tuple(sorted(entries)))
        for (point, source, state, refusal), (seconds, entries) in sorted(sums.items())
        if seconds
    ]


def _pieces(
    account: Account, stretches: Sequence[Stretch], told: Admission
) -> Iterator[tuple[tuple[str, str, str, str], int, int]]:
    """Point, source, state and refusal, with the seconds and the entry."""
    point, owed = account.segment.point, account.segment.counted
    counted: dict[int, int] = {}
    for one in stretches:
        if one.amended:
            seconds = (Spans.of([(one.start, one.end)]) & owed).seconds
            counted[one.entries[0]] = counted.get(one.entries[0], 0) + seconds
            yield (point, one.evidence, one.condition.value, ""), seconds, one.entries[0]
    for refused in told.refused.get(point, ()):
        one_told = refused.amendment
        key = point, one_told.evidence, one_told.state.label, refused.refusal.value
        yield key, overlap(owed, one_told), one_told.entry
    left: dict[int, int] = {}
    for whole in told.counting.get(point, ()):
        left[whole.entry] = left.get(whole.entry, 0) + overlap(owed, whole)
    for whole in told.counting.get(point, ()):
        seconds = left.pop(whole.entry, 0) - counted.get(whole.entry, 0)
        if seconds > 0:
            key = point, whole.evidence, whole.state.label, LateRefusal.SEEN.value
            yield key, seconds, whole.entry


def _custody(history: InventoryHistory, point: str) -> str:
    hotspot = history.inventory.hotspot_by_id.get(point)
    return hotspot.agent_custody if hotspot is not None and hotspot.agent else ""


def kinds_of(share: OutageShare) -> dict[str, int]:
    """The downtime of a share by what was observed."""
    found = {condition.value: (spans & share.down).seconds for condition, spans in share.outage.kinds}
    return {condition: seconds for condition, seconds in found.items() if seconds}


def added_up(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sums of some counts, key by key."""
    found: dict[str, int] = {}
    for part in parts:
        for key, seconds in part.items():
            found[key] = found.get(key, 0) + seconds
    return found


def has_more_states(row: PointRow) -> bool:
    """Whether there is more to say of a line than that it was up, down or not observed."""
    plain = {Condition.UP.value, Condition.DOWN.value, UNKNOWN}
    others = any(seconds for state, seconds in row.state_seconds.items() if state not in plain)
    return others or bool(row.agent_seconds or row.amended_seconds)
