"""Why journal and Prometheus differ about a hotspot's month, as people said it. A correction is a further entry."""

from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.entries import Entry, Event, Kind, detail_of


class Reason(NamedTuple):
    """What a person said about one hotspot and month. Of several the last holds."""

    number: int
    """Of its entry; 0 before it is written."""
    hotspot: str
    month: str
    """As people write it: ``2024-04``."""
    month_ns: int
    """When it began."""
    given_ns: int
    person: str
    text: str
    withdrawn: bool = False
    """Whether what was said before no longer holds."""

    @property
    def event(self) -> Event:
        """As it goes into the journal."""
        facts = {"month": self.month, "person": self.person, "reason": self.text, "withdrawn": self.withdrawn}
        return Event(Kind.WITNESS, self.month_ns, self.given_ns, self.hotspot, detail=detail_of(facts))


def give_reason(
    hotspot: str, month: str, month_ns: int, given_ns: int, *, person: str, text: str, withdrawn: bool = False
) -> Reason:
    """A reason for one hotspot's month; `JournalError` where nobody, or in no words, has given it."""
    for name, value in (("person", person), ("reason", text)):
        if not value.strip():
            raise JournalError(f"what explains a difference needs a {name}: it stands in the journal; give --{name}")
    return Reason(0, hotspot, month, month_ns, given_ns, person.strip(), text.strip(), withdrawn)


def reason_of(entry: Entry) -> Reason:
    """The reason that an entry holds."""
    event, facts = entry.event, entry.event.facts
    texts = facts["person"], facts["reason"]
    withdrawn = bool(facts["withdrawn"])
    return Reason(entry.number, event.subject, facts["month"], event.at_ns, event.recorded_ns, *texts, withdrawn)
