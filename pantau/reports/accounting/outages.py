"""From what was observed of a point to its whole outages.

An outage goes on while we do not see the point: if it is down before and after a gap in our sight, it is one outage,
and the gap is no part of its seconds. So a restart of the exporter neither splits an outage nor adds to it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from pantau.reports.accounting.spans import NO_TIME, Spans
from pantau.reports.accounting.terms import Terms


class Condition(Enum):
    """What was observed of a point."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    ISOLATED = "isolated"
    NO_INTERNET = "no_internet"
    """Reachable, and clients get nothing."""
    UNSEEN = "unseen"
    """We could not see: our own fault, and never the ISP's."""


ONLINE = (Condition.UP, Condition.DEGRADED)
OFFLINE = tuple(condition for condition in Condition if condition not in (*ONLINE, Condition.UNSEEN))


@dataclass(frozen=True, slots=True)
class Stretch:
    """One condition from `start` up to, not including, `end`. What no stretch covers is unseen."""

    start: int
    end: int
    condition: Condition
    entries: tuple[int, ...] = ()
    """The journal's entries that say so."""
    detected: int | None = None
    """When it was decided, for its start is back-dated."""
    reason: str = ""
    """Of what is unseen: why. Of the rest, a word of whoever noted it; it changes no sum."""
    within: bool = False
    """Answered, but lost again before it had recovered: no downtime, and no end of the outage that it lies in."""
    amended: bool = False
    """Told late of time that we had not seen: seen by that, but no verdict. It ends no outage, and is no outage's name
    that has another."""
    evidence: str = ""
    """The kind of prober that decided, such as ``icmp`` or ``agent``; empty where nobody noted it."""
    hidden: bool = False
    """Whether an announced window lay over it, whatever was seen beneath."""

    @property
    def is_answer(self) -> bool:
        """Whether the point was seen, as a verdict, to serve without fault: no outage, of whatever terms, goes on."""
        return self.condition is Condition.UP and not self.amended


@dataclass(frozen=True, slots=True)
class WholeOutage:
    """One whole outage, across months and contracts."""

    point: str
    down: Spans
    """The seconds in which the point was seen down."""
    detected: int
    ended: bool
    """Whether an answer has been seen since."""
    entries: tuple[int, ...] = ()
    """The journal's entries that it was made of: the evidence of each second, and of each rupiah."""
    numbers: tuple[int, ...] = ()
    """Those of its entries that are downtime, the first first. A decision names an outage by such a number, and meets
    it whatever a contract counts as one."""
    began: int | None = None
    """When it began, also where nobody relies on its first seconds; `None`: with its first second."""
    undecided: bool = False
    """Whether it waits for people: it runs over the month's end, and no two of them have said whose it is."""
    answered: Spans = NO_TIME
    """The seconds between in which it answered, though it had not recovered: no part of `down`."""
    kinds: tuple[tuple[Condition, Spans], ...] = ()
    """`down` by what was observed, in the order of `Condition`."""

    @property
    def start(self) -> int:
        """Its first second."""
        return self.down.spans[0][0]

    @property
    def end(self) -> int:
        """The second after its last."""
        return self.down.spans[-1][1]

    @property
    def seconds(self) -> int:
        """Seconds seen down: what the threshold is tested on."""
        return self.down.seconds

    @property
    def id(self) -> str:
        """What reports call it, the same in each month; decisions go by its number, which never changes."""
        return f"{self.point}@{self.start if self.began is None else self.began}"

    @property
    def number(self) -> int:
        """The entry that began it; 0 where nobody noted one."""
        return self.numbers[0] if self.numbers else 0

    @property
    def keys(self) -> tuple[str, ...]:
        """The point with each of its numbers: what was said about one of them is about this outage."""
        return tuple(f"{self.point}#{number}" for number in self.numbers) or (self.id,)

    @property
    def key(self) -> str:
        """The first of `keys`: its identity, whatever else is found out about its beginning or end."""
        return self.keys[0]


def counted_conditions(terms: Terms) -> frozenset[Condition]:
    """The conditions that these terms call an outage."""
    counted = set(OFFLINE)
    if not terms.isolated_counts:
        counted.discard(Condition.ISOLATED)
    if not terms.no_internet_counts:
        counted.discard(Condition.NO_INTERNET)
    if terms.degraded_counts:
        counted.add(Condition.DEGRADED)
    return frozenset(counted)


def outages_of(
    point: str, stretches: Iterable[Stretch], counted: frozenset[Condition], unseen: Spans = NO_TIME
) -> list[WholeOutage]:
    """The outages of one point, in order of time; `unseen` is time in which nothing that was noted counts."""
    found: list[WholeOutage] = []
    episode: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda stretch: stretch.start):
        if stretch.condition in counted or (episode and stretch.within):
            episode.append(stretch)
        elif episode and stretch.condition is not Condition.UNSEEN and not stretch.amended:
            found += _outage(point, episode, unseen, stretch)
            episode = []
    return found + _outage(point, episode, unseen, None)


def _outage(point: str, episode: Sequence[Stretch], unseen: Spans, after: Stretch | None) -> list[WholeOutage]:
    down = Spans.of([(stretch.start, stretch.end) for stretch in episode if not stretch.within]) - unseen
    if not down:
        return []
    first, dead = episode[0], [stretch for stretch in episode if not stretch.within]
    evidence = [*episode, after] if after else episode
    return [
        WholeOutage(
            point=point,
            down=down,
            detected=first.start if first.detected is None else first.detected,
            ended=after is not None,
            entries=tuple(dict.fromkeys(entry for stretch in evidence for entry in stretch.entries)),
            # What was told late lengthens an outage that people know already, and takes its name from none.
            numbers=tuple(
                dict.fromkeys(
                    entry for stretch in sorted(dead, key=lambda one: one.amended) for entry in stretch.entries
                )
            ),
            began=first.start,
            answered=Spans.of([(stretch.start, stretch.end) for stretch in episode if stretch.within]) - unseen,
            kinds=tuple(_kinds(dead, down)),
        )
    ]


def _kinds(dead: Sequence[Stretch], down: Spans) -> Iterator[tuple[Condition, Spans]]:
    """The downtime of an outage, condition by condition; nearly always there is one."""
    found = {stretch.condition for stretch in dead}
    if len(found) == 1:
        yield found.pop(), down
        return
    for condition in Condition:
        spans = Spans.of((one.start, one.end) for one in dead if one.condition is condition) & down
        if spans:
            yield condition, spans


def seen(stretches: Iterable[Stretch], unseen: Spans = NO_TIME) -> Spans:
    """The seconds in which the point was observed at all."""
    return Spans.of([(s.start, s.end) for s in stretches if s.condition is not Condition.UNSEEN]) - unseen
