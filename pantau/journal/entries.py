"""What the journal holds: entries of a closed list of kinds. An event becomes an entry when it is numbered and chained.

All times are UTC, integer nanoseconds since 1970. States are those of `hotspot_state`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from pantau.journal.sources import LEGACY, Source
from pantau.journal.sums import HotspotHour, read_sums, sums_text
from pantau.states import State

CHECKPOINT_NS = 10_000_000_000
"""A source that lives chains something at least so often: an entry, or else a `Kind.CHECKPOINT`."""
FORMAT = 2
"""The format of what is written now. Entries of format 1, from before there were sources, are those of `LEGACY`."""
NO_VERDICT = -1
"""`Event.up` before the first verdict."""
NOT_RUNNING, ADDED, REMOVED, LOST = "not_running", "added", "removed", "journal_lost"
"""Reasons of transitions that no probe decided; the others are those of `hotspot_probe_failures_total`, ``reply``,
``vantage`` and ``peering``."""


class Kind(IntEnum):
    """What an entry tells. The numbers are stored: never change one."""

    UNREADABLE = 0
    """Never written: what this version does not know is read as this."""
    START = 1
    """The exporter has begun; `detail` has ``since_ns``, the last sign of life before, ``hotspots`` and ``uplinks``."""
    STOP = 2
    RELOAD = 3
    """A configuration was taken; `detail` has its ``digest``, and the ids ``added`` and ``removed``."""
    TRANSITION = 4
    """What the probes show of `subject`, a hotspot, changed; these entries have the fields from `before` on."""
    FAULT_BEGIN = 5
    """We cannot see any more: `subject` is ``vantage``, or ``peering:`` and an ISP's id."""
    FAULT_END = 6
    """We see again; `detail` has ``since_ns``."""
    HOUR = 7
    """Sums of requests, replies and time of all hotspots, up to `at_ns`; `detail` has ``since_ns`` and the SHA-256 of
    their text (see `sums_text`), the table `blobs` the text."""
    CAUSE = 8
    """A person has named the cause of an outage of `subject` that began at `at_ns`; see `Decision`."""
    EXCLUSION = 9
    """A person has excluded an outage from what is charged; see `Decision`."""
    LOSS = 10
    """Up to `at_ns` the journal could neither write nor keep what happened; `detail` has ``since_ns`` and a count."""
    UPLINK = 11
    """As `TRANSITION`, of an uplink."""
    MAINTENANCE_BEGIN = 12
    """From now on a window, `detail`'s ``window``, hides what the probes show of `subject`; its transitions go on."""
    MAINTENANCE_END = 13
    """`subject` is seen again. A start ends it too: what is hidden then is told anew."""
    WITNESS = 14
    """A person has said why journal and Prometheus differ about `subject` in the month that began at `at_ns`; see
    `Reason`."""
    AMEND = 15
    """What was unknown of `subject` from `at_ns` to `until_ns` was the state `after`, as `evidence` told late, at
    `received_ns`."""
    CHECKPOINT = 16
    """A sign of life of its own, where 10 s would pass without another entry, or the kernel's clock came to be, or
    ceased to be, synchronised; `detail` has its state as ``clock``."""
    INVENTORY = 17
    """What of the inventory decides money, from now on: `detail` has the SHA-256 of each of its `files`, the table
    `blobs` their content."""
    SUCCESSION = 18
    """The first entry of the source that goes on where another ended: `detail` has that one's name as ``follows``, and
    the ``number`` and ``digest`` of its last entry."""
    CLOCK_STEP = 19
    """The wall clock was set, by ``step_ns`` of `detail`: what follows may be recorded before what precedes; ``why`` is
    ``set`` (while the exporter ran), ``start`` (between two runs) or ``machine`` (another one's clock)."""
    UPTIME = 20
    """So long the device of `subject` had been running at `at_ns`, as it told after a recovery by the way that
    `evidence` names; `uptime_seconds` is None where what it told is not clear. `detail` has what it said."""
    ANCHOR = 21
    """An authority outside has stamped where all chains ended; see `pantau.journal.anchors.document`."""
    EDITION = 22
    """A FINAL was issued: `subject` is the contract, `at_ns` the month's beginning; see `IssuedEdition`."""
    CARRY_OVER = 23
    """A year is closed: what stood in the journal lies in a file of its own; see `pantau.journal.closing`."""
    PROPOSAL = 24
    """A person has proposed a list of decisions, about what lies from `at_ns` to `until_ns`; see `ProposedList`."""
    APPROVAL = 25
    """A person has approved a list, by a signature in `blobs` or on a paper whose scan is named; see `ListApproval`."""

    @property
    def label(self) -> str:
        """The kind in exports and in what is hashed."""
        return self.name.lower()


OF_PEOPLE = (Kind.CAUSE, Kind.EXCLUSION, Kind.WITNESS)
"""What people decided; it stands among an exporter's entries in journals from before there were sources."""
OF_OFFICE = (*OF_PEOPLE, Kind.ANCHOR, Kind.EDITION, Kind.CARRY_OVER, Kind.PROPOSAL, Kind.APPROVAL)
"""What the office writes: none of it tells that an exporter lived."""


class Event(NamedTuple):
    """Something that happened, ready to be written."""

    kind: Kind
    at_ns: int
    """When it happened; of a transition, back-dated to the first unanswered or first answered probe."""
    recorded_ns: int
    """When it was decided."""
    subject: str = ""
    """Id of the hotspot; empty where it is about all."""
    before: int | None = None
    after: int | None = None
    up: int | None = None
    """The last verdict, which unknown does not change: 1 up, 0 down, `NO_VERDICT`."""
    reason: str | None = None
    requests: int | None = None
    """Probes of the deciding round that had ended by then."""
    unanswered: int | None = None
    """Those of them that got no reply."""
    first_ns: int | None = None
    """When the first of them left."""
    detail: str = ""
    """Further facts as canonical JSON (see `detail_of`)."""
    until_ns: int | None = None
    """Of `Kind.AMEND`: up to when. Of `PROPOSAL`: of what it concerns, the end; None while an outage of it lasts."""
    received_ns: int | None = None
    """Of what was told late: when it came."""
    answered_ns: int | None = None
    """Of a transition from down to down: so long up to `at_ns` probes were answered, though the outage went on."""
    uptime_seconds: int | None = None
    """Of `Kind.UPTIME`: how long the hotspot's own device had been running, as it said."""
    evidence: str | None = None
    """The kind of prober or observation that decided, such as ``icmp`` or ``agent``."""
    address: str | None = None
    """The address that was probed."""
    blobs: tuple[bytes, ...] = ()
    """On its way into the journal: the contents that `detail` names by their SHA-256, for a table of their own."""

    @property
    def rows(self) -> tuple[HotspotHour, ...]:
        """Of `Kind.HOUR`, on its way into the journal: the sums."""
        return tuple(row for text in self.blobs for row in read_sums(text))

    @property
    def facts(self) -> dict[str, Any]:
        """`detail`, read."""
        return dict(json.loads(self.detail)) if self.detail else {}

    @property
    def since_ns(self) -> int:
        """Of what lasts (`Kind.START`, `FAULT_END`, `HOUR`, `LOSS`): when it began."""
        return int(self.facts.get("since_ns", self.at_ns))


class Entry(NamedTuple):
    """An event as it stands in the journal."""

    number: int
    """Counted from 1 without gaps, over all sources: the name by which people speak of it."""
    event: Event
    digest: bytes
    """SHA-256 over the digest of the source's entry before and this entry (see `pantau.journal.chain`)."""
    source: Source = LEGACY
    """Whose chain it is in."""
    run: int = 0
    """Which opening of the journal by that source wrote it, counted from 1."""
    previous: int = 0
    """The number of the source's entry before, which it follows in its chain; 0 of the first."""
    format: int = 1


def facts_of(entry: Entry) -> dict[str, Any]:
    """What an entry's `detail` says; nothing where somebody has made nonsense of it, which its digest tells."""
    try:
        return entry.event.facts
    except (ValueError, TypeError):
        return {}


def detail_of(facts: Mapping[str, object]) -> str:
    """Facts as canonical JSON: keys sorted, no blanks, ASCII."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"))


def start(at_ns: int, hotspots: Iterable[str], uplinks: Iterable[str], facts: Mapping[str, object]) -> Event:
    """The exporter begins to watch these; the writer adds what the journal knows of them from before."""
    watched = {"hotspots": sorted(hotspots), "uplinks": sorted(uplinks)}
    return Event(Kind.START, at_ns, at_ns, detail=detail_of({**facts, **watched}))


def hour(since_ns: int, at_ns: int, rows: Iterable[HotspotHour]) -> Event:
    """The sums of all hotspots from `since_ns` to `at_ns`."""
    text = sums_text(rows)
    facts = {"since_ns": since_ns, "rows": text.count(b"\n"), "sha256": hashlib.sha256(text).hexdigest()}
    return Event(Kind.HOUR, at_ns, at_ns, detail=detail_of(facts), blobs=(text,))


def amend(
    hotspot: str, span_ns: tuple[int, int], state: int, evidence: str, received_ns: int, recorded_ns: int
) -> Event:
    """What was unknown of a hotspot over [start, end) was this state, as somebody told late."""
    return Event(
        Kind.AMEND,
        span_ns[0],
        recorded_ns,
        hotspot,
        after=int(state),
        until_ns=span_ns[1],
        received_ns=received_ns,
        evidence=evidence,
    )


def uptime_told(
    hotspot: str,
    at_ns: int,
    uptime_seconds: int | None,
    evidence: str,
    address: str | None,
    facts: Mapping[str, object],
) -> Event:
    """A hotspot's device has told, after it came back, how long it had been running."""
    return Event(
        Kind.UPTIME,
        at_ns,
        at_ns,
        hotspot,
        uptime_seconds=uptime_seconds,
        evidence=evidence,
        address=address,
        detail=detail_of(facts) if facts else "",
    )


def checkpoint(at_ns: int, facts: Mapping[str, object]) -> Event:
    """A sign of life that is chained."""
    return Event(Kind.CHECKPOINT, at_ns, at_ns, detail=detail_of(facts))


def clock_step(at_ns: int, step_ns: int, why: str) -> Event:
    """The wall clock was set by so much, and shows `at_ns` now."""
    return Event(Kind.CLOCK_STEP, at_ns, at_ns, detail=detail_of({"step_ns": step_ns, "why": why}))


def inventory_taken(at_ns: int, files: Mapping[str, bytes]) -> Event:
    """The canonical projection of the inventory holds from now on, file by file."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    blobs = tuple(files[name] for name in sorted(files))
    return Event(Kind.INVENTORY, at_ns, at_ns, detail=detail_of({"files": digests}), blobs=blobs)


def succession(follows: Source, number: int, digest: bytes, at_ns: int) -> Event:
    """A source goes on where another ended."""
    facts = {"follows": str(follows), "number": number, "digest": digest.hex()}
    return Event(Kind.SUCCESSION, at_ns, at_ns, detail=detail_of(facts))


def added(name: str, at_ns: int, kind: Kind = Kind.TRANSITION) -> Event:
    """A hotspot or uplink is watched from now on; nothing is known of it yet."""
    return moved(name, at_ns, at_ns, State.INACTIVE, State.UNKNOWN, NO_VERDICT, ADDED, kind)


def removed(name: str, at_ns: int, recorded_ns: int, before: int, kind: Kind = Kind.TRANSITION) -> Event:
    """A hotspot or uplink is no longer watched."""
    return moved(name, at_ns, recorded_ns, before, State.INACTIVE, NO_VERDICT, REMOVED, kind)


def moved(
    name: str, at_ns: int, recorded_ns: int, before: int, after: int, up: int, reason: str, kind: Kind = Kind.TRANSITION
) -> Event:
    """A transition that no round decided."""
    return Event(kind, at_ns, recorded_ns, name, int(before), int(after), int(up), reason, 0, 0, at_ns)
