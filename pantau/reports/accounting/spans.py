"""Sets of seconds as half-open intervals ``[start, end)`` of integer Unix seconds, and their algebra.

Half-open, so that a month, an assignment and an outage that meet at midnight share no second and lose none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Span = tuple[int, int]
"""``(start, end)``: the seconds from `start` up to, not including, `end`."""


@dataclass(frozen=True, slots=True)
class Spans:
    """A set of seconds. Build it with `of`, which sorts and joins; equal sets are equal values."""

    spans: tuple[Span, ...] = ()
    """Ascending, none empty, none touching the next."""

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "Spans":
        """The union of `spans`, in any order, overlapping or empty."""
        joined: list[Span] = []
        for start, end in sorted(spans):
            if end <= start:
                continue
            if joined and start <= joined[-1][1]:
                if end > joined[-1][1]:
                    joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return cls(tuple(joined))

    @property
    def seconds(self) -> int:
        """How many seconds the set holds."""
        return sum(end - start for start, end in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __iter__(self) -> Iterator[Span]:
        return iter(self.spans)

    def __or__(self, other: "Spans") -> "Spans":
        """What is in either; a second that is in both counts once."""
        if not self.spans or not other.spans:
            return self if self.spans else other
        return Spans.of((*self.spans, *other.spans))

    def __and__(self, other: "Spans") -> "Spans":
        """What is in both."""
        found: list[Span] = []
        ours, theirs = self.spans, other.spans
        here = there = 0
        while here < len(ours) and there < len(theirs):
            start, end = max(ours[here][0], theirs[there][0]), min(ours[here][1], theirs[there][1])
            if start < end:
                found.append((start, end))
            if ours[here][1] < theirs[there][1]:
                here += 1
            else:
                there += 1
        return Spans(tuple(found))

    def __sub__(self, other: "Spans") -> "Spans":
        """What is here and not there."""
        if not self.spans or not other.spans:
            return self
        gaps: list[Span] = []
        edge = self.spans[0][0]
        for start, end in other.spans:
            if start > edge:
                gaps.append((edge, start))
            edge = max(edge, end)
        gaps.append((edge, max(edge, self.spans[-1][1])))
        return self & Spans.of(gaps)

    def first(self, seconds: int) -> "Spans":
        """The earliest `seconds` of the set, or all of it if it holds fewer."""
        kept: list[Span] = []
        for start, end in self.spans:
            if seconds <= 0:
                break
            kept.append((start, min(end, start + seconds)))
            seconds -= end - start
        return Spans(tuple(kept))


NO_TIME = Spans()
