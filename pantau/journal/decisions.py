"""What people decided about outages: a cause, or no charge. A correction is a further entry, never an edit."""

from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.entries import Entry, Event, Kind, detail_of, facts_of
from pantau.journal.timeline import Outage

DECISION_KINDS = (Kind.CAUSE, Kind.EXCLUSION)
_STATUS = "proposed"
"""What a decision says of itself: one person's word. Those from before lists say nothing."""


class Decision(NamedTuple):
    """One decision about one outage. Of several of one kind about one outage the last holds."""

    number: int
    """Of its entry; 0 before it is written."""
    kind: Kind
    """`Kind.CAUSE` or `Kind.EXCLUSION`."""
    outage: int
    """The outage's number: that of the entry that began it."""
    hotspot: str
    outage_start_ns: int
    decided_ns: int
    code: str
    """A cause's code; of an exclusion, empty when it is withdrawn."""
    person: str
    """Who says so."""
    reason: str
    document: str = ""
    """Number of the document that an exclusion rests on."""
    accepted_by: str = ""
    """Who, on the side of the kecamatan, accepted the exclusion on paper; it alone makes it count for nothing."""
    before_lists: bool = False
    """Whether it was made before decisions were approved by two, on a list: then it held as soon as it was made."""

    @property
    def event(self) -> Event:
        """As it goes into the journal."""
        facts = {
            "outage": self.outage,
            "code": self.code,
            "person": self.person,
            "reason": self.reason,
            "document": self.document,
            "accepted_by": self.accepted_by,
            "status": _STATUS,
        }
        return Event(self.kind, self.outage_start_ns, self.decided_ns, self.hotspot, detail=detail_of(facts))


def decide(
    outage: Outage,
    kind: Kind,
    decided_ns: int,
    *,
    code: str,
    person: str,
    reason: str,
    document: str = "",
    accepted_by: str = "",
) -> Decision:
    """A decision about an outage; `JournalError` where nobody, or for no reason, has decided it."""
    for name, text in (("person", person), ("reason", reason)):
        if not text.strip():
            raise JournalError(f"a decision needs a {name}: it stands in the journal for good; give --{name}")
    about = outage.number, outage.hotspot, outage.start_ns, decided_ns
    return Decision(
        0, kind, *about, code.strip(), person.strip(), reason.strip(), document.strip(), accepted_by.strip()
    )


def decision_of(entry: Entry) -> Decision:
    """The decision that an entry holds; of one that somebody made nonsense of, an outage 0 and empty texts."""
    event, facts = entry.event, facts_of(entry)
    code, person, reason, document, accepted_by = (
        str(facts.get(name, "")) for name in ("code", "person", "reason", "document", "accepted_by")
    )
    number = facts.get("outage")
    outage = number if isinstance(number, int) else 0
    texts = code, person, reason, document, accepted_by, "status" not in facts
    return Decision(entry.number, event.kind, outage, event.subject, event.at_ns, event.recorded_ns, *texts)
