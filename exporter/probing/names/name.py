"""What name servers have told of one host name, over time: its addresses, and when it is to be looked up again.

Pure: answers and the time go in. A failure keeps what was known. That there is no address is believed when it has been
told twice in a row, for a name server that is set up wrong says so of all names.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from exporter.probing.addresses import FAMILIES, Family
from exporter.probing.names.resolver import Absent, Answer, Failed, Found
from pantau.clock import NANOSECONDS
from pantau.inventory.addresses import IpAddress

MIN_TTL_SECONDS, MAX_TTL_SECONDS = 30.0, 3600.0
FIRST_RETRY_SECONDS, MAX_RETRY_SECONDS = 5.0, 60.0
"""After a look-up that failed, doubled each time."""
FIRST_SILENT_SECONDS, MAX_SILENT_SECONDS = 30.0, 300.0
"""Between two look-ups of a name where nobody answers, doubled each time: it may have moved."""
ABSENCES_BELIEVED: Final = 2
_SHOWN = 3
"""So many useless addresses of an answer are named."""

Objection = Callable[[IpAddress], str | None]


class Name:
    """One host name. `families` are those that may be probed, the preferred one first."""

    def __init__(self, families: Sequence[Family] = FAMILIES) -> None:
        self._families = tuple(families)
        self._known: dict[Family, tuple[IpAddress, ...]] = {}
        """Of each family that was ever told: its addresses, none where it has none."""
        self._absences: dict[Family, int] = {}
        self._retry_seconds = FIRST_RETRY_SECONDS
        self._silent_seconds: float | None = None
        self._asked_ns: int | None = None
        self.due_ns = 0
        """Monotonic time of the next look-up; 0 for at once."""
        self.problem: str | None = None
        """Why the last look-up brought nothing."""

    @property
    def tried(self) -> bool:
        """Whether a look-up has ended."""
        return self._asked_ns is not None

    @property
    def proven(self) -> bool:
        """Whether the last look-up brought something: the next is probably quick."""
        return self.tried and self.problem is None

    @property
    def addresses(self) -> tuple[IpAddress, ...]:
        """Its addresses, the preferred family first, each family in numeric order: name servers rotate theirs."""
        return tuple(address for family in self._families for address in self._known.get(family, ()))

    @property
    def incomplete(self) -> bool:
        """Whether nobody could ever say if it has addresses of the preferred family: it may be reached by one."""
        return bool(self.addresses) and self._families[0] not in self._known

    def next_family(self, answers: Mapping[Family, Answer], *, all_wanted: bool) -> Family | None:
        """Which family is to be asked for next in a look-up that has brought `answers`; None when it is complete.

        Most names have IPv4 addresses, and one question is enough. The next family is asked for where there is none of
        the first, and with `all_wanted`. Where no server answered, there is nobody to ask.
        """
        if not answers:
            return self._families[0]
        family, last = list(answers.items())[-1]
        left = [other for other in self._families if other not in answers]
        if not left or (isinstance(last, Absent) and last.whole_name) or (isinstance(last, Failed) and not last.heard):
            return None
        enough = isinstance(last, Found) or (isinstance(last, Failed) and self._known.get(family))
        return None if enough and not all_wanted else left[0]

    def hear(self, answers: Mapping[Family, Answer], now_ns: int, objection: Objection) -> None:
        """A look-up has ended. An address that somebody has an `objection` to is none."""
        self._asked_ns, self.problem = now_ns, None
        told = self._told(answers)
        waits = [self._learn(family, answer, objection) for family, answer in told]
        if not self.addresses and self.problem is None:
            self.problem = next((answer.reason for _, answer in told if isinstance(answer, Absent)), None)
        wait_seconds = min((wait for wait in waits if wait is not None), default=MAX_TTL_SECONDS)
        if None in waits or not self.addresses:
            wait_seconds = min(wait_seconds, self._retry_seconds)
            self._retry_seconds = min(self._retry_seconds * 2, MAX_RETRY_SECONDS)
        else:
            self._retry_seconds = FIRST_RETRY_SECONDS
        if self._silent_seconds is not None:
            wait_seconds = min(wait_seconds, self._silent_seconds)
            self._silent_seconds = min(self._silent_seconds * 2, MAX_SILENT_SECONDS)
        self.due_ns = now_ns + round(wait_seconds * NANOSECONDS)

    def silent(self, now_ns: int) -> None:
        """Nobody answered where it leads: it is looked up again, at once if it was not of late."""
        if self._silent_seconds is None:
            self._silent_seconds = FIRST_SILENT_SECONDS
            not_before_ns = (self._asked_ns or 0) + round(FIRST_SILENT_SECONDS * NANOSECONDS)
            if len(self._known) < len(self._families):
                not_before_ns = now_ns  # another family has never been asked for, and somebody may answer there
            self.due_ns = min(self.due_ns, max(now_ns, not_before_ns))

    def answered(self) -> None:
        """Somebody answers where it leads."""
        self._silent_seconds = None

    def _told(self, answers: Mapping[Family, Answer]) -> list[tuple[Family, Answer]]:
        """The answers, for every family of which they say something."""
        whole = next((it for it in answers.values() if isinstance(it, Absent) and it.whole_name), None)
        return [(family, answer) for family in self._families if (answer := answers.get(family, whole)) is not None]

    def _learn(self, family: Family, answer: Answer, objection: Objection) -> float | None:
        """Keep what one answer says; returns for how many seconds it may be believed, None where it said nothing."""
        if isinstance(answer, Found):
            wrong = {address: reason for address in answer.addresses if (reason := objection(address)) is not None}
            usable = tuple(sorted(set(answer.addresses) - wrong.keys(), key=_order))
            if usable:
                self._known[family] = usable
                self._absences.pop(family, None)
                return min(max(answer.ttl_seconds, MIN_TTL_SECONDS), MAX_TTL_SECONDS)
            self._complain("; ".join(f"{address} is {reason}" for address, reason in list(wrong.items())[:_SHOWN]))
            return None
        if isinstance(answer, Failed):
            self._complain(answer.reason)
            return None
        self._absences[family] = self._absences.get(family, 0) + 1
        if self._known.get(family) and self._absences[family] < ABSENCES_BELIEVED:
            self._complain(answer.reason)
            return MIN_TTL_SECONDS
        self._known[family] = ()
        return MAX_TTL_SECONDS

    def _complain(self, reason: str) -> None:
        """Each family may have a reason of its own."""
        told = self.problem or ""
        if reason not in told:
            self.problem = f"{told}; {reason}" if told else reason


def _order(address: IpAddress) -> tuple[int, int]:
    return address.version, int(address)
