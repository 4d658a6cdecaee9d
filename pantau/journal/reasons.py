"""Why journal and Prometheus differ about a hotspot's month, as people said it. A correction is a further entry."""

from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.entries import Entry, Event, Kind, detail_of, facts_of


class Reason(NamedTuple):
    """What a person said about one hotspot and month. Of several the last holds."""

    number: int
    """Of its entry; 0 before it is written."""
    hotspot: str
    """Empty: not of one, but why the second witness was not asked at all."""
    month: str
    """As people write it: ``2024-04``."""
    month_ns: int
    """When it began."""
    given_ns: int
    person: str
    text: str
    withdrawn: bool = False
    """Whether what was said before no longer holds."""
    document: str = ""
    """Number of the document that it rests on."""

    @property
    def event(self) -> Event:
        """As it goes into the journal."""
        facts = {"month": self.month, "person": self.person, "reason": self.text, "withdrawn": self.withdrawn}
        if self.document:
            facts["document"] = self.document
        return Event(Kind.WITNESS, self.month_ns, self.given_ns, self.hotspot, detail=detail_of(facts))


def give_reason(
    hotspot: str,
    month: str,
    month_ns: int,
    given_ns: int,
    *,
    person: str,
    text: str,
    withdrawn: bool = False,
    document: str = "",
) -> Reason:
    """A reason for one hotspot's month; `JournalError` where nobody, or in no words, has given it."""
    for name, value in (("person", person), ("reason", text)):
        if not value.strip():
            raise JournalError(f"what explains a difference needs a {name}: it stands in the journal; give --{name}")
    return Reason(0, hotspot, month, month_ns, given_ns, person.strip(), text.strip(), withdrawn, document.strip())


def reason_of(entry: Entry) -> Reason:
    """The reason that an entry holds; of one that somebody made nonsense of, empty texts."""
    event, facts = entry.event, facts_of(entry)
    month, person, text, document = (str(facts.get(name, "")) for name in ("month", "person", "reason", "document"))
    when = event.at_ns, event.recorded_ns
    return Reason(entry.number, event.subject, month, *when, person, text, bool(facts.get("withdrawn")), document)
